package api

import (
	"net/http"
	"time"

	"dancu/internal/access"
)

// LifeWaiting is an act that takes two people, as it was proposed.
type LifeWaiting struct {
	ID    string      `json:"id"`
	Kind  string      `json:"kind"`
	Title access.Text `json:"title"`
	// Subject is the id of what it is about: a matter's, for acts of the life
	// cycle. About says it in words.
	Subject string       `json:"subject,omitempty"`
	About   access.Text  `json:"about"`
	Details []LifeDetail `json:"details"`
	Reason  string       `json:"reason"`
	// State is proposed, executed, declined, lapsed or failed.
	State    string    `json:"state"`
	Proposer string    `json:"proposer"` // code in the log
	Created  time.Time `json:"created"`
	Expires  time.Time `json:"expires"`
	// Confirmers are the kinds of account that may confirm it.
	Confirmers []string  `json:"confirmers"`
	Own        bool      `json:"own"`
	Note       string    `json:"note,omitempty"` // why it was declined
	Settled    time.Time `json:"settled,omitzero"`
}

// LifeDetail is something else that a proposal says.
type LifeDetail struct {
	Label access.Text `json:"label"`
	Value access.Text `json:"value"`
}

// LifeWaitingFilter says which to list. Zero values leave a condition out.
type LifeWaitingFilter struct {
	Kind, State, Subject, After string
	Limit                       int
}

// proposals lists the acts of two people that the caller may propose or confirm,
// the newest first.
func (l *life) proposals(w http.ResponseWriter, r *http.Request, c *LifeCaller) error {
	if c.Proposals == nil {
		return lifeProblem(http.StatusForbidden, codeNotAllowed)
	}
	q := readQuery(r, proposed...)
	f := LifeWaitingFilter{Kind: q.text("kind"), State: q.text("state"), Subject: q.text("subject"), After: q.text("after"), Limit: q.number("limit")}
	if q.err != nil {
		return q.err
	}
	list, next, err := c.Proposals(r.Context(), f)
	if err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, struct {
		Proposals []LifeWaiting `json:"proposals"`
		Next      string        `json:"next,omitempty"`
	}{some(list), next})
}

// proposed are the parameters of that list.
var proposed = []string{"kind", "state", "subject", "after", "limit"}

// decline ends a proposal: by a key, one of the own account's; at the machine,
// any.
func (l *life) decline(w http.ResponseWriter, r *http.Request, c *LifeCaller) error {
	if c.Decline == nil {
		return lifeProblem(http.StatusForbidden, codeNotAllowed)
	}
	var in struct {
		Reason string `json:"reason"`
	}
	if err := readLife(w, r, &in); err != nil {
		return err
	}
	if err := c.Decline(r.Context(), r.PathValue("proposal"), in.Reason); err != nil {
		return err
	}
	return sendJSON(w, http.StatusOK, struct {
		Proposal string `json:"proposal"`
		State    string `json:"state"`
	}{r.PathValue("proposal"), "declined"})
}
