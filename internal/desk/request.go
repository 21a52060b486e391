package desk

import (
	"slices"
	"time"
)

// Kind is what somebody wants.
type Kind string

// The kinds.
const (
	Question  Kind = "question"
	Complaint Kind = "complaint"
)

// State is where a request is.
type State string

// The states.
const (
	Received State = "received"
	Seen     State = "seen"
	Answered State = "answered"
	Closed   State = "closed"
)

// States are all states, in their order.
var States = []State{Received, Seen, Answered, Closed}

// Side is who does something about a request.
type Side string

// The sides.
const (
	Citizen  Side = "citizen"
	Agency   Side = "agency"
	Register Side = "register"
)

// acts is the whole of a request's life: what may be done from where, by whom,
// and where it leads. An answer may be followed by the other side's.
var acts = []struct {
	to   State
	from []State
	by   []Side
}{
	{Seen, []State{Received}, []Side{Agency, Register}},
	{Answered, []State{Received, Seen, Answered}, []Side{Agency, Register}},
	{Closed, []State{Received, Seen, Answered}, []Side{Citizen}},
	{Closed, []State{Answered}, []Side{Register}},
}

// May reports whether that side may take a request there from its state.
func (r *Request) May(by Side, to State) bool {
	for _, a := range acts {
		if a.to == to && slices.Contains(a.from, r.State) && slices.Contains(a.by, by) {
			return true
		}
	}
	return false
}

// The most characters of what is written.
const (
	MaxText = 2000
	minText = 10
)

// About is the entry that a request is about, as the asker was shown it.
type About struct {
	Entry     int64
	Time      time.Time
	Agency    string // its code
	Procedure string
	// Call and Transaction are how the agency finds the call in its own log.
	Call, Transaction string
}

// Request is one request.
type Request struct {
	ID        string
	Kind      Kind
	State     State
	Entry     int64
	Agency    string // code of the agency it concerns
	Procedure string
	Created   time.Time
	Changed   time.Time
	// What follows is sealed, and there only of a request that was found by its
	// id.
	Text  string
	About About
	// OnBehalf is set where somebody asks for a person they represent.
	OnBehalf bool
	Steps    []Step
}

// Step is something that was done about a request.
type Step struct {
	Time time.Time
	Act  State
	Side Side
	Text string // of an answer
}
