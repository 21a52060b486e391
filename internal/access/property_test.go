package access

import (
	"flag"
	"fmt"
	"math/bits"
	"net/netip"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestMain has the properties checked on more calls than rapid's hundred;
// -rapid.checks on the command line still decides.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "1000"); err != nil {
		panic(err)
	}
	m.Run()
}

// The properties are drawn from small vocabularies, so that what is asked and
// what is granted meet often.

var (
	someProcedures = []string{"1.010100", "1.010101", "", "nonsense"}
	someProvinces  = []string{"", "001", "002"}
	someFields     = []Field{FullName, DateOfBirth, Sex, Religion}
	someIDs        = []string{"g1", "g2", "g3", "g4"}
	somePeople     = []string{"", "001305000042", "001305000043"}
	someBuilds     = []string{"1", "2", ""}
	someKeys       = []string{"", "a", "b", "c"}
	someAddresses  = []netip.Addr{netip.MustParseAddr("192.0.2.7"), {}, netip.MustParseAddr("198.51.100.7"), netip.MustParseAddr("::ffff:192.0.2.7")}
	someCases      = []string{"H13-260301-0001", "", "H14-260301-0001", "H13-260303-0001", "nonsense"}
	someServices   = []Service{Lookup, Lookup, Lookup, Verify, Verify, Search, NoService, numServices}
)

func pick[T any](t *rapid.T, from []T, label string) T { return rapid.SampledFrom(from).Draw(t, label) }

// drawer draws calls. In most of them hardly anything is out of the ordinary,
// or else nearly every call would be refused for several reasons at once.
type drawer struct {
	*rapid.T
	calm int // how much rarer than usual oddities are
}

func newDrawer(t *rapid.T) drawer { return drawer{t, pick(t, []int{30, 8, 2, 1}, "calm")} }

// odd is true now and then: about once in n×calm. It draws bits, because rapid
// prefers the ends of a range.
func (t drawer) odd(n int, label string) bool {
	for range bits.Len(uint(n * t.calm)) {
		if !rapid.Bool().Draw(t.T, label) {
			return false
		}
	}
	return true
}

// oneOf draws the first of the values unless something is odd.
func oneOf[T any](t drawer, n int, from []T, label string) T {
	if !t.odd(n, label) {
		return from[0]
	}
	return pick(t.T, from, label)
}

func drawFields(t *rapid.T, label string) (s FieldSet) {
	for _, f := range someFields {
		if rapid.Bool().Draw(t, label) {
			s |= FieldsOf(f)
		}
	}
	return s
}

func drawSome(t *rapid.T, from []string, label string) []string {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, len(from), rapid.ID).Draw(t, label)
}

func (t drawer) term(label string) (from, until time.Time) {
	if !t.odd(3, label) {
		return hours(-1), hours(1)
	}
	return hours(rapid.IntRange(-2, 1).Draw(t.T, label)), hours(rapid.IntRange(-1, 2).Draw(t.T, label))
}

func (t drawer) grant(id string, service Service) Grant {
	g := Grant{
		ID: id, Service: service, Fields: AllFields, Keys: DefaultKeys(service),
		Procedures: []string{someProcedures[0], someProcedures[1]},
	}
	if t.odd(2, "other service") {
		g.Service = pick(t.T, someServices, "service")
	}
	if t.odd(1, "granted") {
		g.Fields = drawFields(t.T, "granted")
	}
	if t.odd(2, "claims") {
		g.Claims = drawFields(t.T, "claims")
	}
	if t.odd(2, "procedures") {
		g.Procedures = drawSome(t.T, someProcedures, "procedures")
	}
	g.From, g.Until = t.term("grant term")
	if t.odd(2, "combinations") {
		g.Keys = nil
		for range rapid.IntRange(0, 3).Draw(t.T, "combinations") {
			g.Keys = append(g.Keys, KeySet(rapid.IntRange(0, int(AllKeys)).Draw(t.T, "combination")))
		}
	}
	if t.odd(1, "territory") {
		g.Provinces = drawSome(t.T, someProvinces[1:], "provinces")
	}
	return g
}

func (t drawer) connection(id, system string) *Connection {
	c := &Connection{ID: id, System: system}
	c.State = oneOf(t, 4, []State{Active, Suspended, Ended, Draft, "", "new"}, "state")
	c.Lock.By = oneOf(t, 4, []LockKind{Unlocked, LockedVolume, LockedPattern, "new"}, "lock")
	c.AssessedFrom, c.AssessedUntil = t.term("assessment")
	c.CommittedUntil = oneOf(t, 4, []time.Time{{}, hours(1), noon, hours(-1)}, "undertaking")
	c.SuspendedBy = oneOf(t, 1, []Suspender{"", ByRegister, ByAgency, "new"}, "suspender")
	return c
}

func (t drawer) request() *Request {
	service := pick(t.T, []Service{Lookup, Verify, Search}, "asked service")
	if t.odd(8, "odd service") {
		service = pick(t.T, someServices, "asked service")
	}
	r := &Request{
		Service: service, Channel: oneOf(t, 4, []Channel{ChannelAPI, ""}, "channel"),
		Address: oneOf(t, 2, someAddresses, "address"), Build: oneOf(t, 2, someBuilds, "build"),
		Fields:    drawFields(t.T, "asked"),
		Procedure: oneOf(t, 4, someProcedures, "procedure"), Case: oneOf(t, 4, someCases, "case"),
		Province: oneOf(t, 1, someProvinces, "province"),
		Officer:  Officer{ID: "o", Address: "10.0.0.1", Session: "s", Verified: t.odd(2, "verified")},
	}
	if keys := DefaultKeys(service); len(keys) > 0 {
		r.Keys = pick(t.T, keys, "keys")
	}
	if t.odd(3, "odd keys") {
		r.Keys = KeySet(rapid.IntRange(0, int(AllKeys)).Draw(t.T, "keys"))
	}
	if service == Verify && !t.odd(3, "claims") {
		r.Fields |= DefaultClaims
	}
	if rapid.IntRange(0, 3).Draw(t.T, "portal") == 3 {
		r.Channel, r.Officer.Verified = ChannelPortal, !t.odd(4, "claimed")
	}
	if t.odd(8, "officer") {
		r.Officer = Officer{Address: "nowhere"}
	}
	return r
}

func (t drawer) consent(r *Request) *Consent {
	c := &Consent{
		ID: "consent", Agency: oneOf(t, 4, []string{"agency", "other"}, "consent agency"), Person: oneOf(t, 2, somePeople[1:], "consenting"),
		Procedure: oneOf(t, 4, []string{r.Procedure, "1.010101"}, "consent procedure"), Fields: AllFields,
	}
	if t.odd(3, "consented") {
		c.Fields = drawFields(t.T, "consented")
	}
	c.Case = oneOf(t, 2, []string{"", r.Case, "H13-260301-0002"}, "consent case")
	c.From, c.Until = t.term("consent term")
	if t.odd(4, "withdrawn") {
		c.Withdrawn = hours(rapid.IntRange(-1, 1).Draw(t.T, "withdrawn at"))
	}
	return c
}

// drawCall draws a standing and a request.
func drawCall(rt *rapid.T) (*Standing, *Request) {
	t := newDrawer(rt)
	r := t.request()
	system := &System{ID: "sys", Agency: "agency", Intermediary: t.odd(4, "itself an intermediary")}
	s := &Standing{
		System: system, Owner: system, Connection: t.connection("conn", "sys"), Person: oneOf(t, 1, somePeople, "person"),
		Agency:     &Agency{ID: "agency", Code: "H13", Group: GroupState},
		Credential: &Credential{NotBefore: hours(-1), NotAfter: oneOf(t, 4, []time.Time{hours(1), noon, hours(-1)}, "certificate")},
	}
	if t.odd(2, "keys") {
		s.Credential.Key = pick(rt, someKeys, "key")
		s.System.Keys = drawSome(rt, someKeys[1:], "declared keys")
	}
	for range oneOf(t, 2, []int{0, 1, 2, 3}, "windows") {
		m := Maintenance{From: hours(rapid.IntRange(-3, 2).Draw(rt, "closed from")), Until: hours(rapid.IntRange(-2, 3).Draw(rt, "closed until"))}
		if rapid.Bool().Draw(rt, "some services") {
			m.Services = []Service{pick(rt, someServices, "closed service")}
		}
		s.Maintenance = append(s.Maintenance, m)
	}
	slices.SortFunc(s.Maintenance, func(a, b Maintenance) int { return a.Until.Compare(b.Until) })
	if t.odd(2, "builds") {
		system.Builds = drawSome(rt, someBuilds, "builds")
	}
	if r.Channel != ChannelPortal && rapid.Bool().Draw(rt, "carried") {
		s.System = &System{ID: "lgsp", Agency: "operator", Intermediary: !t.odd(6, "no intermediary")}
		s.Connection.Via = oneOf(t, 6, []string{"lgsp", "other", ""}, "via")
		s.Carrier = t.connection("carrier", "lgsp")
		r.Represented = oneOf(t, 4, []string{"sys", "", "other"}, "represented")
		s.Credential.Represents = oneOf(t, 2, []string{"", "sys", "other"}, "bound")
	}
	if t.odd(2, "addresses") {
		s.System.Addresses = prefixes("192.0.2.0/24")
	}
	if rapid.Bool().Draw(rt, "needs consent") {
		s.Agency.Group = Group(rapid.IntRange(0, 4).Draw(rt, "group"))
		r.Consent = oneOf(t, 6, []string{"consent", "", "other"}, "consent named")
		s.Consent = t.consent(r)
	}
	for _, id := range someIDs[:oneOf(t, 1, []int{2, 0, 1, 3, 4}, "grants")] {
		s.Connection.Grants = append(s.Connection.Grants, t.grant(id, r.Service))
	}
	s.OfficerGrants = someIDs
	if t.odd(2, "officer's grants") {
		s.OfficerGrants = drawSome(rt, someIDs, "officer's grants")
	}
	for _, lose := range []struct {
		what string
		drop func()
	}{
		{"connection", func() { s.Connection = nil }},
		{"owner", func() { s.Owner = nil }},
		{"agency", func() { s.Agency = nil }},
		{"consent", func() { s.Consent = nil }},
		{"credential", func() { s.Credential = nil }},
		{"system", func() { s.System = nil }},
		{"carrier", func() { s.Carrier = nil }},
	} {
		if t.odd(10, "no "+lose.what) {
			lose.drop()
		}
	}
	return s, r
}

func codesOf(d Decision) (out []Code) {
	for _, r := range d.Reasons {
		out = append(out, r.Code)
	}
	return out
}

// copyStanding copies what the properties change.
func copyStanding(s *Standing) *Standing {
	out := *s
	if s.Connection != nil {
		c := *s.Connection
		c.Grants = slices.Clone(c.Grants)
		out.Connection = &c
	}
	return &out
}

// checkShape checks what holds of every decision.
func checkShape(t *rapid.T, s *Standing, d Decision) {
	codes := codesOf(d)
	switch {
	case d.Allowed():
		if len(d.Reasons) > 0 {
			t.Fatalf("allowed with reasons %v", d.Reasons)
		}
		if !slices.ContainsFunc(s.Connection.Grants, func(g Grant) bool { return g.ID == d.Grant.ID }) {
			t.Fatalf("grant %q is not the connection's", d.Grant.ID)
		}
	case d.Grant != nil || len(codes) == 0 || d.Code != codes[0] || d.Code == Allowed:
		t.Fatalf("malformed refusal %+v", d)
	case !slices.IsSortedFunc(codes, func(a, b Code) int { return a.rank() - b.rank() }):
		t.Fatalf("reasons %v are not in the published order", codes)
	case len(slices.Compact(codes)) != len(d.Reasons):
		t.Fatalf("a code comes twice in %v", codes)
	}
	for _, c := range codes {
		if !slices.Contains(Precedence, c) {
			t.Fatalf("code %q is not published", c)
		}
	}
}

// mayPass is the rule of the decision written a second time, as one sentence
// without reasons: the oracle for Decide.
func mayPass(s *Standing, r *Request, now time.Time) bool {
	in := func(from, until time.Time) bool { return !now.Before(from) && now.Before(until) }
	c := s.Connection
	if c == nil || s.Owner == nil || s.Agency == nil {
		return false
	}
	good := func(c *Connection) bool {
		return c.State == Active && c.Lock.By == "" && in(c.AssessedFrom, c.AssessedUntil) &&
			(c.CommittedUntil.IsZero() || c.CommittedUntil.After(now))
	}
	if !good(c) || s.Carrier != nil && !good(s.Carrier) {
		return false
	}
	for _, m := range s.Maintenance {
		if in(m.From, m.Until) && (len(m.Services) == 0 || slices.Contains(m.Services, r.Service)) {
			return false
		}
	}
	if r.Channel == ChannelPortal {
		if !r.Officer.Verified {
			return false
		}
	} else {
		if s.System != nil && s.Credential != nil && len(s.System.Keys) > 0 && !slices.Contains(s.System.Keys, s.Credential.Key) {
			return false
		}
		if s.System == nil || s.Credential == nil || now.Before(s.Credential.NotBefore) || now.After(s.Credential.NotAfter) {
			return false
		}
		to := r.Represented
		if b := s.Credential.Represents; b != "" {
			if to != "" && to != b {
				return false
			}
			to = b
		}
		if to == "" && (c.Via != "" || c.System != s.System.ID) {
			return false
		}
		if to != "" && (!s.System.Intermediary || s.Carrier == nil || c.System != to || c.Via != s.System.ID) {
			return false
		}
		if len(s.Owner.Builds) > 0 && !slices.Contains(s.Owner.Builds, r.Build) {
			return false
		}
		if len(s.System.Addresses) > 0 && !slices.ContainsFunc(s.System.Addresses, func(p netip.Prefix) bool { return p.Contains(r.Address.Unmap()) }) {
			return false
		}
	}
	if r.Officer.ID == "" || r.Officer.Session == "" {
		return false
	}
	if a, err := netip.ParseAddr(r.Officer.Address); err != nil || a.Zone() != "" {
		return false
	}
	dossier, ok := caseOracle(r.Case)
	if !ok || !reProcedure.MatchString(r.Procedure) || dossier.Date.After(DateOf(now)) {
		return false
	}
	if dossier.AgencyCode != s.Agency.Code && !slices.Contains(s.Agency.Codes, dossier.AgencyCode) {
		return false
	}
	if s.Agency.Group != GroupState {
		k := s.Consent
		if k == nil || k.ID != r.Consent || k.Agency != s.Agency.ID || k.Procedure != r.Procedure || k.Case != "" && k.Case != r.Case ||
			s.Person != "" && s.Person != k.Person || !in(k.From, k.Until) || r.Fields&^k.Fields != 0 ||
			!k.Withdrawn.IsZero() && !k.Withdrawn.After(now) {
			return false
		}
	}
	return slices.ContainsFunc(c.Grants, func(g Grant) bool {
		if g.Service != r.Service || r.Service == NoService || !slices.Contains(g.Procedures, r.Procedure) || !in(g.From, g.Until) {
			return false
		}
		if r.Officer.Verified && !slices.Contains(s.OfficerGrants, g.ID) {
			return false
		}
		if r.Province != "" && len(g.Provinces) > 0 && !slices.Contains(g.Provinces, r.Province) {
			return false
		}
		fields := g.Fields
		if r.Service == Verify {
			claims := g.Claims
			if claims == 0 {
				claims = FieldsOf(FullName, DateOfBirth)
			}
			fields |= claims
			if !r.Keys.Has(KeyPIN) || r.Keys&^Keys(KeyPIN, KeyFullName, KeyDateOfBirth) != 0 || claims&^r.Fields != 0 {
				return false
			}
		} else {
			union, fits := Keys(KeyFullName, KeyDateOfBirth), false
			for _, k := range g.Keys {
				union |= k
				fits = fits || k != 0 && k&^r.Keys == 0
			}
			if !fits || r.Keys&^union != 0 {
				return false
			}
		}
		return r.Fields&^fields == 0
	})
}

func drawCallAt(t *rapid.T) (*Standing, *Request, time.Time) {
	s, r := drawCall(t)
	return s, r, noon
}

func propDecide(t *rapid.T) {
	s, r := drawCall(t)
	d := Decide(s, r, noon)
	checkShape(t, s, d)
	if want := mayPass(s, r, noon); d.Allowed() != want {
		t.Fatalf("allowed %t, want %t; reasons %v", d.Allowed(), want, d.Reasons)
	}
}

func TestDecideAgreesWithItsRuleWrittenTwice(t *testing.T) { rapid.Check(t, propDecide) }

// FuzzDecide gives Decide hostile requests on standings near to allowing them:
// it never panics, agrees with mayPass, and its names never grow with the text.
func FuzzDecide(f *testing.F) {
	ok := lookup()
	f.Add(uint64(0), uint8(ok.Service), uint8(ok.Keys), uint32(ok.Fields), ok.Procedure, ok.Case, "", "", "", "officer", "10.0.0.9", "session", noon.Unix())
	f.Add(uint64(1), uint8(Lookup), uint8(ok.Keys), uint32(ok.Fields), aProcedure, "0100112437-260301-0001", "sys", "1", "001", "o", "::1", "s", noon.Unix())
	f.Add(uint64(2), uint8(Verify), uint8(1), uint32(DefaultClaims), aProcedure, "H13-260301-0001", "", "", "\x00\xff", "o", "fe80::1%x", "s", int64(0))
	f.Fuzz(func(t *testing.T, odd uint64, service, keys uint8, fields uint32, procedure, dossier, represented, build, province, officer, address, session string, at int64) {
		bit := func(i int) bool { return odd>>i&1 == 1 }
		s, r := direct(), lookup()
		if bit(0) {
			s, r = carried(), carriedLookup()
		}
		if bit(1) {
			s.Connection.Grants = append(s.Connection.Grants, verifyGrant())
		}
		if bit(2) {
			r.Channel, r.Officer.Verified, s.OfficerGrants = ChannelPortal, true, []string{"g2"}
		}
		for i, drop := range []func(){
			func() { s.Connection = nil }, func() { s.Owner = nil }, func() { s.Agency = nil }, func() { s.Consent = nil },
			func() { s.Credential = nil }, func() { s.System = nil }, func() { s.Carrier = nil },
		} {
			if bit(3 + i) {
				drop()
			}
		}
		if s.Owner != nil && bit(10) {
			s.Owner.Builds = []string{"1"}
		}
		if s.Connection != nil && bit(11) {
			s.Connection.Grants[0].Provinces = []string{"001"}
		}
		if s.Connection != nil && bit(12) {
			s.Connection.CommittedUntil = hours(1)
		}
		if s.System != nil && bit(13) {
			s.System.Keys = []string{"a"}
		}
		if bit(14) {
			s.Maintenance = []Maintenance{{From: hours(1), Until: hours(2), Services: []Service{Lookup}}, {From: hours(2), Until: hours(3)}}
		}
		r.Service, r.Keys, r.Fields, r.Procedure, r.Case = Service(service), KeySet(keys), FieldSet(fields), procedure, dossier
		r.Represented, r.Build, r.Province = represented, build, province
		r.Officer.ID, r.Officer.Address, r.Officer.Session = officer, address, session
		now := time.Unix(at, 0)
		d := Decide(s, r, now)
		if want := mayPass(s, r, now); d.Allowed() != want || d.Allowed() != (len(d.Reasons) == 0) {
			t.Errorf("%+v: allowed %t, want %t", d, d.Allowed(), want)
		}
		for _, why := range d.Reasons {
			for _, name := range why.Names {
				if len(name) > MaxCaseCode {
					t.Errorf("%s names %q", why.Code, name)
				}
			}
		}
	})
}

func TestCallsAreDrawnOnBothSides(t *testing.T) {
	seen := map[Code]int{}
	draw := rapid.Custom(func(t *rapid.T) Decision { return Decide(drawCallAt(t)) })
	for i := range 4000 {
		d := draw.Example(i)
		if d.Allowed() {
			seen[Allowed]++
		}
		for _, c := range codesOf(d) {
			seen[c]++
		}
	}
	t.Log(seen)
	if seen[Allowed] < 400 || seen[Allowed] > 3600 {
		t.Errorf("%d of 4000 drawn calls are allowed: the properties prove little", seen[Allowed])
	}
	for _, c := range append(slices.Clone(Precedence[:slices.Index(Precedence, AddressForbidden)+1]), ServiceBusy) {
		if seen[c] < 10 && c != CaseExhausted {
			t.Errorf("%d of 4000 drawn calls are refused with %s: the properties prove little", seen[c], c)
		}
	}
}

func TestRemovingAGrantNeverAllowsMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, r := drawCall(t)
		if s.Connection == nil || len(s.Connection.Grants) == 0 {
			return
		}
		less := copyStanding(s)
		i := rapid.IntRange(0, len(s.Connection.Grants)-1).Draw(t, "removed")
		less.Connection.Grants = slices.Delete(less.Connection.Grants, i, i+1)
		if Decide(less, r, noon).Allowed() && !Decide(s, r, noon).Allowed() {
			t.Fatalf("allowed without grant %q only", s.Connection.Grants[i].ID)
		}
	})
}

// TestAskingMoreNeverShrinksTheRefusals: a claim of a verification is evidence
// as well as a question, so there the property is about claims beyond those
// that grants require.
func TestAskingMoreNeverShrinksTheRefusals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, r := drawCall(t)
		if r.Service == Verify && s.Connection != nil {
			for i := range s.Connection.Grants {
				r.Fields |= s.Connection.Grants[i].RequiredClaims()
			}
		}
		more := *r
		more.Fields |= drawFields(t, "more")
		before, after := codesOf(Decide(s, r, noon)), codesOf(Decide(s, &more, noon))
		for _, c := range before {
			if !slices.Contains(after, c) {
				t.Fatalf("asking %v as well took %s out of %v", (more.Fields &^ r.Fields).Names(), c, before)
			}
		}
	})
}

func TestOrderOfGrantsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, r := drawCall(t)
		if s.Connection == nil {
			return
		}
		other := copyStanding(s)
		other.Connection.Grants = rapid.Permutation(other.Connection.Grants).Draw(t, "order")
		if a, b := fmt.Sprint(Decide(s, r, noon).Reasons), fmt.Sprint(Decide(other, r, noon).Reasons); a != b {
			t.Fatalf("reasons %s became %s", a, b)
		}
		if a, b := Decide(s, r, noon), Decide(other, r, noon); a.Allowed() && a.Grant.ID != b.Grant.ID {
			t.Fatalf("grant %q became %q", a.Grant.ID, b.Grant.ID)
		}
	})
}

func TestWideningALimitNeverRefusesMore(t *testing.T) {
	earlier := func(t *time.Time) { *t = t.Add(-time.Hour) }
	later := func(t *time.Time) { *t = t.Add(time.Hour) }
	widen := []struct {
		name string
		do   func(t *rapid.T, s *Standing)
	}{
		{"a new grant", func(t *rapid.T, s *Standing) {
			s.Connection.Grants = append(s.Connection.Grants, newDrawer(t).grant(pick(t, []string{"a", "z"}, "id"), pick(t, someServices, "service")))
		}},
		{"fields", anyGrant(func(t *rapid.T, g *Grant) { g.Fields |= drawFields(t, "more fields") })},
		{"procedures", anyGrant(func(t *rapid.T, g *Grant) {
			g.Procedures = append(slices.Clone(g.Procedures), pick(t, someProcedures, "more"))
		})},
		{"keys", anyGrant(func(t *rapid.T, g *Grant) {
			g.Keys = append(slices.Clone(g.Keys), KeySet(rapid.IntRange(0, int(AllKeys)).Draw(t, "more")))
		})},
		{"a grant's start", anyGrant(func(_ *rapid.T, g *Grant) { earlier(&g.From) })},
		{"a grant's end", anyGrant(func(_ *rapid.T, g *Grant) { later(&g.Until) })},
		{"no territory", anyGrant(func(_ *rapid.T, g *Grant) { g.Provinces = nil })},
		{"more territory", anyGrant(func(_ *rapid.T, g *Grant) {
			if len(g.Provinces) > 0 {
				g.Provinces = append(slices.Clone(g.Provinces), someProvinces...)
			}
		})},
		{"the officer's grants", func(_ *rapid.T, s *Standing) { s.OfficerGrants = append(slices.Clone(s.OfficerGrants), someIDs...) }},
		{"the assessment's start", func(_ *rapid.T, s *Standing) { earlier(&s.Connection.AssessedFrom) }},
		{"the assessment's end", func(_ *rapid.T, s *Standing) { later(&s.Connection.AssessedUntil) }},
		{"the state", func(_ *rapid.T, s *Standing) { s.Connection.State = Active }},
		{"the undertaking's end", func(_ *rapid.T, s *Standing) { s.Connection.CommittedUntil = time.Time{} }},
		{"no maintenance", func(_ *rapid.T, s *Standing) { s.Maintenance = nil }},
		{"another declared key", func(_ *rapid.T, s *Standing) {
			if s.System != nil && len(s.System.Keys) > 0 {
				c := *s.System
				c.Keys = append(slices.Clone(c.Keys), someKeys...)
				s.System = &c
			}
		}},
		{"the lock", func(_ *rapid.T, s *Standing) { s.Connection.Lock = Lock{} }},
		{"the carrier's state and lock", func(_ *rapid.T, s *Standing) {
			if s.Carrier != nil {
				c := *s.Carrier
				c.State, c.Lock = Active, Lock{}
				s.Carrier = &c
			}
		}},
		{"the certificate's term", func(_ *rapid.T, s *Standing) {
			if s.Credential != nil {
				c := *s.Credential
				earlier(&c.NotBefore)
				later(&c.NotAfter)
				s.Credential = &c
			}
		}},
		{"the addresses", func(_ *rapid.T, s *Standing) {
			if s.System != nil {
				c := *s.System
				c.Addresses = nil
				s.System = &c
			}
		}},
		{"the builds", func(_ *rapid.T, s *Standing) {
			if s.Owner != nil {
				c := *s.Owner
				c.Builds = nil
				s.Owner = &c
			}
		}},
		{"the agencies acted for", func(_ *rapid.T, s *Standing) {
			if s.Agency != nil {
				a := *s.Agency
				a.Codes = append(slices.Clone(a.Codes), "H14")
				s.Agency = &a
			}
		}},
		{"no need of consent", func(_ *rapid.T, s *Standing) {
			if s.Agency != nil {
				a := *s.Agency
				a.Group = GroupState
				s.Agency = &a
			}
		}},
		{"the consent", func(t *rapid.T, s *Standing) {
			if s.Consent != nil {
				c := *s.Consent
				c.Fields |= drawFields(t, "more consent")
				earlier(&c.From)
				later(&c.Until)
				c.Case, c.Withdrawn = "", time.Time{}
				s.Consent = &c
			}
		}},
	}
	for _, w := range widen {
		t.Run(w.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				s, r := drawCall(t)
				if s.Connection == nil {
					return
				}
				wide := copyStanding(s)
				w.do(t, wide)
				if before, after := Decide(s, r, noon), Decide(wide, r, noon); before.Allowed() && !after.Allowed() {
					t.Fatalf("refused after widening: %v", after.Reasons)
				}
			})
		})
	}
}

func anyGrant(edit func(*rapid.T, *Grant)) func(*rapid.T, *Standing) {
	return func(t *rapid.T, s *Standing) {
		if n := len(s.Connection.Grants); n > 0 {
			edit(t, &s.Connection.Grants[rapid.IntRange(0, n-1).Draw(t, "widened")])
		}
	}
}

// TestSetsHaveRoomForAllMembers guards the width of the sets.
func TestSetsHaveRoomForAllMembers(t *testing.T) {
	if bits.OnesCount8(uint8(AllKeys)) != int(numKeys) || bits.OnesCount32(uint32(AllFields)) != int(NumFields) {
		t.Error("a set is too narrow for its members")
	}
}
