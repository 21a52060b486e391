package api

import (
	"encoding/base64"
	"encoding/hex"
	"net/http"

	"dancu/internal/access"
	"dancu/internal/onboarding"
)

// The forms of the tables in JSON.
type (
	fieldJSON struct {
		Name     string              `json:"name"`
		Type     string              `json:"type"`
		Label    access.Text         `json:"label"`
		Help     *access.Text        `json:"help,omitempty"`
		Law      string              `json:"law,omitempty"`
		Required bool                `json:"required"`
		Choices  []onboarding.Choice `json:"choices,omitempty"`
		// Schema is the JSON Schema of its value.
		Schema object `json:"schema"`
	}
	sectionJSON struct {
		Name  string       `json:"name"`
		Title access.Text  `json:"title"`
		Help  *access.Text `json:"help,omitempty"`
		Law   string       `json:"law,omitempty"`
		Form  []fieldJSON  `json:"form"`
	}
	stateJSON struct {
		Name  onboarding.State `json:"name"`
		Label access.Text      `json:"label"`
		Final bool             `json:"final,omitempty"`
	}
	actJSON struct {
		Name    string             `json:"name"`
		Label   access.Text        `json:"label"`
		Law     string             `json:"law,omitempty"`
		From    []onboarding.State `json:"from"`
		To      onboarding.State   `json:"to,omitempty"`
		By      []onboarding.Duty  `json:"by"`
		Confirm []onboarding.Duty  `json:"confirm,omitempty"` // takes two people
		Fresh   bool               `json:"fresh,omitempty"`   // a signature: in the console alone
		Reason  bool               `json:"reason,omitempty"`
		Form    []fieldJSON        `json:"form"`
	}
	kindJSON struct {
		Kind     onboarding.Kind    `json:"kind"`
		Title    access.Text        `json:"title"`
		Many     access.Text        `json:"many"`
		Law      string             `json:"law,omitempty"`
		First    onboarding.State   `json:"first"`
		OpenBy   []onboarding.Duty  `json:"openBy"`
		About    onboarding.Kind    `json:"about,omitempty"`
		Open     []fieldJSON        `json:"open"`
		States   []stateJSON        `json:"states"`
		Sections []sectionJSON      `json:"sections"`
		Editable []onboarding.State `json:"editable"`
		EditBy   []onboarding.Duty  `json:"editBy"`
		Acts     []actJSON          `json:"acts"`
	}
	kindsJSON struct {
		Kinds []kindJSON `json:"kinds"`
		// Duty is in what office the caller acts.
		Duty onboarding.Duty `json:"duty"`
	}
	sightJSON struct {
		*onboarding.Sight
		Sections []sectionJSON `json:"sections"`
		Can      []string      `json:"can"`
		// Acts are the forms of what can be done now.
		Acts []actJSON `json:"acts"`
	}
)

func optional(t access.Text) *access.Text {
	if t == (access.Text{}) {
		return nil
	}
	return &t
}

func formJSON(f onboarding.Form, at onboarding.Around) []fieldJSON {
	out := make([]fieldJSON, len(f))
	for i := range f {
		x := &f[i]
		out[i] = fieldJSON{Name: x.Name, Type: string(x.Type), Label: x.Label, Help: optional(x.Help), Law: x.Law, Required: x.Required, Schema: fieldSchema(x)}
		if x.Choices != nil {
			out[i].Choices = x.Choices(at)
		}
	}
	return out
}

func sectionsJSON(list []onboarding.Section, at onboarding.Around) []sectionJSON {
	out := make([]sectionJSON, len(list))
	for i := range list {
		s := &list[i]
		out[i] = sectionJSON{s.Name, s.Title, optional(s.Help), s.Law, formJSON(s.Form, at)}
	}
	return out
}

func actOf(r *onboarding.Row, at onboarding.Around) actJSON {
	return actJSON{
		Name: r.Name, Label: r.Label, Law: r.Law, From: r.From, To: r.To, By: r.By, Confirm: r.Confirm,
		Fresh: r.Fresh, Reason: r.Reason || r.Two(), Form: formJSON(r.Form, at),
	}
}

// some makes a list of nothing [] and not null.
func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// kinds tells the tables.
func (l *life) kinds(w http.ResponseWriter, r *http.Request, c *LifeCaller) error {
	if q := readQuery(r); q.err != nil {
		return q.err
	}
	out := kindsJSON{Duty: c.Person.Duty}
	// What depends on the standing is told with each matter; here it would tell
	// an agency of others.
	at := l.cfg.Office.Around(nil, "")
	for _, k := range onboarding.Kinds() {
		j := kindJSON{
			Kind: k.Kind, Title: k.Title, Many: k.Many, Law: k.Law, First: k.First, OpenBy: some(k.By), About: k.About,
			Open: formJSON(k.Open, at), States: []stateJSON{}, Sections: sectionsJSON(k.Sections, at),
			Editable: some(k.Editable), EditBy: some(k.EditBy), Acts: []actJSON{},
		}
		for _, s := range k.States {
			j.States = append(j.States, stateJSON{s.Name, s.Label, s.Final})
		}
		rows := onboarding.Lifecycle()
		for i := range rows {
			if rows[i].Kind == k.Kind {
				j.Acts = append(j.Acts, actOf(&rows[i], at))
			}
		}
		out.Kinds = append(out.Kinds, j)
	}
	return sendJSON(w, http.StatusOK, out)
}

// listed are the parameters of a list of matters.
var listed = []string{"state", "agency", "system", "connection", "parent", "words", "open", "closed", "after", "limit"}

// list lists matters of a kind.
func (l *life) list(w http.ResponseWriter, r *http.Request, c *LifeCaller) error {
	k, err := lifeKind(r)
	if err != nil {
		return err
	}
	q := readQuery(r, listed...)
	f := onboarding.Filter{
		Kind: k.Kind, State: onboarding.State(q.text("state")), Agency: q.text("agency"), System: q.text("system"),
		Connection: q.text("connection"), Parent: q.text("parent"), Words: q.text("words"), Open: q.flag("open"), Closed: q.flag("closed"),
		After: q.text("after"), Limit: q.number("limit"),
	}
	if q.err != nil {
		return q.err
	}
	out, err := l.cfg.Office.List(r.Context(), c.Person, f)
	if err != nil {
		return err
	}
	out.Matters = some(out.Matters)
	return sendJSON(w, http.StatusOK, out)
}

// show shows a matter with all that belongs to it.
func (l *life) show(w http.ResponseWriter, r *http.Request, c *LifeCaller) error {
	if q := readQuery(r); q.err != nil {
		return q.err
	}
	s, _, err := l.matter(r, c)
	if err != nil {
		return err
	}
	s.Done, s.Tasks = some(s.Done), some(s.Tasks)
	out := sightJSON{Sight: s, Sections: sectionsJSON(s.Sections, s.Around()), Can: []string{}, Acts: []actJSON{}}
	for _, row := range s.Can {
		out.Can = append(out.Can, row.Name)
		out.Acts = append(out.Acts, actOf(row, s.Around()))
	}
	return sendJSON(w, http.StatusOK, out)
}

// asked are the parameters of a list of tasks.
var asked = []string{"owner", "agency", "matter", "kind", "done", "dueBy", "after", "limit"}

// tasks lists what is to be done.
func (l *life) tasks(w http.ResponseWriter, r *http.Request, c *LifeCaller) error {
	q := readQuery(r, asked...)
	f := onboarding.TaskFilter{
		Owner: onboarding.Duty(q.text("owner")), Agency: q.text("agency"), Matter: q.text("matter"), Kind: onboarding.TaskKind(q.text("kind")),
		Done: q.flag("done"), DueBy: q.moment("dueBy"), After: q.text("after"), Limit: q.number("limit"),
	}
	if q.err != nil {
		return q.err
	}
	out, err := l.cfg.Office.Tasks(r.Context(), c.Person, f)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, out)
}

// base64Of turns hex into base64.
func base64Of(digits string) string {
	b, err := hex.DecodeString(digits)
	if err != nil {
		return ""
	}
	return base64.StdEncoding.EncodeToString(b)
}
