package site

import (
	"net/http"
	"net/url"
	"strings"

	"dancu/internal/identity"
)

// The cookies. Each holds one secret of the browser's and nothing else.
const (
	sessionCookie = "dancu_session"
	pendingCookie = "dancu_signin"   // of a sign-in that has not ended: it has no rights
	doorCookie    = "dancu_provider" // of a sign-in through an agency's provider
)

// name is the cookie's name on the wire: over HTTPS with the prefix that binds
// it to this host and to HTTPS.
func (s *Site) name(cookie string) string {
	if s.Secure {
		return "__Host-" + cookie
	}
	return cookie
}

// cookie returns a cookie's value, "" if there is none.
func (s *Site) cookie(r *http.Request, name string) string {
	c, err := r.Cookie(s.name(name))
	if err != nil {
		return ""
	}
	return c.Value
}

// setCookie sets a cookie for as long as the browser is open; the server ends
// what it stands for.
func (s *Site) setCookie(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{
		Name: s.name(name), Value: value, Path: "/",
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
}

func (s *Site) dropCookie(w http.ResponseWriter, name string) {
	http.SetCookie(w, &http.Cookie{
		Name: s.name(name), Path: "/", MaxAge: -1,
		HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode,
	})
}

// Token is the browser's secret of its session, "" if it has none.
func (v *Visit) Token(r *http.Request) string { return v.cookie(r, sessionCookie) }

// Pending is the browser's secret of the sign-in under way, "" if there is none.
func (v *Visit) Pending(r *http.Request) string { return v.cookie(r, pendingCookie) }

// Follow keeps the secret of a step: that of a session when signed in, that of
// the sign-in under way otherwise. The one before is worth nothing any more, so
// that nobody who planted or saw it comes along.
func (v *Visit) Follow(w http.ResponseWriter, step identity.Step) {
	if step.Need == identity.NeedNothing {
		v.setCookie(w, sessionCookie, step.Token)
		v.dropCookie(w, pendingCookie)
		return
	}
	v.setCookie(w, pendingCookie, step.Token)
}

// Forget drops the secrets of session and sign-in.
func (v *Visit) Forget(w http.ResponseWriter) {
	v.dropCookie(w, sessionCookie)
	v.dropCookie(w, pendingCookie)
}

// Abandon drops the secret of the sign-in under way and leaves a session alone.
func (v *Visit) Abandon(w http.ResponseWriter) { v.dropCookie(w, pendingCookie) }

// Door is what the browser keeps while its user is at the agency's provider.
func (v *Visit) Door(r *http.Request) string { return v.cookie(r, doorCookie) }

// KeepDoor keeps it; "" drops it.
func (v *Visit) KeepDoor(w http.ResponseWriter, value string) {
	if value == "" {
		v.dropCookie(w, doorCookie)
		return
	}
	http.SetCookie(w, &http.Cookie{
		Name: v.name(doorCookie), Value: value, Path: "/", MaxAge: 600,
		HttpOnly: true, Secure: v.Secure, SameSite: http.SameSiteLaxMode,
	})
}

// Next returns an address if it is a page of this site that a browser may be
// sent to, and "" otherwise: whoever writes a link cannot send people elsewhere
// with it, nor back into the sign-in.
func Next(address string) string {
	const longest = 512
	if len(address) > longest || !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") {
		return ""
	}
	// Browsers read a backslash as a slash, and drop tabs and line ends.
	odd := func(r rune) bool { return r == '\\' || r < ' ' || r == 0x7f }
	if strings.ContainsFunc(address, odd) {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || u.Opaque != "" {
		return ""
	}
	if p := u.Path; strings.Contains(p, "//") || strings.Contains(p, "/.") || strings.ContainsFunc(p, odd) ||
		p == "/sign-in" || strings.HasPrefix(p, "/sign-in/") || p == "/sign-out" {
		return ""
	}
	return u.RequestURI()
}

func escape(s string) string { return url.QueryEscape(s) }
