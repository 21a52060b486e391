package api

import (
	"net/http/httptest"
	"strings"
	"testing"

	"dancu/internal/fault"
)

func TestPublicLog(t *testing.T) {
	h := LogHandler(testLog{}, nil)
	for _, test := range []struct {
		method, path string
		status       int
		contentType  string
		cache        string
	}{
		{"GET", "/checkpoint", 200, "text/plain; charset=utf-8", "no-store"},
		{"HEAD", "/checkpoint", 200, "text/plain; charset=utf-8", "no-store"},
		{"GET", "/tile/0/000.p/5", 200, "application/octet-stream", "public, max-age=60"},
		{"GET", "/tile/entries/000", 200, "application/octet-stream", "public, max-age=31536000, immutable"},
		{"GET", "/tile/0/000.p/6", 404, "application/problem+json", "no-store"},
		{"GET", "/tile/bad", 404, "application/problem+json", "no-store"},
		{"GET", "/tile/0/000.p/5?x=1", 404, "application/problem+json", "no-store"},
		{"GET", "/tile/", 404, "application/problem+json", "no-store"},
		{"GET", "/tile/../../etc/passwd", 404, "application/problem+json", "no-store"},
		{"GET", "/", 404, "application/problem+json", "no-store"},
		{"GET", "/v1/lookup", 404, "application/problem+json", "no-store"},
		{"POST", "/checkpoint", 405, "application/problem+json", "no-store"},
		{"PUT", "/tile/0/000", 405, "application/problem+json", "no-store"},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(test.method, test.path, nil))
		if w.Code != test.status || w.Header().Get("Content-Type") != test.contentType || w.Header().Get("Cache-Control") != test.cache {
			t.Errorf("%s %s: %d %v", test.method, test.path, w.Code, w.Header())
		}
		if w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %s: may be sniffed", test.method, test.path)
		}
	}
	for _, err := range []error{fault.New(fault.Unavailable, "down"), fault.New(fault.Internal, "down")} {
		h := LogHandler(testLog{err: err}, nil)
		for _, path := range []string{"/tile/0/000", "/checkpoint"} {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
			if w.Code < 500 || strings.Contains(w.Body.String(), "down") {
				t.Errorf("%v %s: %d %s", err, path, w.Code, w.Body)
			}
		}
	}
}
