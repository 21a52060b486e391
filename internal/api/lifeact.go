package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"dancu/internal/onboarding"
	"dancu/internal/web"
)

// lifeInput is the body of what changes something.
type lifeInput struct {
	Reason  string          `json:"reason,omitempty"`
	Values  json.RawMessage `json:"values,omitempty"`
	Version int64           `json:"version,omitempty"`
}

func (i *lifeInput) input() onboarding.Input {
	return onboarding.Input{Reason: i.Reason, Values: i.Values, Version: i.Version}
}

// lifeOpening is the body of opening a matter.
type lifeOpening struct {
	onboarding.About
	Reason string          `json:"reason,omitempty"`
	Values json.RawMessage `json:"values,omitempty"`
}

// readLife decodes a body; an empty one is an empty object. What is not one
// object of known members is a problem.
func readLife(w http.ResponseWriter, r *http.Request, into any) error {
	if r.URL.RawQuery != "" {
		return wrongQuery("")
	}
	if ct := r.Header["Content-Type"]; r.ContentLength != 0 && (len(ct) != 1 || !jsonContent(ct[0])) {
		p := lifeProblem(http.StatusUnsupportedMediaType, codeInvalid)
		p.Detail = web.Text{VI: "Content-Type phải là application/json.", EN: "Content-Type must be application/json."}
		return p
	}
	body, err := web.ReadBody(w, r, nil, maxLifeBody)
	if err != nil || len(bytes.TrimSpace(body)) == 0 {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	err = d.Decode(into)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more than one value")
		}
	}
	if err == nil {
		return nil
	}
	p := lifeProblem(http.StatusBadRequest, codeInvalid)
	p.Detail = web.Text{
		VI: "Nội dung phải là một đối tượng JSON chỉ gồm các mục đã công bố tại /api/openapi.json, đúng kiểu.",
		EN: "The body must be one JSON object of the published members (/api/openapi.json), each of its type.",
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		p.Names = []string{kind.Field}
	}
	return p
}

// wrongQuery is the problem of a query that there is not; name is "" for any.
func wrongQuery(name string) error {
	p := lifeProblem(http.StatusBadRequest, codeInvalid)
	p.Detail = web.Text{
		VI: "Địa chỉ có tham số không được nhận hoặc sai giá trị: xem /api/openapi.json.",
		EN: "The target has a parameter that is not taken, or a wrong value of one: see /api/openapi.json.",
	}
	if name != "" {
		p.Names = []string{name}
	}
	return p
}

// query reads the query of a list: only parameters that there are, each once.
type query struct {
	values url.Values
	err    error
}

func readQuery(r *http.Request, known ...string) *query {
	q := &query{}
	if q.values, q.err = url.ParseQuery(r.URL.RawQuery); q.err != nil {
		q.err = wrongQuery("")
		return q
	}
	for name, given := range q.values {
		if !slices.Contains(known, name) || len(given) != 1 {
			q.err = wrongQuery("")
			if slices.Contains(known, name) {
				q.err = wrongQuery(name)
			}
		}
	}
	return q
}

func (q *query) text(name string) string { return q.values.Get(name) }

func (q *query) number(name string) int {
	s := q.values.Get(name)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		q.err = wrongQuery(name)
	}
	return n
}

func (q *query) flag(name string) bool {
	switch q.values.Get(name) {
	case "", "false":
		return false
	case "true":
		return true
	}
	q.err = wrongQuery(name)
	return false
}

func (q *query) moment(name string) time.Time {
	s := q.values.Get(name)
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		q.err = wrongQuery(name)
	}
	return t
}

// open opens a matter.
func (l *life) open(w http.ResponseWriter, r *http.Request, c *LifeCaller) error {
	k, err := lifeKind(r)
	if err != nil {
		return err
	}
	var in lifeOpening
	if err := readLife(w, r, &in); err != nil {
		return err
	}
	m, err := l.cfg.Office.Open(r.Context(), c.Person, k.Kind, in.About, onboarding.Input{Reason: in.Reason, Values: in.Values})
	if err != nil {
		return err
	}
	w.Header().Set("Location", matterPath(m))
	return sendJSON(w, http.StatusCreated, m)
}

func matterPath(m *onboarding.Matter) string {
	return LifePrefix + "/" + string(m.Kind) + "/" + url.PathEscape(m.ID)
}

// save stores a section.
func (l *life) save(w http.ResponseWriter, r *http.Request, c *LifeCaller) error {
	s, _, err := l.matter(r, c)
	if err != nil {
		return err
	}
	var in lifeInput
	if err := readLife(w, r, &in); err != nil {
		return err
	}
	m, err := l.cfg.Office.Save(r.Context(), c.Person, s.Matter.ID, r.PathValue("section"), in.input())
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, m)
}

// lifeProposal is the answer to an act that takes two people.
type lifeProposal struct {
	Proposal string            `json:"proposal"`
	Kind     string            `json:"kind"`
	Matter   string            `json:"matter"`
	Act      string            `json:"act"`
	Confirm  []onboarding.Duty `json:"confirm"`
}

// act does an act, or proposes one that takes two people.
func (l *life) act(w http.ResponseWriter, r *http.Request, c *LifeCaller) error {
	s, _, err := l.matter(r, c)
	if err != nil {
		return err
	}
	var in lifeInput
	if err := readLife(w, r, &in); err != nil {
		return err
	}
	name := r.PathValue("act")
	i := slices.IndexFunc(s.Can, func(x *onboarding.Row) bool { return x.Name == name })
	if i < 0 || !s.Can[i].Two() {
		m, err := l.cfg.Office.Act(r.Context(), c.Person, s.Matter.ID, name, in.input())
		if err != nil {
			return err
		}
		return sendJSON(w, http.StatusOK, m)
	}
	row := s.Can[i]
	if c.Propose == nil {
		return lifeProblem(http.StatusForbidden, codeTwoPeople)
	}
	if in.Version != 0 && in.Version != s.Matter.Version {
		return onboarding.Overtaken()
	}
	if err := l.hold(r, c, s, row, in.Values); err != nil {
		return err
	}
	p := onboarding.Proposed{Matter: s.Matter.ID, Act: row.Name, Input: in.input()}
	p.Input.Version = 0 // what it stands on is checked when it is confirmed
	id, err := c.Propose(r.Context(), row.TwoKind(), p)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusAccepted, lifeProposal{Proposal: id, Kind: row.TwoKind(), Matter: s.Matter.ID, Act: row.Name, Confirm: row.Confirm})
}

// hold keeps the files that a proposal names until somebody confirms it.
func (l *life) hold(r *http.Request, c *LifeCaller, s *onboarding.Sight, row *onboarding.Row, raw json.RawMessage) error {
	there := s.Files()
	for _, id := range row.Form.Files(raw) {
		if slices.Contains(there, id) {
			continue
		}
		if err := l.cfg.Files.Hold(r.Context(), c.Person.FilesOf(), id); err != nil {
			return err
		}
	}
	return nil
}
