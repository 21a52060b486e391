package console

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/html"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/onboarding"
	frontend "dancu/web"
)

// fixed is a source that always says the same.
func fixed(st Status) Source {
	return SourceFunc(func(context.Context) (Status, error) { return st, nil })
}

func newConsole(t testing.TB, c Config) http.Handler {
	t.Helper()
	h, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func get(h http.Handler, url string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, url, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// pages are all pages in all the ways they can be.
func pages(t *testing.T) []struct {
	name, url string
	h         http.Handler
	status    int
} {
	t.Helper()
	plain, err := frontend.Unbuilt()
	if err != nil {
		t.Fatal(err)
	}
	notReady := Sample()
	notReady.Ready = false
	broken := SourceFunc(func(context.Context) (Status, error) { return Status{}, errors.New("secret cause") })
	sample := newConsole(t, Config{Source: fixed(Sample())})
	return []struct {
		name, url string
		h         http.Handler
		status    int
	}{
		{"status", "/", sample, 200},
		{"status, plain styles", "/", newConsole(t, Config{Source: fixed(Sample()), Assets: plain}), 200},
		{"status, not ready", "/", newConsole(t, Config{Source: fixed(notReady)}), 200},
		{"status, empty", "/", newConsole(t, Config{Source: fixed(Status{})}), 200},
		{"status, hostile", "/", newConsole(t, Config{Source: fixed(hostile())}), 200},
		{"status, unavailable", "/", newConsole(t, Config{Source: broken}), 503},
		{"licences", "/licences", sample, 200},
		{"licences, plain", "/licences", newConsole(t, Config{Source: fixed(Sample()), Assets: plain}), 200},
		{"no such page", "/nowhere?a=%22%3E%3Cscript%3E", sample, 404},
		{"no such asset", "/assets/manifest.json", sample, 404},
		{"hostile path", "/%3Cscript%3Ealert(1)%3C/script%3E", sample, 404},
	}
}

const attack = `"><script>alert(1)</script><img src=x onerror=alert(1)> ' javascript:alert(1)`

// hostile is a status in which every text tries to break out.
func hostile() Status {
	st := Sample()
	text := access.Text{VI: attack, EN: attack}
	for i := range st.Connections {
		c := &st.Connections[i]
		c.ID, c.Agency, c.System, c.Via = attack, text, text, text
		c.Stopped = access.Code(attack)
	}
	st.Refusals = []Refusal{{attack, 1}}
	for i := range st.Recent {
		st.Recent[i].Kind, st.Recent[i].Agency, st.Recent[i].Code = attack, text, attack
	}
	st.Log = Log{Origin: attack, VerifierKey: attack, Root: attack, Checkpoint: attack + "\n" + attack}
	return st
}

// Every page, in both languages: well-formed, one H1, its language said,
// nothing inline, nothing from elsewhere, and the strict headers.
func TestEveryPage(t *testing.T) {
	for _, p := range pages(t) {
		for _, l := range i18n.Langs {
			t.Run(p.name+"/"+l.String(), func(t *testing.T) {
				w := get(p.h, p.url, "Cookie", "dancu_lang="+l.String())
				if w.Code != p.status {
					t.Fatalf("status %d, want %d", w.Code, p.status)
				}
				checkHeaders(t, w.Header(), l)
				checkHTML(t, w.Body.String(), l)
			})
		}
	}
}

func checkHeaders(t *testing.T, h http.Header, l i18n.Lang) {
	t.Helper()
	csp := h.Get("Content-Security-Policy")
	if !strings.HasPrefix(csp, "default-src 'none';") || strings.Contains(csp, "unsafe-") || strings.Contains(csp, "*") || strings.Contains(csp, "http") {
		t.Errorf("content security policy: %s", csp)
	}
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Content-Language": l.String(),
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func checkHTML(t *testing.T, page string, l i18n.Lang) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	ids := map[string]int{}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		count[n.Data]++
		for _, a := range n.Attr {
			switch {
			case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
				t.Errorf("<%s> has an inline %s", n.Data, a.Key)
			case a.Key == "id":
				ids[a.Val]++
			case (a.Key == "href" || a.Key == "src") && !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#"),
				(a.Key == "href" || a.Key == "src") && strings.HasPrefix(a.Val, "//"):
				t.Errorf("<%s %s=%q> leads elsewhere", n.Data, a.Key, a.Val)
			case n.Data == "html" && a.Key == "lang" && a.Val != l.String():
				t.Errorf("the page's language is %q, want %q", a.Val, l)
			}
		}
		if n.Data == "svg" && attr(n, "role") == "img" && attr(n, "aria-label") == "" {
			t.Error("a picture says nothing in words")
		}
	}
	for element, want := range map[string]int{
		"h1": 1, "main": 1, "title": 1, "script": 0, "style": 0, "iframe": 0, "img": 0, "meta": 4,
	} {
		if count[element] != want {
			t.Errorf("%d <%s>, want %d", count[element], element, want)
		}
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("id %q is used %d times", id, n)
		}
	}
	if strings.Contains(page, "secret cause") {
		t.Error("an internal error's text is on the page")
	}
	if strings.Contains(page, i18n.VI.T(i18n.Missing)) || strings.Contains(page, "%!") {
		t.Error("a text is missing or its placeholders are wrong")
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// words is what a page says, its spaces made one.
func words(t *testing.T, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
			if n.NextSibling == nil || n.NextSibling.Data != "wbr" {
				b.WriteByte(' ')
			}
		}
		if n.Type == html.ElementNode && attr(n, "aria-label") != "" {
			b.WriteString(attr(n, "aria-label") + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestStatusSaysHowThingsStand(t *testing.T) {
	h := newConsole(t, Config{Source: fixed(Sample())})
	for l, want := range map[i18n.Lang][]string{
		i18n.VI: {
			"Tình trạng khai thác", "Số liệu lúc 20/11/2026 14:05", "3 trên 7 kết nối", "19.874", "1.474", "1.000.000", "48.214 bản ghi",
			"Bị khoá: vượt hạn mức từ 20/11/2026 12:28", "Tạm ngừng", "Ngoài thời hạn đánh giá", "Chưa kích hoạt", "Gần hạn mức",
			"Đã dùng 8.455 trên 10.000 lượt (84 %); mức cảnh báo 80 %.", "còn 12 ngày", "đã hết hạn", "Số người: 3.101 / 20.000",
			"tính riêng từng cán bộ", "Đánh giá an toàn thông tin không còn hiệu lực assessment.lapsed 1.208", "Máy chủ hoạt động lại",
			"qua Nền tảng tích hợp tỉnh Mẫu (LGSP)", "Sẵn sàng", "dancu.example/log+7d4f2c1a",
		},
		i18n.EN: {
			"Access status", "As of 20/11/2026 14:05", "3 of 7 connections", "19,874", "1,474", "1,000,000", "48,214 entries",
			"Locked: over the volume limit since 20/11/2026 12:28", "Suspended", "Assessment not in term", "Not active yet", "Near the limit",
			"8,455 of 10,000 calls used (84 %); warning level 80 %.", "12 days left", "expired", "People: 3,101 / 20,000",
			"counted per officer", "assessment.lapsed 1,208", "Node resumed", "Ready",
		},
	} {
		text := words(t, get(h, "/?lang="+l.String()).Body.String())
		for _, w := range want {
			w = strings.ReplaceAll(w, " %", "\u00a0%")
			if !strings.Contains(strings.ReplaceAll(text, "\u00a0", " "), strings.ReplaceAll(w, "\u00a0", " ")) {
				t.Errorf("%s: the page does not say %q", l, w)
			}
		}
		if t.Failed() {
			t.Log(text)
		}
	}
}

// What is not known yet is not shown as nought.
func TestPendingCountsAreNotNought(t *testing.T) {
	st := Sample()
	st.CountsPending, st.CallsToday, st.Refusals, st.People = true, 0, nil, -1
	text := words(t, get(newConsole(t, Config{Source: fixed(st)}), "/").Body.String())
	for _, want := range []string{"Lượt khai thác hôm nay …", "Lượt từ chối hôm nay …", "Số người trong CSDL …", i18n.VI.T(i18n.RefusalsPending)} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(text, i18n.VI.T(i18n.RefusalsNone)) {
		t.Error("the page says that no call was refused")
	}
}

// Nobody is signed in here, so nobody is named: the page has no place for a
// person, an officer, a case or an address.
func TestStatusNamesNobody(t *testing.T) {
	text := words(t, get(newConsole(t, Config{Source: fixed(Sample())}), "/").Body.String())
	for name, re := range map[string]*regexp.Regexp{
		"an identity number": regexp.MustCompile(`\b\d{9}(\d{3})?\b`),
		"an IP address":      regexp.MustCompile(`\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b`),
	} {
		if got := re.FindString(text); got != "" {
			t.Errorf("the page shows what looks like %s: %s", name, got)
		}
	}
}

// While nothing is known the page says so, and with a status that machines
// understand, and does not say why to strangers.
func TestUnavailable(t *testing.T) {
	for _, err := range []error{
		errors.New("secret cause"), fault.New(fault.Unavailable, "secret cause"), fault.New(fault.Forbidden, "secret cause"), context.DeadlineExceeded,
	} {
		h := newConsole(t, Config{Source: SourceFunc(func(context.Context) (Status, error) { return Sample(), err })})
		w := get(h, "/")
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%v: status %d, headers %v", err, w.Code, w.Header())
		}
		if body := w.Body.String(); strings.Contains(body, "secret") || !strings.Contains(body, i18n.VI.T(i18n.UnavailableText)) || !strings.Contains(body, "<h1>") {
			t.Errorf("%v: the page is\n%s", err, body)
		}
	}
}

// A source that hangs is given up on, and its readers are told.
func TestPatienceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newConsole(t, Config{Patience: 3 * time.Second, Source: SourceFunc(func(ctx context.Context) (Status, error) {
			<-ctx.Done()
			return Status{}, ctx.Err()
		})})
		start := time.Now()
		if w := get(h, "/"); w.Code != http.StatusServiceUnavailable {
			t.Errorf("status %d", w.Code)
		}
		if got := time.Since(start); got != 3*time.Second {
			t.Errorf("given up after %v", got)
		}
	})
}

// A crowd of readers costs the database what one reader does.
func TestOneAnswerServesAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int64
		h := newConsole(t, Config{Source: SourceFunc(func(context.Context) (Status, error) {
			asked.Add(1)
			time.Sleep(100 * time.Millisecond)
			return Sample(), nil
		})})
		crowd := func() {
			var all sync.WaitGroup
			for range 100 {
				all.Go(func() {
					if w := get(h, "/"); w.Code != http.StatusOK {
						t.Errorf("status %d", w.Code)
					}
				})
			}
			all.Wait()
		}
		crowd()
		if n := asked.Load(); n != 1 {
			t.Errorf("the source was asked %d times at once", n)
		}
		time.Sleep(time.Second)
		crowd()
		if n := asked.Load(); n != 2 {
			t.Errorf("the source was asked %d times, want a second time after a second", n)
		}
	})
}

// A reader who leaves does not spoil the answer for the others.
func TestLeavingReaderSpoilsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newConsole(t, Config{Source: SourceFunc(func(ctx context.Context) (Status, error) {
			time.Sleep(time.Second)
			return Sample(), ctx.Err()
		})})
		ctx, leave := context.WithCancel(t.Context())
		go h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx))
		synctest.Wait()
		leave()
		if w := get(h, "/"); w.Code != http.StatusOK {
			t.Errorf("status %d", w.Code)
		}
	})
}

func TestUnchangedPageCostsNothing(t *testing.T) {
	h := newConsole(t, Config{Source: fixed(Sample())})
	first := get(h, "/")
	tag := first.Header().Get("ETag")
	if tag == "" || first.Header().Get("Cache-Control") != "private, no-cache" {
		t.Fatalf("headers %v", first.Header())
	}
	again := get(h, "/", "If-None-Match", tag)
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("status %d with %d bytes, want 304 with none", again.Code, again.Body.Len())
	}
	if other := get(h, "/", "If-None-Match", tag, "Accept-Language", "en"); other.Code != http.StatusOK {
		t.Errorf("the other language: status %d, want 200", other.Code)
	}
	for _, name := range []string{"Accept-Encoding", "Accept-Language", "Cookie"} {
		if !slices.ContainsFunc(first.Header().Values("Vary"), func(v string) bool { return strings.Contains(v, name) }) {
			t.Errorf("Vary %q does not name %s", first.Header().Values("Vary"), name)
		}
	}
}

func TestLanguageIsRemembered(t *testing.T) {
	h := newConsole(t, Config{Source: fixed(Sample())})
	w := get(h, "/?lang=en")
	cookies := w.Result().Cookies()
	if len(cookies) != 1 || cookies[0].Value != "en" || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode {
		t.Fatalf("cookies %v", cookies)
	}
	if body := get(h, "/licences", "Cookie", cookies[0].Name+"=en", "Accept-Language", "vi").Body.String(); !strings.Contains(body, `<html lang="en">`) {
		t.Error("the chosen language is forgotten on the next page")
	}
}

// However many connections there are, the page stays within its 10 KB and
// shows those that need attention.
func TestManyConnections(t *testing.T) {
	st := Sample()
	locked := st.Connections[2]
	for i := range 1000 {
		c := Sample().Connections[0]
		c.ID = fmt.Sprintf("c-%d", i)
		c.Agency = access.Text{VI: fmt.Sprintf("Uỷ ban nhân dân xã số %d", i), EN: fmt.Sprintf("People’s Committee of commune %d", i)}
		c.Calls = int64(i * 7 % 7_900)
		c.AssessedUntil, c.CertificateUntil = st.At.AddDate(0, 3, i%100), st.At.AddDate(0, 4, i%90)
		st.Connections = append(st.Connections, c)
	}
	last := locked
	last.ID, last.Agency = "last", access.Text{VI: "Đơn vị cuối danh sách", EN: "The last in the list"}
	st.Connections = append(st.Connections, last)
	for range 50 {
		st.Recent = append(st.Recent, st.Recent[0])
	}
	for _, c := range access.Codes {
		st.Refusals = append(st.Refusals, Refusal{c.Code, 12_345})
	}
	h := newConsole(t, Config{Source: fixed(st)})
	w := get(h, "/", "Accept-Encoding", "gzip")
	if n := w.Body.Len(); n > 10_000 {
		t.Errorf("the page is %d bytes, compressed", n)
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	text := words(t, string(body))
	for _, want := range []string{"Đơn vị cuối danh sách", "Chỉ hiện 40 kết nối cần chú ý nhất, trên tổng số 1.008"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestMostUrgentFirst(t *testing.T) {
	v := newStatusView(ui.Page{Lang: i18n.VI}, Sample())
	var got []string
	for _, c := range v.Connections {
		got = append(got, c.ID)
	}
	want := []string{"c-bank", "c-notary", "c-social", "c-ministry", "c-onestop", "c-platform", "c-school"}
	if !slices.Equal(got, want) {
		t.Errorf("order %v, want %v", got, want)
	}
}

// The states on the page are words of their own for every code that stops a
// whole connection, and the published title for any other.
func TestStateWords(t *testing.T) {
	for _, info := range access.Codes {
		word, tone, urgency := state(i18n.EN, Connection{State: access.Active, Stopped: info.Code})
		if word == "" || tone != ui.Bad || urgency < 3 || strings.Contains(word, "%") {
			t.Errorf("%s: %q, %q, %d", info.Code, word, tone, urgency)
		}
	}
	for st, want := range map[access.State]string{access.Active: "Active", access.Draft: "Not active yet", access.Ended: "Ended"} {
		if word, _, _ := state(i18n.EN, Connection{State: st}); word != want {
			t.Errorf("%s reads %q, want %q", st, word, want)
		}
	}
}

// A term is pointed out from thirty days before its end.
func TestTermWords(t *testing.T) {
	now := time.Date(2026, 11, 20, 14, 0, 0, 0, access.Zone)
	for _, tt := range []struct {
		until time.Time
		note  string
		tone  ui.Tone
	}{
		{now.AddDate(0, 0, 30).Add(time.Second), "", ui.Plain},
		{now.AddDate(0, 0, 30), "30 days left", ui.Warn},
		{now.AddDate(0, 0, 2), "2 days left", ui.Warn},
		{time.Date(2026, 11, 21, 0, 0, 0, 0, access.Zone), "1 day left", ui.Warn},
		{now.Add(time.Second), "ends today", ui.Bad},
		{now, "expired", ui.Bad}, // a term does not hold at its end
		{now.AddDate(-1, 0, 0), "expired", ui.Bad},
		{time.Time{}, "", ui.Bad},
	} {
		v := newTermView(i18n.EN, tt.until, now, i18n.NotAssessed)
		if v.Note != tt.note || v.Tone != tt.tone {
			t.Errorf("%v: %q, %q; want %q, %q", tt.until, v.Note, v.Tone, tt.note, tt.tone)
		}
	}
}

func TestOnlyReadingIsAllowed(t *testing.T) {
	h := newConsole(t, Config{Source: fixed(Sample())})
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, "/", strings.NewReader("a=b")))
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: status %d, Allow %q", method, w.Code, w.Header().Get("Allow"))
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodHead, "/", nil))
	if w.Code != http.StatusOK || w.Body.Len() != 0 || w.Header().Get("Content-Length") == "" {
		t.Errorf("HEAD: status %d, %d bytes, headers %v", w.Code, w.Body.Len(), w.Header())
	}
}

func TestSourceIsNeeded(t *testing.T) {
	if _, err := New(Config{}); err == nil {
		t.Error("a console without a source is made")
	}
}

// Every kind of entry that the program writes has a name on the page.
func TestEveryKindHasAName(t *testing.T) {
	kinds := []string{
		"call.verify", "call.lookup", "call.search", "call.household", "calls.refused", "consent.given",
		"connection.locked", "node.started", "node.resumed", "standing.changed", "log.search", "log.read", "log.export",
		onboarding.EventAgencyRegistered, onboarding.EventAgencyChanged, onboarding.EventSystemRegistered, onboarding.EventSystemChanged,
		onboarding.EventCredentialAdded, onboarding.EventCredentialChanged, onboarding.EventCredentialRetired,
		onboarding.EventConnectionActivated, onboarding.EventConnectionChanged, onboarding.EventConnectionSuspended,
		onboarding.EventConnectionResumed, onboarding.EventConnectionUnlocked, onboarding.EventConnectionEnded,
		onboarding.EventGrantGiven, onboarding.EventGrantChanged, onboarding.EventGrantEnded,
		identity.EventSessionOpened, identity.EventSessionClosed, identity.EventSessionTimedOut, identity.EventSessionEnded, identity.EventFactorShown,
		identity.EventSignInFailed, identity.EventSignInAbandoned, identity.EventSignInsFailed,
		identity.EventAccountCreated, identity.EventAccountChanged, identity.EventAccountDisabled, identity.EventAccountEnabled,
		identity.EventAccountLocked, identity.EventAccountUnlocked, identity.EventPasswordChanged, identity.EventPasswordReset,
		identity.EventFactorAdded, identity.EventFactorRemoved, identity.EventFactorsReset, identity.EventRecoveryMade, identity.EventRecoveryUsed,
		identity.EventRightsChanged, identity.EventReviewOpened, identity.EventReviewDecided, identity.EventReviewSigned,
		identity.EventProposalMade, identity.EventProposalExecuted, identity.EventProposalDeclined, identity.EventProposalLapsed,
		identity.EventProviderSet, identity.EventProviderRemoved,
		onboarding.EventMatterSaved,
	}
	for _, r := range onboarding.Lifecycle() {
		kinds = append(kinds, r.Event)
	}
	for _, k := range onboarding.Kinds() {
		if k.Event != "" {
			kinds = append(kinds, k.Event)
		}
	}
	for _, k := range kinds {
		for _, l := range i18n.Langs {
			if name := site.EntryKind(l, k); name == k {
				t.Errorf("%s has no name in %s", k, l)
			}
		}
	}
	if got := site.EntryKind(i18n.VI, "later.kind"); got != "later.kind" {
		t.Errorf("a kind of a later version reads %q", got)
	}
}

// Over plain HTTP a password is taken from this very machine alone.
func TestNoPasswordOverPlainHTTP(t *testing.T) {
	for _, tt := range []struct {
		secure bool
		from   string
		taken  bool
	}{
		{false, "127.0.0.1:4000", true}, {false, "[::1]:4000", true}, {false, "192.0.2.7:4000", false}, {false, "[2001:db8::1]:4000", false}, {true, "192.0.2.7:4000", true},
	} {
		s := assemble(Config{Source: fixed(Sample()), Secure: tt.secure})
		heard := false
		handler := s.slowly(func(http.ResponseWriter, *http.Request, *site.Visit) error { heard = true; return nil })
		r := httptest.NewRequest(http.MethodPost, "/sign-in", nil)
		r.RemoteAddr = tt.from
		err := handler(httptest.NewRecorder(), r, s.site.Nobody(r))
		if heard != tt.taken || (err == nil) != tt.taken {
			t.Errorf("%+v: heard %v, %v", tt, heard, err)
		}
	}
}
