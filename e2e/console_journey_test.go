package e2e

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"dancu/internal/app"
	browsertest "dancu/internal/apptest/browser"
	"dancu/internal/console/i18n"
	"dancu/internal/ledger"
	"dancu/internal/web"
)

// The first visit costs at most 60 KB without fonts, and every later one at
// most 10 KB: commune offices have slow lines.
func TestPageBudget(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	for build, assets := range builds(t) {
		t.Run(build, func(t *testing.T) {
			url := serve(t, states[0].source, assets)
			p := b.NewPage(t, browsertest.Desktop)
			p.Open(url)
			first := p.Bytes("Font")
			if first == 0 || first > 60_000 {
				t.Errorf("the first visit costs %d bytes, want at most 60,000:\n%v", first, p.Resources())
			}
			p.Open(url + "/?lang=en")
			again := p.Bytes()
			if again == 0 || again > 10_000 {
				t.Errorf("a later visit costs %d bytes, want at most 10,000:\n%v", again, p.Resources())
			}
			t.Logf("the first visit costs %d bytes, later ones %d", first, again)
		})
	}
}

// A person chooses a language by a link, and it stays chosen; nothing of it
// needs a script.
func TestLanguageByLinkWithoutScript(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	url := serve(t, states[0].source, nil)
	for name, view := range map[string]browsertest.View{
		"desk": {Width: 1280, Height: 900, NoScript: true}, "phone": {Width: 390, Height: 844, Phone: true, NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := b.NewPage(t, view)
			p.Open(url)
			title := chromedp.Text(chromedp.CSS("h1"))
			if got, want := browsertest.Get(p, title), i18n.VI.T(i18n.StatusTitle); got != want {
				t.Fatalf("heading %q, want %q", got, want)
			}
			p.Do(chromedp.Click(chromedp.CSS(`a[hreflang="en"]`)), chromedp.WaitVisible(chromedp.CSS(`html[lang="en"] h1`)))
			p.Do(chromedp.Click(chromedp.CSS(`footer a`)), chromedp.WaitVisible(chromedp.CSS(`a[hreflang="vi"]`)))
			p.Open(url)
			if got, want := browsertest.Get(p, title), i18n.EN.T(i18n.StatusTitle); got != want {
				t.Errorf("on the next visit the heading is %q, want %q", got, want)
			}
		})
	}
}

// Everything on the page can be reached by the keyboard, what has the focus
// shows it, and the first stop is the link that skips the topbar.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	p := b.NewPage(t, browsertest.Desktop)
	p.Open(serve(t, states[0].source, nil))
	var stops []string
	for range 5 {
		p.Do(chromedp.KeyEvent("\t"))
		stops = append(stops, browsertest.Eval[string](p, `document.activeElement.getAttribute("href") || document.activeElement.tagName`))
		if browsertest.Eval[bool](p, `getComputedStyle(document.activeElement).outlineStyle === "none" && !document.activeElement.matches(".skip")`) {
			t.Errorf("the focus on %s does not show", stops[len(stops)-1])
		}
	}
	if got, want := strings.Join(stops, " "), "#content / /?lang=en / /licences"; got != want {
		t.Errorf("the stops are %s, want %s", got, want)
	}
}

// demoPage is a whole running system, with its page.
type demoPage struct {
	*app.Demo
	url string
}

// startDemo runs the demonstration on free ports until the test ends.
func startDemo(t *testing.T, limit int64) *demoPage {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	d, err := app.NewDemo(ctx, app.DemoOptions{
		Dir: t.TempDir(), People: 500, Seed: 1, API: "127.0.0.1:0", Console: "127.0.0.1:0",
		Limit: limit, Quiet: true, Stdout: io.Discard, Stderr: io.Discard,
	})
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	select {
	case <-d.App.Serving():
	case err := <-done:
		done <- err
		t.Fatalf("the demonstration ended: %v", err)
	}
	return &demoPage{Demo: d, url: d.Info.Console}
}

// client is the HTTP client of one of the demonstration's systems.
func (d *demoPage) client(t *testing.T, s app.DemoSystem) *http.Client {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(s.Cert, s.Key)
	if err != nil {
		t.Fatal(err)
	}
	ca, err := os.ReadFile(d.Info.CA)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(ca) {
		t.Fatal("demo.json's ca holds no certificate")
	}
	tr := &http.Transport{TLSClientConfig: &tls.Config{Certificates: []tls.Certificate{pair}, RootCAs: roots}}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr}
}

// lookUp makes n look-ups and returns how often each status came.
func (d *demoPage) lookUp(t *testing.T, s app.DemoSystem, fields []string, n int) map[int]int {
	t.Helper()
	client := d.client(t, s)
	got := map[int]int{}
	for i := range n {
		person := d.Info.People[i%len(d.Info.People)]
		body, err := json.Marshal(map[string]any{
			"pin": person.PIN, "fullName": person.FullName, "dateOfBirth": person.DateOfBirth, "fields": fields,
			"purpose": map[string]string{"procedure": s.Procedures[0], "case": s.Case}, "officer": d.Info.Officer,
		})
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.Info.API+"/v1/lookup", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Dancu-Transaction-Id", web.NewID(time.Now()))
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, res.Body)
		if err := res.Body.Close(); err != nil {
			t.Fatal(err)
		}
		got[res.StatusCode]++
	}
	return got
}

// The page of a running system says what has just happened there: calls
// counted against the limit, the lock, the suspension, refusals by code, the
// newest entries and the log, to those who run the register; and it names
// nobody.
func TestStatusOfARunningSystem(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	const limit = 40
	d := startDemo(t, limit)
	direct := d.Info.Systems[:0:0]
	for _, s := range d.Info.Systems {
		if !s.Consent {
			direct = append(direct, s)
		}
	}
	if len(direct) < 2 {
		t.Fatalf("the demonstration has %d systems without consent, want 2", len(direct))
	}
	if got := d.lookUp(t, direct[0], direct[0].Fields[:3], limit+5); got[http.StatusOK] != limit {
		t.Fatalf("the first system got %v, want %d answers", got, limit)
	}
	if got := d.lookUp(t, direct[1], direct[1].Fields[:3], limit*85/100); got[http.StatusOK] != limit*85/100 {
		t.Fatalf("the second system got %v, want answers only", got)
	}
	d.lookUp(t, direct[1], d.Info.AllFields, 3)
	for c := range d.App.Gate.Directory().Connections() {
		if c.Via != "" {
			err := d.App.Onboarding.Suspend(t.Context(), ledger.Actor{Kind: "system", ID: "test"}, c.ID,
				"Tra cứu ngoài mục đích đã đăng ký.", "Nộp báo cáo sử dụng và biện pháp khắc phục.")
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	p := b.NewPage(t, browsertest.Desktop)
	url := strings.Replace(d.url, "127.0.0.1", "localhost", 1)
	signInByHand(t, p, url, accountOf(t, d.Demo, "inspector"))
	p.Until(`location.pathname === "/log" && document.readyState === "complete"`)
	want := []string{
		i18n.VI.T(i18n.StateLockedVolume), i18n.VI.T(i18n.StateSuspended), i18n.VI.T(i18n.NearLimit), "40 / 40 lượt", "34 / 40 lượt",
		"connection.locked_volume", "grant.field_not_allowed", i18n.VI.T(i18n.KindSuspended), "500", d.Info.Log.Vkey, "— " + strings.SplitN(d.Info.Log.Vkey, "+", 2)[0],
	}
	// The statistics follow the log; the page is asked until they have.
	var text string
	deadline, limited := t.Deadline()
	for missing := want; len(missing) > 0; {
		if got := p.Open(url + "/?lang=vi"); got != http.StatusOK {
			t.Fatalf("status %d", got)
		}
		text = p.Text()
		missing = missing[:0:0]
		for _, w := range want {
			if !strings.Contains(text, w) {
				missing = append(missing, w)
			}
		}
		if len(missing) > 0 && limited && time.Until(deadline) < 30*time.Second {
			t.Fatalf("the page never says %q:\n%s", missing, text)
		}
	}
	if got := p.Problems(); len(got) > 0 {
		t.Errorf("the browser complains:\n%s", strings.Join(got, "\n"))
	}
	page := browsertest.Get(p, chromedp.OuterHTML(chromedp.CSS("html")))
	for _, secret := range append([]string{d.Info.Officer.ID, d.Info.Officer.Address, d.Info.Officer.Session, "Nộp báo cáo"}, direct[0].Case, direct[1].Case) {
		if strings.Contains(page, secret) {
			t.Errorf("the page shows %q", secret)
		}
	}
	for _, person := range d.Info.People {
		if strings.Contains(page, person.PIN) || strings.Contains(page, person.FullName) {
			t.Errorf("the page names %s", person.FullName)
		}
	}
	for _, v := range p.Accessibility(axe) {
		t.Error(v)
	}
	if *screenshots != "" {
		p.Resize(browsertest.View{Width: 1280, Height: 1240})
		for file, l := range map[string]i18n.Lang{"console.png": i18n.EN, "console-vi.png": i18n.VI} {
			p.Open(url + "/?lang=" + l.String())
			picture := browsertest.Get(p, chromedp.CaptureScreenshot()) // the top of the page
			if err := os.WriteFile(filepath.Join(*screenshots, file), picture, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
