package web

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
)

// built is a folder as cmd/webbuild writes it.
func built(t *testing.T, css string) fstest.MapFS {
	t.Helper()
	var gz, br bytes.Buffer
	z, b := gzip.NewWriter(&gz), brotli.NewWriter(&br)
	for _, w := range []io.WriteCloser{z, b} {
		if _, err := io.WriteString(w, css); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	manifest, err := json.Marshal(Manifest{
		Files:    map[string]File{"app.css": {Name: "app-ABC.css", Integrity: Integrity([]byte(css))}},
		Licences: []Licence{{Package: "p", Version: "1", Licence: "MIT", Text: "text"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{
		"app-ABC.css": {Data: []byte(css)}, "app-ABC.css.gz": {Data: gz.Bytes()}, "app-ABC.css.br": {Data: br.Bytes()},
		"manifest.json": {Data: manifest},
	}
}

// serve gives a handler of the files.
func get(t *testing.T, a *Assets, url string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, url, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	if !a.Serve(w, r, strings.TrimPrefix(r.URL.Path, Prefix)) {
		if w.Body.Len() > 0 || len(w.Header()) > 0 {
			t.Error("something was written for a file there is not")
		}
		return &http.Response{StatusCode: http.StatusNotFound}
	}
	return w.Result()
}

func TestAssetsAreKeptForEver(t *testing.T) {
	css := strings.Repeat("body { color: #123456 }\n", 100)
	a, err := Load(built(t, css))
	if err != nil {
		t.Fatal(err)
	}
	if !a.Built() {
		t.Error("a folder with a manifest counts as unbuilt")
	}
	for coding, open := range map[string]func(io.Reader) (io.Reader, error){
		"":     func(r io.Reader) (io.Reader, error) { return r, nil },
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
	} {
		res := get(t, a, a.Style().URL, "Accept-Encoding", coding)
		if got := res.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
			t.Errorf("%q: Cache-Control %q", coding, got)
		}
		if got := res.Header.Get("Content-Encoding"); got != coding {
			t.Errorf("Content-Encoding %q, want %q", got, coding)
		}
		if got := res.Header.Get("Vary"); got != "Accept-Encoding" {
			t.Errorf("Vary %q", got)
		}
		plain, err := open(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(plain); err != nil || string(body) != css {
			t.Errorf("%q: the body is not the file (%v)", coding, err)
		}
		again := get(t, a, a.Style().URL, "Accept-Encoding", coding, "If-None-Match", res.Header.Get("ETag"))
		if again.StatusCode != http.StatusNotModified {
			t.Errorf("%q: asking again gives status %d, want 304", coding, again.StatusCode)
		}
	}
	if res := get(t, a, Prefix+"manifest.json"); res.StatusCode != http.StatusNotFound {
		t.Errorf("the manifest is served: status %d", res.StatusCode)
	}
	if res := get(t, a, Prefix+"../embed.go"); res.StatusCode != http.StatusNotFound {
		t.Errorf("a file outside is served: status %d", res.StatusCode)
	}
}

func TestUnbuiltServesTheFirstPartyStyles(t *testing.T) {
	a, err := Load(fstest.MapFS{".gitkeep": {}})
	if err != nil {
		t.Fatal(err)
	}
	if a.Built() || len(a.Licences()) != 0 {
		t.Error("an empty folder counts as built")
	}
	for _, ref := range []Ref{a.Style(), a.Icon()} {
		res := get(t, a, ref.URL)
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: status %d, %v", ref.URL, res.StatusCode, err)
		}
		if got := Integrity(body); got != ref.Integrity {
			t.Errorf("%s: integrity %s, want %s", ref.URL, got, ref.Integrity)
		}
	}
}

func TestLoadRefusesWhatTheManifestDoesNotSay(t *testing.T) {
	for name, spoil := range map[string]func(fstest.MapFS){
		"changed file":     func(f fstest.MapFS) { f["app-ABC.css"] = &fstest.MapFile{Data: []byte("body{}")} },
		"missing file":     func(f fstest.MapFS) { delete(f, "app-ABC.css") },
		"broken manifest":  func(f fstest.MapFS) { f["manifest.json"] = &fstest.MapFile{Data: []byte("{")} },
		"no style in it":   func(f fstest.MapFS) { f["manifest.json"] = &fstest.MapFile{Data: []byte("{}")} },
		"truncated by one": func(f fstest.MapFS) { d := f["app-ABC.css"].Data; f["app-ABC.css"].Data = d[:len(d)-1] },
	} {
		f := built(t, "body { margin: 0 }")
		spoil(f)
		if _, err := Load(f); err == nil || !strings.Contains(err.Error(), "go run ./cmd/webbuild") {
			t.Errorf("%s: error %v, want one that says how to build again", name, err)
		}
	}
}

// What is compiled in can be served, whether it was built or not.
func TestEmbeddedLoads(t *testing.T) {
	a, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if res := get(t, a, a.Style().URL); res.StatusCode != http.StatusOK {
		t.Errorf("status %d", res.StatusCode)
	}
}

func TestAccepts(t *testing.T) {
	for _, tt := range []struct {
		header, coding string
		want           bool
	}{
		{"", "gzip", false},
		{"gzip", "gzip", true},
		{"gzip, deflate, br", "br", true},
		{"deflate;q=0.5, GZIP;q=0.1", "gzip", true},
		{"gzip;q=0", "gzip", false},
		{"gzip;q=0.000", "gzip", false},
		{"gzip;q=0.001", "gzip", true},
		{"*", "br", true},
		{"*;q=0", "br", false},
		{"br;q=0, *", "br", false},
		{"*, br;q=0", "br", false},
		{"bro", "br", false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", tt.header)
		if got := Accepts(r, tt.coding); got != tt.want {
			t.Errorf("Accepts(%q, %q) = %v, want %v", tt.header, tt.coding, got, tt.want)
		}
	}
}

func TestFresh(t *testing.T) {
	for header, want := range map[string]bool{
		"": false, `"a"`: true, `W/"a"`: true, `"b", "a"`: true, `*`: true, `"b"`: false, `a`: false,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("If-None-Match", header)
		if got := Fresh(r, `"a"`); got != want {
			t.Errorf("Fresh(%s) = %v, want %v", header, got, want)
		}
	}
}
