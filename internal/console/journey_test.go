package console_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dancu/internal/access"
	"dancu/internal/ledger"
	"dancu/internal/web"
)

// An officer's working day, by the forms alone: sign in, look up, be refused,
// read the own history, sign out; and an inspector finds all of it.
func TestAnOfficersDay(t *testing.T) {
	p := open(t)
	who, other := p.Info.People[0], p.Info.People[1]
	caseCode := p.Info.Systems[0].Case
	birth := func(iso string) string { d, _ := time.Parse(time.DateOnly, iso); return d.Format("02/01/2006") }
	officer := p.account("canbo.songxanh")
	v := p.signIn(officer)

	// The form has what the officer was given, and the number has the focus.
	desk := v.get("/look-up").is(200, "/look-up").says("1.900101.H98", "Look up", "Verify", "Search", "Household", "10,000 of 10,000 calls left")
	for _, n := range desk.find("input", func(n *html.Node) bool { return at(n, "name") == "number" }) {
		if _, ok := has(n, "autofocus"); !ok {
			t.Error("the number has not the focus")
		}
	}
	fields := []string{}
	for _, n := range desk.find("input", func(n *html.Node) bool { return at(n, "name") == "fields" }) {
		fields = append(fields, at(n, "value"))
	}
	if len(fields) != len(p.Info.Systems[0].Fields) {
		t.Errorf("%d fields are offered, %d are granted", len(fields), len(p.Info.Systems[0].Fields))
	}

	// The case code is checked as it is typed.
	v.post("/look-up/case", "case", caseCode, "purpose", desk.value("purpose")).says("Well formed")
	v.post("/look-up/case", "case", "H97-200101-0001").says("another agency")
	v.post("/look-up/case", "case", "nonsense").says("not a dossier code")

	// What is wrong is said, and nothing is asked.
	bad := v.post("/look-up", "transaction", desk.value("transaction"), "case", "H97-200101-0001", "number", "12", "name", "Ai Đó", "fields", "fullName")
	if bad.status != http.StatusUnprocessableEntity {
		t.Errorf("a form with mistakes: status %d", bad.status)
	}
	bad.says("Put these right first", "another agency", "exactly 12 digits", "Type the date of birth")
	if bad.value("name") != "Ai Đó" {
		t.Error("what was typed is lost")
	}

	ask := func(transaction, pin, name, born string) *page {
		return v.post("/look-up", "transaction", transaction, "purpose", desk.value("purpose"), "service", "lookup", "case", strings.ToLower(caseCode),
			"number", pin[:3]+" "+pin[3:], "name", name, "birth", birth(born), "fields", "fullName", "fields", "dateOfBirth", "fields", "permanentResidence")
	}
	id := desk.value("transaction")
	found := ask(id, who.PIN, who.FullName, who.DateOfBirth).is(200, "/look-up").says("One person found", who.FullName, birth(who.DateOfBirth), "Log entry", caseCode, "9,999 of 10,000 calls left")
	if found.value("transaction") == id {
		t.Error("the next call would be the same one again")
	}
	// Sent twice is one call.
	ask(id, who.PIN, who.FullName, who.DateOfBirth).says("sent before", "No second one was counted", "9,999 of 10,000 calls left")
	ask(web.NewID(time.Now()), other.PIN, who.FullName, who.DateOfBirth).says("Nobody fits")
	// An old form is not sent.
	ask(web.NewID(time.Now().Add(-72*time.Hour)), who.PIN, who.FullName, who.DateOfBirth).says("open for too long")
	// A field that was not granted is not asked for, whatever the form says.
	v.post("/look-up", "transaction", web.NewID(time.Now()), "case", caseCode, "number", who.PIN, "name", who.FullName, "birth", birth(who.DateOfBirth), "fields", "religion").
		says("Choose at least one field")

	v.post("/look-up", "transaction", web.NewID(time.Now()), "service", "verify", "case", caseCode, "number", who.PIN, "name", who.FullName, "birth", birth(who.DateOfBirth)).says("Match", "agrees with the register")
	v.post("/look-up", "transaction", web.NewID(time.Now()), "service", "verify", "case", caseCode, "number", who.PIN, "name", "Người Khác", "birth", birth(who.DateOfBirth)).says("No match")
	v.post("/look-up", "transaction", web.NewID(time.Now()), "service", "search", "case", caseCode, "name", who.FullName, "birth", birth(who.DateOfBirth), "fields", "fullName", "fields", "pin").says("people found", "••••••••")
	v.post("/look-up", "transaction", web.NewID(time.Now()), "service", "household", "case", caseCode, "number", who.PIN, "name", who.FullName, "birth", birth(who.DateOfBirth), "fields", "fullName").says("The household has")

	// A right that is taken away binds at the next call, in the same session.
	admin := p.signIn(p.account("quantri.songxanh"))
	list := admin.get("/agency/officers")
	one := list.link("Trần Văn Cửa")
	admin.post(one+"/rights", "rights", "mot-cua verify").says("Done")
	// What was asked is refused, and nothing else is done in its place.
	refused := ask(web.NewID(time.Now()), who.PIN, who.FullName, who.DateOfBirth)
	refused.says("Refused", "Officer not allowed", "Ask your agency's account manager", "Verify")
	v.post("/look-up", "transaction", web.NewID(time.Now()), "purpose", "mot-cua,1.900199.H98", "service", "lookup", "case", caseCode,
		"number", who.PIN, "name", who.FullName, "birth", birth(who.DateOfBirth), "fields", "fullName").says("Refused", "")
	for _, not := range []string{"cap-phep,1.900201.G98", "mot-cua,nonsense", "nowhere,1.900101.H98"} { // never the agency's
		v.post("/look-up", "transaction", web.NewID(time.Now()), "purpose", not, "service", "verify", "case", caseCode).says("No rights yet")
	}
	admin.post(one + "/rights").says("Done")
	ask(web.NewID(time.Now()), who.PIN, who.FullName, who.DateOfBirth).says("No rights yet", "Refused", "Officer not allowed")
	admin.post(one+"/rights", "rights", "mot-cua verify").says("Done")
	// By script the answer is a part of the page, with the next call's id.
	v.header.Set("HX-Request", "true")
	part := v.post("/look-up", "transaction", web.NewID(time.Now()), "service", "verify", "case", caseCode, "number", who.PIN, "name", who.FullName, "birth", birth(who.DateOfBirth))
	if strings.Contains(part.body, "<html") || !strings.Contains(part.body, `hx-swap-oob="true"`) {
		t.Error("the script gets a whole page, or no new transaction id")
	}
	v.header.Del("HX-Request")

	// The history is masked; revealing one is an act.
	history := v.get("/look-up/history").is(200, "/look-up/history").says("My look-ups", "••••••••"+who.PIN[8:])
	if strings.Contains(history.body, who.PIN) {
		t.Error("the history shows a number")
	}
	action := ""
	for _, n := range history.find("form", func(n *html.Node) bool { return strings.HasPrefix(at(n, "action"), "/look-up/history/") }) {
		action = at(n, "action")
		break
	}
	v.post(action).says(who.PIN)

	// Disabling bites at the next request, and says so.
	admin.post(one+"/disable", "reason", "chuyển công tác").says("Done", "Disabled")
	v.get("/look-up").is(200, "/sign-in").says("Your session has ended")

	p.inspect(t, officer.Code, who.PIN, caseCode)
}

// inspect is an inspector's work on that day.
func (p *place) inspect(t *testing.T, officerCode, pin, caseCode string) {
	t.Helper()
	v := p.signIn(p.account("kiemtra"))
	v.post("/log", "person", pin).says("Give the reason")
	results := v.post("/log", "person", pin, "reason", "Đơn số 5/2026").says("Entries found", officerCode, "verified", "••••••••"+pin[8:], "this reading is entry")
	if strings.Contains(results.body, pin) || strings.Contains(results.path, pin) || len(results.query) > 0 {
		t.Error("the number is in the address or in full on the page")
	}
	story := v.get(results.link("Entry ")).says("One request", "Good: the entry is in the log", `"procedure"`)
	if story.status != 200 {
		t.Errorf("status %d", story.status)
	}
	csv := v.post("/log/export/" + strings.TrimPrefix(results.path, "/log/"))
	if ct := csv.header.Get("Content-Type"); !strings.HasPrefix(ct, "text/csv") || !strings.Contains(csv.body, pin) || !strings.Contains(csv.body, officerCode) {
		t.Errorf("the export is %s:\n%s", ct, csv.body)
	}
	v.post("/log", "kind", "log.export", "reason", "xem việc xuất").says("Log exported")
	v.post("/log", "case", caseCode, "from", "32/13/2026", "reason", "x").says("Write the day as")
	day := v.post("/log/day", "officer", officerCode, "agency", "H98", "day", time.Now().In(time.FixedZone("", 7*3600)).Format("02/01/2006"), "reason", "Kế hoạch kiểm tra quý IV")
	day.says("Calls by the hour", "Signed in", "Look-up", "Session ended")

	// The citizen sees the same, and no number of anybody else's.
	c := p.citizen(0)
	c.get("/me").says("Who looked at my data", "Looked at", "Only checked: matches", "To deal with:")
}

func has(n *html.Node, key string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val, true
		}
	}
	return "", false
}

// An agency's administrator makes an officer and gives rights; the register's
// administrators need two for what takes two.
func TestAdministrators(t *testing.T) {
	p := open(t)
	v := p.signIn(p.account("quantri.songxanh"))
	v.post("/agency/officers/new", "name", "", "login", "X", "code", "").says("Type the name", "Type the code", "Put these right first")
	made := v.post("/agency/officers/new", "name", "Đặng Thị Hường", "login", "dang.huong", "code", "CB-0200", "unit", "Một cửa").says("One-time password", "shown this once")
	onetime := made.secret()
	v.post("/agency/officers/new", "name", "Ai", "login", "dang.huong", "code", "CB-0201").is(422, "/agency/officers/new")
	for _, typed := range []string{"huong", "Hường", "dang", "ĐẶNG", "cb-0200"} {
		v.post("/agency/officers/find", "text", typed).says("Đặng Thị Hường", "1 accounts found")
	}
	v.post("/agency/officers/find", "text", "zzzz").says("No account fits")
	one := v.get("/agency/officers").link("Đặng Thị Hường")
	v.get(one).says("Rights", "One-stop office of Sông Xanh", "Not taken up")
	v.post(one+"/rights", "rights", "mot-cua lookup", "rights", "mot-cua verify").says("Done")
	v.post(one+"/rights", "rights", "cap-phep lookup").is(422, one+"/rights") // another agency's
	officer, _ := p.firstTime("dang.huong", onetime, "agency-officer")
	officer.get("/look-up").says("Look up", "Verify")
	v.post(one+"/change", "name", "Đặng Thu Hường", "unit", "Tư pháp").says("Đặng Thu Hường", "Tư pháp")
	v.post(one+"/disable").is(422, one+"/disable").says("Give the reason")
	v.post(one+"/password", "reason", "quên mật khẩu").says("One-time password")
	officer.get("/look-up").is(200, "/sign-in")

	// The review.
	v.post("/agency/review").says("Review opened on", "are still undecided")
	pg := v.get("/agency/review")
	for _, n := range pg.find("form", func(n *html.Node) bool {
		return strings.HasPrefix(at(n, "action"), "/agency/review/") && at(n, "class") == "act"
	}) {
		v.post(at(n, "action"), "keep", "1").says("Done")
	}
	sign := ""
	for _, n := range v.get("/agency/review").find("form", func(n *html.Node) bool { return strings.HasSuffix(at(n, "action"), "/sign") }) {
		sign = at(n, "action")
	}
	v.post(sign).says("Done", "Last sign-off")

	// Two people.
	first, second := p.signIn(p.account("quantri")), p.signIn(p.account("quantri2"))
	first.post("/acts/administrator", "name", "Ngô Văn Ba", "login", "ngo.ba", "code", "QT-0003", "reason", "ngắn").says("At least 10 characters")
	first.post("/acts/administrator", "name", "Ngô Văn Ba", "login", "ngo.ba", "code", "QT-0003", "reason", "Bổ sung theo công văn số 8").says("Proposed", "Waiting", "another person must confirm")
	confirm := ""
	for _, n := range second.get("/acts").says("Ngô Văn Ba").find("form", func(n *html.Node) bool { return strings.HasSuffix(at(n, "action"), "/confirm") }) {
		confirm = at(n, "action")
	}
	first.post(confirm).is(422, confirm) // nobody confirms what they proposed
	second.post(confirm).says("One-time password")
	second.post(confirm).is(422, confirm) // once
	first.post("/staff/new", "kind", "support", "name", "Hỗ Trợ", "login", "ho.tro", "code", "HT-1").says("One-time password")
	first.get("/staff?kind=support").says("Hỗ Trợ")
	// Without a second step yet, one alone gives no staff member's account away.
	first.post(first.get("/staff?kind=support").link("Hỗ Trợ")+"/password", "reason", "Thư đầu thất lạc").says("Proposed").is(200, "/acts")

	// Whoever confirms sees whose account it is.
	inspector := p.account("kiemtra")
	first.post(first.get("/staff?kind=inspector").link(inspector.Name)+"/factors", "reason", "Mất điện thoại ngày 3").says("Proposed")
	second.get("/acts").says(inspector.Login)
	// An administrator who was disabled is enabled by two.
	third := first.get("/staff?kind=administrator").link("Ngô Văn Ba")
	first.post(third+"/disable", "reason", "chuyển công tác").says("Done", "Disabled")
	first.post(third+"/enable", "reason", "trở lại công tác").says("Proposed", "Enable a register administrator", "ngo.ba")
}

// Whatever shows entry bodies is an entry itself, with the reader, the session,
// the address and the reason, before anything is shown (guarantee G7).
func TestEveryReadingIsAnEntry(t *testing.T) {
	p := open(t)
	officer, inspector := p.signIn(p.account("canbo.songxanh")), p.signIn(p.account("kiemtra"))
	ask(officer, p, p.Info.People[0]).says("One person found")
	results := inspector.post("/log", "officer", "CB-0101", "reason", "Đơn số 77")
	story := results.link("Entry ")
	day := inspector.post("/log/day", "officer", "CB-0101", "agency", "H98", "day", time.Now().In(access.Zone).Format("02/01/2006"), "reason", "Đơn số 77")
	citizen := p.citizen(0)
	count := func() (n int) {
		lines, err := p.App.Log.Recent(t.Context(), 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			if strings.HasPrefix(l.Kind, "log.") {
				n++
			}
		}
		return n
	}
	for _, read := range []struct {
		name string
		do   func() *page
		want int
	}{
		{"results", func() *page { return inspector.get(results.path) }, 1},
		{"story", func() *page { return inspector.get(story) }, 1},
		{"day", func() *page { return inspector.get(day.path) }, 1},
		{"export", func() *page { return inspector.post("/log/export/" + strings.TrimPrefix(results.path, "/log/")) }, 2}, // the search, and the export
		{"history", func() *page { return officer.get("/look-up/history") }, 1},
		{"own record", func() *page { return citizen.get("/me") }, 1},
		{"the form", func() *page { return inspector.get("/log?of=" + strings.TrimPrefix(results.path, "/log/")) }, 0},
		{"status", func() *page { return inspector.get("/") }, 0},
	} {
		before := count()
		if pg := read.do(); pg.status != http.StatusOK {
			t.Errorf("%s: status %d", read.name, pg.status)
		}
		if got := count() - before; got != read.want {
			t.Errorf("%s: %d entries, want %d", read.name, got, read.want)
		}
	}
	found := inspector.post("/log", "kind", "log.search", "officer", "", "reason", "Đơn số 78").says("Đơn số 77", "KT-0001")
	if !strings.Contains(found.text(), "127.0.0.1") {
		t.Error("the entry of a reading names no address")
	}
}

// A session reads the log so often in a minute and no more: nobody fills it by
// loading a page again and again, and what writes no entry has no such bound.
func TestReadingsHaveARate(t *testing.T) {
	p := open(t)
	officer, inspector, citizen := p.signIn(p.account("canbo.songxanh")), p.signIn(p.account("kiemtra")), p.citizen(0)
	ask(officer, p, p.Info.People[0]).says("One person found")
	results := inspector.post("/log", "officer", "CB-0101", "reason", "Đơn số 79")
	story := results.link("Entry ")
	day := inspector.post("/log/day", "officer", "CB-0101", "agency", "H98", "day", time.Now().In(access.Zone).Format("02/01/2006"), "reason", "Đơn số 79")
	const most = 60
	for _, read := range []struct {
		name  string
		do    func() *page
		least int // how many get through, of a session that has not read
	}{
		{"results", func() *page { return inspector.get(results.path) }, most - 2}, // after those above
		{"story", func() *page { return inspector.get(story) }, 0},
		{"day", func() *page { return inspector.get(day.path) }, 0},
		{"export", func() *page { return inspector.post("/log/export/" + strings.TrimPrefix(results.path, "/log/")) }, 0},
		{"history", func() *page { return officer.get("/look-up/history") }, most},
		{"own record", func() *page { return citizen.get("/me") }, most - 1},
	} {
		start, n := time.Now(), 0
		pg := read.do()
		for ; pg.status == http.StatusOK && n < 10*most; n++ {
			pg = read.do()
		}
		if pg.status != http.StatusTooManyRequests || pg.header.Get("Retry-After") == "" {
			t.Errorf("%s: after %d, status %d, to be tried again in %q s", read.name, n, pg.status, pg.header.Get("Retry-After"))
			continue
		}
		pg.says("The log is read too fast", "60 a minute")
		if earned := int(time.Since(start)/time.Second) + 1; n < read.least || n > read.least+earned+2 {
			t.Errorf("%s: %d came through, want %d and %d earned meanwhile", read.name, n, read.least, earned)
		}
	}
	inspector.get("/log").is(http.StatusOK, "/log")
	inspector.get("/").is(http.StatusOK, "/")
	p.signIn(p.account("kiemtra")).post("/log", "officer", "CB-0101", "reason", "Đơn số 80").says("CB-0101")
}

// Whoever is shut out while a reading of theirs is under way is shown nothing.
func TestAReadingUnderWayIsOfTheSession(t *testing.T) {
	p := open(t)
	inspector := p.signIn(p.account("kiemtra"))
	results := inspector.post("/log", "kind", "session.opened", "reason", "Đơn số 81").says("KT-0001")
	held, release, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- p.App.Log.Write(t.Context(), func(tx *ledger.Tx) error {
			close(held)
			<-release
			_, err := tx.Exec(t.Context(), "UPDATE sessions SET ended = $1, why = 'admin' WHERE kind = 'inspector'", tx.Now.UnixMicro())
			return err
		})
	}()
	<-held
	late := make(chan *page)
	go func() { late <- inspector.get(results.path) }()
	time.Sleep(time.Second) // the request gets as far as its own entry
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if pg := <-late; strings.Contains(pg.text(), "KT-0001") {
		t.Errorf("status %d for a session that had ended: %s", pg.status, pg.text())
	}
}

// TestEveryLinkOpens follows every link of every page as every kind of account,
// from where it begins: what a page offers to somebody, they may open.
func TestEveryLinkOpens(t *testing.T) {
	p := open(t)
	visitors := map[string]*visitor{"nobody": p.visitor(), "citizen": p.citizen(0)}
	for _, a := range p.Info.Accounts {
		if visitors[a.Kind] == nil {
			visitors[a.Kind] = p.signIn(a)
		}
	}
	for kind, v := range visitors {
		seen := map[string]bool{}
		for next := []string{"/"}; len(next) > 0; next = next[1:] {
			if seen[next[0]] {
				continue
			}
			seen[next[0]] = true
			if len(seen) > 300 {
				t.Fatalf("%s: the links have no end: %s", kind, next[0])
			}
			pg := v.get(next[0])
			if pg.status != http.StatusOK {
				t.Errorf("%s: %s answers %d", kind, next[0], pg.status)
			}
			for _, n := range pg.find("a", nil) {
				if to, _, _ := strings.Cut(at(n, "href"), "#"); strings.HasPrefix(to, "/") && !strings.Contains(to, "lang=") {
					next = append(next, to)
				}
			}
		}
		if len(seen) < 2 {
			t.Errorf("%s: no page links anywhere", kind)
		}
	}
}
