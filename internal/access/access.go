// Package access holds the words of access control and the decision.
//
// [Decide] is a pure, total function of a standing, a request and a time: no
// I/O, no clock, no error. Whatever is not expressly granted is refused, every
// reason is kept, and a refusal names what was not granted (guarantee G4).
// See TestDecide and FuzzDecide.
//
// A [Directory] is an immutable picture of everybody's standing at one version;
// the gate swaps pictures, it never edits one.
package access

import (
	"encoding/json"
	"fmt"
	"math/bits"
	"net/netip"
	"time"
)

// Zone is the time zone in which the law's calendar days run
// (Asia/Ho_Chi_Minh: UTC+7 without daylight saving since 1975, so the fixed
// offset needs no zone database).
var Zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60)

// Service is one way of exploiting the register.
type Service uint8

// The services. The zero Service is none and is never granted.
const (
	NoService Service = iota
	Verify            // yes or no to claims about one person
	Lookup            // the granted fields of one person
	Search            // the people a name and date of birth fit
	Household         // the people of one person's household
	numServices
)

var serviceNames = [numServices]string{"", "verify", "lookup", "search", "household"}

// String returns the wire name: "verify", "lookup", "search" or "household".
func (s Service) String() string {
	if s < numServices {
		return serviceNames[s]
	}
	return ""
}

// ParseService returns the service with that wire name; ok is false if there
// is none.
func ParseService(name string) (s Service, ok bool) {
	for i, n := range serviceNames {
		if i > 0 && n == name {
			return Service(i), true
		}
	}
	return NoService, false
}

// Key is one search key of a request.
type Key uint8

// The search keys.
const (
	KeyPIN Key = iota
	KeyCMND
	KeyFullName
	KeyDateOfBirth
	KeySex
	KeyProvince
	numKeys
)

var keyNames = [numKeys]string{"pin", "cmnd", "fullName", "dateOfBirth", "sex", "province"}

// KeySet is a set of search keys. In JSON it is a list of names.
type KeySet uint8

// AllKeys is every search key there is.
const AllKeys KeySet = 1<<numKeys - 1

// Keys returns the set of the given keys.
func Keys(ks ...Key) (s KeySet) {
	for _, k := range ks {
		s |= 1 << k
	}
	return s
}

// Has reports whether k is in s.
func (s KeySet) Has(k Key) bool { return s&(1<<k) != 0 }

// Len returns how many keys s has.
func (s KeySet) Len() int { return bits.OnesCount8(uint8(s)) }

// Names returns the wire names of the keys in s, in the published order.
func (s KeySet) Names() []string {
	out := make([]string, 0, s.Len())
	for k := range numKeys {
		if s.Has(k) {
			out = append(out, keyNames[k])
		}
	}
	return out
}

// ParseKey returns the key with that wire name.
func ParseKey(name string) (Key, bool) {
	for k, n := range keyNames {
		if n == name {
			return Key(k), true
		}
	}
	return 0, false
}

// Channel is the way a request came in.
type Channel string

// The channels.
const (
	ChannelAPI    Channel = "api"    // an agency's system, over mutual TLS
	ChannelPortal Channel = "portal" // an officer in dancu's own console
)

// Officer is the person on whose behalf a call is made.
type Officer struct {
	ID       string // the agency's identifier of the officer
	Address  string // the address of the officer's computer, an IP address
	Session  string // the agency's (or dancu's own) session
	Verified bool   // true only for dancu's own sessions and signatures
}

// Request is a call as far as the decision is concerned. It carries which keys
// were given, never their values: those are the register's business.
type Request struct {
	Service     Service
	Channel     Channel
	Address     netip.Addr // where the call came from
	Build       string     // client build as declared; "" if none was
	Represented string     // id of the represented system; "" for a direct call
	Keys        KeySet
	Fields      FieldSet // asked fields; for Verify, the claims
	Procedure   string
	Case        string
	Officer     Officer
	Consent     string // id of a consent; "" if none
	Province    string // a territory the request itself names; "" if none
}

// Subject is what the decision may know of a person found: attributes, never
// the record.
type Subject struct {
	Province  string // 3-digit code of the province of permanent residence
	Unit      string // administrative unit code of permanent residence
	Protected bool   // under protection: shown only where a grant says so
}

// MarshalText writes the wire name.
func (s Service) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a wire name.
func (s *Service) UnmarshalText(b []byte) error {
	v, ok := ParseService(string(b))
	if !ok {
		return fmt.Errorf("no service is called %q: use verify, lookup, search or household", b)
	}
	*s = v
	return nil
}

// MarshalJSON writes the list of key names.
func (s KeySet) MarshalJSON() ([]byte, error) { return json.Marshal(s.Names()) }

// UnmarshalJSON reads a list of key names; an unknown or repeated one is an
// error.
func (s *KeySet) UnmarshalJSON(data []byte) error {
	var names []string
	if err := json.Unmarshal(data, &names); err != nil {
		return err
	}
	var set KeySet
	for _, n := range names {
		k, ok := ParseKey(n)
		if !ok {
			return fmt.Errorf("no search key is called %q", n)
		}
		if set.Has(k) {
			return fmt.Errorf("search key %q is named twice", n)
		}
		set |= 1 << k
	}
	*s = set
	return nil
}
