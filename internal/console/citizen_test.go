package console_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dancu/internal/access"
	"dancu/internal/register"
	"dancu/internal/web"
)

// index is the number of the entry that the page's first look is.
func (p *page) index() string {
	p.t.Helper()
	for _, n := range p.find("a", func(n *html.Node) bool { return strings.HasPrefix(at(n, "href"), "/me/entry/") }) {
		path, _, _ := strings.Cut(strings.TrimPrefix(at(n, "href"), "/me/entry/"), "?")
		return path
	}
	p.t.Fatalf("%s shows no look:\n%s", p.path, p.text())
	return ""
}

const question = "Why did this office look me up?"

// TestACitizenAsks: who looked, the proof that verifies offline and names
// nobody else, a question, and the agency's answer; another citizen and another
// agency see nothing of it, whatever address they type.
func TestACitizenAsks(t *testing.T) {
	p := open(t)
	officer := p.signIn(p.account("canbo.songxanh"))
	who := p.Info.People[0]
	ask(officer, p, who).says("One person found")
	me, other := p.citizen(0), p.citizen(1)
	list := me.get("/me").says("Looked at", "Month "+time.Now().In(zoneICT).Format("01/2006"), "Birth name", "The log goes back to")
	if strings.Contains(list.body, "CB-0101") || strings.Contains(list.body, who.PIN) {
		t.Error("the list names the officer, or the number")
	}
	other.get("/me").says("Nobody so far")
	index := list.index()
	entry := "/me/entry/" + index
	me.get(entry).says("Was this allowed?", "Yes, under the permission given", "dancu ledger verify bien-nhan-"+index+".json --key '"+p.Info.Log.Vkey)

	// The proof.
	proof := me.post(entry + "/receipt")
	if d := proof.header.Get("Content-Disposition"); proof.status != 200 || !strings.Contains(d, "bien-nhan-"+index+".json") {
		t.Fatalf("status %d, %q", proof.status, d)
	}
	receipt := p.VerifyReceipt([]byte(proof.body))
	shown := map[string]bool{}
	for _, part := range receipt.Parts {
		shown[part.Name] = part.Shown
	}
	if fmt.Sprint(shown) != "map[access:true keys:true officer:false outcome:true subject:true]" || strings.Contains(proof.body, "CB-0101") || receipt.Proof == nil {
		t.Errorf("shown: %v", shown)
	}

	// What is another's is not there.
	for _, x := range []struct{ method, path string }{{"GET", entry}, {"POST", entry + "/receipt"}, {"GET", entry + "/ask"}, {"POST", entry + "/ask"}} {
		if pg := other.do(x.method, x.path, map[string][]string{"kind": {"question"}, "text": {question}, "step": {"send"}}); pg.status != 404 {
			t.Errorf("%s %s: another gets status %d:\n%s", x.method, x.path, pg.status, pg.text())
		}
	}
	for _, odd := range []string{"-1", "0" + index, "1e3", "99999999999999999999", "x"} {
		if pg := me.get("/me/entry/" + odd); pg.status != 404 {
			t.Errorf("entry %q: status %d", odd, pg.status)
		}
	}
	// Every entry of the log, own sign-in and readings among them, but their own look.
	size := p.App.Log.Head().Size
	for i := max(0, size-20); i < size; i++ {
		if pg := other.get(fmt.Sprintf("/me/entry/%d", i)); pg.status != 404 {
			t.Errorf("entry %d: status %d", i, pg.status)
		}
	}
	filtered := me.post("/me/find", "agency", "song xanh").is(200, "/me").says("Looked at")
	of := filtered.query.Get("of")
	if of == "" || strings.Contains(filtered.body, "nothing matches") {
		t.Errorf("the filter is kept under %q", of)
	}
	me.post("/me/find", "agency", "không có cơ quan này").says("Nothing matches the filter")
	me.post("/me/find", "from", "2020-01", "until", "2020-02").says("Nothing matches the filter")
	for _, x := range []*page{other.get("/me?of=" + of), other.get(entry + "?of=" + of), other.post("/me/find", "of", of)} {
		if x.status != http.StatusGone {
			t.Errorf("another's view: status %d at %s", x.status, x.path)
		}
	}

	// A question: written, checked, changed, sent.
	me.post(entry+"/ask", "text", "?").says("Put these right first", "Choose whether you ask or complain", "Say more clearly")
	check := me.post(entry+"/ask", "kind", "question", "text", question, "step", "check").says("Check before you send", question)
	if check.value("kind") != "question" || check.value("text") != question {
		t.Error("what was typed is lost")
	}
	me.post(entry+"/ask", "kind", "question", "text", question, "step", "edit").says("Go on", question)
	sent := me.post(entry+"/ask", "kind", "question", "text", question, "step", "send").says("Sent.", "Received", question)
	path := sent.path
	me.post(entry+"/ask", "kind", "question", "text", question, "step", "send").says("open request of this kind about this access already", question)
	id := strings.TrimPrefix(path, "/me/requests/")
	for _, x := range []*page{other.get(path), other.post(path + "/close")} {
		if x.status != 404 {
			t.Errorf("another's request: status %d", x.status)
		}
	}
	other.get("/me/requests").says("You have sent none")

	// Those it concerns.
	boss := p.signIn(p.account("quantri.songxanh"))
	stranger, _, _, _ := p.other(p.signIn(p.account("quantri")))
	stranger.get("/desk").says("There is none")
	for _, x := range []*page{stranger.get("/desk/" + id), stranger.post("/desk/" + id + "/seen"), stranger.post("/desk/"+id+"/answer", "text", question), stranger.post("/desk/" + id + "/nothing")} {
		if x.status != 404 {
			t.Errorf("another agency: status %d at %s", x.status, x.path)
		}
	}
	one := boss.get(boss.get("/desk").says("Question", "Ask").link("/20")).says(question, "Mark as seen", "The agency’s transaction id")
	if strings.Contains(one.body, who.PIN) || strings.Contains(one.body, who.FullName) {
		t.Error("the agency is told who asks")
	}
	boss.post("/desk/"+id+"/seen").says("Marked", "Seen")
	me.get(path).says("Seen by the agency that looked")
	boss.post("/desk/"+id+"/answer", "text", "no").says("Say more clearly")
	boss.post("/desk/"+id+"/answer", "text", "For <b>your</b> own application of today.").says("The answer is sent")
	answered := me.get(path).says("Answer of the agency that looked", "For <b>your</b> own application")
	if strings.Contains(answered.body, "<b>your") {
		t.Error("an answer is taken for markup")
	}
	me.post(path+"/close").says("It is closed", "Closed")
	if pg := boss.post("/desk/"+id+"/answer", "text", question); pg.status != http.StatusConflict {
		t.Errorf("answered after the end: status %d", pg.status)
	}
	if counts, err := p.App.Notices.Counts(t.Context()); err != nil || counts.Held+counts.Waiting < 2 {
		t.Errorf("told: %+v, %v", counts, err)
	}
	p.visitor().get("/totals").says("Published figures", "Answered")
}

var zoneICT = time.FixedZone("ICT", 7*60*60)

// TestSealedIsNotThere: what was looked up under a seal is in no list, page,
// proof or question of the person's, and leaves no gap; inspectors see it, and
// the published figures count it.
func TestSealedIsNotThere(t *testing.T) {
	p := open(t)
	officer := p.signIn(p.account("canbo.songxanh"))
	who := p.Info.People[0]
	ask(officer, p, who).says("One person found")
	me := p.citizen(0)
	before := me.get("/me").index()
	p.Seal("mot-cua", p.Info.Systems[0].Procedures[0])
	ask(officer, p, who).says("One person found")
	// Refused ones, too.
	officer.post("/look-up", "transaction", web.NewID(time.Now()), "service", "lookup", "case", "H98-999999-0001", "number", who.PIN, "name", who.FullName, "birth", who.DateOfBirth, "fields", "fullName")
	hidden := p.App.Log.Head().Size - 1
	if got := me.get("/me").index(); got != before {
		t.Errorf("entry %s is shown, want %s", got, before)
	}
	for i := max(0, hidden-4); i <= hidden+1; i++ {
		path := fmt.Sprintf("/me/entry/%d", i)
		if fmt.Sprint(i) == before {
			continue
		}
		for _, pg := range []*page{me.get(path), me.post(path + "/receipt"), me.post(path+"/ask", "kind", "question", "text", question, "step", "send")} {
			if pg.status != 404 {
				t.Errorf("entry %d: status %d:\n%s", i, pg.status, pg.text())
			}
		}
	}
	p.signIn(p.account("kiemtra")).post("/log", "person", who.PIN, "reason", "Đơn số 9").says("Look-up")
	totals := p.visitor().get("/totals").text()
	deadline := time.Now().Add(20 * time.Second)
	for ; !strings.Contains(totals, "Month "+time.Now().In(zoneICT).Format("01/2006")) && time.Now().Before(deadline); totals = p.visitor().get("/totals").text() {
		time.Sleep(50 * time.Millisecond)
	}
	if !strings.Contains(totals, "Month") {
		t.Errorf("figures: %s", totals)
	}
}

// TestParentsSeeForTheirChild: a parent by the register chooses a child, sees
// who looked and asks on its behalf; when the register says so no longer, the
// same address gives nothing. The number is in no address.
func TestParentsSeeForTheirChild(t *testing.T) {
	p := open(t)
	parent, child := p.Info.People[1], p.Info.People[2]
	set := func(pin, birth string, relatives ...string) {
		t.Helper()
		rec, err := p.App.Register.Get(t.Context(), pin)
		if err != nil || rec == nil {
			t.Fatalf("%s: %v", pin, err)
		}
		var m map[string]json.RawMessage
		if err := json.Unmarshal(rec.Append(nil, access.AllFields), &m); err != nil {
			t.Fatal(err)
		}
		for name, v := range m {
			if string(v) == "null" {
				delete(m, name)
			}
		}
		list := []map[string]string{}
		for i := 0; i < len(relatives); i += 2 {
			list = append(list, map[string]string{"relation": relatives[i], "pin": relatives[i+1]})
		}
		m["relatives"], _ = json.Marshal(list)
		delete(m, "deathOrMissing")
		if birth != "" {
			m["dateOfBirth"], _ = json.Marshal(birth)
		}
		line, _ := json.Marshal(m)
		if r, err := p.App.Register.Import(t.Context(), strings.NewReader(string(line)+"\n"), register.ImportOptions{Format: "jsonl"}); err != nil || r.Bad > 0 {
			t.Fatalf("import: %+v, %v", r, err)
		}
	}
	birth := time.Now().AddDate(-7, 0, 0).Format(time.DateOnly)
	set(parent.PIN, "", "child", child.PIN)
	set(child.PIN, birth, "father", parent.PIN)
	child.DateOfBirth = birth
	officer := p.signIn(p.account("canbo.songxanh"))
	ask(officer, p, child).says("One person found")

	v, stranger := p.citizen(1), p.citizen(0)
	stranger.get("/me/people").says("The register records no child under age")
	people := v.get("/me/people").says(child.FullName, "You are their father")
	href := people.link("See who looked")
	if strings.Contains(people.body, child.PIN) || strings.Contains(href, child.PIN) {
		t.Error("the number is in the page in full")
	}
	list := v.get(href).says("You are looking for "+child.FullName, "Looked at")
	of := list.query.Get("of")
	entry := "/me/entry/" + list.index()
	v.get(entry + "?of=" + of).says("Was this allowed?")
	if pg := v.get(entry); pg.status != 404 {
		t.Errorf("as the parent's own: status %d", pg.status)
	}
	if pg := stranger.get(href); pg.status != http.StatusGone {
		t.Errorf("a stranger with the address: status %d", pg.status)
	}
	proof := v.post(entry+"/receipt", "of", of)
	if proof.status != 200 || !strings.Contains(proof.body, child.PIN) {
		t.Errorf("the proof: status %d", proof.status)
	}
	p.VerifyReceipt([]byte(proof.body))
	v.post(entry+"/ask", "of", of, "kind", "complaint", "text", question, "step", "send").says("Sent.", "somebody represented")
	filtered := v.post("/me/find", "of", of, "agency", "song xanh").says("You are looking for", "Looked at")
	v.get(filtered.link("Clear")).says("You are looking for")

	// The child sees that the parent looked.
	p.citizen(2).get("/me").says("Seen by a representative", "Your representative: father")

	set(child.PIN, birth, "father", p.Info.People[3].PIN)
	for _, pg := range []*page{v.get(href), v.get(entry + "?of=" + of), v.post(entry+"/receipt", "of", of), v.post(entry+"/ask", "of", of, "kind", "question", "text", question, "step", "send")} {
		if pg.status != http.StatusGone || !strings.Contains(pg.text(), "choose again") {
			t.Errorf("no longer the father: status %d at %s:\n%s", pg.status, pg.path, pg.text())
		}
	}
	v.get("/me/people").says("The register records no child under age")
}
