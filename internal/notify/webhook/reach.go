package webhook

import (
	"context"
	"errors"
	"net/netip"
	"syscall"
)

// errOutOfReach is the end of a connection into a network that is not for
// webhooks.
var errOutOfReach = errors.New("the address is in a network that webhooks may not reach")

// special are networks that are not of the public Internet, besides those that
// package netip knows (IANA special-purpose address registries). Those in which
// an IPv4 address hides are among them.
var special = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
)

func prefixes(texts ...string) (out []netip.Prefix) {
	for _, t := range texts {
		out = append(out, netip.MustParsePrefix(t))
	}
	return out
}

// reachable reports whether webhooks may go to an address.
func reachable(a netip.Addr, allowed []netip.Prefix) bool {
	a = a.Unmap().WithZone("")
	for _, p := range allowed {
		if p.Contains(a) {
			return true
		}
	}
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false // loopback, link-local, multicast, broadcast, unspecified; private
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// guard refuses a connection before it is made. It sees the address itself: a
// name that says one thing now and another later gains nothing.
func guard(allowed []netip.Prefix) func(context.Context, string, string, syscall.RawConn) error {
	return func(_ context.Context, _, address string, _ syscall.RawConn) error {
		a, err := netip.ParseAddrPort(address)
		if err != nil || !reachable(a.Addr(), allowed) {
			return errOutOfReach
		}
		return nil
	}
}
