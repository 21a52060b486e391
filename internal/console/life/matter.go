package life

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/onboarding"
)

// shownDone is how many acts a matter's page shows of what was done, unless it
// is asked for all.
const shownDone = 12

// matterView is one matter.
type matterView struct {
	ui.Page
	ID    string
	Kind  string // in words
	Done  string // what the visitor has just done; "" for nothing
	State string
	Tone  ui.Tone
	Next  string // one sentence: what comes next
	// Waiting are the acts of two people that wait for the second.
	Waiting []waitingView
	Acts    []actLink
	// Unready says that answers are missing: no act is the main one yet.
	Unready  bool
	Facts    []ui.Fact
	Standing []ui.Fact
	Lock     string // why calls are refused now; "" for not
	Gates    []gateView
	Sections []ui.Step
	Check    string // address of the answers; "" without sections
	Notes    []string
	Offer    []grantView
	Offered  bool // they wait to be accepted: all of them is shown
	Keys     []keyView
	Papers   []paperLink
	Tasks    []taskView
	Related  []relatedView
	Begin    []ui.Entry // matters that can be opened about this one
	History  []doneView
	More     string // address of the whole history; "" if it is all there
	Proof    string
}

// actLink is an act that the visitor may do now.
type actLink struct {
	Label, Href string
	Two         bool
}

// gateView is one condition of a connection.
type gateView struct {
	Label, Why, Law, Href string
	Green                 bool
}

// grantView is a grant, offered or in force.
type grantView struct {
	Service, Fields, Procedures, Term, Law, Hash string
	Limit                                        string
}

// keyView is a certificate of a system.
type keyView struct {
	SHA256, Represents, Until, Note string
	Tone                            ui.Tone
	Revoke                          string // address of the act; "" if it cannot be
}

// relatedView is another matter that belongs to this one.
type relatedView struct {
	Kind, Title, Href, State, Changed string
	Tone                              ui.Tone
}

// doneView is one act that was done.
type doneView struct {
	What, State, By, Reason, At, Entry string
	Given                              []answer
}

// Matter shows one matter.
func (p *Pages) Matter(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	who, err := person(v)
	if err != nil {
		return err
	}
	s, err := p.office.See(r.Context(), who, r.PathValue("matter"))
	if err != nil {
		return problem(err)
	}
	files, err := p.filesOf(r.Context(), s)
	if err != nil {
		return err
	}
	view := newMatterView(v.Page(i18n.LifeMatter), v.Kind(), s, files, r.URL.Query().Get("history") == "all")
	if view.Waiting, err = waiting(r.Context(), v, s.Matter.ID); err != nil {
		return err
	}
	switch r.URL.Query().Get("done") {
	case "save":
		view.Done = v.T(i18n.LifeSaved)
	case "act":
		view.Done = v.T(i18n.LifeActDone)
	case "open":
		view.Done = v.T(i18n.LifeOpened)
	case "proposed":
		view.Done = v.T(i18n.LifeProposed)
		view.Proof = "/acts"
	}
	return v.Render(w, r, http.StatusOK, matterPage(view))
}

// filesOf are the files that a matter refers to; those that the vault has lost
// are left out.
func (p *Pages) filesOf(ctx context.Context, s *onboarding.Sight) (map[string]File, error) {
	out := map[string]File{}
	if p.files == nil {
		return out, nil
	}
	for _, id := range s.Files() {
		f, err := p.known(ctx, "", id, true)
		switch {
		case err == nil:
			out[id] = f
		case !notFound(err):
			return nil, err
		}
	}
	return out, nil
}

func newMatterView(p ui.Page, k identity.Kind, s *onboarding.Sight, files map[string]File, all bool) matterView {
	l, m := p.Lang, s.Matter
	info := infoOf(m.Kind)
	ask := &asker{lang: l, at: s.Around(), matter: m.ID}
	mine, _ := DutyOf(k)
	p.Title = title(l, m)
	p.Up = ui.Entry{Label: l.Text(info.Many), Href: listHref(m.Kind)}
	v := matterView{Page: p, ID: m.ID, Kind: l.Text(info.Title)}
	v.State, v.Tone = badge(l, m)
	v.Next = next(l, mine, s, info)
	for _, r := range s.Can {
		if !slices.ContainsFunc(v.Acts, func(a actLink) bool { return a.Href == actHref(m.ID, r.Name) }) {
			v.Acts = append(v.Acts, actLink{Label: l.Text(r.Label), Href: actHref(m.ID, r.Name), Two: r.Two()})
		}
	}
	v.Unready = s.Edit && len(s.Missing) > 0 && !info.State(m.State).Final && len(info.Editable) < len(info.States)
	v.Facts = concerns(l, s, info)
	v.Standing, v.Lock = standing(l, s)
	if s.System != nil && m.Kind == onboarding.KindSystem {
		v.Keys = keys(l, s)
	}
	for _, g := range s.Gates {
		x := gateView{Label: l.Text(g.Label), Why: upper(l.Text(g.Why)), Law: law(l, g.Law), Green: g.Green}
		if g.Matter != "" {
			x.Href = path(g.Matter)
		}
		v.Gates = append(v.Gates, x)
	}
	v.Sections = steps(l, s)
	if len(s.Sections) > 0 {
		v.Check = sectionHref(m.ID, "")
	}
	for _, n := range s.Notes {
		v.Notes = append(v.Notes, upper(l.Text(n)))
	}
	switch {
	case m.Kind == onboarding.KindConnection && s.Connection != nil:
		v.Offer = grants(l, s.Connection.Grants)
	case m.Kind == onboarding.KindApplication:
		v.Offer, v.Offered = grants(l, s.Offer()), m.State == onboarding.Approved
	}
	v.Papers = papers(l, s)
	for i := range s.Tasks {
		v.Tasks = append(v.Tasks, newTaskView(l, &s.Tasks[i], nil, s.Dir, s.Now))
	}
	for _, r := range s.Related {
		x := relatedView{Title: title(l, r), Href: path(r.ID), Changed: l.Time(r.Changed)}
		if i := infoOf(r.Kind); i != nil {
			x.Kind = l.Text(i.Title)
		}
		x.State, x.Tone = badge(l, r)
		v.Related = append(v.Related, x)
	}
	v.Begin = begin(l, mine, m)
	for i := range s.Done {
		if i == shownDone && !all {
			v.More = site.With(path(m.ID), "history", "all") + "#history"
			break
		}
		v.History = append(v.History, newDoneView(ask, s, info, &s.Done[i], files))
	}
	return v
}

// next says what comes next, in one sentence.
func next(l i18n.Lang, mine onboarding.Duty, s *onboarding.Sight, info *onboarding.KindInfo) string {
	m := s.Matter
	if info.State(m.State).Final {
		return l.T(i18n.LifeNextFinal)
	}
	if s.Edit && len(s.Missing) > 0 {
		sections := map[string]bool{}
		for _, x := range s.Missing {
			sections[x.Section] = true
		}
		return l.T(i18n.LifeNextMissing, l.Int(int64(len(s.Missing))), l.Int(int64(len(sections))))
	}
	var other *onboarding.Task
	for i := range s.Tasks {
		t := &s.Tasks[i]
		if !t.Done.IsZero() {
			continue
		}
		if t.Owner == mine {
			return l.T(i18n.LifeNextMine, l.Text(taskOf(t.Kind).Label)) + until(l, t)
		}
		if other == nil {
			other = t
		}
	}
	if other != nil {
		return l.T(i18n.LifeNextOther, duty(l, other.Owner), l.Text(taskOf(other.Kind).Label)) + until(l, other)
	}
	for _, r := range s.Can {
		if r.To != "" && !info.State(r.To).Final {
			return l.T(i18n.LifeNextAct, l.Text(r.Label))
		}
	}
	return l.T(i18n.LifeNextNothing)
}

func until(l i18n.Lang, t *onboarding.Task) string {
	if t.Due.IsZero() {
		return ""
	}
	return " " + l.T(i18n.LifeNextUntil, l.Time(t.Due))
}

// concerns says what a matter is about.
func concerns(l i18n.Lang, s *onboarding.Sight, info *onboarding.KindInfo) (out []ui.Fact) {
	m := s.Matter
	add := func(term i18n.Msg, kind onboarding.Kind, id, name string) {
		switch {
		case id == "":
		case onboarding.MatterOf(kind, id) == m.ID:
			out = append(out, ui.Fact{Term: l.T(term), Is: ui.Code(id)})
		default:
			out = append(out, ui.Fact{Term: l.T(term), Is: ui.Link(path(onboarding.MatterOf(kind, id)), name)})
		}
	}
	out = append(out, ui.Fact{Term: l.T(i18n.LifeKind), Is: ui.Text(l.Text(info.Title))})
	add(i18n.LifeAgency, onboarding.KindAgency, m.Agency, agencyName(l, s.Dir, m.Agency))
	name := m.System
	if s.System != nil {
		name = l.Text(s.System.Name)
	}
	add(i18n.LifeSystem, onboarding.KindSystem, m.System, name)
	add(i18n.LifeConnection, onboarding.KindConnection, m.Connection, m.Connection)
	if m.Parent != "" {
		out = append(out, ui.Fact{Term: l.T(i18n.LifeParent), Is: ui.Link(path(m.Parent), l.T(i18n.LifeParentOpen))})
	}
	if info.Law != "" {
		out = append(out, ui.Fact{Term: l.T(i18n.LifeLawTerm), Is: ui.Text(law(l, info.Law))})
	}
	if !m.Opened.IsZero() {
		out = append(out, ui.Fact{Term: l.T(i18n.LifeOpenedAt), Is: ui.Number(l.Time(m.Opened))}, ui.Fact{Term: l.T(i18n.LifeChangedAt), Is: ui.Number(l.Time(m.Changed))})
	}
	if !m.Closed.IsZero() {
		out = append(out, ui.Fact{Term: l.T(i18n.LifeClosedAt), Is: ui.Number(l.Time(m.Closed))})
	}
	return out
}

// standing is what calls see of an agency, a system or a connection; lock says
// why a connection's are refused although it is active.
func standing(l i18n.Lang, s *onboarding.Sight) (out []ui.Fact, lock string) {
	add := func(term i18n.Msg, text string) {
		if text != "" {
			out = append(out, ui.Fact{Term: l.T(term), Is: ui.Lines(text)})
		}
	}
	switch s.Matter.Kind {
	case onboarding.KindAgency:
		if a := s.Agency; a != nil {
			add(i18n.LifeCode, a.Code)
			add(i18n.LifeGroup, strconv.Itoa(int(a.Group)))
			add(i18n.LifeCodes, joined(a.Codes))
		}
	case onboarding.KindSystem:
		if x := s.System; x != nil {
			add(i18n.LifeLevel, strconv.Itoa(x.Level))
			add(i18n.LifeAddresses, joined(x.Addresses))
			add(i18n.LifeBuilds, joined(x.Builds))
			if x.Intermediary {
				add(i18n.LifeIntermediary, l.T(i18n.Yes))
			}
		}
	case onboarding.KindConnection:
		c := s.Connection
		if c == nil {
			break
		}
		if c.Via != "" {
			add(i18n.LifeVia, c.Via)
		}
		add(i18n.LifeLimit, l.T(i18n.LifeCalls, l.Int(c.Limit.Calls)))
		if !c.AssessedUntil.IsZero() {
			add(i18n.LifeAssessed, l.Date(c.AssessedFrom)+" – "+l.Date(c.AssessedUntil))
		}
		add(i18n.LifeViolation, c.Violation)
		add(i18n.LifeRemedy, c.Remedy)
		if c.Lock.By != access.Unlocked {
			lock = l.T(i18n.LifeLocked, site.CodeTitle(l, lockCode(c.Lock.By)), l.Time(c.Lock.Since))
		}
	}
	return out, lock
}

// lockCode is the code with which calls over a locked connection are refused.
func lockCode(by access.LockKind) access.Code {
	if by == access.LockedVolume {
		return access.ConnectionVolume
	}
	return access.ConnectionPattern
}

// keys are a system's certificates, those in force first.
func keys(l i18n.Lang, s *onboarding.Sight) (out []keyView) {
	revoke := rowOf(s.Can, "revoke") != nil
	for _, c := range s.System.Credentials {
		k := keyView{SHA256: c.SHA256, Represents: c.Represents, Until: l.Time(c.NotAfter)}
		switch {
		case s.Now.After(c.NotAfter):
			k.Note = l.T(i18n.LifeKeyEnded)
		case s.Now.Before(c.NotBefore):
			k.Note, k.Tone = l.T(i18n.LifeKeyAhead, l.Time(c.NotBefore)), ui.Warn
		default:
			k.Note, k.Tone = l.T(i18n.LifeKeyGood), ui.OK
		}
		if revoke && !s.Now.After(c.NotAfter) {
			k.Revoke = site.With(actHref(s.Matter.ID, "revoke"), "sha256", c.SHA256)
		}
		if s.Now.After(c.NotAfter) {
			out = append(out, k)
		} else {
			out = slices.Insert(out, 0, k)
		}
	}
	return out
}

// grants are grants as both sides agree to them.
func grants(l i18n.Lang, list []access.Grant) (out []grantView) {
	for _, g := range list {
		v := grantView{
			Service: upper(serviceName(l, g.Service)), Procedures: joined(g.Procedures), Term: l.Date(g.From) + " – " + l.Date(g.Until),
			Law: l.Text(g.LegalBasis), Hash: g.Hash, Limit: l.T(i18n.LifePerCase, l.Int(int64(g.PeoplePerCase))),
		}
		var names []string
		for f := range g.Fields.All() {
			if f < access.NumFields {
				t := access.Fields[f]
				names = append(names, l.Text(access.Text{VI: t.VI, EN: t.EN}))
			}
		}
		v.Fields = joined(names)
		out = append(out, v)
	}
	return out
}

// steps are the sections of a matter, each with where it stands.
func steps(l i18n.Lang, s *onboarding.Sight) (out []ui.Step) {
	parts := map[string]json.RawMessage{}
	_ = json.Unmarshal(s.Matter.Doc, &parts) // the office wrote it
	for i := range s.Sections {
		x := &s.Sections[i]
		step := ui.Step{Label: l.Text(x.Title), Href: sectionHref(s.Matter.ID, x.Name), Note: l.Text(x.Help)}
		missing := 0
		for _, p := range s.Missing {
			if p.Section == x.Name {
				missing++
			}
		}
		switch {
		case parts[x.Name] == nil && missing > 0:
			step.Word = l.T(i18n.LifeNotStarted)
		case parts[x.Name] == nil:
			step.Word = l.T(i18n.LifeOptional)
		case missing > 0:
			step.Word, step.Tone = l.T(i18n.LifeIncomplete, l.Int(int64(missing))), ui.Warn
		default:
			step.Word, step.Tone = l.T(i18n.LifeComplete), ui.OK
		}
		out = append(out, step)
	}
	return out
}

// begin are the matters that the visitor may open about this one.
func begin(l i18n.Lang, mine onboarding.Duty, m *onboarding.Matter) (out []ui.Entry) {
	for _, k := range onboarding.Kinds() {
		if !slices.Contains(k.By, mine) {
			continue
		}
		var href string
		switch {
		case m.Kind == onboarding.KindConnection && k.Kind == onboarding.KindApplication:
			href = site.With(newHref(k.Kind), "agency", m.Agency, "connection", m.Connection)
		case m.Kind == onboarding.KindAgency && k.About == onboarding.KindAgency:
			href = site.With(newHref(k.Kind), "agency", m.Agency)
		case m.Kind == onboarding.KindSystem && k.About == onboarding.KindSystem:
			href = site.With(newHref(k.Kind), "system", m.System)
		case m.Kind == onboarding.KindConnection && (k.About == onboarding.KindConnection || k.About == onboarding.KindSystem):
			href = site.With(newHref(k.Kind), "connection", m.Connection)
		default:
			continue
		}
		out = append(out, ui.Entry{Label: l.Text(k.Title), Href: href})
	}
	return out
}

func newDoneView(k *asker, s *onboarding.Sight, info *onboarding.KindInfo, d *onboarding.Done, files map[string]File) doneView {
	l := k.lang
	v := doneView{
		What: l.Text(labelOf(info.Kind, d.Act)), State: upper(l.Text(info.State(d.State).Label)), By: duty(l, d.Duty) + " · " + d.Actor,
		Reason: d.Reason, At: l.Seconds(d.At), Entry: l.Int(d.Entry),
	}
	for _, x := range k.given(s, info, d) {
		for i := range x.Files {
			if f, ok := files[x.Files[i].ID]; ok {
				x.Files[i].Name, x.Files[i].Note = f.Name, fileNote(l, f)
				x.Files[i].Href = fileHref(k.matter, f.ID)
			}
		}
		v.Given = append(v.Given, x)
	}
	return v
}

// The addresses of a matter's pages.

func sectionHref(matter, section string) string { return path(matter) + "/section/" + section }
func actHref(matter, act string) string         { return path(matter) + "/act/" + act }
func newHref(k onboarding.Kind) string          { return "/life/new/" + string(k) }
func listHref(k onboarding.Kind) string         { return "/life/" + string(k) + "/" }
