package gate

import (
	"net/netip"
	"time"

	"dancu/internal/access"
	"dancu/internal/register"
)

// Call is one request of a system, decoded and checked for form. The gate
// decides everything else.
type Call struct {
	// Who.
	Thumbprint access.Thumbprint // of the client certificate; none in dancu's own console
	Address    netip.Addr        // where the call came from
	Channel    access.Channel
	Connection string // ChannelPortal: the connection the officer works on
	// Which call.
	Transaction string // Dancu-Transaction-Id, a UUIDv7 in canonical lower-case text
	RetryOf     string // transaction id of the call this one repeats; "" if none
	Build       string // Dancu-Client: client build as declared
	RequestID   string // our own id of the request, a UUIDv7
	// What.
	Represented string
	Service     access.Service
	Keys        register.Keys
	Claims      register.Claims // Verify
	Fields      access.FieldSet // Lookup, Search, Household
	Procedure   string
	Case        string
	Officer     access.Officer
	Consent     string
	// FullReceipt asks for a receipt that verifies offline at once.
	FullReceipt bool
}

// Answer is what an admitted call gets. It exists only once its entry is
// acknowledged as durable.
type Answer struct {
	People []*register.Person // those found and visible; none is an answer, too
	Match  bool               // Verify
	// Receipt is the JSON of the receipt.
	Receipt []byte
	Index   int64
	Usage   Usage
}

// Usage is what a connection has used of its volume limit after a call.
type Usage struct {
	Calls, Limit int64
	Reset        time.Time // when the window ends
}

// Refusal is why a call was not answered. It is an error.
type Refusal struct {
	Code    access.Code
	Reasons []access.Reason
	// Index is the entry of the refusal, or of the first call for
	// request.replayed; -1 if the refusal is in a summary entry.
	Index int64
	// First is the result of the first call, for request.replayed.
	First string
	// RetryAfter is when it makes sense to try again; 0 if never unchanged.
	RetryAfter time.Duration
	Usage      Usage
}

// Error names the code; it holds nothing of the request.
func (r *Refusal) Error() string { return "refused: " + string(r.Code) }
