package guides

import (
	"net/http"
	"net/url"
	"strconv"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/fault"
	"dancu/internal/manual"
)

// writeView is the form of a new version of the agency's own guide.
type writeView struct {
	ui.Page
	Failed               string
	Seen                 string
	Title, Changes, Text ui.Field
	Mistakes             []ui.Mistake
	Keep                 *ui.KeepOf
	Kept                 *ui.KeptOf
}

func newWriteView(page ui.Page, last *manual.Own) writeView {
	l := page.Lang
	page.Lead = l.T(i18n.GuideWriteLead)
	page.Up = ui.Entry{Label: l.T(i18n.GuidesTitle), Href: "/guides"}
	v := writeView{
		Page: page, Seen: strconv.FormatInt(last.Version, 10),
		Title:   ui.Field{Name: "title", Label: l.T(i18n.GuideFieldTitle), Value: last.Title, Max: manual.MaxTitle, Required: true, Wide: true},
		Changes: ui.Field{Name: "changes", Label: l.T(i18n.GuideFieldChanges), Hint: l.T(i18n.GuideFieldChangesHint), Max: manual.MaxChanges, Rows: 3, Required: true},
		Text:    ui.Field{Name: "text", Label: l.T(i18n.GuideFieldText), Hint: l.T(i18n.GuideFieldTextHint), Value: last.Text, Max: manual.MaxText, Rows: 24, Required: true},
	}
	return v
}

// newest is the newest version of the agency's own guide, zero if there is none.
func (p *Pages) newest(r *http.Request, v *site.Visit) (manual.Own, error) {
	own, err := p.store.Version(r.Context(), v.Session.Account.Agency, 0)
	if fault.Is(err, fault.NotFound) {
		return manual.Own{}, nil
	}
	return own, err
}

// Write is the form of a new version: the text of the newest stands in it.
func (p *Pages) Write(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	last, err := p.newest(r, v)
	if err != nil {
		return err
	}
	view := newWriteView(v.Page(i18n.GuideWriteTitle), &last)
	d, ok, err := v.Kept(r)
	if err != nil {
		return err
	}
	if ok {
		view.Kept = site.WasKept(v.Lang, &d)
		view.fill(d.Values)
	}
	view.keeping(v.Keeping(r))
	return v.Render(w, r, http.StatusOK, writePage(view))
}

// fill puts what was typed into the fields.
func (v *writeView) fill(values url.Values) {
	for _, f := range []*ui.Field{&v.Title, &v.Changes, &v.Text} {
		if values.Has(f.Name) {
			f.Value = values.Get(f.Name)
		}
	}
	if values.Has("seen") {
		v.Seen = values.Get("seen")
	}
}

func (v *writeView) keeping(k *ui.KeepOf) {
	if k != nil {
		k.Title = v.Page.Title
	}
	v.Keep = k
}

// Publish publishes a new version.
func (p *Pages) Publish(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	if done, err := v.Put(w, r, r.PostForm); done || err != nil {
		return err
	}
	by, err := p.writer(v)
	if err != nil {
		return err
	}
	last, err := p.newest(r, v)
	if err != nil {
		return err
	}
	title := f.Need("title", manual.MaxTitle, i18n.GuideTitleMissing)
	changes := f.Need("changes", manual.MaxChanges, i18n.GuideChangesMissing)
	text := f.Need("text", manual.MaxText, i18n.GuideTextMissing)
	view := newWriteView(v.Page(i18n.GuideWriteTitle), &last)
	status := http.StatusUnprocessableEntity
	if f.OK() {
		if _, err := manual.Parse(text); err != nil {
			f.Fail("text", v.T(i18n.GuideTextWrong))
		}
	}
	if f.OK() {
		seen, _ := strconv.ParseInt(f.Raw("seen"), 10, 64) // what is none is refused as overtaken
		_, err := p.store.Publish(r.Context(), by, seen, title, changes, text)
		switch {
		case err == nil:
			if err := v.Sent(r); err != nil {
				return err
			}
			v.Redirect(w, r, "/guides/"+ownGuide)
			return nil
		case fault.Is(err, fault.Conflict):
			status, view.Failed = http.StatusConflict, v.T(i18n.GuideOvertaken, strconv.FormatInt(last.Version, 10))
		default:
			return err
		}
	}
	if _, err := v.Keep(r, r.PostForm); err != nil {
		return err
	}
	f.Keep(&view.Title, &view.Changes, &view.Text)
	view.Mistakes = ui.Mistakes(view.Title, view.Changes, view.Text)
	view.keeping(v.Keeping(r))
	return v.Render(w, r, status, writePage(view))
}

// noticesView is the agency's notices to its officers.
type noticesView struct {
	ui.Page
	Done, Failed string
	Text, Days   ui.Field
	Mistakes     []ui.Mistake
	Rows         []noticeRow
}

// noticeRow is one notice.
type noticeRow struct{ ID, Text, When string }

// noticeDays is for how many days a notice is shown if nothing else is said.
const noticeDays = 7

func newNoticesView(page ui.Page, list []manual.Notice) noticesView {
	l := page.Lang
	page.Lead = l.T(i18n.BoardLead)
	page.Up = ui.Entry{Label: l.T(i18n.MenuAgency), Href: "/agency"}
	v := noticesView{
		Page: page,
		Text: ui.Field{Name: "text", Label: l.T(i18n.NoticeText), Hint: l.T(i18n.NoticeTextHint), Max: manual.MaxNotice, Rows: 3, Required: true},
		Days: ui.Field{Name: "days", Label: l.T(i18n.NoticeDays), Hint: l.T(i18n.LifeFromTo, "1", strconv.Itoa(manual.MaxNoticeDays)), Mode: "numeric", Value: strconv.Itoa(noticeDays), Max: 3, Required: true},
	}
	for _, n := range list {
		v.Rows = append(v.Rows, noticeRow{n.ID, n.Text, l.T(i18n.NoticeWhen, l.Date(n.At), l.Date(n.Until), n.Writer)})
	}
	return v
}

// Notices shows the agency's notices, and the form of a new one.
func (p *Pages) Notices(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	list, err := p.store.Notices(r.Context(), v.Session.Account.Agency)
	if err != nil {
		return err
	}
	view := newNoticesView(v.Page(i18n.BoardTitle), list)
	if r.URL.Query().Get("done") != "" {
		view.Done = v.T(i18n.OneDone)
	}
	return v.Render(w, r, http.StatusOK, noticesPage(view))
}

// Post writes a notice.
func (p *Pages) Post(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	by, err := p.writer(v)
	if err != nil {
		return err
	}
	text := f.Need("text", manual.MaxNotice, i18n.NoticeTextMissing)
	days, err := strconv.Atoi(f.Text("days", 3))
	if err != nil || days < 1 || days > manual.MaxNoticeDays {
		f.Fail("days", v.T(i18n.NoticeDaysWrong))
	}
	failed := ""
	if f.OK() {
		_, err := p.store.Post(r.Context(), by, text, days)
		switch {
		case err == nil:
			v.Redirect(w, r, "/agency/board?done=1")
			return nil
		case fault.Is(err, fault.Conflict):
			failed = v.T(i18n.NoticeTooMany)
		default:
			return err
		}
	}
	list, err := p.store.Notices(r.Context(), by.Agency)
	if err != nil {
		return err
	}
	view := newNoticesView(v.Page(i18n.BoardTitle), list)
	view.Failed = failed
	f.Keep(&view.Text, &view.Days)
	view.Mistakes = ui.Mistakes(view.Text, view.Days)
	return v.Render(w, r, http.StatusUnprocessableEntity, noticesPage(view))
}

// End takes a notice down.
func (p *Pages) End(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	by, err := p.writer(v)
	if err != nil {
		return err
	}
	if err := p.store.End(r.Context(), by, r.PathValue("id")); err != nil {
		return err
	}
	v.Redirect(w, r, "/agency/board?done=1")
	return nil
}
