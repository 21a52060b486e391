package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/gate"
	"dancu/internal/web"
)

// Me is the answer of GET /v1/me: the caller's own standing.
type Me struct {
	System     meSystem      `json:"system"`
	Agency     *meAgency     `json:"agency"`
	Connection *meConnection `json:"connection"`
	// Certificate is the client certificate of this call.
	Certificate meCertificate `json:"certificate"`
	// Certificates are those of the calling system that have not ended, this
	// call's among them, in the order of their ends.
	Certificates []meCertificate `json:"certificates"`
	// Refused is the code that any call would get now, null if none would for
	// that reason.
	Refused *access.Code `json:"refused"`
	Grants  []meGrant    `json:"grants"`
	// Maintenance are the times without service that run or are announced, in
	// the order of their beginnings.
	Maintenance []meMaintenance `json:"maintenance"`
}

type meSystem struct {
	ID           string      `json:"id"`
	Name         access.Text `json:"name"`
	Level        int         `json:"level"`
	Intermediary bool        `json:"intermediary"`
}

type meAgency struct {
	ID    string       `json:"id"`
	Code  string       `json:"code"`
	Name  access.Text  `json:"name"`
	Group access.Group `json:"group"`
}

type meConnection struct {
	ID     string       `json:"id"`
	System string       `json:"system"`
	Via    string       `json:"via,omitempty"`
	State  access.State `json:"state"`
	// SuspendedBy is who suspended the connection, "" if nobody did; violation
	// and remedy say why, and what restores it.
	SuspendedBy   access.Suspender `json:"suspendedBy,omitempty"`
	Violation     string           `json:"violation,omitempty"`
	Remedy        string           `json:"remedy,omitempty"`
	Lock          *meLock          `json:"lock"`
	AssessedFrom  time.Time        `json:"assessedFrom"`
	AssessedUntil time.Time        `json:"assessedUntil"`
	// CommittedUntil is the end of the signed undertaking, null if it has none.
	CommittedUntil *time.Time  `json:"committedUntil"`
	Limit          meLimit     `json:"limit"`
	Rate           access.Rate `json:"rate"`
	Mismatches     int         `json:"mismatches"`
}

type meMaintenance struct {
	ID       string           `json:"id"`
	From     time.Time        `json:"from"`
	Until    time.Time        `json:"until"`
	Services []access.Service `json:"services"` // empty: all of them
	Running  bool             `json:"running"`
	Text     access.Text      `json:"text"`
}

type meLock struct {
	By     access.LockKind `json:"by"`
	Since  time.Time       `json:"since"`
	Reason string          `json:"reason,omitempty"`
}

// meLimit is the volume limit, and what is used and left of it in the present
// window.
type meLimit struct {
	Calls      int64         `json:"calls"`
	CallsUsed  int64         `json:"callsUsed"`
	CallsLeft  int64         `json:"callsLeft"`
	People     *int64        `json:"people"` // null: not limited
	PeopleUsed int64         `json:"peopleUsed"`
	PeopleLeft *int64        `json:"peopleLeft"`
	Window     access.Window `json:"window"`
	Scope      access.Scope  `json:"scope"`
	WarnAt     int           `json:"warnAt"`
	Reset      time.Time     `json:"reset"`
}

type meCertificate struct {
	SHA256    string    `json:"sha256"`
	NotBefore time.Time `json:"notBefore"`
	NotAfter  time.Time `json:"notAfter"`
	// Represents is the one system that the certificate stands for, "" if it
	// is bound to none.
	Represents string `json:"represents,omitempty"`
	// Declared says that its key is one of those declared and assessed, or
	// that none is; otherwise its calls are refused as change.undeclared.
	Declared bool `json:"declared"`
}

type meGrant struct {
	ID         string          `json:"id"`
	Hash       string          `json:"hash"`
	Service    access.Service  `json:"service"`
	Procedures []string        `json:"procedures"`
	Fields     access.FieldSet `json:"fields"`
	// Claims are what a verification must claim.
	Claims        access.FieldSet `json:"claims,omitzero"`
	Keys          []access.KeySet `json:"keys"`
	From          time.Time       `json:"from"`
	Until         time.Time       `json:"until"`
	InForce       bool            `json:"inForce"`
	LegalBasis    access.Text     `json:"legalBasis"`
	PeoplePerCase int             `json:"peoplePerCase,omitzero"`
	Quota         int64           `json:"quota,omitzero"`
	QuotaWindow   access.Window   `json:"quotaWindow,omitempty"`
	Provinces     []string        `json:"provinces,omitempty"`
	SearchCap     int             `json:"searchCap,omitzero"`
	// Onward are the permissions to supply to third parties.
	Onward []meOnward `json:"onward"`
}

type meOnward struct {
	Name    access.Text `json:"name"`
	Basis   access.Text `json:"basis"`
	Until   time.Time   `json:"until"`
	InForce bool        `json:"inForce"`
}

// me answers with the caller's own standing. An intermediary asks for that of
// a system it represents with ?represented=.
func (a *api) me(w http.ResponseWriter, r *http.Request) error {
	now := a.now()
	c, err := a.who(w, r, now)
	if err != nil {
		return err
	}
	represented, err := queryOne(r, "represented", false)
	if err == nil && represented != "" && !ruleRepresented.fits(represented) {
		err = badQuery("represented", it(ruleRepresented.must))
	}
	if err != nil {
		return a.malformed(&c, err)
	}
	if err := a.onBehalf(w, &c, represented, now); err != nil {
		return err
	}
	m, err := a.gate.Me(r.Context(), c.thumbprint, represented)
	if err != nil {
		return a.refused(w, &c, err)
	}
	body, err := json.Marshal(a.describe(m, now))
	if err != nil {
		return fmt.Errorf("couldn't write a standing: %w", err)
	}
	usage(w, m.Standing.Connection, m.Usage)
	w.Header()["Cache-Control"] = noStore
	web.Write(w, http.StatusOK, jsonType, body)
	return nil
}

func (a *api) describe(m *gate.Me, now time.Time) *Me {
	s := &m.Standing
	out := &Me{Grants: []meGrant{}, Certificates: certificates(s.System, now), Maintenance: maintenance(m)}
	if y := s.System; y != nil {
		out.System = meSystem{ID: y.ID, Name: y.Name, Level: y.Level, Intermediary: y.Intermediary}
	}
	if g := s.Agency; g != nil {
		out.Agency = &meAgency{ID: g.ID, Code: g.Code, Name: g.Name, Group: g.Group}
	}
	if k := s.Credential; k != nil {
		out.Certificate = shown(s.System, k)
	}
	if m.Decided != access.Allowed {
		out.Refused = &m.Decided
	}
	c := s.Connection
	if c == nil {
		return out
	}
	out.Connection = &meConnection{
		ID: c.ID, System: c.System, Via: c.Via,
		State: c.State, SuspendedBy: c.WhoSuspended(), Violation: c.Violation, Remedy: c.Remedy,
		AssessedFrom: c.AssessedFrom, AssessedUntil: c.AssessedUntil, Rate: a.rateOf(c), Mismatches: c.Mismatches,
		Limit: meLimit{
			Calls: c.Limit.Calls, CallsUsed: m.Usage.Calls, CallsLeft: max(0, c.Limit.Calls-m.Usage.Calls),
			PeopleUsed: m.People, Window: c.Limit.Window, Scope: c.Limit.Scope, WarnAt: c.Limit.WarnAt, Reset: m.Usage.Reset.UTC(),
		},
	}
	if limit := m.PeopleLimit; limit != 0 {
		left := max(0, limit-m.People)
		out.Connection.Limit.People, out.Connection.Limit.PeopleLeft = &limit, &left
	}
	if !c.CommittedUntil.IsZero() {
		out.Connection.CommittedUntil = &c.CommittedUntil
	}
	if c.Lock.By != access.Unlocked {
		out.Connection.Lock = &meLock{By: c.Lock.By, Since: c.Lock.Since, Reason: c.Lock.Reason}
	}
	for i := range c.Grants {
		g := &c.Grants[i]
		d := meGrant{
			ID: g.ID, Hash: g.Hash, Service: g.Service, Procedures: append([]string{}, g.Procedures...), Fields: g.Fields,
			Keys: append([]access.KeySet{}, g.Keys...), From: g.From, Until: g.Until,
			InForce: !now.Before(g.From) && now.Before(g.Until), LegalBasis: g.LegalBasis, PeoplePerCase: g.PeoplePerCase,
			Quota: g.Quota, QuotaWindow: g.QuotaWindow, Provinces: g.Provinces, SearchCap: g.SearchCap,
			Onward: make([]meOnward, 0, len(g.Onward)),
		}
		for _, o := range g.Onward {
			d.Onward = append(d.Onward, meOnward{Name: o.Name, Basis: o.Basis, Until: o.Until, InForce: now.Before(o.Until)})
		}
		if g.Service == access.Verify {
			d.Claims = g.RequiredClaims()
		}
		out.Grants = append(out.Grants, d)
	}
	return out
}

// shown is what is shown of a certificate of a system.
func shown(s *access.System, c *access.Credential) meCertificate {
	return meCertificate{
		SHA256: c.Thumbprint.String(), NotBefore: c.NotBefore, NotAfter: c.NotAfter, Represents: c.Represents,
		Declared: s == nil || len(s.Keys) == 0 || slices.Contains(s.Keys, c.Key),
	}
}

// certificates are those of a system that have not ended.
func certificates(s *access.System, now time.Time) []meCertificate {
	out := []meCertificate{}
	if s == nil {
		return out
	}
	for i := range s.Credentials {
		if c := &s.Credentials[i]; now.Before(c.NotAfter) {
			out = append(out, shown(s, c))
		}
	}
	slices.SortFunc(out, func(a, b meCertificate) int {
		return cmp.Or(a.NotAfter.Compare(b.NotAfter), cmp.Compare(a.SHA256, b.SHA256))
	})
	return out
}

// maintenance are the times without service, the running ones first.
func maintenance(m *gate.Me) []meMaintenance {
	out := make([]meMaintenance, 0, len(m.Running)+len(m.Announced))
	add := func(windows []access.Maintenance, running bool) {
		for _, w := range windows {
			out = append(out, meMaintenance{
				ID: w.ID, From: w.From, Until: w.Until, Services: append([]access.Service{}, w.Services...), Running: running, Text: w.Text,
			})
		}
	}
	add(m.Running, true)
	add(m.Announced, false)
	return out
}

// proof answers with the C2SP tlog-proof of an entry. It commits to the entry
// and tells nothing of it.
func (a *api) proof(w http.ResponseWriter, r *http.Request) error {
	c, err := a.who(w, r, a.now())
	if err != nil {
		return err
	}
	text, err := queryOne(r, "index", true)
	if err != nil {
		return a.malformed(&c, err)
	}
	index, ok := parseIndex(text)
	if !ok {
		return a.malformed(&c, badQuery("index", web.Text{
			VI: "index phải là số thứ tự của bản ghi: một số nguyên từ 0, không có số 0 ở đầu.",
			EN: "index must be an entry's index: a whole number from 0, without leading zeros.",
		}))
	}
	body, err := a.log.Proof(r.Context(), index)
	if err != nil {
		return a.noProof(&c, err)
	}
	w.Header()["Cache-Control"] = noStore
	w.Header()["X-Content-Type-Options"] = nosniff
	web.Write(w, http.StatusOK, textType, body)
	return nil
}

func (a *api) noProof(c *caller, err error) error {
	switch fault.KindOf(err) {
	case fault.NotFound, fault.Invalid:
		p := badQuery("index", web.Text{
			VI: "Nhật ký chưa có bản ghi với số thứ tự này.",
			EN: "The log has no entry of that index yet.",
		})
		p.Status = http.StatusNotFound
		return a.malformed(c, p)
	case fault.Unavailable:
		p := problem(access.LogUnavailable)
		p.Cause = err
		return p
	default:
		return err
	}
}

// queryOne reads the one parameter a GET takes; any other is an error.
func queryOne(r *http.Request, name string, required bool) (string, error) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || len(q) > 1 || len(q) == 1 && len(q[name]) != 1 || required && len(q) == 0 {
		return "", badQuery(name, web.Text{
			VI: "Phần truy vấn chỉ nhận tham số " + name + ", một lần.",
			EN: "The query takes the parameter " + name + ", once, and no other.",
		})
	}
	return q.Get(name), nil
}

func badQuery(name string, detail web.Text) *web.Problem {
	p := problem(access.RequestInvalid)
	p.Detail, p.Names = detail, []string{name}
	return p
}

// parseIndex reads a canonical decimal that is not negative.
func parseIndex(s string) (int64, bool) {
	if s == "" || len(s) > 1 && s[0] == '0' || strings.TrimLeft(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}
