package e2e

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	browsertest "dancu/internal/apptest/browser"
	"dancu/internal/console"
	frontend "dancu/web"
)

const axe = "../web/node_modules/axe-core/axe.min.js"

var (
	// go test ./e2e -run TestStatusOfARunningSystem -screenshots ../docs/images
	screenshots = flag.String("screenshots", "", "write the documents' pictures of a running system into this `folder`")
	everyPage   = flag.String("every-page", "", "write a picture of every page in every way it can be into this `folder`")
)

// states are the ways the status page can be.
var states = []struct {
	name   string
	status int64
	source console.SourceFunc
}{
	{"sample", http.StatusOK, func(context.Context) (console.Status, error) { return console.Sample(), nil }},
	{"empty", http.StatusOK, func(context.Context) (console.Status, error) {
		return console.Status{At: console.Sample().At}, nil
	}},
	{"unavailable", http.StatusServiceUnavailable, func(context.Context) (console.Status, error) {
		return console.Status{}, errors.New("the log cannot be read")
	}},
}

// serve serves the console over the source on loopback.
func serve(t *testing.T, source console.Source, assets *frontend.Assets) string {
	t.Helper()
	h, err := console.New(console.Config{Source: source, Assets: assets})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// builds are the assets as compiled in and, if those are built, the plain ones.
func builds(t *testing.T) map[string]*frontend.Assets {
	t.Helper()
	plain, err := frontend.Unbuilt()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*frontend.Assets{"plain": plain}
	embedded, err := frontend.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if embedded.Built() {
		all["built"] = embedded
	} else if os.Getenv("DANCU_REQUIRE_CHROMIUM") == "1" {
		t.Fatal("the assets are not built: npm ci --ignore-scripts in web, then go run ./cmd/webbuild")
	}
	return all
}

// Everybody can use every page: no violation of accessibility, nothing wider
// than the screen, and a browser that complains of nothing, in both languages,
// on a desk and on a phone, with the built styles and with the plain ones.
func TestPagesInARealBrowser(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	i := 0
	all := builds(t)
	for _, build := range slices.Sorted(maps.Keys(all)) {
		for _, st := range states {
			url := serve(t, st.source, all[build])
			looks := waysOf(i)
			i++
			if *everyPage != "" {
				looks = ways
			}
			for _, w := range looks {
				t.Run(strings.Join([]string{build, st.name, w.lang.String(), w.width}, "/"), func(t *testing.T) {
					t.Parallel()
					p := b.NewPage(t, w.view)
					if got := p.Open(url + "/?lang=" + w.lang.String()); got != st.status {
						t.Fatalf("status %d, want %d", got, st.status)
					}
					complaints := p.Problems()
					if st.status != http.StatusOK {
						// The browser reports the status of the page itself.
						complaints = without(complaints, "status of 503")
					}
					if len(complaints) > 0 {
						t.Errorf("the browser complains:\n%s", strings.Join(complaints, "\n"))
					}
					if got := browsertest.Eval[string](p, `document.documentElement.lang`); got != w.lang.String() {
						t.Errorf("the page's language is %q, want %q", got, w.lang)
					}
					if n := p.Overflow(); n > 0 {
						t.Errorf("the page is %d px wider than the screen", n)
					}
					for _, v := range p.Accessibility(axe) {
						t.Error(v)
					}
					if *everyPage != "" {
						name := fmt.Sprintf("%s-%s-%s-%s.png", st.name, build, w.lang, w.width)
						if err := os.WriteFile(filepath.Join(*everyPage, name), p.Screenshot(), 0o644); err != nil {
							t.Fatal(err)
						}
					}
				})
			}
		}
	}
}

func without(list []string, part string) (rest []string) {
	for _, s := range list {
		if !strings.Contains(s, part) {
			rest = append(rest, s)
		}
	}
	return rest
}
