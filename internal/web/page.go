package web

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// PageOptions are what pages need beyond the strictest.
type PageOptions struct {
	// Nonce gives every answer a fresh nonce for scripts and styles; see
	// [Nonce].
	Nonce bool
	// BodyBytes bounds a form; default 64 KiB.
	BodyBytes int64
	// BodyOf bounds the body of one request, in bytes; 0, and a nil BodyOf, mean
	// BodyBytes. It sees the head of the request alone.
	BodyOf func(r *http.Request) int64
	// Images allows images in data: URLs beside the server's own.
	DataImages bool
}

type nonceKey struct{}

// Page gives every answer of next the headers of a page: a content security
// policy that allows only what this server itself serves and nothing inline
// but what carries the nonce, no framing, no referrer, no sniffing, and no
// caching unless next says otherwise. It bounds the body, and keeps the
// language named by ?lang= in a cookie.
func Page(next http.Handler, o PageOptions) http.Handler {
	if o.BodyBytes == 0 {
		o.BodyBytes = Limits{}.withDefaults().BodyBytes
	}
	plain := policy("", o.DataImages)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		csp := plain
		if o.Nonce {
			var raw [16]byte
			_, _ = rand.Read(raw[:]) // never fails
			nonce := base64.RawStdEncoding.EncodeToString(raw[:])
			csp = policy(nonce, o.DataImages)
			r = r.WithContext(context.WithValue(r.Context(), nonceKey{}, nonce))
		}
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store")
		h.Add("Vary", "Accept-Language, Cookie")
		if r.TLS != nil {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if l, ok := queryLang(r); ok {
			const year = 365 * 24 * time.Hour
			http.SetCookie(w, &http.Cookie{
				Name: langCookie, Value: string(l), Path: "/", MaxAge: int(year.Seconds()),
				HttpOnly: true, Secure: r.TLS != nil, SameSite: http.SameSiteLaxMode,
			})
		}
		if r.Body != nil {
			most := o.BodyBytes
			if o.BodyOf != nil {
				if n := o.BodyOf(r); n > 0 {
					most = n
				}
			}
			r.Body = http.MaxBytesReader(w, r.Body, most)
		}
		next.ServeHTTP(w, r)
	})
}

func policy(nonce string, dataImages bool) string {
	own := "'self'"
	if nonce != "" {
		own += " 'nonce-" + nonce + "'"
	}
	img := "'self'"
	if dataImages {
		img += " data:"
	}
	return strings.Join([]string{
		"default-src 'none'", "script-src " + own, "style-src " + own, "img-src " + img,
		"font-src 'self'", "connect-src 'self'", "manifest-src 'self'",
		"form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
	}, "; ")
}

// Nonce returns the nonce of the answer to r, "" if it has none.
func Nonce(r *http.Request) string {
	n, _ := r.Context().Value(nonceKey{}).(string)
	return n
}

// CrossOrigin refuses requests that change something and come from another
// origin than the server's own or one of trusted ("https://host[:port]"), by
// the browser's own Sec-Fetch-Site or the Origin header. It is for routes that
// browsers use with cookies.
func CrossOrigin(next http.Handler, trusted ...string) (http.Handler, error) {
	c := http.NewCrossOriginProtection()
	for _, o := range trusted {
		if err := c.AddTrustedOrigin(o); err != nil {
			return nil, fmt.Errorf("couldn't trust the origin %q: write it like https://console.example.vn: %w", o, err)
		}
	}
	c.SetDenyHandler(Handler(func(http.ResponseWriter, *http.Request) error {
		return &Problem{
			Status: http.StatusForbidden, Code: codeInvalid, Title: titleOf(codeInvalid),
			Detail: Text{
				VI: "Yêu cầu đến từ một trang khác: hãy mở lại trang này rồi thực hiện lại.",
				EN: "The request came from another site: open this page again and repeat it.",
			},
		}
	}))
	return c.Handler(next), nil
}

// LangLink returns the target of the same page in l, for links between the
// languages: the path and query of r with lang set.
func LangLink(r *http.Request, l Lang) string {
	q := r.URL.Query()
	q.Set("lang", string(l))
	return (&url.URL{Path: r.URL.Path, RawQuery: q.Encode()}).String()
}

// Mux is an http.ServeMux whose unknown paths and methods are problems. Make
// one with [NewMux].
type Mux struct {
	mux     http.ServeMux
	methods []string // those of any pattern
}

// NewMux returns an empty Mux.
func NewMux() *Mux {
	m := &Mux{}
	m.mux.Handle("/", Handler(func(_ http.ResponseWriter, r *http.Request) error {
		if allow := m.allowed(r); allow != "" {
			return MethodNotAllowed(allow)
		}
		return NotFound()
	}))
	return m
}

// allowed names the methods that the path of r takes, "" if there is nothing at
// it. It is asked only where nothing fits.
func (m *Mux) allowed(r *http.Request) string {
	var allow []string
	for _, method := range m.methods {
		other := http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := m.mux.Handler(&other); pattern != "/" && pattern != "" {
			allow = append(allow, method)
		}
	}
	return strings.Join(allow, ", ")
}

// Handle registers h for "METHOD /path", as http.ServeMux does. It panics on a
// pattern without a method: what a path takes must be said. The path "/" is
// taken by what fits nothing else; a front page is "/{$}".
func (m *Mux) Handle(pattern string, h http.Handler) {
	method, _, ok := strings.Cut(pattern, " ")
	if !ok {
		panic("web: pattern " + pattern + " has no method")
	}
	m.methods = append(m.methods, method)
	if method == http.MethodGet {
		m.methods = append(m.methods, http.MethodHead)
	}
	slices.Sort(m.methods)
	m.methods = slices.Compact(m.methods)
	m.mux.Handle(pattern, h)
}

// HandleFunc registers a Handler.
func (m *Mux) HandleFunc(pattern string, h Handler) { m.Handle(pattern, h) }

// ServeHTTP answers by the pattern that fits best. A path that is not in its
// simplest form ("//", "/.") is not redirected: there is nothing at it.
func (m *Mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p := r.URL.Path
	if !strings.HasPrefix(p, "/") || strings.Contains(p, "//") || strings.Contains(p, "/.") || r.Method == http.MethodConnect {
		Fail(w, r, NotFound())
		return
	}
	m.mux.ServeHTTP(w, r)
}
