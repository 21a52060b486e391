package console

import (
	"slices"

	"dancu/internal/console/notices"
	"dancu/internal/console/people"
	"dancu/internal/console/site"
	"dancu/internal/identity"
)

// routes is the site map: what there is, and who may. A route that is not here
// is not served, and one whose line names nobody is nobody's.
func (s *console) routes() []site.Route {
	those, anybody := site.Those, site.Anybody
	two := those(identity.ActsForTwo()...)
	return []site.Route{
		{Pattern: "GET /{$}", May: anybody, Handler: s.statusPage},
		{Pattern: "GET /licences", May: anybody, Handler: s.licencesPage},
		{Pattern: "GET /help", May: anybody, Handler: s.help},

		// Coming in and going out.
		{Pattern: "GET /sign-in", May: anybody, Handler: s.signIn},
		{Pattern: "POST /sign-in", May: anybody, Handler: s.slowly(s.signInPost)},
		{Pattern: "GET /sign-in/factor", May: anybody, Handler: s.factor},
		{Pattern: "POST /sign-in/factor", May: anybody, Handler: s.slowly(s.factorPost)},
		{Pattern: "GET /sign-in/password", May: anybody, Handler: s.newPassword},
		{Pattern: "POST /sign-in/password", May: anybody, Handler: s.slowly(s.newPasswordPost)},
		{Pattern: "GET /sign-in/enrol", May: anybody, Handler: s.enrol},
		{Pattern: "POST /sign-in/enrol", May: anybody, Handler: s.slowly(s.enrolPost)},
		{Pattern: "GET /sign-in/agency", May: anybody, Handler: s.agencySignIn},
		{Pattern: "POST /sign-in/agency", May: anybody, Handler: s.slowly(s.agencySignInPost)},
		{Pattern: "GET /sign-in/return", May: anybody, Handler: s.slowly(s.agencyReturn)},
		{Pattern: "GET /sign-in/citizen", May: anybody, Handler: s.citizenSignIn},
		{Pattern: "POST /sign-in/citizen", May: anybody, Handler: s.slowly(s.citizenSignInPost)},
		{Pattern: "POST /sign-out", May: anybody, Handler: s.signOut},

		// The own account.
		{Pattern: "GET /account", May: those(identity.OwnAccount), Handler: s.account},
		{Pattern: "POST /account/password", May: those(identity.OwnAccount), Handler: s.slowly(s.accountPassword)},
		{Pattern: "GET /account/factors/new", May: those(identity.OwnAccount), Handler: s.accountFactorNew},
		{Pattern: "POST /account/factors/new", May: those(identity.OwnAccount), Handler: s.slowly(s.accountFactorNewPost)},
		{Pattern: "POST /account/factors/{id}/remove", May: those(identity.OwnAccount), Handler: s.accountFactorRemove},
		{Pattern: "POST /account/recovery", May: those(identity.OwnAccount), Handler: s.accountRecovery},
		{Pattern: "POST /account/sessions/{id}/end", May: those(identity.OwnAccount), Handler: s.accountSessionEnd},
		{Pattern: "POST /account/sessions/end", May: those(identity.OwnAccount), Handler: s.accountSessionsEnd},
		{Pattern: "GET /account/keys/new", May: those(identity.OwnKeys), Handler: s.accountKeyNew},
		{Pattern: "POST /account/keys/new", May: those(identity.OwnKeys), Handler: s.accountKeyNewPost},
		{Pattern: "POST /account/keys/{id}/end", May: those(identity.OwnKeys), Handler: s.accountKeyEnd},
		{Pattern: "GET /account/confirm", May: those(identity.OwnAccount), Handler: s.confirm},
		{Pattern: "POST /account/confirm", May: those(identity.OwnAccount), Handler: s.slowly(s.confirmPost)},

		// What was typed and not sent.
		{Pattern: "POST /drafts/discard", May: those(identity.OwnAccount), Handler: site.Discard},

		// An officer's desk.
		{Pattern: "GET /look-up", May: those(identity.LookUp), Handler: s.desk.Form},
		{Pattern: "POST /look-up", May: those(identity.LookUp), Handler: s.desk.Ask},
		{Pattern: "POST /look-up/case", May: those(identity.LookUp), Handler: s.desk.CheckCase},
		{Pattern: "GET /look-up/history", May: those(identity.OwnHistory), Handler: s.reading(s.desk.History)},
		{Pattern: "POST /look-up/history/{index}", May: those(identity.OwnHistory), Handler: s.reading(s.desk.Reveal)},

		// An agency's administrator.
		{Pattern: "GET /agency", May: those(identity.OwnLifecycle), Handler: s.agency.Home},
		{Pattern: "GET /agency/certificates", May: those(identity.OwnLifecycle), Handler: s.agency.Certificates},
		{Pattern: "GET /agency/usage", May: those(identity.SeeAgencyHistory), Handler: s.agency.UsagePage},
		{Pattern: "GET /agency/usage/file", May: those(identity.SeeAgencyHistory), Handler: s.agency.UsageFile},
		{Pattern: "GET /agency/log", May: those(identity.SeeAgencyHistory), Handler: s.agency.LogForm},
		{Pattern: "POST /agency/log", May: those(identity.SeeAgencyHistory), Handler: s.agency.LogSearch},
		{Pattern: "GET /agency/log/{search}", May: those(identity.SeeAgencyHistory), Handler: s.reading(s.agency.LogResults)},
		{Pattern: "POST /agency/log/export/{search}", May: those(identity.SeeAgencyHistory), Handler: s.reading(s.agency.LogFile)},
		{Pattern: "GET /agency/guide", May: those(identity.WriteGuides), Handler: s.guides.Write},
		{Pattern: "POST /agency/guide", May: those(identity.WriteGuides), Handler: s.guides.Publish, Keeps: true},
		{Pattern: "GET /agency/board", May: those(identity.WriteGuides), Handler: s.guides.Notices},
		{Pattern: "POST /agency/board", May: those(identity.WriteGuides), Handler: s.guides.Post},
		{Pattern: "POST /agency/board/{id}/end", May: those(identity.WriteGuides), Handler: s.guides.End},
		{Pattern: "GET /guides", May: those(identity.ReadGuides), Handler: s.guides.List},
		{Pattern: "GET /guides/{guide}", May: those(identity.ReadGuides), Handler: s.guides.Guide},
		{Pattern: "GET /agency/officers", May: those(identity.SeeOfficers), Handler: people.List(people.Officers)},
		{Pattern: "POST /agency/officers/find", May: those(identity.SeeOfficers), Handler: people.Find(people.Officers)},
		{Pattern: "POST /agency/officers/export", May: those(identity.SeeOfficers), Handler: people.Export(people.Officers)},
		{Pattern: "GET /agency/officers/new", May: those(identity.ManageOfficers), Handler: people.New(people.Officers)},
		{Pattern: "POST /agency/officers/new", May: those(identity.ManageOfficers), Handler: people.Create(people.Officers)},
		{Pattern: "GET /agency/officers/{id}", May: those(identity.SeeOfficers), Handler: s.agency.Officer},
		{Pattern: "POST /agency/officers/{id}/rights", May: those(identity.GiveRights), Handler: s.agency.SetRights},
		{Pattern: "POST /agency/officers/{id}/{act}", May: those(identity.ManageOfficers), Handler: people.Act(people.Officers, s.agency.Show)},
		{Pattern: "GET /agency/review", May: those(identity.ReviewOfficers), Handler: people.Review(people.Officers)},
		{Pattern: "POST /agency/review", May: those(identity.ReviewOfficers), Handler: people.OpenReview(people.Officers)},
		{Pattern: "POST /agency/review/{id}/sign", May: those(identity.ReviewOfficers), Handler: people.SignReview(people.Officers)},
		{Pattern: "POST /agency/review/{id}/{account}", May: those(identity.ReviewOfficers), Handler: people.DecideReview(people.Officers)},
		{Pattern: "GET /agency/provider", May: those(identity.ManageProvider), Handler: s.agency.Provider},
		{Pattern: "POST /agency/provider", May: those(identity.ManageProvider), Handler: s.agency.SetProvider},
		{Pattern: "POST /agency/provider/remove", May: those(identity.ManageProvider), Handler: s.agency.RemoveProvider},

		// The register's administrator.
		{Pattern: "GET /staff", May: those(identity.SeeStaff), Handler: people.List(people.Staff)},
		{Pattern: "POST /staff/find", May: those(identity.SeeStaff), Handler: people.Find(people.Staff)},
		{Pattern: "POST /staff/export", May: those(identity.SeeStaff), Handler: people.Export(people.Staff)},
		{Pattern: "GET /staff/new", May: those(identity.ManageStaff), Handler: people.New(people.Staff)},
		{Pattern: "POST /staff/new", May: those(identity.ManageStaff), Handler: people.Create(people.Staff)},
		{Pattern: "GET /staff/{id}", May: those(identity.SeeStaff), Handler: people.One(people.Staff)},
		{Pattern: "POST /staff/{id}/{act}", May: those(identity.ManageStaff, identity.ReleaseLockouts), Handler: people.Act(people.Staff, people.Show(people.Staff))},
		{Pattern: "GET /staff/review", May: those(identity.ReviewStaff), Handler: people.Review(people.Staff)},
		{Pattern: "POST /staff/review", May: those(identity.ReviewStaff), Handler: people.OpenReview(people.Staff)},
		{Pattern: "POST /staff/review/{id}/sign", May: those(identity.ReviewStaff), Handler: people.SignReview(people.Staff)},
		{Pattern: "POST /staff/review/{id}/{account}", May: those(identity.ReviewStaff), Handler: people.DecideReview(people.Staff)},

		// Acts that take two people: whose an act is, the accounts ask for each.
		{Pattern: "GET /acts", May: two, Handler: s.acts.List},
		{Pattern: "GET /acts/administrator", May: those(identity.ManageStaff), Handler: s.acts.NewAdministrator},
		{Pattern: "POST /acts/administrator", May: those(identity.ManageStaff), Handler: s.acts.ProposeAdministrator},
		{Pattern: "POST /acts/{id}/confirm", May: two, Handler: s.acts.Confirm},
		{Pattern: "POST /acts/{id}/decline", May: two, Handler: s.acts.Decline},

		// Whoever runs the register: the day, the connections, the queues.
		{Pattern: "GET /operator", May: those(identity.SeeStatus), Handler: s.acts.Today},
		{Pattern: "GET /operator/connections", May: those(identity.SeeLifecycle), Handler: s.acts.Connections},
		{Pattern: "GET /operator/connections/export", May: those(identity.SeeLifecycle), Handler: s.acts.Export},
		{Pattern: "GET /operator/connections/{id}", May: those(identity.SeeLifecycle), Handler: s.acts.Connection},
		{Pattern: "GET /operator/queues", May: those(identity.SeeLifecycle), Handler: s.acts.Queues},
		{Pattern: "GET /operator/queues/{queue}", May: those(identity.SeeLifecycle), Handler: s.acts.Queue},
		{Pattern: "GET /operator/queues/{queue}/export", May: those(identity.SeeLifecycle), Handler: s.acts.ExportQueue},
		{Pattern: "GET /operator/queues/inspections/calendar", May: those(identity.SeeLifecycle), Handler: s.acts.Calendar},

		// The life cycle: the register's people see all of it, an agency's
		// administrator the own agency's; what each may do there the office says.
		{Pattern: "GET /contacts", May: anybody, Handler: s.life.Contacts},
		{Pattern: "GET /life", May: those(identity.SeeLifecycle, identity.OwnLifecycle), Handler: s.life.Tasks},
		{Pattern: "GET /life/{kind}/{$}", May: those(identity.SeeLifecycle, identity.OwnLifecycle), Handler: s.life.List},
		{Pattern: "GET /life/export/{kind}", May: those(identity.SeeLifecycle, identity.OwnLifecycle), Handler: s.life.Export},
		{Pattern: "GET /life/new/{kind}", May: those(identity.SeeLifecycle, identity.OwnLifecycle), Handler: s.life.New},
		{Pattern: "POST /life/new/{kind}", May: those(identity.SeeLifecycle, identity.OwnLifecycle), Handler: s.life.Open, Keeps: true},
		{Pattern: "GET /life/file/{id}", May: those(identity.SeeLifecycle, identity.OwnLifecycle), Handler: s.life.File},
		{Pattern: "GET /life/{matter}", May: those(identity.SeeLifecycle, identity.OwnLifecycle), Handler: s.life.Matter},
		{Pattern: "GET /life/{matter}/section/{$}", May: those(identity.SeeLifecycle, identity.OwnLifecycle), Handler: s.life.Check},
		{Pattern: "GET /life/{matter}/section/{name}", May: those(identity.SeeLifecycle, identity.OwnLifecycle), Handler: s.life.Section},
		{Pattern: "POST /life/{matter}/section/{name}", May: those(identity.SeeLifecycle, identity.OwnLifecycle), Handler: s.life.SaveSection, Keeps: true},
		{Pattern: "GET /life/{matter}/paper/{name}", May: those(identity.SeeLifecycle, identity.OwnLifecycle), Handler: s.life.Paper},
		{Pattern: "GET /life/{matter}/paper/{name}/text", May: those(identity.SeeLifecycle, identity.OwnLifecycle), Handler: s.life.PaperText},
		{Pattern: "GET /life/{matter}/act/{name}", May: those(identity.SeeLifecycle, identity.OwnLifecycle), Handler: s.life.Act},
		{Pattern: "POST /life/{matter}/act/{name}", May: those(identity.SeeLifecycle, identity.OwnLifecycle), Handler: s.life.DoAct, Keeps: true},

		// The system's settings.
		{Pattern: "GET /settings", May: those(identity.ChangeSettings), Handler: s.settings.List},
		{Pattern: "GET /settings/{name}", May: those(identity.ChangeSettings), Handler: s.settings.One},
		{Pattern: "POST /settings/{name}", May: those(identity.ChangeSettings), Handler: s.settings.Propose},

		// What was told to whom.
		{Pattern: "GET /notices", May: those(identity.SeeNotices), Handler: s.notices.List(notices.Register)},
		{Pattern: "GET /notices/export", May: those(identity.SeeNotices), Handler: s.notices.Export(notices.Register)},
		{Pattern: "GET /notices/{id}", May: those(identity.SeeNotices), Handler: s.notices.One(notices.Register)},
		{Pattern: "POST /notices/{id}/retry", May: those(identity.RetryNotices), Handler: s.notices.Retry},
		{Pattern: "GET /agency/notices", May: those(identity.OwnNotices), Handler: s.notices.List(notices.Agency)},
		{Pattern: "GET /agency/notices/export", May: those(identity.OwnNotices), Handler: s.notices.Export(notices.Agency)},
		{Pattern: "GET /agency/notices/{id}", May: those(identity.OwnNotices), Handler: s.notices.One(notices.Agency)},
		{Pattern: "GET /agency/webhooks", May: those(identity.ManageWebhooks), Handler: s.notices.Hooks},
		{Pattern: "POST /agency/webhooks", May: those(identity.ManageWebhooks), Handler: s.notices.Register},
		{Pattern: "POST /agency/webhooks/{id}/{act}", May: those(identity.ManageWebhooks), Handler: s.notices.Act},

		// An inspector.
		{Pattern: "GET /log", May: those(identity.SearchLog), Handler: s.log.Form},
		{Pattern: "POST /log", May: those(identity.SearchLog), Handler: s.log.Search},
		{Pattern: "GET /log/{search}", May: those(identity.SearchLog), Handler: s.reading(s.log.Results)},
		{Pattern: "POST /log/export/{search}", May: those(identity.ExportLog), Handler: s.reading(s.log.Export)},
		{Pattern: "GET /log/request/{search}/{request}", May: those(identity.SearchLog), Handler: s.reading(s.log.Story)},
		{Pattern: "GET /log/day", May: those(identity.SearchLog), Handler: s.log.DayForm},
		{Pattern: "POST /log/day", May: those(identity.SearchLog), Handler: s.log.FindDay},
		{Pattern: "GET /log/day/{search}", May: those(identity.SearchLog), Handler: s.reading(s.log.Day)},

		// Long work: each account's own alone.
		{Pattern: "GET /jobs", May: those(identity.OwnAccount), Handler: s.jobs.List},
		{Pattern: "POST /jobs/verify", May: those(identity.VerifyLog), Handler: s.jobs.Verify},
		{Pattern: "GET /jobs/import", May: those(identity.ImportRegister), Handler: s.jobs.ImportForm},
		{Pattern: "POST /jobs/import", May: those(identity.ImportRegister), Handler: s.jobs.Import},
		{Pattern: "GET /jobs/{id}", May: those(identity.OwnAccount), Handler: s.jobs.Show},
		{Pattern: "GET /jobs/{id}/file", May: those(identity.OwnAccount), Handler: s.jobs.File},
		{Pattern: "POST /jobs/{id}/cancel", May: those(identity.OwnAccount), Handler: s.jobs.Cancel},

		// A citizen.
		{Pattern: "GET /me", May: those(identity.SeeOwnRecord), Handler: s.reading(s.citizen.Mine)},
		{Pattern: "POST /me/find", May: those(identity.SeeOwnRecord), Handler: s.citizen.Find},
		{Pattern: "GET /me/people", May: those(identity.SeeOwnRecord), Handler: s.reading(s.citizen.Represented)},
		{Pattern: "GET /me/entry/{index}", May: those(identity.SeeOwnRecord), Handler: s.reading(s.citizen.Entry)},
		{Pattern: "POST /me/entry/{index}/receipt", May: those(identity.SeeOwnRecord), Handler: s.reading(s.citizen.Receipt)},
		{Pattern: "GET /me/entry/{index}/ask", May: those(identity.SeeOwnRecord), Handler: s.reading(s.citizen.Ask)},
		{Pattern: "POST /me/entry/{index}/ask", May: those(identity.SeeOwnRecord), Handler: s.reading(s.citizen.Send)},
		{Pattern: "GET /me/requests", May: those(identity.SeeOwnRecord), Handler: s.citizen.Requests},
		{Pattern: "GET /me/requests/{id}", May: those(identity.SeeOwnRecord), Handler: s.citizen.Request},
		{Pattern: "POST /me/requests/{id}/close", May: those(identity.SeeOwnRecord), Handler: s.citizen.Close},
		{Pattern: "GET /totals", May: anybody, Handler: s.citizen.Totals},

		// What people ask: the register's people, and the agency it concerns.
		{Pattern: "GET /desk", May: those(identity.AnswerRequests), Handler: s.requests.List},
		{Pattern: "GET /desk/{id}", May: those(identity.AnswerRequests), Handler: s.reading(s.requests.One)},
		{Pattern: "POST /desk/{id}/{act}", May: those(identity.AnswerRequests), Handler: s.reading(s.requests.Act)},
	}
}

// alone are the pages that are there although nobody can sign in.
func (s *console) alone(pattern string) bool {
	return slices.Contains([]string{"GET /{$}", "GET /licences"}, pattern)
}
