package e2e

import (
	"flag"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	browsertest "dancu/internal/apptest/browser"
	"dancu/internal/console"
	"dancu/internal/console/i18n"
	frontend "dancu/web"
)

var (
	// go test ./e2e -run TestGallery -gallery ../docs/images -only look-up-found,officers
	galleryOut  = flag.String("gallery", "", "write pictures of the gallery's pages into this `folder`")
	galleryOnly = flag.String("only", "", "of these `pages` only, in one width; otherwise of all of them in both")
)

// serveGallery serves every page with made-up data on loopback.
func serveGallery(t *testing.T, assets *frontend.Assets) string {
	t.Helper()
	h, err := console.Gallery(assets)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

// way is how somebody looks at a page.
type way struct {
	lang  i18n.Lang
	width string
	view  browsertest.View
}

var (
	ways = []way{
		{i18n.VI, "1280", browsertest.Desktop},
		{i18n.EN, "390", browsertest.Phone},
		{i18n.VI, "390", browsertest.Phone},
		{i18n.EN, "1280", browsertest.Desktop},
	}
	// nightly says that what has many combinations is tried in all of them
	// (DANCU_TEST_NIGHTLY=1).
	nightly = os.Getenv("DANCU_TEST_NIGHTLY") == "1"
)

// waysOf are the ways in which the i-th page is looked at: all four at night,
// else two that have both languages and both widths, now these, now the other
// two.
func waysOf(i int) []way {
	if nightly {
		return ways
	}
	return ways[i%2*2:][:2]
}

// Everybody can use every page: no violation of accessibility, nothing wider
// than the screen, and a browser that complains of nothing, in both languages,
// on a desk and on a phone. And every page costs at most 60 KB on a first visit
// without fonts, and at most 10 KB on a later one.
func TestGalleryInARealBrowser(t *testing.T) {
	t.Parallel()
	b := browsertest.Start(t)
	url := serveGallery(t, nil)
	only := strings.FieldsFunc(*galleryOnly, func(r rune) bool { return r == ',' })
	pictures := *galleryOut != ""
	for i, s := range console.Samples() {
		if len(only) > 0 && !slices.Contains(only, s.Name) {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			looks := waysOf(i)
			if pictures {
				looks = ways
			}
			p := b.NewPage(t, looks[0].view)
			address := func(w way) string { return url + "/gallery/" + s.Name + "?lang=" + w.lang.String() }
			if got := p.Open(address(looks[0])); got != 200 {
				t.Fatalf("status %d", got)
			}
			if first := p.Bytes("Font"); first == 0 || first > 60_000 {
				t.Errorf("the first visit costs %d bytes, want at most 60,000:\n%v", first, p.Resources())
			}
			for n, w := range looks {
				p.Resize(w.view)
				p.Open(address(w))
				where := w.lang.String() + " " + w.width
				if again := p.Bytes(); n == 0 && (again == 0 || again > 10_000) {
					t.Errorf("a later visit costs %d bytes, want at most 10,000:\n%v", again, p.Resources())
				}
				if cs := p.Problems(); len(cs) > 0 {
					t.Errorf("%s: the browser complains:\n%s", where, strings.Join(cs, "\n"))
				}
				if n := p.Overflow(); n > 0 {
					t.Errorf("%s: the page is %d px wider than the screen", where, n)
				}
				for _, v := range p.Accessibility(axe) {
					t.Errorf("%s: %v", where, v)
				}
				if !pictures || len(only) > 0 && w.width != "1280" {
					continue
				}
				name := s.Name + "-" + w.lang.String() + "-" + w.width + ".png"
				if len(only) > 0 {
					name = s.Name + "-" + w.lang.String() + ".png"
				}
				if err := os.WriteFile(filepath.Join(*galleryOut, name), p.Screenshot(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
