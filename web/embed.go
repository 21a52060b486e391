// Package web holds the front-end files of the console and serves them.
//
// What is written by us and lies in the repository is static/ (a stylesheet
// with which every page is presentable, and the mark). What cmd/webbuild makes
// of src/ and of the npm packages lies in dist/, is not committed, and is
// embedded if it was there when the program was compiled. A program compiled
// without it serves static/ alone, and says so ([Assets.Built]).
//
// Every file is served under a name that holds its hash, so that a browser may
// keep it for ever (TestAssetsAreKeptForEver), and compressed as it was at
// build time.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
)

//go:embed all:dist
var dist embed.FS

//go:embed static
var static embed.FS

// Prefix is the path under which [Assets] expects to be served.
const Prefix = "/assets/"

// Manifest is what cmd/webbuild writes about a build: dist/manifest.json.
type Manifest struct {
	// Files maps a logical name ("app.css") to the file made of it.
	Files map[string]File `json:"files"`
	// Licences are those of the third-party packages whose files are in dist/.
	Licences []Licence `json:"licences"`
}

// File is one built file.
type File struct {
	Name      string `json:"name"`      // in dist/, with the hash in it
	Integrity string `json:"integrity"` // for the integrity attribute: "sha384-…"
}

// Licence is the licence of a package in the build.
type Licence struct {
	Package string `json:"package"`
	Version string `json:"version"`
	Licence string `json:"licence"` // SPDX identifier, as the package declares it
	Text    string `json:"text"`
}

// Ref is how a page refers to a file.
type Ref struct {
	URL       string
	Integrity string
}

// Assets are the files of one build, or of none. They never change, so all
// methods may be called from many goroutines.
type Assets struct {
	built    bool
	style    Ref
	script   Ref // zero if there is none
	icon     Ref
	licences []Licence
	files    map[string]*asset // by the name in the URL
}

// asset is one file with its compressed forms; nil where there is none.
type asset struct {
	mediaType       string
	tag             string // for ETag, without quotes
	plain, gzip, br []byte
}

// Embedded returns the assets compiled into the program.
func Embedded() (*Assets, error) {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, err
	}
	return Load(sub)
}

// Unbuilt returns the first-party assets alone, as a program compiled without
// cmd/webbuild has them.
func Unbuilt() (*Assets, error) {
	a := &Assets{files: make(map[string]*asset)}
	var err error
	if a.style, err = a.own("base.css"); err != nil {
		return nil, err
	}
	if a.icon, err = a.own("mark.svg"); err != nil {
		return nil, err
	}
	return a, nil
}

// Load reads a dist folder. Without a manifest in it, it is an unbuilt one and
// that is no error; a manifest that cannot be read, or whose files are missing
// or changed, is one: run cmd/webbuild again.
func Load(dist fs.FS) (*Assets, error) {
	a, err := Unbuilt()
	if err != nil {
		return nil, err
	}
	text, err := fs.ReadFile(dist, "manifest.json")
	if err != nil {
		return a, nil
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("couldn't read dist/manifest.json (run go run ./cmd/webbuild again): %w", err)
	}
	for name, f := range m.Files {
		if err := a.load(dist, f); err != nil {
			return nil, fmt.Errorf("couldn't load %s (run go run ./cmd/webbuild again): %w", name, err)
		}
	}
	style, ok := m.Files["app.css"]
	if !ok {
		return nil, fmt.Errorf("dist/manifest.json names no app.css: run go run ./cmd/webbuild again")
	}
	a.style = Ref{URL: Prefix + style.Name, Integrity: style.Integrity}
	if script, ok := m.Files["app.js"]; ok {
		a.script = Ref{URL: Prefix + script.Name, Integrity: script.Integrity}
	}
	a.licences = slices.Clone(m.Licences)
	a.built = true
	return a, nil
}

// Built reports whether the assets are those of a build.
func (a *Assets) Built() bool { return a.built }

// Style returns the stylesheet for every page.
func (a *Assets) Style() Ref { return a.style }

// Script returns the script of every page; ok is false if there is none, as in
// a program compiled without a build: no task needs it.
func (a *Assets) Script() (ref Ref, ok bool) { return a.script, a.script.URL != "" }

// Icon returns the icon of the site.
func (a *Assets) Icon() Ref { return a.icon }

// Licences returns the licences of the third-party packages in the build.
func (a *Assets) Licences() []Licence { return slices.Clone(a.licences) }

// Files returns every file by the name in its address.
func (a *Assets) Files() map[string][]byte {
	out := make(map[string][]byte, len(a.files))
	for name, f := range a.files {
		out[name] = slices.Clone(f.plain)
	}
	return out
}

// own adds a first-party file, under a name with its hash.
func (a *Assets) own(name string) (Ref, error) {
	data, err := static.ReadFile("static/" + name)
	if err != nil {
		return Ref{}, err
	}
	sum := sha256.Sum256(data)
	ext := path.Ext(name)
	hashed := strings.TrimSuffix(name, ext) + "-" + hex.EncodeToString(sum[:6]) + ext
	var zipped bytes.Buffer
	z, err := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	if err != nil {
		return Ref{}, err
	}
	if _, err := z.Write(data); err != nil {
		return Ref{}, err
	}
	if err := z.Close(); err != nil {
		return Ref{}, err
	}
	a.files[hashed] = &asset{mediaType: mediaType(hashed), tag: hex.EncodeToString(sum[:16]), plain: data, gzip: zipped.Bytes()}
	return Ref{URL: Prefix + hashed, Integrity: Integrity(data)}, nil
}

// load adds one built file, and its compressed forms where they exist.
func (a *Assets) load(dist fs.FS, f File) error {
	data, err := fs.ReadFile(dist, f.Name)
	if err != nil {
		return err
	}
	if got := Integrity(data); got != f.Integrity {
		return fmt.Errorf("%s has integrity %s, the manifest says %s", f.Name, got, f.Integrity)
	}
	sum := sha256.Sum256(data)
	as := &asset{mediaType: mediaType(f.Name), tag: hex.EncodeToString(sum[:16]), plain: data}
	if b, err := fs.ReadFile(dist, f.Name+".gz"); err == nil {
		as.gzip = b
	}
	if b, err := fs.ReadFile(dist, f.Name+".br"); err == nil {
		as.br = b
	}
	a.files[f.Name] = as
	return nil
}

// mediaType names the type of a file we serve; the system's own tables are not
// asked, so that it is the same everywhere.
func mediaType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return "application/octet-stream"
	}
}

// Serve answers GET and HEAD of the file of that name, and reports whether
// there is one; without one it writes nothing. A name carries its hash, so what
// is under it never changes.
func (a *Assets) Serve(w http.ResponseWriter, r *http.Request, name string) (found bool) {
	as := a.files[name]
	if as == nil {
		return false
	}
	body, coding := as.plain, ""
	switch {
	case as.br != nil && Accepts(r, "br"):
		body, coding = as.br, "br"
	case as.gzip != nil && Accepts(r, "gzip"):
		body, coding = as.gzip, "gzip"
	}
	h := w.Header()
	h.Set("Content-Type", as.mediaType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Vary", "Accept-Encoding")
	tag := as.tag
	if coding != "" {
		h.Set("Content-Encoding", coding)
		tag += "-" + coding
	}
	h.Set("ETag", `"`+tag+`"`)
	if Fresh(r, `"`+tag+`"`) {
		h.Del("Content-Type")
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return true
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // an error means that the client is gone
	}
	return true
}

// Accepts reports whether the client takes the content coding: it is named, or
// "*" is, and not with a quality of zero.
func Accepts(r *http.Request, coding string) bool {
	any := false
	for _, line := range r.Header.Values("Accept-Encoding") {
		for item := range strings.SplitSeq(line, ",") {
			name, params, _ := strings.Cut(item, ";")
			q := strings.TrimSpace(params)
			zero := strings.HasPrefix(q, "q=0") && strings.Trim(q[len("q=0"):], ".0") == ""
			switch name = strings.TrimSpace(name); {
			case strings.EqualFold(name, coding):
				return !zero
			case name == "*":
				any = !zero
			}
		}
	}
	return any
}

// Fresh reports whether the client already has what bears the entity tag
// (RFC 9110, If-None-Match, weak comparison).
func Fresh(r *http.Request, tag string) bool {
	for _, line := range r.Header.Values("If-None-Match") {
		for item := range strings.SplitSeq(line, ",") {
			item = strings.TrimSpace(item)
			if item == "*" || strings.TrimPrefix(item, "W/") == strings.TrimPrefix(tag, "W/") {
				return true
			}
		}
	}
	return false
}
