package fault_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"dancu/internal/fault"
)

var kinds = []fault.Kind{
	fault.Internal, fault.Invalid, fault.Unauthenticated, fault.Forbidden,
	fault.NotFound, fault.Conflict, fault.Exhausted, fault.Unavailable,
}

func TestKindsHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for i, k := range kinds {
		if int(k) != i || k.String() == "" || seen[k.String()] {
			t.Errorf("kind %d is %d and called %q", i, k, k)
		}
		seen[k.String()] = true
	}
	if got, want := fault.Kind(200).String(), "kind(200)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The outermost kind holds, however deep it is wrapped.
func TestOutermostKindHolds(t *testing.T) {
	inner := fault.New(fault.NotFound, "there is no connection %s", "c1")
	outer := fault.Wrap(fault.Unavailable, inner, "try again")
	for _, c := range []struct {
		err  error
		kind fault.Kind
		text string
		full string
	}{
		{inner, fault.NotFound, "there is no connection c1", "there is no connection c1"},
		{fmt.Errorf("couldn't load: %w", inner), fault.NotFound, "there is no connection c1", "couldn't load: there is no connection c1"},
		{outer, fault.Unavailable, "try again", "try again: there is no connection c1"},
		{fmt.Errorf("a: %w", fmt.Errorf("b: %w", outer)), fault.Unavailable, "try again", "a: b: try again: there is no connection c1"},
		{errors.Join(io.EOF, inner), fault.NotFound, "there is no connection c1", "EOF\nthere is no connection c1"},
		{io.EOF, fault.Internal, "", "EOF"},
	} {
		if got := fault.KindOf(c.err); got != c.kind {
			t.Errorf("KindOf(%v) = %v, want %v", c.err, got, c.kind)
		}
		if got := fault.Text(c.err); got != c.text {
			t.Errorf("Text(%v) = %q, want %q", c.err, got, c.text)
		}
		if got := c.err.Error(); got != c.full {
			t.Errorf("Error() = %q, want %q", got, c.full)
		}
		for _, k := range kinds {
			if got := fault.Is(c.err, k); got != (k == c.kind) {
				t.Errorf("Is(%v, %v) = %v", c.err, k, got)
			}
		}
	}
}

// What is internal is never shown, even if someone gave it a text.
func TestInternalTextIsNotShown(t *testing.T) {
	for _, err := range []error{
		io.EOF,
		fault.New(fault.Internal, "secret"),
		fault.Wrap(fault.Internal, fault.New(fault.Invalid, "shown"), "secret"),
		&fault.Error{Text: "secret"},
	} {
		if got := fault.Text(err); got != "" {
			t.Errorf("Text(%v) = %q", err, got)
		}
	}
}

// A cause never gets into the text that is shown, and is never lost.
func TestCauseStaysInside(t *testing.T) {
	cause := errors.New("password=secret")
	err := fault.Wrap(fault.Unavailable, fmt.Errorf("deep: %w", cause), "try again")
	if !errors.Is(err, cause) {
		t.Error("the cause is lost")
	}
	if got := fault.Text(err); got != "try again" {
		t.Errorf("got %q", got)
	}
}

func TestNoError(t *testing.T) {
	if err := fault.Wrap(fault.Invalid, nil, "text"); err != nil {
		t.Errorf("Wrap of nothing gives %v", err)
	}
	for _, k := range kinds {
		if fault.Is(nil, k) {
			t.Errorf("no error is %v", k)
		}
	}
	if got := fault.Text(nil); got != "" {
		t.Errorf("no error has the text %q", got)
	}
}
