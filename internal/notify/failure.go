package notify

import (
	"context"
	"errors"
)

// failure is why a delivery did not happen: a stable code that logs, metrics
// and the record show, and a cause that they do not, for it may name a mailbox.
type failure struct {
	code  string
	never bool
	cause error
}

func (f *failure) Error() string {
	if f.cause == nil {
		return f.code
	}
	return f.code + ": " + f.cause.Error()
}

func (f *failure) Unwrap() error { return f.cause }

// Fail is a delivery that did not happen now and may happen later. code is
// dotted and lower-case, like "mail.deferred", and stable; cause may be nil.
func Fail(code string, cause error) error { return &failure{code: code, cause: cause} }

// Refuse is a delivery that the other side will never take.
func Refuse(code string, cause error) error { return &failure{code: code, never: true, cause: cause} }

// CodeOf returns the code of an error of Send's, "" for nil.
func CodeOf(err error) string {
	var f *failure
	switch {
	case err == nil:
		return ""
	case errors.As(err, &f):
		return f.code
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	}
	return "internal"
}

// IsRefused reports whether the other side will never take the message.
func IsRefused(err error) bool {
	var f *failure
	return errors.As(err, &f) && f.never
}
