package e2e

import (
	"flag"
	"net/http/httptest"
	"os"
	"path/filepath"
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

// Everybody can use every page: no violation of accessibility, nothing wider
// than the screen, and a browser that complains of nothing, in both languages,
// on a desk and on a phone.
func TestGalleryInARealBrowser(t *testing.T) {
	b := browsertest.Start(t)
	url := serveGallery(t, nil)
	only := strings.FieldsFunc(*galleryOnly, func(r rune) bool { return r == ',' })
	for _, s := range console.Samples() {
		if len(only) > 0 && !contains(only, s.Name) {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			p := b.NewPage(t, browsertest.Desktop)
			for _, l := range i18n.Langs {
				for width, view := range map[string]browsertest.View{"1280": browsertest.Desktop, "390": browsertest.Phone} {
					p.Resize(view)
					if got := p.Open(url + "/gallery/" + s.Name + "?lang=" + l.String()); got != 200 {
						t.Fatalf("status %d", got)
					}
					where := l.String() + " " + width
					if cs := p.Problems(); len(cs) > 0 {
						t.Errorf("%s: the browser complains:\n%s", where, strings.Join(cs, "\n"))
					}
					if n := p.Overflow(); n > 0 {
						t.Errorf("%s: the page is %d px wider than the screen", where, n)
					}
					for _, v := range p.Accessibility(axe) {
						t.Errorf("%s: %v", where, v)
					}
					if *galleryOut != "" && (len(only) == 0 || width == "1280") {
						name := s.Name + "-" + l.String() + "-" + width + ".png"
						if len(only) > 0 {
							name = s.Name + "-" + l.String() + ".png"
						}
						if err := os.WriteFile(filepath.Join(*galleryOut, name), p.Screenshot(), 0o644); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
		})
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// Every page costs at most 60 KB on a first visit without fonts, and at most 10
// KB on a later one.
func TestEveryPageIsSmall(t *testing.T) {
	b := browsertest.Start(t)
	url := serveGallery(t, nil)
	largest, name := int64(0), ""
	for _, s := range console.Samples() {
		p := b.NewPage(t, browsertest.Desktop)
		p.Open(url + "/gallery/" + s.Name)
		if first := p.Bytes("Font"); first == 0 || first > 60_000 {
			t.Errorf("%s: the first visit costs %d bytes, want at most 60,000:\n%v", s.Name, first, p.Resources())
		}
		p.Open(url + "/gallery/" + s.Name)
		again := p.Bytes()
		if again == 0 || again > 10_000 {
			t.Errorf("%s: a later visit costs %d bytes, want at most 10,000:\n%v", s.Name, again, p.Resources())
		}
		if again > largest {
			largest, name = again, s.Name
		}
	}
	t.Logf("the largest page is %s with %d bytes", name, largest)
}
