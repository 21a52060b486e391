// Package browsertest drives a real browser for tests: Debian's Chromium,
// without a window, with a profile of its own that is thrown away. There is one
// for all tests of a process, in which every page has cookies and a cache of
// its own; a TestMain calls [Stop] at the end.
//
// A test opens a page and asks what a person would notice: what it says, what
// the console complains of, how many bytes came, whether everybody can use it.
// Where there is no Chromium the test is skipped and says so; with
// DANCU_REQUIRE_CHROMIUM=1 it fails instead, so that a machine that has to run
// these tests cannot pass without them.
package browsertest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience bounds each step in the browser; it is there so that a hanging
// browser fails a test, not to measure anything.
const patience = 60 * time.Second

// Browser is a running browser.
type Browser struct{ ctx context.Context }

// require reports whether a missing part is a failure.
func require() bool { return os.Getenv("DANCU_REQUIRE_CHROMIUM") == "1" }

// missing skips or fails the test.
func missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if require() {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// shared is the browser of this test process.
var shared struct {
	once    sync.Once
	browser *Browser
	stop    func()
	why     error // there is none
}

// Start returns the browser of this test process; the first call starts it.
// Where there is none the test is skipped, or fails.
func Start(t testing.TB) *Browser {
	t.Helper()
	shared.once.Do(func() { shared.browser, shared.stop, shared.why = start() })
	if shared.why != nil {
		missing(t, "%v", shared.why)
	}
	return shared.browser
}

// Stop ends the browser, if there is one.
func Stop() {
	if shared.stop != nil {
		shared.stop()
	}
}

func start() (*Browser, func(), error) {
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		return nil, nil, errors.New("there is no Chromium here: install it (Debian: apt-get install chromium) to run the browser tests")
	}
	profile, err := os.MkdirTemp("", "dancu-browser-")
	if err != nil {
		return nil, nil, err
	}
	alloc, cancelAlloc := chromedp.NewExecAllocator(
		context.Background(),
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-extensions", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.WSURLReadTimeout(patience),
	)
	ctx, cancel := chromedp.NewContext(alloc)
	stop := func() {
		end, stop := context.WithTimeout(ctx, 10*time.Second)
		defer stop()
		_ = chromedp.Cancel(end) // closes the browser and waits; a failure leaves a dead process only
		cancel()
		cancelAlloc()
		_ = os.RemoveAll(profile)
	}
	if err := chromedp.Do(ctx); err != nil {
		stop()
		return nil, nil, fmt.Errorf("Chromium at %s did not start: %w", path, err)
	}
	return &Browser{ctx: ctx}, stop, nil
}

// View is how a person looks at a page.
type View struct {
	Width, Height int64
	Phone         bool
	// Languages is the browser's Accept-Language; "" is that of a browser in
	// Vietnamese.
	Languages string
	// NoScript turns scripts off.
	NoScript bool
}

// The widths that every page is looked at in.
var (
	Desktop = View{Width: 1280, Height: 900}
	Phone   = View{Width: 390, Height: 844, Phone: true}
)

// Resource is something the browser fetched.
type Resource struct {
	URL, Type string // Type is the browser's: "Document", "Stylesheet", "Font", …
	Status    int64
	Bytes     int64 // over the network, headers included; 0 from the cache
}

// Page is a tab with cookies and cache of its own.
type Page struct {
	t   testing.TB
	ctx context.Context

	mu        sync.Mutex
	loads     int // pages loaded, each with all it has
	problems  []string
	resources map[network.RequestID]*Resource
	order     []network.RequestID
}

// NewPage opens an empty tab, as a visitor who has never been here.
func (b *Browser) NewPage(t testing.TB, v View) *Page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	p := &Page{t: t, ctx: ctx, resources: make(map[network.RequestID]*Resource)}
	if err := chromedp.Listen(ctx, p.event); err != nil {
		t.Fatalf("couldn't open a tab: %v", err)
	}
	p.Do(func(ctx context.Context, tab *chromedp.Target) (chromedp.Void, error) {
		var void chromedp.Void
		if _, err := cdp.Call(ctx, tab, network.Enable, network.EnableParams{}); err != nil {
			return void, err
		}
		if _, err := cdp.Call(ctx, tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: v.NoScript}); err != nil {
			return void, err
		}
		_, err := cdp.Call(ctx, tab, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{
			Headers: network.Headers{"Accept-Language": cmp.Or(v.Languages, "vi-VN,vi;q=0.9,en;q=0.5")},
		})
		return void, err
	})
	p.Resize(v)
	return p
}

// Resize changes how the page is looked at.
func (p *Page) Resize(v View) {
	p.t.Helper()
	opts := []chromedp.EmulateViewportOption{chromedp.EmulateScale(1)}
	if v.Phone {
		opts = append(opts, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	p.Do(chromedp.EmulateViewport(v.Width, v.Height, opts...))
}

// event notes what the tab tells.
func (p *Page) event(ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := ev.(type) {
	case *page.EventLoadEventFired:
		p.loads++
	case *runtime.EventExceptionThrown:
		p.problems = append(p.problems, "exception: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			text, _ := json.Marshal(e.Args)
			p.problems = append(p.problems, fmt.Sprintf("console %s: %s", e.Type, text))
		}
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError || e.Entry.Level == cdplog.EntryLevelWarning {
			p.problems = append(p.problems, fmt.Sprintf("%s (%s): %s %s", e.Entry.Level, e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *network.EventRequestWillBeSent:
		if _, ok := p.resources[e.RequestID]; !ok {
			p.order = append(p.order, e.RequestID)
		}
		p.resources[e.RequestID] = &Resource{URL: e.Request.URL}
	case *network.EventResponseReceived:
		if r := p.resources[e.RequestID]; r != nil {
			r.Type, r.Status = string(e.Type), e.Response.Status
		}
	case *network.EventLoadingFinished:
		if r := p.resources[e.RequestID]; r != nil {
			r.Bytes = int64(e.EncodedDataLength)
		}
	case *network.EventLoadingFailed:
		if r := p.resources[e.RequestID]; r != nil && !e.Canceled {
			p.problems = append(p.problems, fmt.Sprintf("could not load %s: %s", r.URL, e.ErrorText))
		}
	}
}

// Do runs steps in the tab; a step that fails ends the test.
func (p *Page) Do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.t.Fatalf("in the browser: %v", err)
	}
}

// Get runs an action that gives a value.
func Get[T any](p *Page, a chromedp.Action[T]) T {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		p.t.Fatalf("in the browser: %v", err)
	}
	return v
}

// Eval returns the value of an expression in the page.
func Eval[T any](p *Page, expression string) T {
	p.t.Helper()
	return Get(p, chromedp.Evaluate[T](expression))
}

// Open goes to the address, waits until everything is loaded, fonts too, and
// returns the status. What [Page.Problems] and [Page.Resources] tell begins
// anew.
func (p *Page) Open(url string) int64 {
	p.t.Helper()
	p.mu.Lock()
	p.problems, p.order = nil, nil
	clear(p.resources)
	p.mu.Unlock()
	res := Get(p, chromedp.NavigateResponse(url))
	if res == nil {
		p.t.Fatalf("no answer from %s", url)
	}
	Get(p, chromedp.Evaluate[bool](`document.fonts.ready.then(() => true)`, chromedp.EvalAwaitPromise))
	return res.Status
}

// Goes runs steps that lead to another page, or to the same one anew, and waits
// until that is loaded, fonts too.
func (p *Page) Goes(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	loads := func() int {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.loads
	}
	before := loads()
	p.Do(steps...)
	for end := time.Now().Add(patience); loads() == before; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			p.t.Fatalf("no other page was loaded; this one says:\n%s", p.Text())
		}
	}
	p.Until(`document.readyState === "complete" && document.fonts.status === "loaded"`)
}

// Until waits until an expression holds in the page, whatever page that is by
// then.
func (p *Page) Until(expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	for {
		// An error is mostly a page that gives way to the next one.
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+expression+")"))
		if err == nil && ok {
			return
		}
		select {
		case <-ctx.Done():
			p.t.Fatalf("it never holds (last error: %v): %s", err, expression)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Type types a text, or presses keys (package kb), where the focus is.
func (p *Page) Type(text string) { p.t.Helper(); p.Do(chromedp.KeyEvent(text)) }

// Tab goes from stop to stop with the Tab key until what a selector says has
// the focus. What the keyboard does not reach fails the test, and so does a
// stop that does not show that it has the focus.
func (p *Page) Tab(selector string) {
	p.t.Helper()
	const most = 120
	for range most {
		if Eval[bool](p, fmt.Sprintf(`!!document.activeElement?.matches(%q)`, selector)) {
			return
		}
		p.Type(kb.Tab)
		if Eval[bool](p, `(e => e !== document.body && getComputedStyle(e).outlineStyle === "none" && !e.matches(".skip"))(document.activeElement)`) {
			p.t.Errorf("the focus on %s does not show", Eval[string](p, `document.activeElement.outerHTML.slice(0, 120)`))
		}
	}
	p.t.Fatalf("the keyboard does not reach %s on this page:\n%s", selector, p.Text())
}

// Problems are what the console complained of since the page was opened:
// errors, warnings, violations of the content security policy, exceptions and
// requests that failed.
func (p *Page) Problems() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.problems...)
}

// Resources are what the browser asked for since the page was opened.
func (p *Page) Resources() []Resource {
	p.mu.Lock()
	defer p.mu.Unlock()
	var rs []Resource
	for _, id := range p.order {
		rs = append(rs, *p.resources[id])
	}
	return rs
}

// Bytes is how much came over the network since the page was opened, without
// resources of the types left out.
func (p *Page) Bytes(without ...string) (n int64) {
next:
	for _, r := range p.Resources() {
		for _, w := range without {
			if r.Type == w {
				continue next
			}
		}
		n += r.Bytes
	}
	return n
}

// Text is what the page says.
func (p *Page) Text() string { p.t.Helper(); return Eval[string](p, `document.body.innerText`) }

// Overflow is how many pixels the page is wider than the window; more than 0
// means that it must be moved sideways to be read.
func (p *Page) Overflow() int64 {
	p.t.Helper()
	return Eval[int64](p, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
}

// Screenshot is a PNG of the whole page.
func (p *Page) Screenshot() []byte {
	p.t.Helper()
	return Get(p, chromedp.FullScreenshot(100))
}

// Violation is a rule of accessibility that the page breaks.
type Violation struct {
	ID     string   `json:"id"`
	Impact string   `json:"impact"`
	Help   string   `json:"help"`
	Nodes  []string `json:"nodes"`
}

// String says what is wrong and where.
func (v Violation) String() string {
	return fmt.Sprintf("%s (%s): %s\n\t%s", v.ID, v.Impact, v.Help, strings.Join(v.Nodes, "\n\t"))
}

// Accessibility checks the page with axe-core, whose source is read from file
// (web/node_modules/axe-core/axe.min.js): all rules, best practice included. If
// there is no such file the test is skipped, or fails, as without a browser.
func (p *Page) Accessibility(file string) []Violation {
	p.t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		missing(p.t, "axe-core is not installed (npm ci --ignore-scripts in web): %v", err)
	}
	if !Eval[bool](p, `typeof axe !== "undefined"`) {
		Get(p, chromedp.Evaluate[bool](string(source)+";true"))
	}
	return Get(p, chromedp.Evaluate[[]Violation](`axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v => ({
		id: v.id, impact: v.impact || "", help: v.help,
		nodes: v.nodes.map(n => n.target.join(" ") + " " + (n.failureSummary || "").replace(/\s+/g, " ")),
	})))`, chromedp.EvalAwaitPromise))
}
