package people

import (
	"net/http"
	"time"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/web"
)

// reviewView is the quarterly review of a list of accounts.
type reviewView struct {
	ui.Page
	Base         string
	Done, Failed string
	Facts        []ui.Fact // of the own scope
	Open         string    // id of the open review; "" for none
	Opened       string
	Items        []reviewRow
	Left         string // how many are undecided; "" when all are decided
	Others       []ui.Row
}

// reviewRow is one account in a review.
type reviewRow struct {
	row
	Verdict     string
	VerdictTone ui.Tone
	Note        string
	Decided     bool
	Reason      ui.Field
}

func newReviewView(p ui.Page, s *Scope, due []identity.ReviewDue, open *identity.Review, now time.Time) reviewView {
	l := p.Lang
	p.Lead = l.T(i18n.ReviewLead)
	v := reviewView{Page: p, Base: s.Reviews}
	for i, d := range due {
		last := l.T(i18n.NeverSignedIn)
		if !d.Last.IsZero() {
			last = l.Date(d.Last)
		}
		when := ui.Number(l.Date(d.Due))
		if d.Overdue {
			when = ui.Badge(ui.Bad, l.T(i18n.ReviewOverdue)+" · "+l.Date(d.Due))
		}
		if i == 0 {
			v.Facts = []ui.Fact{{Term: l.T(i18n.ReviewLast), Is: ui.Number(last)}, {Term: l.T(i18n.ReviewDueAt), Is: when}}
			continue
		}
		v.Others = append(v.Others, ui.Row{ui.Text(d.Agency), ui.Number(last), when})
	}
	if open == nil {
		return v
	}
	v.Open, v.Opened = open.ID, l.T(i18n.ReviewOpened, l.Date(open.Opened))
	left := int64(0)
	for _, it := range open.Items {
		x := reviewRow{
			row: newRow(l, it.Account, now), Note: it.Note, Decided: it.Verdict != "",
			Reason: ui.Field{Name: "note", ID: "note-" + it.Account.ID, Label: l.T(i18n.ReviewNote), Max: maxReason},
		}
		switch it.Verdict {
		case "kept":
			x.Verdict, x.VerdictTone = l.T(i18n.ReviewKept), ui.OK
		case "disabled":
			x.Verdict, x.VerdictTone = l.T(i18n.ReviewDisabled), ui.Bad
		default:
			x.Verdict = l.T(i18n.ReviewUndecidedYet)
			left++
		}
		v.Items = append(v.Items, x)
	}
	if left > 0 {
		v.Left = l.T(i18n.ReviewLeft, l.Int(left))
	}
	return v
}

// Review shows when the review is due, and the open one with its accounts.
func Review(s *Scope) site.Handler {
	return func(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
		return showReview(w, r, v, s, "")
	}
}

func showReview(w http.ResponseWriter, r *http.Request, v *site.Visit, s *Scope, failed string) error {
	due, err := v.Identity.ReviewsDue(r.Context(), v.Actor())
	if err != nil {
		return err
	}
	var open *identity.Review
	if len(due) > 0 && due[0].Open != "" {
		x, err := v.Identity.Review(r.Context(), v.Actor(), due[0].Open)
		if err != nil {
			return err
		}
		open = &x
	}
	view := newReviewView(v.Page(i18n.ReviewTitle), s, due, open, v.Moment())
	view.Failed = failed
	if r.URL.Query().Get("done") != "" && failed == "" {
		view.Done = v.T(i18n.OneDone)
	}
	return v.Render(w, r, Status(failed), reviewPage(view))
}

// OpenReview opens the review of the visitor's scope.
func OpenReview(s *Scope) site.Handler {
	return func(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
		_, err := v.Identity.OpenReview(r.Context(), v.Actor())
		return reviewed(w, r, v, s, err)
	}
}

// DecideReview keeps or disables one account.
func DecideReview(s *Scope) site.Handler {
	return func(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
		f, err := v.Form(r)
		if err != nil {
			return err
		}
		keep, note := f.Raw("keep") == "1", f.Text("note", maxReason)
		if !keep && note == "" {
			return showReview(w, r, v, s, v.T(i18n.ReviewNoteMissing))
		}
		if !f.OK() {
			return showReview(w, r, v, s, f.Wrong["note"])
		}
		err = v.Identity.DecideReview(r.Context(), v.Actor(), r.PathValue("id"), r.PathValue("account"), keep, note)
		return reviewed(w, r, v, s, err)
	}
}

// SignReview signs a review off.
func SignReview(s *Scope) site.Handler {
	return func(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
		return reviewed(w, r, v, s, v.Identity.SignReview(r.Context(), v.Actor(), r.PathValue("id")))
	}
}

func reviewed(w http.ResponseWriter, r *http.Request, v *site.Visit, s *Scope, err error) error {
	if err == nil {
		v.Redirect(w, r, s.Reviews+"?done=act")
		return nil
	}
	if v.Stale(w, r, err, s.Reviews) {
		return nil
	}
	said := v.Said(err)
	if said == "" {
		return err
	}
	web.EventOf(w).Code = string(identity.CodeOf(err))
	return showReview(w, r, v, s, said)
}
