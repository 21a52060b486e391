package notices

import (
	"time"

	"github.com/a-h/templ"

	"dancu/internal/console/agency"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/notify"
)

// Samples are the pages of this package with made-up data.
func Samples() []site.Sample {
	dir := agency.SampleDirectory()
	return []site.Sample{
		{Name: "notices", Kind: identity.Supervisor, Path: "/notices", Title: i18n.NoticesTitle, Draw: func(p ui.Page) templ.Component {
			return listPage(newListView(p, Register, query{}, sampleNotices(), notify.Counts{Waiting: 1, Failed: 1, Held: 1}, dir))
		}},
		{Name: "notices-none", Kind: identity.Onboarder, Path: "/notices?state=failed", Title: i18n.NoticesTitle, Draw: func(p ui.Page) templ.Component {
			v := newListView(p, Register, query{state: "failed"}, nil, notify.Counts{}, dir)
			v.Delivers = false
			return listPage(v)
		}},
		{Name: "notices-one", Kind: identity.Onboarder, Path: "/notices/1", Title: i18n.NoticesOne, Draw: func(p ui.Page) templ.Component {
			return onePage(newOneView(p, Register, identity.Onboarder, &sampleNotices()[0], dir))
		}},
		{Name: "agency-notices", Kind: identity.AgencyAdmin, Path: "/agency/notices", Title: i18n.NoticesOwn, Draw: func(p ui.Page) templ.Component {
			return listPage(newListView(p, Agency, query{}, sampleNotices()[:2], notify.Counts{}, dir))
		}},
		{Name: "agency-notices-one", Kind: identity.AgencyAdmin, Path: "/agency/notices/1", Title: i18n.NoticesOne, Draw: func(p ui.Page) templ.Component {
			return onePage(newOneView(p, Agency, identity.AgencyAdmin, &sampleNotices()[1], dir))
		}},
		{Name: "agency-webhooks", Kind: identity.AgencyAdmin, Path: "/agency/webhooks", Title: i18n.HooksTitle, Draw: func(p ui.Page) templ.Component {
			v := newHooksView(p, true, sampleHooks())
			v.Failed = p.Lang.T(i18n.HooksTestFailed, cause(p.Lang, "webhook.status.401"))
			return hooksPage(v)
		}},
		{Name: "agency-webhooks-off", Kind: identity.AgencyAdmin, Path: "/agency/webhooks", Title: i18n.HooksTitle, Draw: func(p ui.Page) templ.Component {
			return hooksPage(newHooksView(p, false, nil))
		}},
		{Name: "agency-webhook-secret", Kind: identity.AgencyAdmin, Path: "/agency/webhooks", Title: i18n.HooksSecret, Draw: func(p ui.Page) templ.Component {
			p.Lead = p.Lang.T(i18n.HooksSecretLead)
			return secretPage(secretView{Page: p, URL: "https://motcua.mau.example.vn/thong-bao", Secret: "dancuwh_MAU4K7Q2TZX2MNPABCDEFGHIJMAU4K7Q2TZX2MNPABCDEFGHIJ"})
		}},
	}
}

func sampleNotices() []notify.Record {
	at := site.SampleTime
	one := func(topic, to string, state notify.State, age time.Duration) notify.Record {
		return notify.Record{
			ID: "01990a5e-6666-7000-8000-000000000001", Notice: notify.Notice{Topic: topic, To: to, Params: notify.Find(topic).Sample(), Link: "/life/connection.mot-cua"},
			State: state, Created: at.Add(-age), Attempts: 1,
		}
	}
	out := []notify.Record{
		one("assessment.due", "tinh-mau", notify.Failed, 75*time.Hour), one("connection.locked", "tinh-mau", notify.Sent, 2*time.Hour),
		one("application.submitted", "operator", notify.Waiting, time.Minute), one("task.overdue", "supervisor", notify.Held, 26*time.Hour),
	}
	out[0].Attempts, out[0].Cause, out[0].Settled = 20, "mail.refused", at.Add(-time.Hour)
	out[0].Deliveries = []notify.Delivery{
		{Channel: notify.Mail, Target: "dau-moi@mau.example.vn", State: "refused", Attempts: 20, Last: at.Add(-time.Hour), Cause: "mail.refused"},
		{Channel: notify.WebHook, Target: "01990a5e-7777-7000-8000-000000000001", State: "sent", Attempts: 1, Last: at.Add(-75 * time.Hour)},
	}
	out[1].Settled = at.Add(-119 * time.Minute)
	out[1].Deliveries = []notify.Delivery{{Channel: notify.Mail, Target: "dau-moi@mau.example.vn", State: "sent", Attempts: 1, Last: at.Add(-119 * time.Minute)}}
	out[2].Next = at.Add(time.Minute)
	return out
}

func sampleHooks() []notify.Hook {
	at := site.SampleTime
	return []notify.Hook{
		{ID: "01990a5e-7777-7000-8000-000000000002", URL: "https://moi.mau.example.vn/thong-bao", State: notify.HookNew, Made: at.Add(-time.Hour), Maker: "QT-H98", Tested: at.Add(-time.Minute), Cause: "webhook.status.401"},
		{ID: "01990a5e-7777-7000-8000-000000000001", URL: "https://motcua.mau.example.vn/thong-bao", State: notify.HookActive, Made: at.AddDate(0, -2, 0), Maker: "QT-H98", Proved: at.AddDate(0, -2, 0), Tested: at.AddDate(0, -2, 0), Rotating: at.AddDate(0, 0, 6)},
		{ID: "01990a5e-7777-7000-8000-000000000000", URL: "https://cu.mau.example.vn/", State: notify.HookEnded, Made: at.AddDate(-1, 0, 0), Maker: "QT-H98", Ended: at.AddDate(0, -2, 1)},
	}
}
