package job

import (
	"context"
	"errors"

	"dancu/internal/fault"
)

// Code says why a job failed. Codes are stable: add, never rename.
type Code string

// The codes.
const (
	GivenUp     Code = "job.given_up"    // its node ended in the middle, as often as may be
	Invalid     Code = "job.invalid"     // what was asked cannot be done; the words say why
	NotAllowed  Code = "job.not_allowed" // whose job it is may not, or may no longer
	NotFound    Code = "job.not_found"   // what it is about is not there
	TooLarge    Code = "job.too_large"   // the result would be larger than may be
	Unavailable Code = "job.unavailable" // something it needs does not answer
	Broken      Code = "job.broken"      // our own failure; the operational log has it
)

// codeOf is the code of an error of a kind's own.
func codeOf(err error) Code {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict:
		return Invalid
	case fault.Unauthenticated, fault.Forbidden:
		return NotAllowed
	case fault.NotFound:
		return NotFound
	case fault.Exhausted:
		return TooLarge
	case fault.Unavailable:
		return Unavailable
	}
	return Broken
}

// Why an attempt is broken off.
var (
	errStopped = errors.New("the node is stopping")
	errLost    = errors.New("another node has the job")
	errCancel  = errors.New("its owner cancelled it")
)

// broken is why an attempt was broken off, nil if it was not.
func broken(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return context.Cause(ctx)
}

func notThere() error {
	return fault.New(fault.NotFound, "there is no such job: it may have been removed because its time was over")
}
