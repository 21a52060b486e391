package console_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dancu/internal/console"
)

// What keeps has a page of the same address: there people find it again.
func TestWhatKeepsHasItsPage(t *testing.T) {
	there := map[string]bool{}
	for _, r := range console.Routes() {
		there[r.Pattern] = true
	}
	n := 0
	for _, r := range console.Routes() {
		path, post := strings.CutPrefix(r.Pattern, "POST ")
		if !r.Keeps {
			continue
		}
		n++
		if !post || !there["GET "+path] || r.May.Public() {
			t.Errorf("%s keeps, and has no page for those who are signed in", r.Pattern)
		}
	}
	if n == 0 {
		t.Error("nothing keeps")
	}
}

// fragment posts as the script does.
func (v *visitor) fragment(path string, pairs ...string) *page {
	v.p.t.Helper()
	v.header.Set("HX-Request", "true")
	defer v.header.Del("HX-Request")
	return v.post(path, pairs...)
}

// begin opens an application of the visitor's and returns its first section.
func begin(boss *visitor) (matter, section string) {
	matter = boss.post("/life/new/application").path
	return matter, matter + "/section/purpose"
}

const half = "Đối chiếu thông tin công dân, còn đang viết dở"

// One system for all of it; each story is a method.
func TestWhatIsTypedIsKept(t *testing.T) {
	p := open(t)
	p.sessionEndsMeanwhile()
	p.typingIsSaved()
	p.filesOfADraftStay()
	p.keepingIsTheOwnersAlone() // the last: a day goes by
}

// The session ends between opening a form and sending it, without script:
// after signing in again what was typed stands in the form.
func (p *place) sessionEndsMeanwhile() {
	t := p.t
	t.Helper()
	boss := p.signIn(p.account("quantri.songxanh"))
	_, section := begin(boss)
	boss.get(section).is(200, section).says("What you type is kept")

	p.pass(6 * time.Minute) // an administrator's session lasts five without a request
	pg := boss.post(section, "_version", "1", "_title", "Purpose", "purpose", half, "storage", "none")
	pg.is(200, "/sign-in").says("Your session timed out", "What you typed is kept")
	if got := pg.field("next"); got != section {
		t.Fatalf("the sign-in leads to %q", got)
	}
	if strings.Contains(pg.body, half) {
		t.Error("the sign-in shows what was typed to anybody")
	}

	// Somebody else signs in at the same desk: they find nothing.
	other := p.signIn(p.account("canbo.songxanh"))
	if other.get(section); strings.Contains(other.get("/look-up").text(), half) {
		t.Error("another account sees what was typed")
	}
	// The same account does, and nothing was saved in the matter.
	boss = p.signIn(p.account("quantri.songxanh"))
	pg = boss.get(section).is(200, section).says("have not sent")
	if pg.field("purpose") != half || pg.field("_version") != "1" {
		t.Errorf("the form holds %q", pg.field("purpose"))
	}
	boss.get("/life").says("Forms begun", "Purpose")

	// Sending it forgets it.
	boss.post(section, "_version", "1", "purpose", half, "use", half, "storage", "none").says("Saved")
	if pg := boss.get(section); strings.Contains(pg.text(), "have not sent") || strings.Contains(boss.get("/life").text(), "Forms begun") {
		t.Error("the draft is still there although the form was sent")
	}
}

// With the script, what is typed is saved as it is typed, and somebody whose
// session ends meanwhile stays on the page.
func (p *place) typingIsSaved() {
	t := p.t
	t.Helper()
	boss := p.signIn(p.account("quantri.songxanh"))
	matter, section := begin(boss)
	boss.fragment(section, "_draft", "1", "_version", "1", "purpose", "một").is(200, section).says("Draft saved at")
	boss.fragment(section, "_draft", "1", "_version", "1", "purpose", half).says("Draft saved at")
	if pg := boss.get(section); pg.field("purpose") != half {
		t.Errorf("the form holds %q", pg.field("purpose"))
	}
	boss.get(matter).says("Not started") // nothing was saved in the matter
	p.pass(6 * time.Minute)
	pg := boss.fragment(section, "_draft", "1", "_version", "1", "purpose", half+" nữa").is(200, section)
	pg.says("Your session has ended", "is kept", "Sign in")
	if pg.header.Get("HX-Redirect") != "" {
		t.Error("somebody who types is taken away from the form")
	}
	boss = p.signIn(p.account("quantri.songxanh"))
	if pg := boss.get(section); pg.field("purpose") != half+" nữa" {
		t.Errorf("the form holds %q", pg.field("purpose"))
	}

	// Later: the draft is in the list, and is thrown away from there.
	boss.post(section, "_later", "1", "_version", "1", "_title", "Mục đích", "purpose", half).says("The draft is saved", "Forms begun", "Mục đích")
	discard := boss.get("/life").find("form", func(n *html.Node) bool { return at(n, "action") == "/drafts/discard" })
	if len(discard) != 1 {
		t.Fatalf("%d drafts can be thrown away", len(discard))
	}
	boss.post("/drafts/discard", "form", section, "next", section).is(200, section)
	if pg := boss.get(section); pg.field("purpose") != "" {
		t.Errorf("the form holds %q", pg.field("purpose"))
	}

	// What is refused is kept as it was sent, and an act as well as a section.
	boss.post(section, "_version", "1", "purpose", "ngắn", "storage", "none").is(422, section)
	if pg := boss.get(section).says("have not sent"); pg.field("purpose") != "ngắn" {
		t.Errorf("the form holds %q", pg.field("purpose"))
	}
	act := matter + "/act/withdraw"
	if pg := boss.get(act); pg.status == 200 {
		boss.post(act, "_reason", "quá").is(422, act)
		if pg := boss.get(act); pg.field("_reason") != "quá" {
			t.Errorf("the act holds %q", pg.field("_reason"))
		}
	}
}

// Nobody leaves text without having had a session, nor long after it, nor
// through another's form; a draft of somebody else cannot be thrown away.
func (p *place) keepingIsTheOwnersAlone() {
	t := p.t
	t.Helper()
	boss := p.signIn(p.account("quantri.songxanh"))
	_, section := begin(boss)
	stranger := p.visitor()
	stranger.post(section, "purpose", "của người lạ").is(200, "/sign-in").says("could not be kept")
	if pg := boss.get(section); pg.field("purpose") != "" {
		t.Errorf("a stranger left %q", pg.field("purpose"))
	}
	boss.fragment(section, "_draft", "1", "_version", "1", "purpose", half)
	officer := p.signIn(p.account("canbo.songxanh"))
	officer.post("/drafts/discard", "form", section)
	if pg := boss.get(section); pg.field("purpose") != half {
		t.Error("another account threw the draft away")
	}
	officer.post(section, "_draft", "1", "purpose", "lạ").is(403, section)

	inspector := p.signIn(p.account("kiemtra"))
	inspector.get("/life/new/inspection").is(200, "/life/new/inspection")
	p.pass(26 * time.Hour)
	inspector.post("/life/new/inspection", "_reason", "quá muộn").is(200, "/sign-in").says("could not be kept")
}

// A form with files whose session has ended keeps its texts; files that were
// uploaded before stay as long as the draft does.
func (p *place) filesOfADraftStay() {
	t := p.t
	t.Helper()
	boss := p.signIn(p.account("quantri.songxanh"))
	matter, _ := begin(boss)
	documents := matter + "/section/documents"
	files := boss.get(documents).find("input", func(n *html.Node) bool { return at(n, "type") == "file" })
	if len(files) == 0 {
		t.Fatal("the section takes no file")
	}
	name := strings.TrimSuffix(at(files[0], "name"), ".file")
	pdf := "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
	pg := boss.upload(documents, name+".file", []string{"_version", "1", "_later", "1"}, "cong-van.pdf", pdf)
	pg.says("The draft is saved")
	pg = boss.get(documents).says("cong-van.pdf")
	ids := pg.find("input", func(n *html.Node) bool { return at(n, "name") == name })
	if len(ids) != 1 {
		t.Fatalf("%d files stand in the draft:\n%s", len(ids), pg.body)
	}
	id := at(ids[0], "value")
	// Longer than an upload waits by itself.
	p.pass(5 * 24 * time.Hour)
	if n, err := p.App.Evidence.Sweep(t.Context(), func(context.Context, []string) ([]string, error) { return nil, nil }); n != 0 || err != nil {
		t.Fatalf("%d files were swept (%v)", n, err)
	}
	boss = p.signIn(p.account("quantri.songxanh"))
	boss.get(documents).says("cong-van.pdf")
	p.pass(6 * time.Minute)
	boss.upload(documents, name+".file", []string{"_version", "1", name, id}, "hai.pdf", pdf).is(200, "/sign-in").says("What you typed is kept")
	boss = p.signIn(p.account("quantri.songxanh"))
	boss.get(documents).says("cong-van.pdf", "have not sent")
}
