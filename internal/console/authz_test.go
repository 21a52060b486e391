package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dancu/internal/apptest"
	"dancu/internal/console"
	"dancu/internal/identity"
	"dancu/internal/web"
)

// kinds in the order of the matrix's columns: nobody, onboarder, assessor,
// inspector, supervisor, support, administrator, agency-admin, agency-officer,
// citizen.
var kinds = append([]identity.Kind{""}, identity.Kinds...)

// matrix is who may use which route, written down a second time and by hand: a
// change of the site map, of May or of a menu that widens anything fails here.
// x may, - may not.
var matrix = []struct{ routes, who string }{
	//                                     noiisSaAoc
	{"GET /{$} GET /licences GET /help", "xxxxxxxxxx"},
	{"GET /sign-in POST /sign-in GET /sign-in/factor POST /sign-in/factor GET /sign-in/password POST /sign-in/password", "xxxxxxxxxx"},
	{"GET /sign-in/enrol POST /sign-in/enrol GET /sign-in/agency POST /sign-in/agency GET /sign-in/return", "xxxxxxxxxx"},
	{"GET /sign-in/citizen POST /sign-in/citizen POST /sign-out", "xxxxxxxxxx"},
	{"GET /account POST /account/password GET /account/factors/new POST /account/factors/new", "-xxxxxxxx-"},
	{"POST /account/factors/{id}/remove POST /account/recovery POST /account/sessions/{id}/end POST /account/sessions/end", "-xxxxxxxx-"},
	{"GET /account/confirm POST /account/confirm", "-xxxxxxxx-"},
	{"GET /account/keys/new POST /account/keys/new POST /account/keys/{id}/end", "-xxxxx-x--"},
	{"POST /drafts/discard", "-xxxxxxxx-"},
	{"GET /look-up POST /look-up POST /look-up/case GET /look-up/history POST /look-up/history/{index}", "--------x-"},
	{"GET /agency GET /agency/certificates GET /agency/usage GET /agency/usage/file", "-------x--"},
	{"GET /agency/guide POST /agency/guide GET /agency/board POST /agency/board POST /agency/board/{id}/end", "-------x--"},
	{"GET /guides GET /guides/{guide}", "-------xx-"},
	{"GET /agency/log POST /agency/log GET /agency/log/{search} POST /agency/log/export/{search}", "-------x--"},
	{"GET /agency/officers POST /agency/officers/find POST /agency/officers/export GET /agency/officers/new POST /agency/officers/new", "-------x--"},
	{"GET /agency/officers/{id} POST /agency/officers/{id}/rights POST /agency/officers/{id}/{act}", "-------x--"},
	{"GET /agency/review POST /agency/review POST /agency/review/{id}/sign POST /agency/review/{id}/{account}", "-------x--"},
	{"GET /agency/provider POST /agency/provider POST /agency/provider/remove", "-------x--"},
	{"GET /staff POST /staff/find POST /staff/export GET /staff/{id}", "-----xx---"},
	{"POST /staff/{id}/{act}", "-----xx---"},
	{"GET /staff/new POST /staff/new", "------x---"},
	{"GET /staff/review POST /staff/review POST /staff/review/{id}/sign POST /staff/review/{id}/{account}", "------x---"},
	{"GET /acts/administrator POST /acts/administrator", "------x---"},
	{"GET /acts POST /acts/{id}/confirm POST /acts/{id}/decline", "-x--x-x---"},
	{"GET /log POST /log GET /log/{search} POST /log/export/{search} GET /log/request/{search}/{request}", "---x------"},
	{"GET /log/day POST /log/day GET /log/day/{search}", "---x------"},
	{"GET /me POST /me/find GET /me/people GET /me/requests GET /me/requests/{id} POST /me/requests/{id}/close", "---------x"},
	{"GET /me/entry/{index} POST /me/entry/{index}/receipt GET /me/entry/{index}/ask POST /me/entry/{index}/ask", "---------x"},
	{"GET /totals", "xxxxxxxxxx"},
	{"GET /desk GET /desk/{id} POST /desk/{id}/{act}", "-x--xx-x--"},
	{"GET /operator", "-xxxxxx---"},
	{"GET /operator/connections GET /operator/connections/export GET /operator/connections/{id}", "-xxxxx----"},
	{"GET /operator/queues GET /operator/queues/{queue} GET /operator/queues/{queue}/export GET /operator/queues/inspections/calendar", "-xxxxx----"},
	{"GET /jobs GET /jobs/{id} GET /jobs/{id}/file POST /jobs/{id}/cancel", "-xxxxxxxx-"},
	{"POST /jobs/verify", "---x-xx---"},
	{"GET /jobs/import POST /jobs/import", "------x---"},
	{"GET /contacts", "xxxxxxxxxx"},
	{"GET /life GET /life/{kind}/{$} GET /life/export/{kind} GET /life/file/{id} GET /life/{matter} GET /life/{matter}/paper/{name} GET /life/{matter}/paper/{name}/text", "-xxxxx-x--"},
	{"GET /life/new/{kind} POST /life/new/{kind}", "-xxxxx-x--"},
	{"GET /life/{matter}/section/{$} GET /life/{matter}/section/{name} POST /life/{matter}/section/{name}", "-xxxxx-x--"},
	{"GET /settings GET /settings/{name} POST /settings/{name}", "----x-x---"},
	{"GET /notices GET /notices/export GET /notices/{id}", "-x--xxx---"},
	{"POST /notices/{id}/retry", "-x--xx----"},
	{"GET /agency/notices GET /agency/notices/export GET /agency/notices/{id}", "-------x--"},
	{"GET /agency/webhooks POST /agency/webhooks POST /agency/webhooks/{id}/{act}", "-------x--"},
	{"GET /life/{matter}/act/{name} POST /life/{matter}/act/{name}", "-xxxxx-x--"},
}

// cells are the matrix by route.
func cells() map[string]string {
	out := map[string]string{}
	for _, m := range matrix {
		words := strings.Fields(m.routes)
		for i := 0; i+1 < len(words); i += 2 {
			out[words[i]+" "+words[i+1]] = m.who
		}
	}
	return out
}

// Every route has its line in the matrix, and the site map says the same of
// every kind of account.
func TestEveryRouteHasALine(t *testing.T) {
	want := cells()
	for _, r := range console.Routes() {
		who, ok := want[r.Pattern]
		if !ok {
			t.Errorf("%s is in no line of the matrix", r.Pattern)
			continue
		}
		delete(want, r.Pattern)
		if r.Handler == nil {
			t.Errorf("%s has no handler", r.Pattern)
		}
		for i, k := range kinds {
			may := r.May.Kind(k)
			if k == "" {
				may = r.May.Public()
			}
			if may != (who[i] == 'x') {
				t.Errorf("%s: %q may: %v, want %v", r.Pattern, k, may, !may)
			}
		}
	}
	for r := range want {
		t.Errorf("the matrix has %s, which there is not", r)
	}
}

// everybody signs one account of every kind in.
func (p *place) everybody() map[identity.Kind]*visitor {
	p.t.Helper()
	all := map[identity.Kind]*visitor{
		"":                     p.visitor(),
		identity.Inspector:     p.signIn(p.account("kiemtra")),
		identity.Administrator: p.signIn(p.account("quantri")),
		identity.AgencyAdmin:   p.signIn(p.account("quantri.songxanh")),
		identity.AgencyOfficer: p.signIn(p.account("canbo.songxanh")),
		identity.Citizen:       p.citizen(0),
	}
	for i, k := range []identity.Kind{identity.Onboarder, identity.Assessor, identity.Supervisor, identity.Support} {
		login := "can.bo.so." + string(rune('1'+i))
		onetime := all[identity.Administrator].post("/staff/new", "kind", string(k), "name", "Người "+string(k), "login", login, "code", "NV-"+string(rune('1'+i))).secret()
		all[k], _ = p.firstTime(login, onetime, string(k))
	}
	return all
}

// Every kind of account, at every route, over HTTP: who may not is refused
// before anything is done, and nobody who is not signed in gets further than
// the sign-in.
func TestAuthorization(t *testing.T) {
	p := open(t)
	all := p.everybody()
	ids := strings.NewReplacer("{$}", "", "{id}", "01990a5e-7c11-7a3e-9c55-3f0f5d1b2c3d", "{account}", "01990a5e-7c11-7a3e-9c55-3f0f5d1b2c3e",
		"{act}", "disable", "{guide}", "officer", "{kind}", "nosuchkind", "{matter}", "connection.nosuch", "{name}", "nothing", "{index}", "1", "{search}", "NOSUCHSEARCH", "{request}", "01990a5e-7c11-7a3e-9c55-3f0f5d1b2c3d")
	for pattern, who := range cells() {
		method, path, _ := strings.Cut(pattern, " ")
		path = ids.Replace(path)
		for i, k := range kinds {
			if path == "/sign-out" {
				continue // everybody's, and it would end the matrix
			}
			var form url.Values
			if method == http.MethodPost {
				form = url.Values{}
			}
			pg := all[k].do(method, path, form)
			refused := pg.status == http.StatusForbidden && strings.Contains(pg.text(), "Your kind of account does not use this page")
			asked := pg.path == "/sign-in" && pg.status == http.StatusOK && path != "/sign-in" && !strings.HasPrefix(path, "/sign-in/")
			switch may := who[i] == 'x'; {
			case may && (refused || asked):
				t.Errorf("%s: %q is refused", pattern, k)
			case !may && k == "" && !asked:
				t.Errorf("%s: nobody gets status %d at %s", pattern, pg.status, pg.path)
			case !may && k != "" && !refused:
				t.Errorf("%s: %q gets status %d at %s", pattern, k, pg.status, pg.path)
			}
			if pg.status >= 500 {
				t.Errorf("%s: %q gets status %d:\n%s", pattern, k, pg.status, pg.text())
			}
		}
	}
}

// other makes the administrator and an officer of another agency.
func (p *place) other(admin *visitor) (boss *visitor, bossAccount apptest.Account, officer *visitor, officerPath string) {
	p.t.Helper()
	onetime := admin.post("/staff/new", "kind", "agency-admin", "agency", "bo-viec-chung", "name", "Quản Trị Khác", "login", "quan.tri.khac", "code", "QT-G98").secret()
	boss, bossAccount = p.firstTime("quan.tri.khac", onetime, "agency-admin")
	onetime = boss.post("/agency/officers/new", "name", "Cán Bộ Khác", "login", "can.bo.khac", "code", "CB-0101").secret()
	officerPath = boss.get("/agency/officers").link("Cán Bộ Khác")
	officer, _ = p.firstTime("can.bo.khac", onetime, "agency-officer")
	return boss, bossAccount, officer, officerPath
}

// What is another's reads as if it were not there, whoever guesses its id:
// accounts, rights, sessions, factors, reviews, searches, entries, proposals.
func TestAnothersIsNotThere(t *testing.T) {
	p := open(t)
	admin := p.signIn(p.account("quantri"))
	own := p.signIn(p.account("quantri.songxanh"))
	ownOfficer := p.signIn(p.account("canbo.songxanh"))
	boss, bossAccount, officer, path := p.other(admin)

	if pg := own.get("/agency/officers"); strings.Contains(pg.text(), "Khác") {
		t.Error("the list shows another agency's officers")
	}
	if pg := own.post("/agency/officers/find", "text", "khac"); strings.Contains(pg.text(), "Cán Bộ Khác") {
		t.Error("the search finds another agency's officers")
	}
	gone := func(pg *page, what string) {
		t.Helper()
		if pg.status != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404:\n%s", what, pg.status, pg.text())
		}
	}
	gone(own.get(path), "another agency's officer")
	gone(own.post(path+"/rights", "rights", "mot-cua lookup"), "their rights")
	for _, act := range []string{"disable", "enable", "unlock", "password", "factors", "sessions"} {
		gone(own.post(path+"/"+act, "reason", "thử"), act)
	}
	gone(own.post(path+"/change", "name", "Đổi Tên", "unit", ""), "change")
	officer.get("/account").is(200, "/account") // nothing was done
	// Nor does an agency's administrator reach staff, nor staff officers.
	staff := admin.get("/staff").link("Hoàng Minh Quản")
	gone(own.get("/agency/officers/"+strings.TrimPrefix(staff, "/staff/")), "a staff account as an officer")
	gone(admin.get("/staff/"+strings.TrimPrefix(path, "/agency/officers/")), "an officer as a staff account")

	// Sessions and factors.
	idOf := func(v *visitor, prefix, suffix string) string {
		pg := v.get("/account")
		for _, n := range pg.find("form", nil) {
			if a := at(n, "action"); strings.HasPrefix(a, prefix) && strings.HasSuffix(a, suffix) && strings.Count(a, "/") == 4 {
				return a
			}
		}
		return ""
	}
	again := p.signIn(bossAccount)
	factor := idOf(boss, "/account/factors/", "/remove")
	if factor == "" {
		t.Fatal("no factor to take away")
	}
	gone(own.post(factor), "another's factor")
	boss.get("/account").says("Authenticator app")
	session := idOf(boss, "/account/sessions/", "/end")
	if session == "" {
		t.Fatal("no other session to end")
	}
	gone(own.post(session), "another's session")
	again.get("/account").is(200, "/account")
	boss.get("/account").is(200, "/account")

	// Reviews.
	boss.post("/agency/review")
	sign := ""
	for _, n := range boss.get("/agency/review").find("form", func(n *html.Node) bool { return strings.HasPrefix(at(n, "action"), "/agency/review/") }) {
		sign = at(n, "action")
		break
	}
	if sign == "" {
		t.Fatal("no review is open")
	}
	gone(own.post(sign, "keep", "1"), "another agency's review")
	gone(own.post(sign[:strings.LastIndex(sign, "/")]+"/sign"), "its sign-off")

	// Searches of another inspector.
	i1 := p.signIn(p.account("kiemtra"))
	found := i1.post("/log", "officer", "CB-0101", "reason", "thử")
	onetime := admin.post("/staff/new", "kind", "inspector", "name", "Kiểm Tra Hai", "login", "kiem.tra.hai", "code", "KT-0002").secret()
	i2, _ := p.firstTime("kiem.tra.hai", onetime, "inspector")
	gone(i2.get(found.path), "another's search")
	gone(i2.post("/log/export/"+strings.TrimPrefix(found.path, "/log/")), "its export")

	// Entries: an officer's own alone, although both have the same code.
	who := p.Info.People[2]
	ask(ownOfficer, p, who).says("One person found")
	index := ""
	for _, n := range ownOfficer.get("/look-up/history").find("form", func(n *html.Node) bool { return strings.HasPrefix(at(n, "action"), "/look-up/history/") }) {
		index = at(n, "action")
		break
	}
	if index == "" {
		t.Fatal("the history has no number")
	}
	gone(officer.post(index), "another's look-up")
	if strings.Contains(officer.get("/look-up/history").text(), "••••••••"+who.PIN[8:]) {
		t.Error("the history shows another agency's officer's look-ups")
	}
	gone(ownOfficer.post("/look-up/history/0"), "an entry that is no look-up")
	// Proposals.
	gone(admin.post("/acts/01990a5e-7c11-7a3e-9c55-3f0f5d1b2c3d/confirm"), "a proposal that is not there")
}

// ask looks a sample person up.
func ask(v *visitor, p *place, who apptest.Person) *page {
	return v.post("/look-up", "transaction", web.NewID(time.Now()), "service", "lookup", "case", p.Info.Systems[0].Case,
		"number", who.PIN, "name", who.FullName, "birth", who.DateOfBirth, "fields", "fullName", "fields", "dateOfBirth")
}
