package console_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// An agency's administrator sees the own agency's standing, usage and entries,
// exact and in plain words, and never another's.
func TestAnotherAgencysConsole(t *testing.T) {
	p := open(t)
	admin := p.signIn(p.account("quantri"))
	own := p.signIn(p.account("quantri.songxanh"))
	officer := p.signIn(p.account("canbo.songxanh"))
	other, _, _, _ := p.other(admin)
	who := p.Info.People[2]
	ask(officer, p, who).says("One person found")

	// The quota is exact at once.
	home := own.get("/agency").is(200, "/agency").says("For your agency to do", "9,999 of 10,000 calls left", "Running out", "Quick ways")
	if strings.Contains(home.text(), "Việc chung") {
		t.Error("the page shows another agency")
	}
	for _, n := range home.find("a", func(n *html.Node) bool { return strings.HasPrefix(at(n, "href"), "/") }) {
		if href := at(n, "href"); !strings.Contains(href, "lang=") && (strings.HasPrefix(href, "/agency") || strings.HasPrefix(href, "/life")) {
			if pg := own.get(href); pg.status != 200 {
				t.Errorf("%s leads to status %d", href, pg.status)
			}
		}
	}
	own.get("/agency/certificates").says("one holds", "Register a new certificate")

	// Usage follows the log.
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := p.App.Usage.Await(ctx, p.App.Log.Head().Size); err != nil {
		t.Fatal(err)
	}
	own.get("/agency/usage?by=officer").says("Calls", "CB-0101")
	own.get("/agency/usage").says("1 rows")
	if pg := own.get("/agency/usage/file?by=officer"); pg.status != 200 || !strings.Contains(pg.body, "CB-0101") || !strings.Contains(pg.header.Get("Content-Disposition"), "usage-officer-") {
		t.Errorf("the file is %d %q", pg.status, pg.body)
	}
	if pg := other.get("/agency/usage"); !strings.Contains(pg.text(), "No calls in this time") {
		t.Errorf("another agency's usage shows calls: %s", pg.text())
	}
	if pg := other.get("/agency/usage?connection=mot-cua-songxanh"); pg.status != 404 {
		t.Errorf("another agency's connection is %d", pg.status)
	}

	// The log: a reading needs a reason, is an entry, and masks the number.
	own.post("/agency/log").is(422, "/agency/log").says("Put these right first")
	before := p.App.Log.Head().Size
	found := own.post("/agency/log", "reason", "kiểm tra nội bộ", "officer", "CB-0101").says("CB-0101", "Answered", "Date of birth")
	if p.App.Log.Head().Size != before+1 {
		t.Errorf("the reading made %d entries", p.App.Log.Head().Size-before)
	}
	if strings.Contains(found.body, who.PIN) || strings.Contains(found.body, who.FullName) {
		t.Error("the list shows whom it was about")
	}
	file := own.post("/agency/log/export/"+strings.TrimPrefix(found.path, "/agency/log/"), "as", "csv")
	if file.status != 200 || !strings.Contains(file.body, "CB-0101") || strings.Contains(file.body, who.PIN) {
		t.Errorf("the file is %d %q", file.status, file.body)
	}
	if pg := other.get(found.path); pg.status != 404 {
		t.Errorf("another's search is %d", pg.status)
	}
	// The other agency's officer has the same code: the entries are not theirs.
	if pg := other.post("/agency/log", "reason", "kiểm tra nội bộ", "officer", "CB-0101"); strings.Contains(pg.text(), "Look-up") && strings.Contains(pg.text(), p.Info.Systems[0].Case) {
		t.Errorf("another agency's entries are shown: %s", pg.text())
	}
}

// The guide an agency writes has versions, keeps what is typed, is drawn as
// words, and is its own people's; its notices stand on its officers' desks.
func TestAnAgencysGuide(t *testing.T) {
	p := open(t)
	admin := p.signIn(p.account("quantri"))
	own := p.signIn(p.account("quantri.songxanh"))
	officer := p.signIn(p.account("canbo.songxanh"))
	other, _, stranger, _ := p.other(admin)

	officer.get("/guides").says("Guide for officers", "Version 1.0 of")
	officer.get("/guides/officer").is(200, "/guides/officer").says("case.exhausted", "Versions and what changed", "First version.")
	officer.get("/guides/officer?lang=vi").says("Khi bị từ chối")
	officer.get("/guides?lang=en")
	for _, none := range []string{"/guides/nosuch", "/guides/connection", "/guides/own", "/guides/officer?version=9", "/guides/own?version=x"} {
		if pg := officer.get(none); pg.status != 404 {
			t.Errorf("%s is %d", none, pg.status)
		}
	}

	own.get("/guides/connection").is(200, "/guides/connection").says("Quota and locks")

	const one, two = "## Bước một\n\nMở **hồ sơ**.\n", "## Bước một\n\nMở hồ sơ.\n\n## Bước hai\n\nXem [danh bạ](/contacts).\n"
	own.get("/guides").says("has no guide of its own yet")
	own.post("/agency/guide", "seen", "0", "title", "Hướng dẫn", "changes", "", "text", one).is(422, "/agency/guide").says("Say what changed")
	if pg := own.get("/agency/guide").says("have not sent"); strings.TrimSpace(pg.field("text")) != strings.TrimSpace(one) {
		t.Errorf("the form holds %q", pg.field("text"))
	}
	own.post("/agency/guide", "seen", "0", "title", "Hướng dẫn", "changes", "x", "text", "<script>alert(1)</script>").is(422, "/agency/guide").says("There is HTML")
	own.post("/agency/guide", "seen", "0", "title", "Hướng dẫn <b>", "changes", "Bản đầu", "text", one).is(200, "/guides/own").says("Version 1 of", "Bước một")
	own.post("/agency/guide", "seen", "0", "title", "Khác", "changes", "x", "text", two).is(409, "/agency/guide").says("published version 1")
	pg := own.post("/agency/guide", "seen", "1", "title", "Hướng dẫn", "changes", "Thêm bước hai\nSửa lỗi", "text", two).is(200, "/guides/own").says("Version 2 of", "Thêm bước hai", "Sửa lỗi")
	if strings.Contains(pg.body, "<script>alert") || len(pg.find("a", func(n *html.Node) bool { return at(n, "href") == "/contacts" && n.FirstChild.Data == "danh bạ" })) != 1 {
		t.Error("the guide is not drawn as words")
	}
	officer.get("/guides/own").says("Bước hai")
	officer.get("/guides/own?version=1").says("This is an older version", "Bước một")
	for _, v := range []*visitor{other, stranger} {
		if pg := v.get("/guides/own"); pg.status != 404 {
			t.Errorf("another agency's guide is %d", pg.status)
		}
	}

	// Notices.
	own.post("/agency/board", "text", "", "days", "0").is(422, "/agency/board").says("Write the notice", "Give 1 to 180 days")
	pg = own.post("/agency/board", "text", "Ngày mai bảo trì <b>", "days", "2").is(200, "/agency/board").says("Ngày mai bảo trì <b>")
	officer.get("/look-up").says("Notices of your agency", "Ngày mai bảo trì", "10,000 of 10,000 calls left", "Look-up guide")
	if strings.Contains(stranger.get("/look-up").text(), "Ngày mai") {
		t.Error("another agency's officer sees the notice")
	}
	end := ""
	for _, n := range pg.find("form", func(n *html.Node) bool { return strings.HasSuffix(at(n, "action"), "/end") }) {
		end = at(n, "action")
	}
	if pg := other.post(end); pg.status != 404 {
		t.Errorf("another agency ends the notice: %d", pg.status)
	}
	// What is left comes with an answer, with and without script.
	ask(officer, p, p.Info.People[2]).says("9,999 of 10,000 calls left", "Ngày mai bảo trì")
	officer.header.Set("HX-Request", "true")
	part := ask(officer, p, p.Info.People[3])
	officer.header.Del("HX-Request")
	if len(part.find("div", func(n *html.Node) bool { return at(n, "id") == "quota" && at(n, "hx-swap-oob") == "true" })) != 1 {
		t.Errorf("the answer does not bring what is left: %s", part.body)
	}
	part.says("9,998 of 10,000 calls left")
	own.post(end).is(200, "/agency/board").says("No notice is shown")
	p.pass(49 * time.Hour)
	if strings.Contains(p.signIn(p.account("canbo.songxanh")).get("/look-up").text(), "Ngày mai") {
		t.Error("the notice is still shown")
	}
}
