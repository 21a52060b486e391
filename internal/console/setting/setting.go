// Package setting is the pages of the system's settings: every one with its
// value, where it comes from and why it is bounded; those that can be changed at
// run time are changed by two people, and show who changed what.
package setting

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/settings"
	"dancu/internal/web"
)

// Pages are the handlers.
type Pages struct{ store *settings.Store }

// New returns the pages over the settings.
func New(store *settings.Store) *Pages { return &Pages{store} }

const (
	base = "/settings"
	// The most characters of what can be typed.
	maxValue  = 40
	maxReason = 300
	minReason = 10
	// shown is how many changes the page of a setting shows.
	shown = 50
)

// listView is all settings.
type listView struct {
	ui.Page
	Words    ui.Field
	Which    ui.Field
	Whiches  []ui.Option
	Sections []section
	Count    string
	Filtered bool
}

// section is the settings of one part of the configuration.
type section struct {
	Name string
	Rows []row
}

// row is one setting.
type row struct {
	Name, Label, Href string
	Value, Human      string
	Origin, Note      string
	Tone              ui.Tone
	Law               string
}

// The settings to which a list is kept.
const (
	onlyRun     = "run"
	onlyChanged = "changed"
)

// List shows the settings.
func (p *Pages) List(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	q := r.URL.Query()
	words := strings.TrimSpace(strings.ToValidUTF8(q.Get("q"), ""))
	return v.Render(w, r, http.StatusOK, listPage(newListView(v.Page(i18n.SettingsTitle), p.store.List(), words, q.Get("only"))))
}

func newListView(page ui.Page, all []settings.Row, words, only string) listView {
	l := page.Lang
	page.Lead = l.T(i18n.SettingsLead)
	v := listView{
		Page:  page,
		Words: ui.Field{Name: "q", ID: "words", Label: l.T(i18n.SettingsFind), Value: words, Max: maxReason, Type: "search", More: map[string]any{"data-search": true}},
		Which: ui.Field{Name: "only", Label: l.T(i18n.SettingsWhich), Value: only, More: map[string]any{"data-submit": true}},
		Whiches: []ui.Option{
			{Label: l.T(i18n.SettingsAll)}, {Value: onlyRun, Label: l.T(i18n.SettingsOnlyRun)}, {Value: onlyChanged, Label: l.T(i18n.SettingsOnlyChanged)},
		},
		Filtered: words+only != "",
	}
	n := int64(0)
	for _, x := range all {
		if only == onlyRun && x.Run == nil || only == onlyChanged && x.Changed == nil && x.Out == "" {
			continue
		}
		one := newRow(l, &x)
		if !site.Matches(words, x.Name, one.Label, one.Value) {
			continue
		}
		n++
		name, _, found := strings.Cut(x.Name, ".")
		if !found {
			name = ""
		}
		i := slices.IndexFunc(v.Sections, func(s section) bool { return s.Name == name })
		if i < 0 {
			i = len(v.Sections)
			v.Sections = append(v.Sections, section{Name: name})
		}
		v.Sections[i].Rows = append(v.Sections[i].Rows, one)
	}
	v.Count = l.T(i18n.SettingsCount, l.Int(n))
	return v
}

func newRow(l i18n.Lang, x *settings.Row) row {
	r := row{Name: x.Name, Value: x.InForce, Human: human(l, x.InForce), Origin: origin(l, x)}
	if x.Run != nil {
		r.Label, r.Href, r.Law = l.Text(x.Run.Label), base+"/"+x.Name, x.Run.Law
	}
	if x.Changed != nil {
		r.Tone, r.Note = ui.Warn, l.T(i18n.SettingsBy, x.Changed.Proposer, x.Changed.Confirmer, l.Time(x.Changed.Made))
	}
	if x.Out != "" {
		r.Tone, r.Note = ui.Bad, l.T(i18n.SettingsOut)
	}
	return r
}

// origin says where a value comes from.
func origin(l i18n.Lang, x *settings.Row) string {
	switch {
	case x.Changed != nil:
		return l.T(i18n.SettingsChanged)
	case strings.HasPrefix(x.Origin, "environment "):
		return l.T(i18n.SettingsEnvironment, strings.TrimPrefix(x.Origin, "environment "))
	case strings.HasPrefix(x.Origin, "file "):
		return l.T(i18n.SettingsFile)
	case x.Origin == "default":
		return l.T(i18n.SettingsDefault)
	}
	return l.T(i18n.SettingsProgram)
}

// human writes a duration or a large number as people do; "" for what reads as
// it is.
func human(l i18n.Lang, value string) string {
	if n, err := strconv.ParseInt(value, 10, 64); err == nil {
		if n >= 1000 {
			return l.Int(n)
		}
		return ""
	}
	d, err := time.ParseDuration(value)
	if err != nil {
		return ""
	}
	var parts []string
	for _, u := range []struct {
		of   time.Duration
		word i18n.Msg
	}{{24 * time.Hour, i18n.SettingsDays}, {time.Hour, i18n.SettingsHours}, {time.Minute, i18n.SettingsMinutes}, {time.Second, i18n.SettingsSeconds}} {
		if n := d / u.of; n > 0 {
			parts = append(parts, l.T(u.word, l.Int(int64(n))))
			d -= n * u.of
		}
	}
	return strings.Join(parts, " ")
}

// oneView is one setting.
type oneView struct {
	ui.Page
	Name, Done, Failed string
	Facts              []ui.Fact
	Value, Reason      ui.Field
	// Back offers to give the configuration's value back.
	Back    bool
	History []ui.Row
	Waiting []ui.Entry
}

func newOneView(page ui.Page, x *settings.Row, history []settings.Change) oneView {
	l := page.Lang
	page.Title, page.Up = l.Text(x.Run.Label), ui.Entry{Label: l.T(i18n.SettingsTitle), Href: base}
	both := func(value string) string {
		if h := human(l, value); h != "" {
			return value + " · " + h
		}
		return value
	}
	r := newRow(l, x)
	v := oneView{Page: page, Name: x.Name, Back: x.Changed != nil || x.Out != ""}
	v.Facts = []ui.Fact{
		{Term: l.T(i18n.SettingsName), Is: ui.Code(x.Name)},
		{Term: l.T(i18n.SettingsValue), Is: ui.Text(both(x.InForce))},
		{Term: l.T(i18n.SettingsOrigin), Is: ui.Text(r.Origin)},
		{Term: l.T(i18n.SettingsConfigured), Is: ui.Text(both(x.Value))},
		{Term: l.T(i18n.SettingsDefault), Is: ui.Text(both(x.Default))},
		{Term: l.T(i18n.SettingsBounds), Is: ui.Text(both(x.Run.Low) + " – " + both(x.Run.High))},
	}
	if x.Run.Law != "" {
		v.Facts = append(v.Facts, ui.Fact{Term: l.T(i18n.LifeLawTerm), Is: ui.Text(x.Run.Law)})
	}
	if x.Out != "" {
		v.Facts = append(v.Facts, ui.Fact{Term: l.T(i18n.SettingsOut), Is: ui.Text(x.Out)})
	}
	v.Value = ui.Field{
		Name: "value", Label: l.T(i18n.SettingsNew), Hint: l.T(i18n.SettingsNewHint, x.Run.Low, x.Run.High), Value: x.InForce, Max: maxValue, Required: true,
	}
	v.Reason = ui.Field{Name: "reason", Label: l.T(i18n.Reason), Hint: l.T(i18n.ActsReasonHint), Max: maxReason, Required: true, Wide: true}
	for _, c := range history {
		to := c.Value
		if to == "" {
			to = l.T(i18n.SettingsAsConfigured)
		}
		v.History = append(v.History, ui.Row{
			ui.Number(l.Seconds(c.Made)), ui.Number(c.Was + " → " + to), ui.Two(c.Proposer, l.T(i18n.SettingsConfirmed, c.Confirmer)), ui.Lines(c.Reason),
		})
	}
	return v
}

// One shows a setting that can be changed, with its history.
func (p *Pages) One(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	view, err := p.one(r, v)
	if err != nil {
		return err
	}
	switch r.URL.Query().Get("done") {
	case "proposed":
		view.Done = v.T(i18n.OneProposed)
	case "confirm":
		view.Done = v.T(i18n.ConfirmDone)
	}
	return v.Render(w, r, http.StatusOK, onePage(view))
}

func (p *Pages) one(r *http.Request, v *site.Visit) (oneView, error) {
	x, err := p.store.Find(r.PathValue("name"))
	if err != nil || x.Run == nil {
		return oneView{}, web.NotFound()
	}
	history, err := p.store.History(r.Context(), x.Name, shown)
	if err != nil {
		return oneView{}, err
	}
	view := newOneView(v.Page(i18n.SettingsTitle), &x, history)
	waiting, _, err := v.Identity.Proposals(r.Context(), v.Actor(), identity.ProposalFilter{Kind: settings.Act, Subject: x.Name, State: identity.Proposed})
	if err != nil {
		return oneView{}, err
	}
	for i := range waiting {
		view.Waiting = append(view.Waiting, waitingEntry(v.Lang, &waiting[i]))
	}
	return view, nil
}

func waitingEntry(l i18n.Lang, x *identity.Listed) ui.Entry {
	value := ""
	if len(x.Shown.Details) > 1 {
		value = l.Text(x.Shown.Details[1].Value)
	}
	return ui.Entry{
		Label: l.T(i18n.SettingsWaiting, value, x.ByCode, x.Act.Reason),
		Href:  site.With("/acts", "kind", settings.Act, "state", string(identity.Proposed)) + "#act-" + x.ID,
	}
}

// Propose proposes a change.
func (p *Pages) Propose(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	view, err := p.one(r, v)
	if err != nil {
		return err
	}
	value, reason := f.Text("value", maxValue), f.Need("reason", maxReason, i18n.ReasonMissing)
	if f.Raw("back") != "" {
		value = ""
	} else if value == "" {
		f.Fail("value", v.T(i18n.SettingsNewMissing))
	}
	if utf8.RuneCountInString(reason) < minReason {
		f.Fail("reason", v.T(i18n.ActsReasonHint))
	}
	if f.OK() {
		err := p.propose(r, v, view.Name, value, reason)
		if err == nil {
			v.Redirect(w, r, base+"/"+view.Name+"?done=proposed")
			return nil
		}
		if v.Stale(w, r, err, base+"/"+view.Name) {
			return nil
		}
		var no *settings.Refusal
		switch said := v.Said(err); {
		case errors.As(err, &no) && !fault.Is(err, fault.NotFound):
			f.Fail("value", v.Lang.Text(no.Words()))
		case said != "":
			view.Failed = said
		default:
			return err
		}
		web.EventOf(w).Code = "request.invalid"
	}
	f.Keep(&view.Value, &view.Reason)
	return v.Render(w, r, http.StatusUnprocessableEntity, onePage(view))
}

func (p *Pages) propose(r *http.Request, v *site.Visit, name, value, reason string) error {
	x, err := p.store.Draft(r.Context(), name, value)
	if err != nil {
		return err
	}
	payload, err := json.Marshal(x)
	if err != nil {
		return err
	}
	_, err = v.Identity.Propose(r.Context(), v.Actor(), identity.TwoPersonAct{Kind: settings.Act, Subject: name, Payload: payload, Reason: reason})
	return err
}

// sectionNames names the parts of the configuration.
var sectionNames = map[string]i18n.Msg{
	"": i18n.SettingsNode, "database": i18n.SettingsDatabase, "log": i18n.SettingsLog, "api": i18n.SettingsAPI, "console": i18n.SettingsConsole,
	"operations": i18n.SettingsOperations, "gate": i18n.SettingsGate, "identity": i18n.SettingsIdentity, "notify": i18n.SettingsNotify,
	"evidence": i18n.SettingsEvidence, "life": i18n.SettingsLife, "telemetry": i18n.SettingsTelemetry,
}

// sectionName is the name of a part, or the part's own word.
func sectionName(l i18n.Lang, name string) string {
	if m, ok := sectionNames[name]; ok {
		return l.T(m)
	}
	return name
}
