package api

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"dancu/internal/access"
	"dancu/internal/web"
)

func TestDocsPageIsWholeInBothLanguages(t *testing.T) {
	s := start(t)
	for _, l := range []web.Lang{web.Vietnamese, web.English} {
		r, _ := http.NewRequest("GET", s.url+"/docs", nil)
		r.Header.Set("Accept-Language", string(l))
		a := s.send(s.bare, r) // a person with a browser has no client certificate
		page := string(a.raw)
		if a.StatusCode != 200 || !strings.Contains(page, `<html lang="`+string(l)+`">`) || a.Header.Get("Content-Language") != string(l) {
			t.Fatalf("%s: %d %v", l, a.StatusCode, a.Header)
		}
		csp := a.Header.Get("Content-Security-Policy")
		if strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") {
			t.Errorf("%s: policy %q", l, csp)
		}
		// Nothing inline, nothing from elsewhere, no script at all.
		if m := regexp.MustCompile(`(?i)<script|<style|\sstyle=|\son[a-z]+=|https?://|ZgotmplZ|<no value>`).FindString(page); m != "" {
			t.Errorf("%s: the page has %q", l, m)
		}
		for _, o := range operations {
			if !strings.Contains(page, "<code>"+o.path+"</code>") || !strings.Contains(page, html.EscapeString(o.summary.In(l))) {
				t.Errorf("%s: %s is not on the page", l, o.path)
			}
		}
		for _, c := range access.Codes {
			if !strings.Contains(page, `id="code-`+string(c.Code)+`"`) {
				t.Errorf("%s: %s is not on the page", l, c.Code)
			}
		}
		for _, f := range access.Fields {
			if !strings.Contains(page, "<code>"+f.JSON+"</code>") {
				t.Errorf("%s: field %s is not on the page", l, f.JSON)
			}
		}
		ids := map[string]bool{}
		for _, m := range regexp.MustCompile(`id="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			if ids[m[1]] {
				t.Errorf("%s: two elements have the id %s", l, m[1])
			}
			ids[m[1]] = true
		}
		for _, m := range regexp.MustCompile(`href="#([^"]*)"`).FindAllStringSubmatch(page, -1) {
			if !ids[m[1]] {
				t.Errorf("%s: a link to #%s leads nowhere", l, m[1])
			}
		}
		if regexp.MustCompile(`</th><td></td>`).MatchString(page) {
			t.Errorf("%s: a member has no explanation", l)
		}
	}
	if a := s.get(s.bare, "/docs/style.css"); a.StatusCode != 200 || a.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("style: %d %v", a.StatusCode, a.Header)
	}
	for name, w := range words {
		if w.VI == "" || w.EN == "" {
			t.Errorf("word %s lacks a language", name)
		}
	}
	for name := range limitTable() {
		if w := limitWords[name]; w.VI == "" || w.EN == "" {
			t.Errorf("limit %s lacks a language", name)
		}
	}
}
