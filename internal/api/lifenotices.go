package api

import (
	"net/http"
	"time"

	"dancu/internal/access"
	"dancu/internal/notify"
	"dancu/internal/onboarding"
	"dancu/internal/web"
)

// The forms of notices in JSON.
type (
	noticeJSON struct {
		ID      string       `json:"id"`
		Topic   string       `json:"topic"`
		To      string       `json:"to"`
		Title   access.Text  `json:"title"`
		State   notify.State `json:"state"`
		Created time.Time    `json:"created"`
		// Attempts is how many times it was tried, Next when it is tried again.
		Attempts int       `json:"attempts"`
		Next     time.Time `json:"next,omitzero"`
		Sending  bool      `json:"sending,omitempty"`
		Cause    string    `json:"cause,omitempty"`
		Settled  time.Time `json:"settled,omitzero"`
	}
	noticeWholeJSON struct {
		noticeJSON
		Text       access.Text       `json:"text"`
		Params     map[string]string `json:"params"`
		Link       string            `json:"link,omitempty"`
		Deliveries []deliveryJSON    `json:"deliveries"`
	}
	deliveryJSON struct {
		Channel  notify.Channel `json:"channel"`
		Target   string         `json:"target"`
		State    string         `json:"state"`
		Attempts int            `json:"attempts"`
		Last     time.Time      `json:"last,omitzero"`
		Cause    string         `json:"cause,omitempty"`
	}
	noticesJSON struct {
		Notices []noticeJSON `json:"notices"`
		Next    string       `json:"next,omitempty"`
	}
)

func noticeOf(x *notify.Record) (n noticeJSON, text access.Text) {
	n = noticeJSON{
		ID: x.ID, Topic: x.Topic, To: x.To, State: x.State, Created: x.Created, Attempts: x.Attempts, Next: x.Next,
		Sending: x.Sending, Cause: x.Cause, Settled: x.Settled,
	}
	n.Title = access.Text{VI: x.Topic, EN: x.Topic}
	if t := notify.Find(x.Topic); t != nil {
		for _, r := range t.Render(x.Params) {
			if r.Lang == "en" {
				n.Title.EN, text.EN = r.Subject, r.Body
			} else {
				n.Title.VI, text.VI = r.Subject, r.Body
			}
		}
	}
	return n, text
}

// seesNotices reports whether the caller may see notices at all: the people who
// look after connections, and an agency its own.
func seesNotices(c *LifeCaller) bool {
	switch c.Person.Duty {
	case onboarding.Operator, onboarding.Supervisor, onboarding.Support, onboarding.Machine, onboarding.Agency:
		return true
	}
	return false
}

// noticed are the parameters of a list of notices.
var noticed = []string{"state", "topic", "to", "after", "limit"}

// notices lists notices, the newest first.
func (l *life) notices(w http.ResponseWriter, r *http.Request, c *LifeCaller) error {
	if !seesNotices(c) {
		return lifeProblem(http.StatusForbidden, codeNotAllowed)
	}
	q := readQuery(r, noticed...)
	f := notify.Filter{State: notify.State(q.text("state")), Topic: q.text("topic"), To: q.text("to"), Before: q.text("after"), Limit: q.number("limit")}
	if q.err != nil {
		return q.err
	}
	if f.Limit == 0 {
		f.Limit = 50
	}
	if f.Limit > notify.MaxList-1 {
		return wrongQuery("limit")
	}
	if c.Person.Duty == onboarding.Agency {
		f.To = c.Person.Agency
	}
	f.Limit++ // one more says whether there are more
	list, err := l.cfg.Notices.List(r.Context(), f)
	if err != nil {
		return err
	}
	out := noticesJSON{Notices: []noticeJSON{}}
	if len(list) == f.Limit {
		list = list[:f.Limit-1]
		out.Next = list[len(list)-1].ID
	}
	for i := range list {
		n, _ := noticeOf(&list[i])
		out.Notices = append(out.Notices, n)
	}
	return sendJSON(w, http.StatusOK, out)
}

// notice shows one notice with what became of it.
func (l *life) notice(w http.ResponseWriter, r *http.Request, c *LifeCaller) error {
	if q := readQuery(r); q.err != nil {
		return q.err
	}
	return l.showNotice(w, r, c)
}

func (l *life) showNotice(w http.ResponseWriter, r *http.Request, c *LifeCaller) error {
	if !seesNotices(c) {
		return lifeProblem(http.StatusForbidden, codeNotAllowed)
	}
	x, err := l.cfg.Notices.Show(r.Context(), r.PathValue("notice"))
	if err != nil {
		return err
	}
	if c.Person.Duty == onboarding.Agency && x.To != c.Person.Agency {
		return lifeProblem(http.StatusNotFound, codeNoNotice)
	}
	n, text := noticeOf(&x)
	out := noticeWholeJSON{noticeJSON: n, Text: text, Params: x.Params, Link: x.Link, Deliveries: []deliveryJSON{}}
	for _, d := range x.Deliveries {
		out.Deliveries = append(out.Deliveries, deliveryJSON(d))
	}
	return sendJSON(w, http.StatusOK, out)
}

// retryNotice sends a notice again.
func (l *life) retryNotice(w http.ResponseWriter, r *http.Request, c *LifeCaller) error {
	if !seesNotices(c) || c.Person.Duty == onboarding.Agency {
		return lifeProblem(http.StatusForbidden, codeNotAllowed)
	}
	var none struct{}
	if err := readLife(w, r, &none); err != nil {
		return err
	}
	by := notify.Person{Actor: c.Person.Actor, Still: c.Person.Still}
	if err := l.cfg.NoticeOffice.Retry(r.Context(), by, r.PathValue("notice")); err != nil {
		return err
	}
	return l.showNotice(w, r, c)
}

// refusedNotice gives a refusal of the area of notices its words.
func refusedNotice(p *web.Problem, r *notify.Refusal) {
	words := r.Words()
	p.Detail = web.Text{VI: words.VI, EN: words.EN}
	switch p.Status {
	case http.StatusNotFound:
		p.Code, p.Title = codeNoNotice, lifeCodes[codeNoNotice].title
	case http.StatusConflict:
		p.Code, p.Title = codeNoticeState, lifeCodes[codeNoticeState].title
	}
}
