package console_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"dancu/internal/console/i18n"
	"dancu/internal/identity"
	"dancu/internal/onboarding"
)

// staff makes an account of the register's and takes its first sign-in.
func (p *place) staff(admin *visitor, kind identity.Kind, login, code string) *visitor {
	p.t.Helper()
	onetime := admin.post("/staff/new", "kind", string(kind), "name", "Người "+string(kind), "login", login, "code", code).secret()
	v, _ := p.firstTime(login, onetime, string(kind))
	return v
}

// field is what stands in a field of the page, whichever element it is.
func (p *page) field(name string) string {
	p.t.Helper()
	for n := range p.root.Descendants() {
		if n.Type != html.ElementNode || at(n, "name") != name {
			continue
		}
		switch n.Data {
		case "input":
			return at(n, "value")
		case "textarea":
			if n.FirstChild != nil {
				return n.FirstChild.Data
			}
			return ""
		}
	}
	p.t.Fatalf("%s has no field %s", p.path, name)
	return ""
}

// Every kind of matter has its list, its file and its way to open one, by being
// in the tables.
func TestEveryKindHasItsPages(t *testing.T) {
	p := open(t)
	admin := p.signIn(p.account("quantri"))
	operator := p.staff(admin, identity.Onboarder, "tiep.nhan", "TN-0001")
	home := operator.get("/life").is(200, "/life").says("To do")
	for _, k := range onboarding.Kinds() {
		list := "/life/" + string(k.Kind) + "/"
		if !strings.Contains(home.body, `href="`+list+`"`) {
			t.Errorf("no way leads to %s", list)
		}
		operator.get(list).is(200, list).says(i18n.EN.Text(k.Many))
		file := operator.get("/life/export/" + string(k.Kind))
		if file.status != http.StatusOK || !strings.HasPrefix(file.body, "\ufeffid,kind,title") {
			t.Errorf("%s: the file is %d %q", k.Kind, file.status, file.body)
		}
		want := http.StatusForbidden
		if slices.Contains(k.By, onboarding.Operator) {
			want = http.StatusOK
		}
		if pg := operator.get("/life/new/" + string(k.Kind)); pg.status != want {
			t.Errorf("%s: opening one is %d, want %d", k.Kind, pg.status, want)
		}
	}
	operator.get("/life/all/").is(200, "/life/all/")
	// Filters find with and without diacritics, and stand in the address.
	for _, q := range []string{"mot cua", "Một cửa"} {
		pg := operator.get("/life/system/?q=" + url.QueryEscape(q))
		if n := len(pg.find("tr", nil)); n < 2 || pg.field("q") != q {
			t.Errorf("%q finds %d rows", q, n-1)
		}
	}
	operator.get("/life/system/?q=nothing-like-that").says("Nothing matches")
	for _, none := range []string{"/life/nosuch/", "/life/export/nosuch", "/life/new/nosuch", "/life/connection.nosuch", "/life/connection.nosuch/act/suspend", "/life/connection.nosuch/section/x", "/life/file/x?of=connection.nosuch"} {
		if pg := operator.get(none); pg.status != http.StatusNotFound {
			t.Errorf("%s is %d", none, pg.status)
		}
	}
}

// What is refused is said beside its field, and everything that was typed is
// still there; who was overtaken is told by whom.
func TestNothingTypedIsLost(t *testing.T) {
	p := open(t)
	const attack = `<script>alert(1)</script>"'&`
	boss := p.signIn(p.account("quantri.songxanh"))
	boss.get("/life").is(200, "/life")
	pg := boss.post("/life/new/application")
	if pg.status != http.StatusOK || !strings.HasPrefix(pg.path, "/life/") {
		t.Fatalf("status %d at %s: %s", pg.status, pg.path, pg.text())
	}
	matter := pg.path
	pg.says("The matter is open", "Not started")
	purpose := matter + "/section/purpose"
	first := boss.get(purpose).is(200, purpose).field("_version")

	// Too short, and one that is right.
	pg = boss.post(purpose, "_version", first, "purpose", "too short", "use", attack+" and long enough", "storage", "none")
	pg.is(422, purpose).says("Put these right first", "at least 20 characters are needed, 9 were given")
	if pg.field("purpose") != "too short" || pg.field("use") != attack+" and long enough" || pg.field("storage") != "none" {
		t.Error("what was typed is lost")
	}
	if strings.Contains(pg.body, "<script>alert") {
		t.Error("what was typed is a script")
	}
	links := pg.find("a", func(n *html.Node) bool { return at(n, "href") == "#f-purpose" })
	if len(links) != 1 || len(pg.find("textarea", func(n *html.Node) bool { return at(n, "id") == "f-purpose" && at(n, "aria-invalid") == "true" })) != 1 {
		t.Errorf("the summary does not lead to the field:\n%s", pg.body)
	}
	long := strings.Repeat("Kiểm tra thông tin ", 3) + attack
	boss.post(purpose, "_version", first, "purpose", long, "use", long, "storage", "none").is(200, matter).says("Saved", "1 missing")

	// Somebody else saves on top of what was seen before.
	pg = boss.post(purpose, "_version", first, "purpose", "another text that is long enough", "use", long, "storage", "none").is(409, purpose)
	pg.says("Somebody has just changed this", "QT-H98", "Section saved", "Saved now: "+strings.TrimSpace(long))
	if pg.field("purpose") != "another text that is long enough" {
		t.Error("what was typed is lost")
	}
	boss.post(purpose, "_version", pg.field("_version"), "purpose", "another text that is long enough", "use", long, "storage", "none", "_next", "1").is(200, matter+"/section/data")

	// What is missing is told by section, with the way there.
	pg = boss.post(matter + "/act/submit")
	pg.is(422, matter+"/act/submit").says("this is required")
	if len(pg.find("a", func(n *html.Node) bool { return at(n, "href") == matter+"/section/data#f-daily" })) != 1 {
		t.Error("no way leads to what is missing")
	}
	check := boss.get(matter+"/section/").is(200, matter+"/section/").says("another text that is long enough", "Missing")
	if strings.Contains(check.body, "<script>alert") {
		t.Error("an answer is a script")
	}

	// Numbers as people write them; every choice stays.
	data := matter + "/section/data"
	pg = boss.post(data, "services", "lookup", "fields", "fullName", "fields", "sex", "daily", "1.500", "perCase", "many", "until", "31/12/2099", "procedures", "1.004222\r\n1.004223").is(422, data)
	pg.says("give a whole number")
	for _, want := range []string{"fullName", "sex", "lookup"} {
		if len(pg.find("input", func(n *html.Node) bool {
			return at(n, "value") == want && slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "checked" })
		})) != 1 {
			t.Errorf("%s is not chosen any more", want)
		}
	}
	if pg.field("daily") != "1.500" || pg.field("perCase") != "many" || pg.field("until") != "31/12/2099" || pg.field("procedures") != "1.004222\n1.004223" {
		t.Errorf("what was typed is lost: %q", pg.field("procedures"))
	}

	// A form that comes from elsewhere does nothing.
	other := *boss
	other.header = http.Header{"Sec-Fetch-Site": {"cross-site"}, "Accept-Language": {"en"}}
	if pg := other.post(matter+"/act/withdraw", "_reason", "a reason long enough"); pg.status != http.StatusForbidden {
		t.Errorf("a form from elsewhere is %d", pg.status)
	}
	pg = boss.post(matter+"/act/withdraw", "_reason", "short").is(422, matter+"/act/withdraw").says("at least 10")
	if pg.field("_reason") != "short" {
		t.Error("the reason is lost")
	}
	boss.post(matter+"/act/withdraw", "_reason", attack+" is the reason").is(200, matter).says("Withdrawn", "this is closed", attack)
	boss.get(matter+"/act/submit").is(409, matter+"/act/submit").says("cannot be done now")
	boss.get(purpose).says("This can only be read now")
}

// A suspension is one person's act, its end two people's.
func TestLifeOfTwo(t *testing.T) {
	p := open(t)
	admin := p.signIn(p.account("quantri"))
	operator := p.staff(admin, identity.Onboarder, "tiep.nhan", "TN-0001")
	supervisor := p.staff(admin, identity.Supervisor, "giam.sat", "GS-0001")
	path := supervisor.get("/life/connection/?life=open&state=active").find("th", func(n *html.Node) bool { return at(n, "scope") == "row" })
	if len(path) == 0 {
		t.Fatal("no connection is active")
	}
	connection := ""
	for d := range path[0].Descendants() {
		if d.Type == html.ElementNode && d.Data == "a" {
			connection = at(d, "href")
		}
	}
	operator.get(connection).is(200, connection)
	operator.get(connection+"/act/suspend").is(409, connection+"/act/suspend").says("who may: Supervisor")
	act := supervisor.get(connection+"/act/suspend").is(200, connection+"/act/suspend").says("The state becomes “Suspended”", "Told of it: Agency", "Law: 47/2020/NĐ-CP Art. 43.5")
	supervisor.post(connection+"/act/suspend", "_version", act.field("_version"), "violation", "used for another purpose").is(422, connection+"/act/suspend").says("this is required")
	supervisor.post(connection+"/act/suspend", "violation", "used for another purpose", "remedy", "a report in writing").is(200, connection).
		says("It is done", "Suspended", "it is yours to do: Notify the agency of the suspension", "used for another purpose")
	supervisor.get("/life").says("Notify the agency of the suspension")
	boss := p.signIn(p.account("quantri.songxanh"))
	if pg := boss.get(connection); pg.status != http.StatusOK && pg.status != http.StatusNotFound {
		t.Errorf("status %d", pg.status)
	}

	// Back to work: one proposes, another confirms.
	supervisor.get(connection+"/act/resume").says("This takes two people", "Propose it to another")
	supervisor.post(connection+"/act/resume", "_reason", "short").is(422, connection+"/act/resume")
	supervisor.post(connection+"/act/resume", "_reason", "the report was checked").is(200, connection).says("Proposed", "Suspended")
	acts := operator.get("/acts").is(200, "/acts").says("Resume", "the report was checked")
	confirm := ""
	for _, n := range acts.find("form", func(n *html.Node) bool { return strings.HasSuffix(at(n, "action"), "/confirm") }) {
		confirm = at(n, "action")
	}
	if confirm == "" {
		t.Fatalf("nothing can be confirmed:\n%s", acts.text())
	}
	operator.post(confirm)
	supervisor.get(connection).says("Active", "Resume", "GS-0001")
}

// An agency sees its own matters, and no others.
func TestAnAgencySeesItsOwn(t *testing.T) {
	p := open(t)
	boss := p.signIn(p.account("quantri.songxanh"))
	admin := p.signIn(p.account("quantri"))
	operator := p.staff(admin, identity.Onboarder, "tiep.nhan", "TN-0001")
	pg := operator.post("/life/new/agency", "id", "co-quan-khac", "code", "", "nameVI", "Cơ quan khác <b>", "group", "1", "body", "provincial").is(422, "/life/new/agency")
	if pg.field("nameVI") != "Cơ quan khác <b>" || pg.field("id") != "co-quan-khac" {
		t.Error("what was typed is lost")
	}
	operator.post("/life/new/agency", "id", "co-quan-khac", "code", "H55", "nameVI", "Cơ quan khác", "group", "1", "body", "provincial").is(200, "/life/agency.co-quan-khac").says("The matter is open")
	operator.get("/life/agency.co-quan-khac/act/correct").says("Cơ quan khác") // in the field below
	if got := operator.get("/life/agency.co-quan-khac/act/correct").field("code"); got != "H55" {
		t.Errorf("the form begins with %q", got)
	}
	contact := "/life/agency.co-quan-khac/section/contact"
	operator.post(contact, "name", "Nguyễn Văn Mẫu", "role", "Trưởng phòng", "phone", "024 3825 1234", "email", "dau-moi@khac.example.vn").is(200, "/life/agency.co-quan-khac").says("Complete")
	for _, path := range []string{"/life/agency.co-quan-khac", contact, "/life/agency.co-quan-khac/section/", "/life/agency.co-quan-khac/act/correct"} {
		if pg := boss.get(path); pg.status != http.StatusNotFound {
			t.Errorf("%s: another agency gets %d", path, pg.status)
		}
	}
	if pg := boss.get("/life/agency/?agency=co-quan-khac"); strings.Contains(pg.text(), "Cơ quan khác") {
		t.Error("the list shows another agency")
	}
	// What is published anybody may read.
	nobody := p.visitor()
	nobody.get("/contacts").is(200, "/contacts").says("Nguyễn Văn Mẫu", "dau-moi@khac.example.vn", "Not named yet")
	nobody.get("/contacts?q=co+quan+khac").says("Nguyễn Văn Mẫu")
	if pg := nobody.get("/contacts?q=Nguyen"); strings.Contains(pg.text(), "Nguyễn Văn Mẫu") {
		t.Error("an officer is found by name")
	}
}
