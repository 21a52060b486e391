package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"dancu/internal/access"
	browsertest "dancu/internal/apptest/browser"
	"dancu/internal/console/i18n"
	"dancu/internal/db/dbtest"
)

// People's whole way through the console in a real browser, from the
// register's administrator, who signs in for the first time, over the agency's
// and its officer, to the inspector, who finds what the officer did: on both
// engines, in both languages, and without script.
func TestPeopleInARealBrowser(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	built := len(builds(t)) > 1
	for _, c := range []struct {
		name     string
		env      func(testing.TB) *dbtest.Env
		lang     i18n.Lang
		noScript bool
	}{
		{"sqlite in Vietnamese", dbtest.SQLite, i18n.VI, false},
		{"postgres in English", dbtest.Postgres, i18n.EN, false},
		{"sqlite in English without script", dbtest.SQLite, i18n.EN, true},
		{"postgres in Vietnamese without script", dbtest.Postgres, i18n.VI, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel() // mostly it waits for the browser
			if !c.noScript && !built {
				t.Skip("the script is not built: npm ci --ignore-scripts in web, then go run ./cmd/webbuild")
			}
			j := &journey{house: openHouse(t, c.env(t)), t: t, b: b, lang: c.lang, noScript: c.noScript}
			j.administrator()
			j.agency()
			j.officer()
			j.inspector()
			j.VerifyLog()
		})
	}
}

// journey is one of them, told in four chapters.
type journey struct {
	*house
	t        *testing.T
	b        *browsertest.Browser
	lang     i18n.Lang
	noScript bool

	chief                          *someone // the agency's administrator, still at the desk
	agencyPassword, officersOneUse string
	officersPage                   string // the chief's page about the officer
}

const (
	chiefLogin, officerLogin = "lan.quantri", "minh.motcua"
	officerName, officerCode = "Đặng Quốc Minh", "CB-0777"
)

func (j *journey) sit() *someone { return j.sits(j.b, j.lang, j.noScript) }

// administrator: the register's administrator, who has a one-time password,
// issues the agency's account.
func (j *journey) administrator() {
	s := j.sit()
	s.begins("quantri", j.onetime("quantri"))
	s.is("/operator") // the day at a glance
	s.says(i18n.OpToday)
	s.at("/staff")
	s.says(i18n.PeopleStaff)
	s.follows(`main a[href="/staff/new"]`)
	// What is missing is said beside its field, and what was typed stays.
	s.fill("name", "Vũ Thị Lan")
	s.send("/staff/new")
	s.says(i18n.FormMistakes, i18n.FieldLoginMissing, i18n.FieldCodeMissing)
	if got := s.values("name"); !slices.Equal(got, []string{"Vũ Thị Lan"}) {
		j.t.Errorf("of the name %q is left", got)
	}
	s.fill("login", chiefLogin, "code", "QT-0777", "agency", "tinh-song-xanh")
	s.Do(chromedp.SetValue(chromedp.CSS(`main select[name="kind"]`), "agency-admin"))
	s.send("/staff/new")
	s.says(i18n.IssuedTitle, i18n.IssuedLead)
	j.agencyPassword = s.secret()
	s.follows("main a.button-main")
	s.reads("Vũ Thị Lan")
}

// agency: the agency's administrator makes an officer and gives rights.
func (j *journey) agency() {
	s := j.sit()
	j.chief = s
	s.begins(chiefLogin, j.agencyPassword)
	s.is("/agency") // what there is to do
	s.at("/agency/officers")
	s.follows(`main a[href="/agency/officers/new"]`)
	s.fill("name", officerName, "login", officerLogin, "code", officerCode, "unit", "Bộ phận một cửa")
	s.send("/agency/officers/new")
	s.says(i18n.IssuedTitle)
	j.officersOneUse = s.secret()
	s.follows("main a.button-main")
	s.reads(officerName)
	j.officersPage = browsertest.Eval[string](s.Page, `location.pathname`)
	s.says(i18n.RightsTitle, i18n.StateOfNew)
	// Nothing but the agency's own grants can be ticked.
	if got := s.values("rights"); len(got) != 4 || slices.ContainsFunc(got, func(v string) bool { return !strings.HasPrefix(v, "mot-cua ") }) {
		j.t.Errorf("the rights to give are %q", got)
	}
	j.gives("mot-cua lookup", "mot-cua verify")
	s.content()
}

// gives ticks exactly these rights and saves them.
func (j *journey) gives(rights ...string) {
	j.t.Helper()
	s := j.chief
	s.at(j.officersPage)
	for _, v := range s.values("rights") {
		box := fmt.Sprintf(`main input[name="rights"][value=%q]`, v)
		on := browsertest.Eval[bool](s.Page, fmt.Sprintf(`document.querySelector(%q).checked`, box))
		if on != slices.Contains(rights, v) {
			s.Do(chromedp.Click(chromedp.CSS(box)))
		}
	}
	s.send(j.officersPage + "/rights")
	s.says(i18n.Done)
}

// types goes to a field with the Tab key and types over what is in it.
func (s *someone) types(name, text string) {
	s.t.Helper()
	s.Tab(fmt.Sprintf(`main [name=%q]`, name))
	s.Do(chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	s.Type(text)
}

// officer: the officer's day, by the keyboard alone.
func (j *journey) officer() {
	s, who, other := j.sit(), j.Info.People[0], j.Info.People[1]
	system := j.Info.Systems[0]

	// The first sign-in: every form has the focus where one types.
	s.at("/sign-in")
	s.Type(officerLogin)
	s.types("password", j.officersOneUse)
	s.enter()
	s.is("/sign-in/password")
	password := "Một-cửa-9-Sông-Xanh"
	s.Type(password)
	s.types("again", password)
	s.enter()
	s.is("/sign-in/enrol")
	secret := s.secret()
	s.types("code", j.code(secret))
	s.enter()
	s.says(i18n.RecoveryTitle)
	s.Tab("main a.button-main")
	s.enter()
	s.is("/look-up")

	// Another procedure of the list, and back: the page follows by itself, or
	// by its button.
	preset := func(key string, i int) {
		s.Tab(`main select[name="purpose"]`)
		if j.noScript {
			s.Type(key)
			s.Tab(`main form[method="get"] button`)
			s.enter()
		} else {
			s.Goes(chromedp.KeyEvent(key))
		}
		if got, want := s.values("purpose")[0], "mot-cua,"+system.Procedures[i]; got != want {
			j.t.Fatalf("the procedure is %s, want %s", got, want)
		}
	}
	preset(kb.ArrowDown, 1)
	preset(kb.ArrowUp, 0)
	if got := browsertest.Eval[string](s.Page, `document.activeElement.name`); got != "number" {
		j.t.Errorf("the focus is on %q, want the number", got)
	}
	// What was granted is offered, and nothing else.
	want := slices.Clone(system.Fields)
	slices.Sort(want)
	if got := s.values("fields"); !slices.Equal(got, want) {
		j.t.Errorf("the fields offered are %v, granted are %v", got, want)
	}

	// The look-up: number, name, date, Enter. The case code is checked as typed.
	s.types("case", "H97-200101-0001")
	if !j.noScript {
		s.Until(`document.getElementById("case-said").textContent.includes("H97")`)
	}
	s.types("case", strings.ToLower(j.caseCode()))
	if !j.noScript {
		s.Until(`document.querySelector("#case-said .said-ok")`)
	}
	s.types("number", who.PIN)
	s.types("name", who.FullName)
	s.types("birth", typedDay(who.DateOfBirth))
	s.answered(j.noScript, func() { s.Type(kb.Enter) })
	s.result(j.lang.T(i18n.ResultFound), who.FullName, typedDay(who.DateOfBirth), j.caseCode(), officerName, j.lang.T(i18n.ResultEntry), j.lang.T(i18n.ResultReceiptNote))
	if !j.noScript { // the number is marked, so that the next is typed over it
		s.Until(`document.activeElement.name === "number" && document.activeElement.selectionEnd - document.activeElement.selectionStart === 12`)
	}
	j.prints(s, who.FullName)
	j.receipt(s)
	j.accessible(s)

	// The next one.
	s.types("number", other.PIN)
	s.answered(j.noScript, func() { s.Type(kb.Enter) })
	s.result(j.lang.T(i18n.ResultNobody))

	// The right is taken away while the form is open: the refusal says what to
	// do, and what to tell the citizen. Given back, the same form works.
	j.gives("mot-cua verify")
	s.types("number", who.PIN)
	info, _ := access.OfficerForbidden.Info()
	s.answered(j.noScript, func() { s.Type(kb.Enter) })
	s.result(j.lang.T(i18n.RefusedTitle), j.lang.Text(info.Title), j.lang.Text(info.Officer), j.lang.Text(info.Citizen), j.lang.Text(info.Legal))
	if strings.Contains(browsertest.Eval[string](s.Page, `document.getElementById("result").innerText`), who.FullName) {
		j.t.Error("the refusal names the person")
	}
	j.accessible(s)
	j.gives("mot-cua lookup", "mot-cua verify")
	s.content()

	// The own history, by the menu's key or its link; one number is shown.
	if j.noScript {
		s.Tab(`.menu-wide a[href="/look-up/history"]`)
		s.enter()
	} else {
		s.Type(kb.Escape)
		s.Goes(chromedp.KeyEvent("gh"))
	}
	s.is("/look-up/history")
	s.reads(j.lang.T(i18n.HistoryTitle), "••••••••"+who.PIN[8:], j.caseCode())
	if strings.Contains(s.Text(), who.PIN) {
		j.t.Error("the history shows a number")
	}
	s.Tab(`main form[action^="/look-up/history/"] button`)
	if j.noScript {
		s.enter()
	} else {
		s.Type(kb.Enter)
	}
	s.Until(fmt.Sprintf(`document.querySelector("main").innerText.includes(%q)`, who.PIN))
	s.content()

	// Out, by the account's menu.
	s.Tab("header details.account summary")
	s.Type(kb.Enter)
	s.Tab(`header form[action="/sign-out"] button`)
	s.enter()
	s.says(i18n.SignInWhyOut)
	s.content()
	s.at("/look-up")
	s.is("/sign-in")
}

// prints demands that the page on paper has the result and nothing of the form.
func (j *journey) prints(s *someone, name string) {
	media := func(m string) {
		s.Do(func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
			_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: m})
			return chromedp.Void{}, err
		})
	}
	media("print")
	defer media("")
	text := s.Text()
	for _, w := range []string{name, j.caseCode(), officerCode, j.lang.T(i18n.ResultEntry)} {
		if !strings.Contains(text, w) {
			j.t.Errorf("on paper there is no %q:\n%s", w, text)
		}
	}
	if browsertest.Eval[bool](s.Page, `document.querySelector('[name="number"]').checkVisibility() || document.querySelector(".menu-wide").checkVisibility()`) {
		j.t.Error("on paper there is the form or the menu")
	}
	if pdf := browsertest.Get(s.Page, chromedp.PrintToPDF()); len(pdf) < 1000 {
		j.t.Errorf("the print has %d bytes", len(pdf))
	}
}

// receipt checks the receipt that the page shows, without the system.
func (j *journey) receipt(s *someone) {
	r := j.VerifyReceipt([]byte(browsertest.Eval[string](s.Page, `document.querySelector("#result pre").textContent`)))
	if got := j.entries(r.Index, "call.lookup"); len(got) == 0 || got[0].Index != r.Index || got[0].Officer.ID != officerCode || !got[0].Officer.Verified {
		j.t.Errorf("the receipt is of entry %d, the log has there %+v", r.Index, got)
	}
}

// accessible checks the page with axe-core, which needs a script.
func (j *journey) accessible(s *someone) {
	if j.noScript {
		return
	}
	for _, v := range s.Accessibility(axe) {
		j.t.Error(v)
	}
}

// inspector: finds the look-up, its story with the proof, and the day.
func (j *journey) inspector() {
	s, who := j.sit(), j.Info.People[0]
	s.enters(j.account("kiemtra"))
	s.at("/log")
	s.fill("person", who.PIN)
	s.send("/log")
	s.says(i18n.ReasonMissing)
	s.fill("reason", "Đơn kiến nghị số 12/2026")
	s.send("/log")
	s.reads(j.lang.T(i18n.LogResults), officerCode, j.lang.T(i18n.LogVerified), "••••••••"+who.PIN[8:], j.caseCode())
	if at := browsertest.Eval[string](s.Page, `location.href + document.title`); strings.Contains(at, who.PIN) || strings.Contains(s.Text(), who.PIN) {
		j.t.Error("the number is in the address or on the page")
	}
	s.follows(`main a[href^="/log/request/"]`)
	s.says(i18n.StoryTitle)
	good, _, _ := strings.Cut(j.lang.T(i18n.StoryProofGood, "%"), "%")
	for range 50 { // until the checkpoint over it is published
		if strings.Contains(s.Text(), good) {
			break
		}
		time.Sleep(100 * time.Millisecond)
		s.at(browsertest.Eval[string](s.Page, `location.pathname`))
	}
	s.reads(good)
	j.accessible(s)
	s.at("/log/day")
	s.fill("officer", officerCode, "agency", "H98", "reason", "Kế hoạch kiểm tra quý IV")
	s.send("/log/day")
	s.says(i18n.DayTitle, i18n.DayHours)
	s.reads(j.caseCode(), j.lang.T(i18n.EntrySessionOpened), j.lang.T(i18n.EntrySessionClosed))
	figures := strings.Join(strings.Fields(browsertest.Eval[string](s.Page, `[...document.querySelectorAll(".figures dd")].map(e => e.textContent).join(" ")`)), " ")
	// Signed in once; three look-ups, of which one was refused, in one case.
	if !strings.HasPrefix(figures, "1 3 ") || !strings.HasSuffix(figures, " 1 1") {
		j.t.Errorf("the day in figures is %q", figures)
	}
	j.accessible(s)
	s.Do(chromedp.Click(chromedp.CSS("header details.account summary")))
	s.send("/sign-out")
	s.content()
}
