package console

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"dancu/internal/console/site"
	"dancu/internal/identity"
	"dancu/internal/web"
)

// An IPv6 host has as many addresses as it likes, and one rate.
func TestTheRateOfSignInsIsOfTheNetwork(t *testing.T) {
	s := &console{limiter: web.NewLimiter(signInAddresses)}
	passed := 0
	h := s.slowly(func(http.ResponseWriter, *http.Request, *site.Visit) error { passed++; return nil })
	step := func(a netip.Addr) error {
		v := &site.Visit{Site: &site.Site{Secure: true}, From: identity.Client{Address: a}}
		return h(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/sign-in", nil), v)
	}
	host := func(network, i byte) netip.Addr {
		return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 7: network, 15: i})
	}
	var p *web.Problem
	for i := range signInRate.Burst {
		if err := step(host(1, byte(i))); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
	for i := range 10 {
		if err := step(host(1, byte(200+i))); err != nil && (!errors.As(err, &p) || p.Status != http.StatusTooManyRequests) {
			t.Fatalf("beyond the rate: %v", err)
		}
	}
	if most := signInRate.Burst + 5; passed > most { // a slow machine earns some
		t.Errorf("%d steps from one network at once, want %d at most", passed, most)
	}
	before := passed
	for _, a := range []netip.Addr{host(2, 1), netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")} {
		if err := step(a); err != nil {
			t.Errorf("%s: %v", a, err)
		}
	}
	if passed != before+3 {
		t.Errorf("%d of 3 others came through", passed-before)
	}
}
