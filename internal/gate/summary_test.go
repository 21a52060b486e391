package gate

import (
	"maps"
	"net/netip"
	"testing"
	"time"

	"dancu/internal/access"
)

// A host that changes its address within its /64 has one summary, which names
// the address as long as it is one.
func TestSummariesAreOfNetworks(t *testing.T) {
	var s summaries
	now := time.Now()
	note := func(a netip.Addr, code access.Code) {
		s.add(counted{Undecided: Undecided{Code: code, Address: a}}, now)
	}
	host := func(i int) netip.Addr {
		return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 9, 14: byte(i >> 8), 15: byte(i)})
	}
	for i := range 500 {
		note(host(i), access.UnknownCredential)
	}
	note(host(1), access.RequestInvalid)
	note(host(1), access.RequestInvalid)
	note(netip.MustParseAddr("2001:db8:1::1"), access.UnknownCredential)
	note(netip.MustParseAddr("192.0.2.1"), access.UnknownCredential)
	note(netip.MustParseAddr("::ffff:192.0.2.1"), access.UnknownCredential)
	note(netip.MustParseAddr("192.0.2.2"), access.UnknownCredential)
	note(netip.Addr{}, access.UnknownCredential)
	got := map[string]int64{}
	for k, m := range s.open {
		got[m.address+" "+string(k.code)] = m.count
	}
	unknown, invalid := " "+string(access.UnknownCredential), " "+string(access.RequestInvalid)
	want := map[string]int64{
		"2001:db8:900::/64" + unknown: 500, "2001:db8:900::1" + invalid: 2, "2001:db8:1::1" + unknown: 1,
		"192.0.2.1" + unknown: 2, "192.0.2.2" + unknown: 1, unknown: 1,
	}
	if !maps.Equal(got, want) {
		t.Errorf("the summaries are %v, want %v", got, want)
	}
	// The memory is bounded, and nothing is left uncounted.
	for i := range 2 * maxSummaries {
		note(netip.AddrFrom4([4]byte{198, 18, byte(i >> 8), byte(i)}), access.UnknownCredential)
	}
	var sum int64
	for _, m := range s.open {
		sum += m.count
	}
	if len(s.open) != maxSummaries+1 || sum != 507+2*maxSummaries {
		t.Errorf("%d summaries count %d", len(s.open), sum)
	}
}
