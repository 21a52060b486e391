package console

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/identity"
	"dancu/internal/onboarding"
	frontend "dancu/web"
)

func gallery(t *testing.T, a *frontend.Assets) http.Handler {
	t.Helper()
	h, err := Gallery(a)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// Every page in both languages, built and plain: well-formed, one H1, every
// field with its label, every id once, nothing inline, nothing from elsewhere.
func TestEverySample(t *testing.T) {
	plain, err := frontend.Unbuilt()
	if err != nil {
		t.Fatal(err)
	}
	for name, a := range map[string]*frontend.Assets{"built": nil, "plain": plain} {
		h := gallery(t, a)
		for _, s := range Samples() {
			for _, l := range i18n.Langs {
				t.Run(name+"/"+s.Name+"/"+l.String(), func(t *testing.T) {
					w := get(h, "/gallery/"+s.Name, "Cookie", "dancu_lang="+l.String())
					if w.Code != http.StatusOK {
						t.Fatalf("status %d", w.Code)
					}
					checkHeaders(t, w.Header(), l)
					checkSample(t, w.Body.String(), l)
				})
			}
		}
	}
}

// checkSample is checkHTML for pages with forms and the script.
func checkSample(t *testing.T, page string, l i18n.Lang) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	count, ids, labels, menu := map[string]int{}, map[string]int{}, map[string]bool{}, 0
	var refers []string
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		count[n.Data]++
		for _, a := range n.Attr {
			switch {
			case a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on") || strings.HasPrefix(a.Val, "js:"):
				t.Errorf("<%s> has an inline %s", n.Data, a.Key)
			case a.Key == "id":
				ids[a.Val]++
			case (a.Key == "href" || a.Key == "src" || a.Key == "action") && !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") && attr(n, "rel") != "noreferrer",
				(a.Key == "href" || a.Key == "src" || a.Key == "action") && strings.HasPrefix(a.Val, "//"):
				t.Errorf("<%s %s=%q> leads elsewhere", n.Data, a.Key, a.Val)
			case a.Key == "aria-describedby" || a.Key == "aria-labelledby":
				refers = append(refers, strings.Fields(a.Val)...)
			}
		}
		switch n.Data {
		case "label":
			labels[attr(n, "for")] = true
		case "script":
			if attr(n, "src") == "" || attr(n, "integrity") == "" || n.FirstChild != nil {
				t.Error("a script is inline, or without its integrity")
			}
		case "form":
			if m := attr(n, "method"); m != "post" && m != "get" && m != "dialog" {
				t.Errorf("a form has the method %q", m)
			}
		case "nav":
			if strings.Contains(attr(n, "class"), "menu") {
				menu = max(menu, countOf(n, "a"))
			}
		}
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "input" && n.Data != "select" && n.Data != "textarea" {
			continue
		}
		kind := attr(n, "type")
		if kind == "hidden" || kind == "checkbox" || kind == "radio" || hasAttr(n, "hidden") {
			continue
		}
		if !labels[attr(n, "id")] {
			t.Errorf("the field %q has no label", attr(n, "name"))
		}
		if kind == "password" && attr(n, "value") != "" {
			t.Errorf("the password field %q gives its value back", attr(n, "name"))
		}
	}
	for _, id := range refers {
		if ids[id] == 0 {
			t.Errorf("something is described by %q, which is not there", id)
		}
	}
	if menu > 9 {
		t.Errorf("the menu has %d entries", menu)
	}
	for element, want := range map[string]int{"h1": 1, "main": 1, "title": 1, "style": 0, "iframe": 0} {
		got := count[element]
		if element == "title" {
			got = min(got, 1) // pictures have titles, too
		}
		if got != want {
			t.Errorf("%d <%s>, want %d", got, element, want)
		}
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("id %q is used %d times", id, n)
		}
	}
	if strings.Contains(page, l.T(i18n.Missing)) || strings.Contains(page, "%!") {
		t.Error("a text is missing or its placeholders are wrong")
	}
}

func hasAttr(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

func countOf(n *html.Node, element string) (c int) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == element {
			c++
		}
	}
	return c
}

// Every page template has a sample, so that no page goes unlooked at: each
// templ function that draws a whole page is called from a sample.
func TestEveryTemplateHasASample(t *testing.T) {
	whole := regexp.MustCompile(`(?m)^templ (\w+)\((v|p) `)
	err := filepath.WalkDir(".", func(p string, d os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(p, ".templ") || strings.HasPrefix(p, "ui") {
			return err
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		var drawn []byte
		files, err := filepath.Glob(filepath.Join(filepath.Dir(p), "*.go"))
		if err != nil {
			return err
		}
		for _, f := range files {
			if base := filepath.Base(f); base == "sample.go" || base == "gallery.go" {
				b, err := os.ReadFile(f)
				if err != nil {
					return err
				}
				drawn = append(drawn, b...)
			}
		}
		for _, m := range whole.FindAllSubmatch(text, -1) {
			name := string(m[1])
			if !strings.HasSuffix(name, "Page") {
				continue
			}
			if !strings.Contains(string(drawn), name+"(") {
				t.Errorf("%s: %s has no sample", p, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The menu of every kind of account is short, and leads to pages that the kind
// may use; each key goes to one place.
func TestMenusAreShort(t *testing.T) {
	s := assemble(Config{Source: fixed(Sample())})
	may := map[string]site.May{}
	for _, r := range s.routes() {
		if path, ok := strings.CutPrefix(r.Pattern, "GET "); ok {
			may[strings.TrimSuffix(path, "{$}")] = r.May
			// A list of matters of one kind is an entry, too.
			for _, k := range onboarding.Kinds() {
				may[strings.NewReplacer("{kind}", string(k.Kind), "{$}", "").Replace(path)] = r.May
			}
		}
	}
	for _, k := range identity.Kinds {
		menu := site.Menu(i18n.VI, k)
		keys := map[string]bool{}
		if len(menu) == 0 || len(menu) > 9 {
			t.Errorf("%s has %d entries in the menu", k, len(menu))
		}
		for _, e := range menu {
			m, ok := may[e.Href]
			if !ok || !m.Kind(k) {
				t.Errorf("%s: the menu leads to %s, which is not theirs", k, e.Href)
			}
			if e.Key == "" || keys[e.Key] {
				t.Errorf("%s: the key %q goes to two places or none", k, e.Key)
			}
			keys[e.Key] = true
		}
		if home := site.Home(k); !may[home].Kind(k) {
			t.Errorf("%s begins at %s, which is not theirs", k, home)
		}
	}
}
