package notices

import (
	"net/http"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/notify"
	"dancu/internal/web"
)

// hooksPath is the address of an agency's webhooks.
const hooksPath = "/agency/webhooks"

// maxAddress is the most characters of an address.
const maxAddress = 2000

// hooksView are an agency's webhooks.
type hooksView struct {
	ui.Page
	Done, Failed string
	// On says that this installation sends webhooks.
	On      bool
	Live    []hookView
	Old     []ui.Row
	Address ui.Field
	// Full says that the agency has as many as it may.
	Full bool
	Tabs []ui.Entry
}

// hookView is one webhook.
type hookView struct {
	ID, URL, State, Next string
	Tone                 ui.Tone
	Facts                []ui.Fact
	Active               bool
	Rotating             string // what a change of the secret waits for; "" for none
}

func newHooksView(p ui.Page, on bool, list []notify.Hook) hooksView {
	l := p.Lang
	p.Lead = l.T(i18n.HooksLead)
	v := hooksView{Page: p, On: on, Tabs: tabs(l, hooksPath), Address: ui.Field{
		Name: "url", Label: l.T(i18n.HooksURL), Hint: l.T(i18n.HooksURLHint), Type: "url", Max: maxAddress, Required: true, Wide: true,
	}}
	for _, h := range list {
		if h.State == notify.HookEnded {
			v.Old = append(v.Old, ui.Row{ui.Key(h.URL), ui.Number(l.Time(h.Made)), ui.Number(l.Time(h.Ended)), ui.Text(h.Maker)})
			continue
		}
		x := hookView{ID: h.ID, URL: h.URL, Active: h.State == notify.HookActive}
		x.State, x.Tone, x.Next = l.T(i18n.HooksNew), ui.Warn, l.T(i18n.HooksNewNext)
		if x.Active {
			x.State, x.Tone, x.Next = l.T(i18n.HooksActive), ui.OK, ""
		}
		x.Facts = []ui.Fact{
			{Term: l.T(i18n.HooksID), Is: ui.Key(h.ID)},
			{Term: l.T(i18n.HooksMade), Is: ui.Text(l.Time(h.Made) + " · " + h.Maker)},
		}
		if !h.Tested.IsZero() {
			outcome := l.T(i18n.HooksTaken)
			if h.Cause != "" {
				outcome = cause(l, h.Cause)
			}
			x.Facts = append(x.Facts, ui.Fact{Term: l.T(i18n.HooksTested), Is: ui.Text(l.Seconds(h.Tested) + " · " + outcome)})
		}
		if !h.Rotating.IsZero() {
			x.Rotating = l.T(i18n.HooksRotating, l.Time(h.Rotating))
		}
		v.Live = append(v.Live, x)
	}
	v.Full = len(v.Live) >= notify.MaxHooks
	return v
}

// Hooks shows the webhooks of the visitor's agency.
func (p *Pages) Hooks(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	view, err := p.hooks(r, v)
	if err != nil {
		return err
	}
	switch r.URL.Query().Get("done") {
	case "test":
		view.Done = v.T(i18n.HooksTestTaken)
	case "end":
		view.Done = v.T(i18n.HooksEnded)
	case "confirm":
		view.Done = v.T(i18n.ConfirmDone)
	}
	return v.Render(w, r, http.StatusOK, hooksPage(view))
}

func (p *Pages) hooks(r *http.Request, v *site.Visit) (hooksView, error) {
	list, err := p.box.Hooks(r.Context(), v.Session.Account.Agency)
	return newHooksView(v.Page(i18n.HooksTitle), p.box.Webhooks(), list), err
}

// Register keeps a new webhook and shows its secret, once.
func (p *Pages) Register(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	address := f.Need("url", maxAddress, i18n.HooksURLMissing)
	if f.OK() {
		h, secret, err := p.office.Register(r.Context(), person(v, identity.ManageWebhooks), address)
		if err == nil {
			return showSecret(w, r, v, h.URL, secret)
		}
		if v.Stale(w, r, err, hooksPath) {
			return nil
		}
		text := said(v, err)
		if text == "" {
			return problem(err)
		}
		f.Fail("url", text)
	}
	view, err := p.hooks(r, v)
	if err != nil {
		return err
	}
	f.Keep(&view.Address)
	web.EventOf(w).Code = "request.invalid"
	return v.Render(w, r, http.StatusUnprocessableEntity, hooksPage(view))
}

// secretView shows the secret of a webhook, once.
type secretView struct {
	ui.Page
	URL, Secret string
}

func showSecret(w http.ResponseWriter, r *http.Request, v *site.Visit, url, secret string) error {
	view := secretView{Page: v.Page(i18n.HooksSecret), URL: url, Secret: secret}
	view.Lead = v.T(i18n.HooksSecretLead)
	return v.RenderSecret(w, r, secretPage(view))
}

// Act tests, rotates or ends a webhook.
func (p *Pages) Act(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	by, id := person(v, identity.ManageWebhooks), r.PathValue("id")
	var err error
	switch r.PathValue("act") {
	case "test":
		var code string
		if code, err = p.office.Test(r.Context(), by, id); err == nil && code == "" {
			v.Redirect(w, r, hooksPath+"?done=test")
			return nil
		}
		if err == nil {
			return p.failed(w, r, v, v.T(i18n.HooksTestFailed, cause(v.Lang, code)))
		}
	case "rotate":
		var secret string
		if secret, err = p.office.Rotate(r.Context(), by, id); err == nil {
			return showSecret(w, r, v, id, secret)
		}
	case "end":
		if err = p.office.End(r.Context(), by, id); err == nil {
			v.Redirect(w, r, hooksPath+"?done=end")
			return nil
		}
	default:
		return web.NotFound()
	}
	if v.Stale(w, r, err, hooksPath) {
		return nil
	}
	text := said(v, err)
	if text == "" {
		return problem(err)
	}
	return p.failed(w, r, v, text)
}

func (p *Pages) failed(w http.ResponseWriter, r *http.Request, v *site.Visit, text string) error {
	view, err := p.hooks(r, v)
	if err != nil {
		return err
	}
	view.Failed = text
	return v.Render(w, r, http.StatusConflict, hooksPage(view))
}
