package identity

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"dancu/internal/ledger"
)

// Client is where a request comes from.
type Client struct {
	Address netip.Addr
	Agent   string // the browser, as it calls itself
}

// maxAgent is how much of a browser's name is kept, in bytes.
const maxAgent = 200

// agent returns the browser's name as it may be kept: printable and bounded.
func (c Client) agent() string {
	s := strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, c.Agent)
	for len(s) > maxAgent {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}

// address returns the address as it stands in entries, "" if unknown.
func (c Client) address() string {
	if !c.Address.IsValid() {
		return ""
	}
	return c.Address.Unmap().WithZone("").String()
}

// Actor is who does an act: somebody signed in, whose session, account and kind
// are read again in the act's transaction, or an account of the machine.
type Actor struct {
	Session string       // id of a live session; "" for Local
	From    Client       // where this request came from
	Local   ledger.Actor // set by the command line alone
}

// Actor returns the session's person as an actor.
func (s *Session) Actor(from Client) Actor { return Actor{Session: s.ID, From: from} }
