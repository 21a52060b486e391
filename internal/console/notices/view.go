package notices

import (
	"cmp"
	"strings"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/notify"
)

// listView is a list of notices.
type listView struct {
	ui.Page
	Scope         *Scope
	State, To     ui.Field
	States, Whose []ui.Option
	Rows          []listRow
	Pager         ui.PagerOf
	Figures       []ui.Figure
	Export, Clear string
	Filtered      bool
	// Delivers says that this installation sends notices at all.
	Delivers bool
	Tabs     []ui.Entry
}

// listRow is one notice.
type listRow struct {
	Title, Topic, Href, To, At, State, Note string
	Tone                                    ui.Tone
}

// states names the states of a notice.
var states = map[notify.State]struct {
	word i18n.Msg
	tone ui.Tone
}{
	notify.Waiting: {i18n.NoticesWaiting, ui.Warn},
	notify.Held:    {i18n.NoticesHeld, ui.Warn},
	notify.Sent:    {i18n.NoticesSent, ui.OK},
	notify.Failed:  {i18n.NoticesFailed, ui.Bad},
}

// listed are the states in the order in which a filter offers them.
var listed = []notify.State{notify.Failed, notify.Waiting, notify.Held, notify.Sent}

// duties names the recipients that are no agency.
var duties = map[string]i18n.Msg{
	"operator": i18n.KindOnboarder, "assessor": i18n.KindAssessor, "supervisor": i18n.KindSupervisor, "inspector": i18n.KindInspector, "support": i18n.KindSupport,
}

// maxWhose is how many agencies a filter offers; more are typed.
const maxWhose = 200

func newListView(p ui.Page, s *Scope, q query, list []notify.Record, c notify.Counts, dir *access.Directory) listView {
	l := p.Lang
	p.Lead = l.T(s.Lead)
	pairs := []string{"state", q.state, "to", q.to}
	v := listView{
		Page: p, Scope: s, Delivers: true,
		State:  ui.Field{Name: "state", Label: l.T(i18n.ColumnState), Value: q.state, More: submits},
		To:     ui.Field{Name: "to", Label: l.T(i18n.NoticesTo), Value: q.to, Max: notify.MaxTo, More: submits},
		States: []ui.Option{{Label: l.T(i18n.PeopleAllStates)}},
		Export: site.With(s.Base+"/export", pairs...), Clear: s.Base, Filtered: q.state+q.to != "",
	}
	for _, st := range listed {
		v.States = append(v.States, ui.Option{Value: string(st), Label: l.T(states[st].word)})
	}
	if s.own {
		v.Tabs = tabs(l, s.Base)
	} else {
		v.Whose = whose(l, dir)
		if len(v.Whose) > maxWhose {
			v.Whose, v.To.Hint, v.To.More = nil, l.T(i18n.LifeTypeID), nil
		}
		v.Figures = []ui.Figure{
			{Term: l.T(i18n.NoticesFailed), Value: l.Int(c.Failed), Note: l.T(i18n.NoticesFailedNote)},
			{Term: l.T(i18n.NoticesWaiting), Value: l.Int(c.Waiting)}, {Term: l.T(i18n.NoticesHeld), Value: l.Int(c.Held)},
		}
	}
	if len(list) > pageLength {
		list = list[:pageLength]
		v.Pager.Next = site.With(s.Base, append(pairs, "after", list[pageLength-1].ID)...)
	}
	if q.after != "" {
		v.Pager.First = site.With(s.Base, pairs...)
	}
	for i := range list {
		x := &list[i]
		r := listRow{
			Title: rendered(l, x).Subject, Topic: x.Topic, Href: s.Base + "/" + x.ID, To: recipient(l, dir, x.To), At: l.Time(x.Created),
			State: l.T(states[x.State].word), Tone: states[x.State].tone,
		}
		if x.Sending {
			r.State = l.T(i18n.NoticesSending)
		}
		switch {
		case x.State == notify.Sent:
			r.Note = l.Time(x.Settled)
		case x.Cause != "":
			r.Note = cause(l, x.Cause)
		}
		v.Rows = append(v.Rows, r)
	}
	return v
}

var submits = map[string]any{"data-submit": true}

// tabs are the pages of an agency's notices.
func tabs(l i18n.Lang, path string) []ui.Entry {
	return []ui.Entry{
		{Label: l.T(i18n.NoticesOwn), Href: Agency.Base, Here: path == Agency.Base},
		{Label: l.T(i18n.HooksTitle), Href: hooksPath, Here: path == hooksPath},
	}
}

// whose are the recipients that a filter offers.
func whose(l i18n.Lang, dir *access.Directory) []ui.Option {
	out := []ui.Option{{Label: l.T(i18n.NoticesAnybody)}}
	for _, d := range []string{"operator", "assessor", "supervisor", "inspector", "support"} {
		out = append(out, ui.Option{Value: d, Label: l.T(duties[d])})
	}
	for a := range dir.Agencies() {
		out = append(out, ui.Option{Value: a.ID, Label: cmp.Or(l.Text(a.Name), a.ID)})
	}
	return out
}

// recipient is the name of who is told.
func recipient(l i18n.Lang, dir *access.Directory, to string) string {
	if m, ok := duties[to]; ok {
		return l.T(m)
	}
	if a := dir.Agency(to); a != nil {
		return cmp.Or(l.Text(a.Name), to)
	}
	return to
}

// rendered is a notice's text in a language; one of a topic that this program
// does not know shows the topic.
func rendered(l i18n.Lang, x *notify.Record) notify.Rendered {
	if t := notify.Find(x.Topic); t != nil {
		for _, r := range t.Render(x.Params) {
			if r.Lang == l.String() {
				return r
			}
		}
	}
	return notify.Rendered{Subject: x.Topic}
}

// oneView is one notice.
type oneView struct {
	ui.Page
	ID, Done, Failed string
	State            string
	Tone             ui.Tone
	Text, Link       string
	Facts            []ui.Fact
	Rows             []ui.Row
	Retry            bool
	Tabs             []ui.Entry
}

func newOneView(p ui.Page, s *Scope, k identity.Kind, x *notify.Record, dir *access.Directory) oneView {
	l, text := p.Lang, rendered(p.Lang, x)
	p.Title, p.Up = text.Subject, ui.Entry{Label: l.T(s.Title), Href: s.Base}
	v := oneView{
		Page: p, ID: x.ID, Text: text.Body, State: l.T(states[x.State].word), Tone: states[x.State].tone,
		Retry: !s.own && identity.May(k, identity.RetryNotices) && x.State != notify.Sent && !x.Sending,
	}
	if x.Sending {
		v.State = l.T(i18n.NoticesSending)
	}
	// Links of the life cycle are pages of the visitor's; the rest are others'.
	if strings.HasPrefix(x.Link, "/life") && (identity.May(k, identity.SeeLifecycle) || s.own) || s.own && strings.HasPrefix(x.Link, "/agency/") {
		v.Link = x.Link
	}
	v.Facts = []ui.Fact{
		{Term: l.T(i18n.NoticesTo), Is: ui.Text(recipient(l, dir, x.To))},
		{Term: l.T(i18n.NoticesAt), Is: ui.Number(l.Seconds(x.Created))},
		{Term: l.T(i18n.NoticesTopic), Is: ui.Code(x.Topic)},
		{Term: l.T(i18n.NoticesAttempts), Is: ui.Number(l.Int(int64(x.Attempts)))},
	}
	add := func(m i18n.Msg, text string) { v.Facts = append(v.Facts, ui.Fact{Term: l.T(m), Is: ui.Text(text)}) }
	if !x.Next.IsZero() && !x.Sending {
		add(i18n.NoticesNext, l.Seconds(x.Next))
	}
	if !x.Settled.IsZero() {
		add(i18n.NoticesSettled, l.Seconds(x.Settled))
	}
	if x.Cause != "" {
		add(i18n.NoticesCause, cause(l, x.Cause))
	}
	for _, d := range x.Deliveries {
		note := ""
		if d.Cause != "" {
			note = cause(l, d.Cause)
		}
		word, tone := l.T(i18n.NoticesWaiting), ui.Warn
		switch d.State {
		case "sent":
			word, tone = l.T(i18n.NoticesTaken), ui.OK
		case "refused":
			word, tone = l.T(i18n.NoticesRefused), ui.Bad
		}
		channel := l.T(i18n.NoticesMail)
		if d.Channel == notify.WebHook {
			channel = l.T(i18n.NoticesWebhook)
		}
		v.Rows = append(v.Rows, ui.Row{ui.Two(d.Target, channel), stateCell(tone, word, note), ui.Number(l.Int(int64(d.Attempts))), ui.Number(l.Seconds(d.Last))})
	}
	if s.own {
		v.Tabs = tabs(l, s.Base)
	}
	return v
}

// causes say what a code of a failure means, and what to look for.
var causes = map[string]i18n.Msg{
	"addresses.none": i18n.CauseNobody, "addresses.too_many": i18n.CauseMany, "addresses.unavailable": i18n.CauseOurs,
	"mail.unreachable": i18n.CauseMailDown, "mail.tls": i18n.CauseMailTLS, "mail.auth": i18n.CauseMailAuth, "mail.sender": i18n.CauseMailSender,
	"mail.deferred": i18n.CauseMailLater, "mail.refused": i18n.CauseMailbox, "mail.address": i18n.CauseMailbox, "mail.broken": i18n.CauseMailBroken,
	"webhook.address": i18n.CauseHookNetwork, "webhook.unreachable": i18n.CauseHookDown, "webhook.tls": i18n.CauseHookTLS,
	"webhook.redirect": i18n.CauseHookRedirect, "webhook.gone": i18n.CauseHookGone, "webhook.invalid": i18n.CauseHookInvalid, "timeout": i18n.CauseTimeout,
}

// cause is what a code means, with the code.
func cause(l i18n.Lang, code string) string {
	if m, ok := causes[code]; ok {
		return l.T(m) + " (" + code + ")"
	}
	if status, ok := strings.CutPrefix(code, "webhook.status."); ok {
		return l.T(i18n.CauseHookStatus, status) + " (" + code + ")"
	}
	return code
}
