package notify

import (
	"dancu/internal/access"
	"dancu/internal/fault"
)

// Refusal is why something was not done, in both languages.
type Refusal struct {
	kind fault.Kind
	text access.Text
}

// Error is the English text.
func (r *Refusal) Error() string { return r.text.EN }

// Words are the text in both languages.
func (r *Refusal) Words() access.Text { return r.text }

// Unwrap gives the refusal its kind.
func (r *Refusal) Unwrap() error { return fault.New(r.kind, "%s", r.text.EN) }

func refuse(kind fault.Kind, text access.Text) error { return &Refusal{kind, text} }
