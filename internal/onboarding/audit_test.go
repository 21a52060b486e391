package onboarding

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// What TestLifecycle holds every step against. None of it asks the engine: it
// reads the tables and the standing, and knows the law by itself.

// picture is all there is of a history's agency at one moment.
type picture struct {
	size        int64 // of the log
	dir         *access.Directory
	matters     []*Matter // in the order of their ids
	tasks       []Task
	systems     []string
	connections []string
	// What came with the last step.
	acts    []actRow
	entries []entryRow
}

type actRow struct {
	matter string
	Done
}

type entryRow struct {
	index int64
	time  time.Time
	kind  string
}

func (p *picture) matter(id string) *Matter {
	for _, m := range p.matters {
		if m.ID == id {
			return m
		}
	}
	return nil
}

func (h *history) must(err error) {
	h.rt.Helper()
	if err != nil {
		h.rt.Fatal(err)
	}
}

// look reads all of it anew.
func (h *history) look() (p picture) {
	var err error
	p.size = h.log.Head().Size
	h.dir, err = h.Load(h.ctx, h.main, h.dir)
	h.must(err)
	p.dir = h.dir
	for s := range p.dir.Systems() {
		if s.Agency == h.agency {
			p.systems = append(p.systems, s.ID)
		}
	}
	for c := range p.dir.Connections() {
		if slices.Contains(p.systems, c.System) {
			p.connections = append(p.connections, c.ID)
		}
	}
	rows, err := selectMatters(h.ctx, h.main, matterQuery{agency: h.agency, limit: 10_000})
	h.must(err)
	ids := map[string]bool{MatterOf(KindAgency, h.agency): true}
	for _, m := range rows {
		ids[m.ID] = true
	}
	for _, id := range p.systems {
		ids[MatterOf(KindSystem, id)] = true
	}
	for _, id := range p.connections {
		ids[MatterOf(KindConnection, id)] = true
	}
	for id := range ids {
		m, err := h.matter(h.ctx, h.main, p.dir, id)
		h.must(err)
		p.matters = append(p.matters, m)
	}
	slices.SortFunc(p.matters, func(a, b *Matter) int { return strings.Compare(a.ID, b.ID) })
	p.tasks, err = selectTasks(h.ctx, h.main, taskQuery{agency: h.agency, limit: 10_000})
	h.must(err)
	p.acts, err = h.actsFrom(h.seen.size)
	h.must(err)
	p.entries, err = h.entriesFrom(h.seen.size)
	h.must(err)
	return p
}

func (h *history) actsFrom(index int64) (out []actRow, err error) {
	rows, err := h.main.Query(h.ctx, `SELECT matter, version, act, state, actor, duty, reason, entry, at FROM matter_acts WHERE entry >= $1 ORDER BY entry, matter, version`, index)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var a actRow
		var at int64
		if err := rows.Scan(&a.matter, &a.Version, &a.Act, &a.State, &a.Actor, &a.Duty, &a.Reason, &a.Entry, &at); err != nil {
			return nil, err
		}
		a.At = db.Time(at)
		out = append(out, a)
	}
	return out, rows.Err()
}

func (h *history) entriesFrom(index int64) (out []entryRow, err error) {
	rows, err := h.main.Query(h.ctx, `SELECT idx, time, kind FROM entries WHERE idx >= $1 ORDER BY idx`, index)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var e entryRow
		var at int64
		if err := rows.Scan(&e.index, &at, &e.kind); err != nil {
			return nil, err
		}
		e.time = db.Time(at)
		out = append(out, e)
	}
	return out, rows.Err()
}

// still is asked by the engine; it remembers that it was.
func (w *witness) still(_ context.Context, _ db.Querier, _ time.Time, fresh bool) error {
	w.asked = append(w.asked, fresh)
	switch {
	case w.out:
		return fault.New(fault.Unauthenticated, "the session has ended")
	case fresh && w.stale:
		return fault.New(fault.Forbidden, "show the second factor")
	}
	return nil
}

// audit holds what every step must keep, whatever it was.
func (h *history) audit(what string, before, after *picture) {
	rt := h.rt
	at := map[int64]entryRow{}
	for _, e := range after.entries {
		at[e.index] = e
	}
	// The standing's versions are each committed to by the log's own entry,
	// beside that of the act.
	if grown := after.dir.Version() - before.dir.Version(); grown > 0 {
		told, commits := 0, 0
		for _, e := range after.entries {
			if e.kind == "standing.changed" {
				commits++
			} else {
				told++
			}
		}
		if told == 0 || commits == 0 {
			rt.Fatalf("%s changed the standing %d times with %d entries and %d commitments", what, grown, told, commits)
		}
	}
	// Every change of a matter is an act with its entry in this very step.
	versions := map[string][]actRow{}
	for _, a := range after.acts {
		e, ok := at[a.Entry]
		if !ok || !e.time.Equal(a.At) || a.Actor == "" || a.Duty == "" {
			rt.Fatalf("%s: the act %s of %s has no entry of its own: %+v", what, a.Act, a.matter, a)
		}
		versions[a.matter] = append(versions[a.matter], a)
	}
	for _, m := range after.matters {
		old := before.matter(m.ID)
		if old == nil {
			old = &Matter{}
		}
		acts := versions[m.ID]
		if m.Version-old.Version != int64(len(acts)) {
			rt.Fatalf("%s: %s went from version %d to %d with %d acts", what, m.ID, old.Version, m.Version, len(acts))
		}
		for i, a := range acts {
			if a.Version != old.Version+int64(i)+1 {
				rt.Fatalf("%s: an act of %s is of version %d, after %d", what, m.ID, a.Version, old.Version)
			}
		}
		if len(acts) > 0 {
			if last := acts[len(acts)-1]; last.State != m.State {
				rt.Fatalf("%s: the last act of %s led to %s, it is %s", what, m.ID, last.State, m.State)
			}
			h.expectEntry(m, acts)
		} else if old.ID != "" && string(old.Doc) != string(m.Doc) {
			rt.Fatalf("%s: the document of %s was changed without an act", what, m.ID)
		}
		if !old.Closed.IsZero() && (m.State != old.State || m.Version != old.Version || !m.Closed.Equal(old.Closed)) {
			rt.Fatalf("%s: %s was closed and is changed", what, m.ID)
		}
		if final := kindOf(m.Kind).State(m.State).Final; final != !m.Closed.IsZero() && m.Kind != KindConnection {
			rt.Fatalf("%s: %s is %s and closed %s", what, m.ID, m.State, m.Closed)
		}
		for _, t := range after.tasks {
			if t.Matter == m.ID && t.Done.IsZero() && kindOf(m.Kind).State(m.State).Final {
				rt.Fatalf("%s: %s is %s and its task %s is open", what, m.ID, m.State, t.Kind)
			}
		}
	}
	for _, t := range before.tasks {
		i := slices.IndexFunc(after.tasks, func(n Task) bool { return n.ID == t.ID })
		if i < 0 || !t.Done.IsZero() && after.tasks[i] != t {
			rt.Fatalf("%s: the task %s is gone, or was done and is another", what, t.Kind)
		}
	}
	h.auditTerms(what, before, after)
	h.auditStates(what, before, after)
}

// expectEntry notes what the entry of a matter's acts must say: it is read when
// the history ends. Where several acts were one entry, it is of the first.
func (h *history) expectEntry(m *Matter, acts []actRow) {
	for _, a := range acts {
		want := h.bodies[a.Entry]
		if want == nil {
			want = map[string]any{"actor": a.Actor}
			h.bodies[a.Entry] = want
		}
		if a.Reason != "" {
			want["reason"] = a.Reason
		}
		if a.Version == m.Version && a.Act != "supersede" && a.Act != "close" {
			want["matter"], want["document"] = m.ID, hash(m.Doc)
		}
	}
}

// auditTerms: what a connection was assessed for, and committed to, is made
// longer by few acts only.
func (h *history) auditTerms(what string, before, after *picture) {
	for _, id := range after.connections {
		old, c := before.dir.Connection(id), after.dir.Connection(id)
		if old == nil {
			if c.AssessedUntil.After(h.longest(before)) {
				h.rt.Fatalf("%s: the new connection %s counts as assessed for longer than its system", what, id)
			}
			continue
		}
		longer := c.AssessedUntil.After(old.AssessedUntil)
		if longer && what != "assessment.certify" && what != "assessment.exempt" && what != "change.overrule" {
			h.rt.Fatalf("%s made the assessment of %s longer: until %s, was %s", what, id, c.AssessedUntil, old.AssessedUntil)
		}
		if !c.CommittedUntil.Equal(old.CommittedUntil) && what != "commitment.accept" && what != "commitment.outdate" {
			h.rt.Fatalf("%s changed until when %s is committed", what, id)
		}
	}
}

func (h *history) longest(p *picture) (until time.Time) {
	for _, id := range p.connections {
		if c := p.dir.Connection(id); c.State != access.Ended && c.AssessedUntil.After(until) {
			until = c.AssessedUntil
		}
	}
	return until
}

// leads are the states where an act on a connection leads.
var leads = map[string]access.State{
	"connection.activate": access.Active, "connection.resume": access.Active,
	"connection.suspend": access.Suspended, "connection.pause": access.Suspended, "connection.end": access.Ended,
}

// auditStates: the states and locks of connections are what the acts done make
// of them, and what was not acted on stays.
func (h *history) auditStates(what string, before, after *picture) {
	moved := 0
	for _, id := range after.connections {
		old, c := before.dir.Connection(id), after.dir.Connection(id)
		switch {
		case old == nil:
			h.state[id] = access.Draft
			if what != "application.accept" || c.State != access.Draft {
				h.rt.Fatalf("%s: the connection %s appeared, %s", what, id, c.State)
			}
		case c.State != h.state[id]:
			to, ok := leads[what]
			if !ok && strings.HasSuffix(what, ".decide-suspension") {
				to, ok = access.Suspended, true
			}
			if !ok || c.State != to || h.state[id] == access.Ended {
				h.rt.Fatalf("%s: the connection %s went from %s to %s", what, id, h.state[id], c.State)
			}
			if to == access.Active {
				h.lawful(id, before, after)
			}
			h.state[id] = to
			moved++
		}
		if old != nil && old.Lock != c.Lock && what != "lock" && what != "connection.unlock" {
			h.rt.Fatalf("%s touched the lock of %s", what, id)
		}
		if what == "connection.unlock" && old.Lock.By != access.Unlocked && c.Lock.By == access.Unlocked {
			h.locked[id] = false
		}
		if locked := c.Lock.By != access.Unlocked; what != "lock" && locked != h.locked[id] {
			h.rt.Fatalf("%s: %s is locked: %v", what, id, locked)
		}
	}
	if moved > 1 {
		h.rt.Fatalf("%s moved %d connections", what, moved)
	}
}

// lawful demands that at the entry of an activation or a resumption every
// condition of the law held, by what the registers have and not by the gates.
func (h *history) lawful(id string, before, after *picture) {
	now := after.acts[len(after.acts)-1].At
	dir := before.dir
	c := dir.Connection(id)
	s := dir.System(c.System)
	imported := true
	inForce := map[string]bool{}
	for _, m := range before.matters {
		switch {
		case m.Kind == KindApplication && m.Connection == id:
			imported = false
		case m.Kind == KindCommitment && m.State == InForce && m.System == s.ID:
			var st signedText
			_, _ = m.read("signed", &st)
			inForce[st.Template.ID] = len(st.Signatures) == 2 && st.Signatures[0].Side == "agency" && st.Signatures[1].Side == "register" &&
				hash([]byte(st.Text)) == st.SHA256
		}
	}
	section := func(matter, name string) (v map[string]any) {
		if m := before.matter(matter); m != nil {
			_, _ = m.read(name, &v)
		}
		return v
	}
	unlawful := func(why string) { h.rt.Fatalf("%s is active without %s", id, why) }
	if now.Before(c.AssessedFrom) || !now.Before(c.AssessedUntil) {
		unlawful("an assessment in force")
	}
	if !slices.ContainsFunc(c.Grants, func(g access.Grant) bool { return now.Before(g.Until) }) {
		unlawful("a grant in force")
	}
	if !slices.ContainsFunc(s.Credentials, func(c access.Credential) bool { return !now.Before(c.NotBefore) && !now.After(c.NotAfter) }) {
		unlawful("a certificate in force")
	}
	if imported {
		return
	}
	if contact := section(MatterOf(KindAgency, h.agency), "contact"); contact["name"] == nil || contact["role"] == nil || contact["phone"] == nil || contact["email"] == nil {
		unlawful("its contact officer")
	}
	if level := section(MatterOf(KindSystem, s.ID), "level"); level["decision"] == nil || level["authority"] == nil || fmt.Sprint(level["level"]) < "3" {
		unlawful("the dossier of its level")
	}
	if !inForce[Undertaking] || !inForce[Agreement] {
		unlawful("its undertaking or its agreement")
	}
}

// auditAct holds what an act of the table must keep.
func (h *history) auditAct(a *attempt, before, after *picture) {
	rt := h.rt
	name := string(a.m.Kind) + "." + a.act
	var row *Row
	for i := range lifecycle {
		r := &lifecycle[i]
		if r.Kind == a.m.Kind && r.Name == a.act && slices.Contains(r.By, a.by.Duty) && slices.Contains(r.From, a.m.State) {
			row = r
			break
		}
	}
	if row == nil {
		rt.Fatalf("%s of a %s was done by %s, which the table does not have", name, a.m.State, a.by.Duty)
	}
	now := after.matter(a.m.ID)
	if to := now.State; to != row.To && !(row.To == "" && to == a.m.State) && !slices.Contains(row.Or, to) {
		rt.Fatalf("%s led from %s to %s", name, a.m.State, to)
	}
	if a.by.Duty == Agency && a.by.Agency != h.agency {
		rt.Fatalf("%s was done for another agency", name)
	}
	if a.by.out || row.Fresh && a.by.stale {
		rt.Fatalf("%s was done by somebody who is not there", name)
	}
	if a.by.Still != nil && (len(a.by.asked) == 0 || row.Fresh && !slices.Contains(a.by.asked, true)) {
		rt.Fatalf("%s: nobody asked whether %s is still there: %v", name, a.by.Account, a.by.asked)
	}
	switch {
	case row.Two() != (a.second != nil):
		rt.Fatalf("%s was done by the wrong number of people", name)
	case row.Two() && (a.second.Account == "" || a.second.Account == a.by.Account || !slices.Contains(row.Confirm, a.second.Duty)):
		rt.Fatalf("%s was confirmed by %s, proposed by %s", name, a.second.Account, a.by.Account)
	}
	if row.Reason && utf8.RuneCountInString(a.in.Reason) < MinReason {
		rt.Fatalf("%s was done without a reason", name)
	}
	if a.in.Version != 0 && a.in.Version != a.m.Version {
		rt.Fatalf("%s was done by one who had not seen this version", name)
	}
	// Its own entry is of the kind that the table names, once.
	own := 0
	for _, d := range after.acts {
		if d.matter != a.m.ID || d.Act != a.act {
			continue
		}
		if d.Duty != a.by.Duty || d.Actor != a.by.Actor.ID || d.Reason != a.in.Reason {
			rt.Fatalf("%s is told of as %+v", name, d)
		}
		for _, e := range after.entries {
			if e.index == d.Entry && e.kind == row.Event {
				own++
				want := h.bodies[d.Entry]
				want["act"], want["from"], want["to"], want["kind"] = a.act, string(a.m.State), string(now.State), row.Event
				if a.second != nil {
					want["confirmer"] = a.second.Actor.ID
				}
			}
		}
	}
	if own != 1 {
		rt.Fatalf("%s has %d entries of its own", name, own)
	}
	for _, kind := range row.Closes {
		for _, t := range after.tasks {
			if t.Matter == a.m.ID && t.Kind == kind && t.Done.IsZero() && !slices.Contains(row.Opens, kind) && !slices.Contains(row.MayOpen, kind) {
				rt.Fatalf("%s left the task %s open", name, kind)
			}
		}
	}
	for _, kind := range row.Opens {
		n := 0
		for _, t := range after.tasks {
			if t.Matter == a.m.ID && t.Kind == kind && t.Done.IsZero() {
				n++
			}
		}
		if n != 1 {
			rt.Fatalf("%s: %d tasks %s are open", name, n, kind)
		}
	}
	// What was failed or revoked does not count from that entry on.
	if a.act == "fail" || a.act == "revoke" && a.m.Kind == KindAssessment {
		for _, id := range after.connections {
			if c := after.dir.Connection(id); c.System == a.m.System && c.State != access.Ended && c.AssessedUntil.After(now.Changed) {
				rt.Fatalf("%s: %s is assessed until %s", name, id, c.AssessedUntil)
			}
		}
	}
}

// checkBodies reads the entries of the history and compares them with what was
// done.
func (h *history) checkBodies() {
	var indexes []int64
	for i := range h.bodies {
		indexes = append(indexes, i)
	}
	if len(indexes) == 0 {
		return
	}
	slices.Sort(indexes)
	res, err := h.log.Read(h.ctx, ledger.Reader{Actor: clerk, Reason: "to compare"}, nil, indexes...)
	h.must(err)
	for _, rec := range res.Records {
		var got map[string]any
		h.must(json.Unmarshal(rec.Part(ledger.PartEvent).Data, &got))
		if actor, ok := got["actor"].(map[string]any); ok {
			got["actor"] = actor["id"]
		}
		for name, want := range h.bodies[rec.Index] {
			if got[name] != want {
				h.rt.Fatalf("entry %d (%s): %s is %v, want %v", rec.Index, rec.Kind, name, got[name], want)
			}
		}
	}
}

// decide has calls decided over the standing as it is now: one is answered
// where the acts done say that the connection is active and not locked, it is
// assessed and committed, and its certificate and a grant are in force, and
// nowhere else.
func (h *history) decide() {
	now := h.now().Truncate(time.Microsecond)
	windows, _ := h.seen.dir.Maintenance(now)
	for _, id := range h.seen.connections {
		c := h.seen.dir.Connection(id)
		s := h.seen.dir.System(c.System)
		open := h.state[id] == access.Active && !h.locked[id] && !now.Before(c.AssessedFrom) && now.Before(c.AssessedUntil) &&
			(c.CommittedUntil.IsZero() || now.Before(c.CommittedUntil))
		for i := range s.Credentials {
			cred := &s.Credentials[i]
			known := !now.Before(cred.NotBefore) && !now.After(cred.NotAfter) && (len(s.Keys) == 0 || slices.Contains(s.Keys, cred.Key))
			for j := range c.Grants {
				g := &c.Grants[j]
				st := h.seen.dir.Standing(cred.Thumbprint, "")
				if st.Connection != c {
					if open && known {
						h.rt.Fatalf("the certificate of %s does not find it", id)
					}
					continue
				}
				d := access.Decide(&st, callOf(&st, g, now), now)
				closed := slices.ContainsFunc(windows, func(w access.Maintenance) bool { return len(w.Services) == 0 || slices.Contains(w.Services, g.Service) })
				want := open && known && !closed && !now.Before(g.From) && now.Before(g.Until)
				if d.Allowed() != want {
					h.rt.Fatalf("a call over %s (%s, grant %s) at %s: %+v, want allowed %v", id, c.State, g.ID, now, d, want)
				}
				if want {
					h.answered++
				} else {
					h.unanswered++
				}
			}
		}
	}
}
