package onboarding

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dancu/internal/access"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// TestLifecycle walks the table at random: histories of dozens of acts, likely
// and unlikely ones, by whoever it may be, with time going by. After every step
// the log, the matters, the tasks and the standing are compared with what the
// table allows (audit_test.go), and calls are decided over the standing.
//
// DANCU_TEST_NIGHTLY=1 walks many more. A failure names the seed of its history.
func TestLifecycle(t *testing.T) {
	histories, rounds := 100, 1
	nightly := os.Getenv("DANCU_TEST_NIGHTLY") == "1"
	switch {
	case nightly:
		rounds = 20 // each on databases of its own: a round is half a century
	case testing.Short():
		histories = 25 // of which rapid takes a fifth
	}
	flags := map[string]string{"rapid.nofailfile": "true", "rapid.shrinktime": "1ms"} // a seed has no shorter story
	set := map[string]bool{}
	flag.Visit(func(f *flag.Flag) { set[f.Name] = true })
	given := set["rapid.checks"]
	if !given {
		flags["rapid.checks"] = strconv.Itoa(histories)
	}
	if !nightly && !set["rapid.seed"] {
		flags["rapid.seed"] = "20261125" // the same histories for everybody; new ones at night
	}
	for name, value := range flags {
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	for range rounds {
		dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
			c := &chronicle{timed: newTimed(t, env, noon(2027, 1, 4), func(c *Config) { c.Vault = drawer{} }), done: map[string]int{}, refused: map[string]int{}}
			var last *history
			t.Cleanup(func() {
				if t.Failed() && last != nil {
					t.Log(strings.Join(last.story, "\n"))
				}
			})
			rapid.Check(t, func(rt *rapid.T) {
				h := c.begin(rt)
				last = h
				for range h.between(15, 60) {
					h.step()
				}
				h.checkBodies()
			})
			last = nil
			c.report(t, !given && !testing.Short())
		})
	}
}

// report demands that the walks got about: a property of acts that never
// happen proves nothing.
func (c *chronicle) report(t *testing.T, full bool) {
	t.Helper()
	var never []string
	acts, refusals, rows := 0, 0, 0
	for _, n := range c.refused {
		refusals += n
	}
	for i := range lifecycle {
		r := &lifecycle[i]
		name := string(r.Kind) + "." + r.Name
		if acts += c.done[name]; c.done[name] == 0 && !slices.Contains(never, name) {
			never = append(never, name)
		}
		rows++
	}
	t.Logf("%d acts done, %d refused, %d calls answered and %d not; never done: %v", acts, refusals, c.answered, c.unanswered, never)
	if full && (len(never)*2 > rows || c.answered == 0 || c.unanswered == 0 || refusals == 0) {
		t.Errorf("the walks did not get about: %d of %d acts never done", len(never), rows)
	}
	for _, act := range []string{"activate", "suspend", "resume", "unlock", "end"} {
		if full && slices.Contains(never, "connection."+act) {
			t.Errorf("no walk came to connection.%s", act)
		}
	}
}

// chronicle is one office for many histories, each of an agency of its own.
type chronicle struct {
	*timed
	dir     *access.Directory // read by ourselves, not what the engine remembers
	serial  int
	done    map[string]int // acts, by kind and name
	refused map[string]int

	answered, unanswered int
}

// history is one agency's.
type history struct {
	*chronicle
	rt     *rapid.T
	agency string // its id; code is its code
	code   string
	people map[string]*witness
	seen   picture
	// state and locked are what the acts done make of each connection.
	state  map[string]access.State
	locked map[string]bool
	// bodies are what the bodies of entries must say, by index.
	bodies map[int64]map[string]any
	rnd    *rand.Rand
	passes bool     // items of checklists pass
	story  []string // what was tried, for whoever looks at a failure
}

// witness is a person who remembers for what they were asked whether they are
// still there.
type witness struct {
	Person
	out   bool // signed out
	stale bool // has no fresh factor
	asked []bool
}

// begin registers an agency, and sometimes a connection that is active already.
func (c *chronicle) begin(rt *rapid.T) *history {
	c.serial++
	h := &history{
		chronicle: c, rt: rt, agency: fmt.Sprintf("a%d", c.serial), code: fmt.Sprintf("H26.%d", c.serial),
		people: map[string]*witness{}, state: map[string]access.State{}, locked: map[string]bool{}, bodies: map[int64]map[string]any{},
	}
	var seed [32]byte
	copy(seed[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(rt, "seed"))
	h.rnd = rand.New(rand.NewChaCha8(seed))
	how := h.between(0, 4) // 0 and 1 begin with a file, 2 and 3 with an application
	if how < 2 {
		pem := certificate{from: c.now().Add(-time.Hour), until: c.now().AddDate(2, 0, 0)}.pem(c.t)
		file := oneSystem(h.agency, h.code, []string{pem}, grant("one", "fullName"))
		if _, err := c.ApplyFile(c.ctx, clerk, Source{Name: "test.yaml", YAML: []byte(file)}, Options{}); err != nil {
			rt.Fatal(err)
		}
		h.state[h.agency+".con"] = access.Active
	} else {
		v := Values{"id": h.agency, "code": h.code, "nameVI": "Ủy ban", "group": "1", "body": "provincial"}
		if _, err := c.Open(c.ctx, h.who(Operator, false).Person, KindAgency, About{}, Input{Values: mustJSON(v)}); err != nil {
			rt.Fatal(err)
		}
	}
	h.seen = h.look()
	if how == 2 || how == 3 {
		h.ready()
	}
	return h
}

// ready takes a connection to where it can be activated.
func (h *history) ready() {
	h.fill(h.seen.matter(MatterOf(KindAgency, h.agency)))
	h.opens(KindApplication, nil)
	for _, act := range []string{"submit", "approve", "accept"} {
		h.acts(KindApplication, act)
	}
	if len(h.seen.systems) == 0 {
		return // approved with dates that do not fit
	}
	system := MatterOf(KindSystem, h.seen.systems[0])
	h.fill(h.seen.matter(system))
	h.acts(KindSystem, "certificate")
	for _, template := range []string{Undertaking, Agreement} {
		h.opens(KindCommitment, Values{"template": template})
		for _, act := range []string{"fix", "sign", "accept"} {
			h.acts(KindCommitment, act)
		}
	}
	h.opens(KindAssessment, Values{"kind": "initial"})
	h.acts(KindAssessment, "start")
	h.passes = true
	h.fill(h.newest(KindAssessment))
	h.passes = false
	for _, act := range []string{"conclude", "certify"} {
		h.acts(KindAssessment, act)
	}
}

// newest is the newest matter of a kind.
func (h *history) newest(k Kind) *Matter {
	var out *Matter
	for _, m := range h.seen.matters {
		if m.Kind == k {
			out = m // ids of matters are in the order of their time
		}
	}
	return out
}

// opens opens a matter by one who may and fills what is to be filled.
func (h *history) opens(k Kind, v Values) {
	info := kindOf(k)
	about := About{Agency: h.agency}
	if len(h.seen.systems) > 0 {
		about = About{System: h.seen.systems[0]}
	}
	h.tryOpen(info, h.who(info.By[0], false), about, mustJSON(v))
	if m := h.newest(k); m != nil && slices.Contains(info.Editable, m.State) {
		h.fill(m)
	}
}

// acts does an act on the newest matter of a kind as the table allows it.
func (h *history) acts(k Kind, act string) {
	if m := h.newest(k); m != nil {
		h.try(m, rowsOf(k, act)[0], true)
	}
}

// who returns one of the people of a duty; there are two of each.
func (h *history) who(d Duty, second bool) *witness {
	name := string(d)
	if second {
		name += "-2"
	}
	if w := h.people[name]; w != nil {
		w.asked = nil
		return w
	}
	w := &witness{Person: Person{Actor: ledger.Actor{Kind: "account", ID: name}, Account: name, Duty: d}}
	switch d {
	case Machine, Itself:
		w.Person = Person{Actor: ledger.Actor{Kind: "cli", ID: name}, Duty: d}
	case Agency:
		w.Agency = h.agency
		fallthrough
	default:
		w.Still = w.still
	}
	h.people[name] = w
	return w
}

// What is drawn within a history comes from its seed, evenly: rapid, which
// draws the seed, prefers the ends of what it draws from.

func (h *history) oneIn(n int) bool { return h.rnd.IntN(n) == 0 }

func (h *history) between(low, high int) int { return low + h.rnd.IntN(high-low+1) }

func draw[T any](h *history, from []T) T { return from[h.rnd.IntN(len(from))] }

// steps are what a history is made of, as often as they stand here.
var steps = strings.Fields("further further further further further further further further fill act act open open open save time lock rotate load")

// step does one thing at random and audits what became of it.
func (h *history) step() {
	rt := h.rt
	for _, w := range h.people {
		w.out, w.stale = false, false
	}
	switch draw(h, steps) {
	case "further":
		h.act(true)
	case "act":
		h.act(false)
	case "open":
		h.open()
	case "save":
		h.save()
	case "fill":
		if list := h.editable(); len(list) > 0 {
			h.fill(draw(h, list))
		}
	case "time":
		h.pass()
	case "lock":
		h.lockByGate()
	case "rotate":
		h.rotate()
	case "load":
		// Another node's first picture is the same as ours.
		dir, err := h.Load(h.ctx, h.main, nil)
		if err != nil || dir.Version() != h.seen.dir.Version() {
			rt.Fatalf("loading all of the standing again gives another: %v", err)
		}
	}
	h.decide()
}

// pass lets time go by: minutes, weeks, or to where a term ends.
func (h *history) pass() {
	now := h.now()
	var ends []time.Time
	for c := range h.seen.dir.Connections() {
		if s := h.seen.dir.System(c.System); s != nil && s.Agency == h.agency {
			for _, at := range []time.Time{c.AssessedUntil, c.CommittedUntil} {
				if at.After(now) && at.Before(now.AddDate(1, 6, 0)) {
					ends = append(ends, at)
				}
			}
		}
	}
	if len(ends) > 0 && h.oneIn(8) {
		h.goTo(draw(h, ends))
		return
	}
	h.later(draw(h, []time.Duration{time.Minute, 5 * time.Hour, 26 * time.Hour, 9 * 24 * time.Hour, 40 * 24 * time.Hour}))
}

// lockByGate locks a connection as the path of a call does.
func (h *history) lockByGate() {
	if len(h.seen.connections) == 0 {
		return
	}
	id := draw(h, h.seen.connections)
	if h.locked[id] {
		return
	}
	h.audited("lock", func() error {
		return h.log.Write(h.ctx, func(tx *ledger.Tx) error {
			doc := mustJSON(access.Lock{By: access.LockedVolume, Since: tx.Now, Reason: "volume", Epoch: h.seen.dir.Connection(id).Lock.Epoch})
			tx.Stand(string(access.ChangeLock), id, doc)
			e, err := ledger.EventEntry("connection.locked", ledger.Actor{Kind: "system", ID: "gate"}, map[string]any{"connection": id})
			if err != nil {
				return err
			}
			tx.Append(e, ledger.Outcome{})
			return nil
		})
	}, func(*picture, *picture) { h.locked[id] = true })
}

// rotate replaces a certificate at the machine.
func (h *history) rotate() {
	if len(h.seen.systems) == 0 {
		return
	}
	rot := Rotation{Cert: []byte(h.certificate()), Now: h.oneIn(2)}
	if !rot.Now {
		rot.Overlap = time.Duration(h.between(0, 100)) * 24 * time.Hour
	}
	id := draw(h, h.seen.systems)
	h.audited("rotate", func() error {
		_, err := h.RotateCert(h.ctx, clerk, id, rot)
		return err
	}, func(*picture, *picture) {})
}

// attempt is an act that is about to be tried.
type attempt struct {
	m          *Matter // as it is before
	act        string
	by, second *witness
	in         Input
}

// act tries an act on one of the matters; a likely one is one that the table
// allows, by one who may, with what its form asks for.
func (h *history) act(likely bool) {
	if !likely {
		m := draw(h, h.seen.matters)
		var rows []*Row
		for i := range lifecycle {
			if lifecycle[i].Kind == m.Kind || h.oneIn(64) {
				rows = append(rows, &lifecycle[i])
			}
		}
		if len(rows) > 0 {
			h.try(m, draw(h, rows), false)
		}
		return
	}
	// What does not stay where it is, before what does.
	var open, moving []*Matter
	for _, m := range h.seen.matters {
		if len(h.rowsFrom(m)) > 0 {
			if open = append(open, m); m.Kind != KindAgency && m.Kind != KindSystem {
				moving = append(moving, m)
			}
		}
	}
	if len(moving) > 0 && !h.oneIn(6) {
		open = moving
	}
	if len(open) == 0 {
		return
	}
	m := draw(h, open)
	rows := h.rowsFrom(m)
	row := draw(h, rows)
	for range 2 { // what ends a matter early is drawn less
		if slices.Contains([]string{"withdraw", "cancel", "refuse", "return", "reopen", "fail", "revoke", "dismiss", "end", "outdate"}, row.Name) {
			row = draw(h, rows)
		}
	}
	if k := kindOf(m.Kind); slices.Contains(k.Editable, m.State) && !h.oneIn(4) {
		h.fill(m)
		m = h.seen.matter(m.ID)
	}
	h.try(m, row, true)
}

// try tries one act.
func (h *history) try(m *Matter, row *Row, likely bool) {
	a := &attempt{m: m, act: row.Name}
	duties := row.By
	if !likely {
		duties = Duties
	}
	a.by = h.who(draw(h, duties), false)
	if row.Two() != (!likely && h.oneIn(4)) {
		duties = row.Confirm
		if !likely || len(duties) == 0 {
			duties = Duties
		}
		a.second = h.who(draw(h, duties), likely || h.oneIn(2))
		if row.Two() && h.oneIn(6) { // both are one person, in another office or the same
			same := *a.by
			same.Duty = draw(h, row.Confirm)
			a.second = &same
		}
	}
	if !likely {
		switch draw(h, []string{"", "", "out", "stale", "stranger"}) {
		case "out":
			a.by.out = a.by.Still != nil // whoever has the machine, or dancu itself, has no session
		case "stale":
			a.by.stale = true
		case "stranger":
			if a.by.Duty == Agency {
				a.by = &witness{Person: a.by.Person}
				a.by.Agency, a.by.Still = "elsewhere", a.by.still
			}
		}
	}
	if row.Reason && (likely || !h.oneIn(4)) {
		a.in.Reason = "for a reason that can be read"
	}
	if !likely && h.oneIn(6) {
		a.in.Version = m.Version + 1
	}
	a.in.Values = h.answers(m, row.Name, row.Form, !likely && h.oneIn(2))
	h.audited(string(m.Kind)+"."+row.Name, func() (err error) {
		if a.second == nil {
			_, err = h.Act(h.ctx, a.by.Person, m.ID, row.Name, a.in)
			return err
		}
		return h.log.Write(h.ctx, func(tx *ledger.Tx) error {
			_, err := h.ActOfTwo(h.ctx, tx, a.by.Person, a.second.Person, m.ID, row.Name, a.in)
			return err
		})
	}, func(before, after *picture) { h.auditAct(a, before, after) })
}

// rowsFrom are the acts that a matter's state allows.
func (h *history) rowsFrom(m *Matter) (out []*Row) {
	for i := range lifecycle {
		r := &lifecycle[i]
		if r.Kind == m.Kind && slices.Contains(r.From, m.State) && !slices.Equal(r.By, []Duty{Itself}) {
			out = append(out, r)
		}
	}
	return out
}

// open opens a matter about the agency, its system or its connection.
func (h *history) open() {
	k := draw(h, kinds)
	if k.Kind == KindAgency || k.Kind == KindConnection {
		return // a history has one; applications and files begin the other
	}
	duties := k.By
	if len(duties) == 0 || h.oneIn(12) {
		duties = Duties
	}
	by := h.who(draw(h, duties), false)
	if by.Duty == Itself {
		return // what dancu opens by itself follows from other acts
	}
	about := About{Agency: h.agency}
	if len(h.seen.systems) > 0 && k.Kind != KindApplication {
		about = About{System: draw(h, h.seen.systems)}
	}
	if len(h.seen.connections) > 0 && (k.About == KindConnection || h.oneIn(8)) {
		about = About{Connection: draw(h, h.seen.connections)}
	}
	h.tryOpen(k, by, about, h.answers(&Matter{Kind: k.Kind, Agency: h.agency, System: about.System}, "open", k.Open, h.oneIn(6)))
}

func (h *history) tryOpen(k *KindInfo, by *witness, about About, values json.RawMessage) {
	in := Input{Values: values, Reason: "for a reason that can be read"}
	h.audited(string(k.Kind)+".open", func() error {
		_, err := h.Open(h.ctx, by.Person, k.Kind, about, in)
		return err
	}, func(before, after *picture) {
		if !slices.Contains(k.By, by.Duty) {
			h.rt.Fatalf("%s opened a %s", by.Duty, k.Kind)
		}
		h.sameStandingBut(before, after, k.Kind == KindSystem || k.Kind == KindAgency || k.Kind == KindMaintenance)
	})
}

// save saves one section of a matter, whoever it may be and whatever its state.
func (h *history) save() {
	m := draw(h, h.seen.matters)
	sections, err := h.sectionsOf(kindOf(m.Kind), m)
	if err != nil || len(sections) == 0 {
		return
	}
	s := draw(h, sections)
	h.saveSection(h.who(draw(h, Duties), false), m, &s, h.oneIn(3))
}

// fill saves every section of a matter that can be edited.
func (h *history) fill(m *Matter) {
	k := kindOf(m.Kind)
	by := h.who(draw(h, k.EditBy), false)
	sections, err := h.sectionsOf(k, m)
	if err != nil {
		h.rt.Fatal(err)
	}
	for i := range sections {
		h.saveSection(by, m, &sections[i], false)
	}
}

// editable are the matters whose sections can be saved.
func (h *history) editable() (out []*Matter) {
	for _, m := range h.seen.matters {
		if k := kindOf(m.Kind); slices.Contains(k.Editable, m.State) && len(k.EditBy) > 0 {
			out = append(out, m)
		}
	}
	return out
}

func (h *history) saveSection(by *witness, m *Matter, s *Section, wrong bool) {
	in := Input{Values: h.answers(m, s.Name, s.Form, wrong)}
	h.audited(string(m.Kind)+".save", func() error {
		_, err := h.Save(h.ctx, by.Person, m.ID, s.Name, in)
		return err
	}, func(before, after *picture) {
		k := kindOf(m.Kind)
		if now := before.matter(m.ID); !slices.Contains(k.EditBy, by.Duty) || now != nil && !slices.Contains(k.Editable, now.State) {
			h.rt.Fatalf("%s saved a section of a %s", by.Duty, m.Kind)
		}
		h.sameStandingBut(before, after, false)
	})
}

// sameStandingBut refuses a change of the standing where none may be.
func (h *history) sameStandingBut(before, after *picture, may bool) {
	if !may && before.dir.Version() != after.dir.Version() {
		h.rt.Fatal("the standing was changed")
	}
}

// audited does something and compares everything before with everything after.
func (h *history) audited(what string, do func() error, ok func(before, after *picture)) {
	before := h.seen
	err := do()
	h.story = append(h.story, fmt.Sprintf("%s at %s: %v", what, h.now().UTC().Format(time.RFC3339), err))
	after := h.look()
	if err != nil {
		h.chronicle.refused[what]++
		switch fault.KindOf(err) {
		case fault.Invalid, fault.Forbidden, fault.Conflict, fault.NotFound, fault.Exhausted, fault.Unauthenticated:
		default:
			h.rt.Fatalf("%s was not refused as people are: %v", what, err)
		}
		if after.size != before.size || after.dir.Version() != before.dir.Version() ||
			!reflect.DeepEqual(after.matters, before.matters) || !reflect.DeepEqual(after.tasks, before.tasks) || len(after.acts) > 0 || len(after.entries) > 0 {
			h.rt.Fatalf("%s was refused (%v) and changed something", what, err)
		}
		return
	}
	h.done[what]++
	h.audit(what, &before, &after)
	ok(&before, &after)
	h.seen = after
}

// answers are what a form is given.
func (h *history) answers(m *Matter, act string, f Form, wrong bool) json.RawMessage {
	v := Values{}
	for i := range f {
		field := &f[i]
		if !field.Required && !h.wanted(m, act, field.Name) {
			continue
		}
		if a := h.answer(m, act, field); a != nil {
			v[field.Name] = a
		}
	}
	if wrong {
		h.spoil(f, v)
	}
	return mustJSON(v)
}
