// Package fault gives every error a kind, so that one place at the edge can
// turn it into an answer.
//
// An error without a kind is Internal: its text is for operators and never
// leaves the process. Text given to New is written for the person who meets
// it: what is wrong and what to do next.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what sort of failure an error is.
type Kind uint8

// The kinds. The zero Kind is Internal, so that an error nobody classified is
// never shown.
const (
	Internal        Kind = iota // our own failure; its text stays inside
	Invalid                     // the request itself is wrong
	Unauthenticated             // nobody known is asking
	Forbidden                   // known, and not allowed
	NotFound                    // no such thing
	Conflict                    // the thing is not in a state that allows it
	Exhausted                   // a limit is reached
	Unavailable                 // cannot be done now; may work later
)

var kindNames = [...]string{
	"internal", "invalid", "unauthenticated", "forbidden", "not found", "conflict", "exhausted", "unavailable",
}

// String returns the kind's name.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// Error is an error with a kind, a text a person may read, and a cause that
// stays inside.
type Error struct {
	Kind  Kind
	Text  string
	cause error
}

// Error returns the text followed by the cause, for logs.
func (e *Error) Error() string {
	if e.cause == nil {
		return e.Text
	}
	return e.Text + ": " + e.cause.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// New returns an error of kind k with a formatted text fit to be shown.
func New(k Kind, format string, args ...any) error {
	return &Error{Kind: k, Text: fmt.Sprintf(format, args...)}
}

// Wrap returns an error of kind k whose text may be shown and whose cause may
// not. A nil cause gives a nil error.
func Wrap(k Kind, cause error, format string, args ...any) error {
	if cause == nil {
		return nil
	}
	return &Error{Kind: k, Text: fmt.Sprintf(format, args...), cause: cause}
}

// KindOf returns the kind of the outermost classified error in err's chain, or
// Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is of kind k. A nil error is of no kind.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }

// Text returns what may be shown of err: the text of the outermost classified
// error, or "" for an internal one.
func Text(err error) string {
	var e *Error
	if errors.As(err, &e) && e.Kind != Internal {
		return e.Text
	}
	return ""
}
