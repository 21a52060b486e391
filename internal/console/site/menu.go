package site

import (
	"dancu/internal/console/i18n"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
)

// entries is the menu: each kind of account sees those that it may use. No
// kind has more than nine (TestMenusAreShort).
var entries = []struct {
	may   May
	label i18n.Msg
	href  string
	key   string
}{
	{Those(identity.LookUp), i18n.MenuLookup, "/look-up", "l"},
	{Those(identity.OwnHistory), i18n.MenuHistory, "/look-up/history", "h"},
	{Those(identity.SeeStatus), i18n.OpToday, "/operator", "h"},
	{Those(identity.OwnLifecycle), i18n.MenuAgency, "/agency", "b"},
	{Those(identity.SeeLifecycle, identity.OwnLifecycle), i18n.MenuLife, "/life", "w"},
	{Those(identity.SeeLifecycle), i18n.OpQueues, "/operator/queues", "x"},
	{Those(identity.SeeLifecycle), i18n.OpConnections, "/operator/connections", "c"},
	{Those(identity.OwnLifecycle), i18n.MenuConnections, "/life/connection/", "c"},
	{Those(identity.SeeOfficers), i18n.MenuOfficers, "/agency/officers", "o"},
	{Those(identity.SeeAgencyHistory), i18n.UsageTitle, "/agency/usage", "u"},
	{Those(identity.SeeAgencyHistory), i18n.OwnLogTitle, "/agency/log", "e"},
	{Those(identity.SeeNotices), i18n.MenuNotices, "/notices", "n"},
	{Those(identity.ReadGuides), i18n.GuidesTitle, "/guides", "i"},
	{Those(identity.SeeStaff), i18n.MenuStaff, "/staff", "s"},
	{Those(identity.ReviewStaff), i18n.MenuReviews, "/staff/review", "r"},
	{Those(identity.ActsForTwo()...), i18n.MenuActs, "/acts", "d"},
	{Those(identity.ChangeSettings), i18n.MenuSettings, "/settings", "e"},
	{Those(identity.SearchLog), i18n.MenuLog, "/log", "l"},
	{Those(identity.SearchLog), i18n.MenuDay, "/log/day", "d"},
	{Those(identity.SeeOwnRecord), i18n.MenuMe, "/me", "m"},
	{Those(identity.SeeOwnRecord), i18n.MenuMyRequests, "/me/requests", "q"},
	{Those(identity.SeeOwnRecord), i18n.MenuMyPeople, "/me/people", "p"},
	{Those(identity.SeeOwnRecord), i18n.MenuTotals, "/totals", "t"},
	{Those(identity.AnswerRequests), i18n.MenuRequests, "/desk", "q"},
	{Those(identity.VerifyLog, identity.ImportRegister), i18n.MenuJobs, "/jobs", "j"},
	{Those(identity.OwnAccount), i18n.MenuAccount, "/account", "a"},
}

// Menu is the navigation of a kind of account.
func Menu(l i18n.Lang, k identity.Kind) (out []ui.Entry) {
	for _, e := range entries {
		if e.may.Kind(k) {
			out = append(out, ui.Entry{Label: l.T(e.label), Href: e.href, Key: e.key})
		}
	}
	return out
}

// kindNames names the kinds of account.
var kindNames = map[identity.Kind]i18n.Msg{
	identity.Onboarder:     i18n.KindOnboarder,
	identity.Assessor:      i18n.KindAssessor,
	identity.Inspector:     i18n.KindInspector,
	identity.Supervisor:    i18n.KindSupervisor,
	identity.Support:       i18n.KindSupport,
	identity.Administrator: i18n.KindAdministrator,
	identity.AgencyAdmin:   i18n.KindAgencyAdmin,
	identity.AgencyOfficer: i18n.KindOfficer,
	identity.Citizen:       i18n.KindCitizen,
}

// KindName is the name of a kind of account, or the kind's own word.
func KindName(l i18n.Lang, k identity.Kind) string {
	if m, ok := kindNames[k]; ok {
		return l.T(m)
	}
	return string(k)
}
