package onboarding

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// act is something people do to a connection.
type act string

const (
	actSuspend act = "suspend"
	actResume  act = "resume"
	actUnlock  act = "unlock"
	actRotate  act = "rotate-cert"
	actEnd     act = "end"
)

// lifecycle is every act that is allowed, and the state it leads to. What is
// not here is refused. Applying a file makes connections active and changes
// what is not ended; it leads from no state to another, except that --prune
// ends.
var lifecycle = map[act]map[access.State]access.State{
	actSuspend: {access.Active: access.Suspended},
	actResume:  {access.Suspended: access.Active},
	actUnlock: {
		access.Draft: access.Draft, access.Active: access.Active, access.Suspended: access.Suspended,
	},
	actRotate: {
		access.Draft: access.Draft, access.Active: access.Active, access.Suspended: access.Suspended,
	},
	actEnd: {
		access.Draft: access.Ended, access.Active: access.Ended, access.Suspended: access.Ended,
	},
}

// nextState returns where an act leads, or why it is not allowed and what to
// do.
func nextState(a act, c *access.Connection) (access.State, error) {
	if next, ok := lifecycle[a][c.State]; ok {
		return next, nil
	}
	var hint string
	switch {
	case c.State == access.Ended:
		hint = "an ended connection does not come back; apply a file with a new connection"
	case c.State == access.Suspended && a == actSuspend:
		hint = fmt.Sprintf("it was for: %s; resume it first if the reason has changed", clip(c.Violation))
	case c.State == access.Active && a == actResume:
		hint = "nothing is to be resumed"
		if c.Lock.By != access.Unlocked {
			hint = "it is locked, not suspended; use unlock"
		}
	case c.State == access.Draft:
		hint = "a draft cannot call yet; apply a file to activate it"
	}
	if hint != "" {
		hint = ": " + hint
	}
	return "", fault.New(fault.Conflict, "the connection %q is %s and cannot %s%s", c.ID, c.State, a, hint)
}

// MinUnlockReason is the shortest reason for an unlocking, in characters.
const MinUnlockReason = 10

// Suspend stops a connection until it is resumed: its calls are refused from
// the entry of this act on. The user agency is to be told within a day what
// the violation is and what restores the connection (Decree 47/2020/NĐ-CP Art.
// 43.5), so both texts are needed.
func (o *Onboarding) Suspend(ctx context.Context, actor ledger.Actor, id, violation, remedy string) error {
	violation, remedy = strings.TrimSpace(violation), strings.TrimSpace(remedy)
	if err := needText("violation", "what the agency did or what endangers security (Decree 47/2020/NĐ-CP Art. 43.5)", violation, 1); err != nil {
		return err
	}
	if err := needText("remedy", "what the agency must do to be restored (Decree 47/2020/NĐ-CP Art. 43.5)", remedy, 1); err != nil {
		return err
	}
	return o.move(ctx, actor, id, actSuspend, EventConnectionSuspended,
		map[string]any{"violation": violation, "remedy": remedy},
		func(c *access.Connection) { c.Violation, c.Remedy = violation, remedy })
}

// Resume ends a suspension. It does not lift a lock.
func (o *Onboarding) Resume(ctx context.Context, actor ledger.Actor, id, reason string) error {
	reason = strings.TrimSpace(reason)
	if err := needText("reason", "how the violation was remedied", reason, 1); err != nil {
		return err
	}
	return o.move(ctx, actor, id, actResume, EventConnectionResumed, map[string]any{"reason": reason},
		func(c *access.Connection) { c.Violation, c.Remedy = "", "" })
}

// End ends a connection for good.
func (o *Onboarding) End(ctx context.Context, actor ledger.Actor, id, reason string) error {
	reason = strings.TrimSpace(reason)
	if err := needText("reason", "why the connection ends (Decree 47/2020/NĐ-CP Art. 44 names the grounds)", reason, 1); err != nil {
		return err
	}
	return o.move(ctx, actor, id, actEnd, EventConnectionEnded, map[string]any{"reason": reason}, func(*access.Connection) {})
}

// Unlock lifts a lock, automatic or not. A new count begins.
func (o *Onboarding) Unlock(ctx context.Context, actor ledger.Actor, id, reason string) error {
	reason = strings.TrimSpace(reason)
	if err := needText("reason", "what was found and why the connection may call again", reason, MinUnlockReason); err != nil {
		return err
	}
	return o.act(ctx, actor, func(now time.Time, dir *access.Directory) (step, error) {
		c, err := connection(dir, id)
		if err != nil {
			return step{}, err
		}
		if _, err := nextState(actUnlock, c); err != nil {
			return step{}, err
		}
		if c.Lock.By == access.Unlocked {
			hint := ""
			if c.State == access.Suspended {
				hint = "; it is suspended: use resume"
			}
			return step{}, fault.New(fault.Conflict, "the connection %q is not locked: there is nothing to lift%s", id, hint)
		}
		next := access.Lock{Epoch: c.Lock.Epoch + 1}
		before, after := document(c.Lock), document(next)
		return step{access.ChangeLock, id, after, []event{{
			EventConnectionUnlocked, "connection " + id,
			aboutConnection(dir, c, map[string]any{
				"reason": reason, "lock": string(c.Lock.By), "since": moment(c.Lock.Since), "epoch": next.Epoch,
				"before": hash(before), "after": hash(after),
			}),
		}}}, nil
	})
}

// DefaultOverlap is how long a replaced certificate stays good, and
// MaxOverlap how long it can be asked to.
const (
	DefaultOverlap = 7 * 24 * time.Hour
	MaxOverlap     = 90 * 24 * time.Hour
)

// Rotation is the replacement of a system's certificate.
type Rotation struct {
	// Cert is the new certificate, PEM.
	Cert []byte `json:"cert"`
	// Represents binds the new certificate of an intermediary to one
	// represented system; then only certificates bound to the same are
	// replaced, and otherwise only those bound to none.
	Represents string `json:"represents,omitempty"`
	// Overlap is how long the replaced certificates stay good (unless they
	// end sooner by themselves); 0 means DefaultOverlap.
	Overlap time.Duration `json:"overlap,omitempty"`
	// Now retires them at once: for a key that was disclosed.
	Now bool `json:"now,omitempty"`
}

// RotateCert registers a new certificate and retires the ones it replaces. id
// is that of a direct connection, or of the system itself. It returns when the
// replaced certificates end.
func (o *Onboarding) RotateCert(ctx context.Context, actor ledger.Actor, id string, rot Rotation) (retired time.Time, err error) {
	cred, err := readCertificate(rot.Cert)
	if err != nil {
		return retired, fault.New(fault.Invalid, "the new certificate: %s", err)
	}
	cred.Represents = rot.Represents
	switch {
	case rot.Now && rot.Overlap != 0:
		return retired, fault.New(fault.Invalid, "give an overlap or retire the old certificate now, not both")
	case rot.Overlap < 0 || rot.Overlap > MaxOverlap:
		return retired, fault.New(fault.Invalid, "the overlap can be up to %d hours: a key that is replaced should go", int(MaxOverlap.Hours()))
	case rot.Overlap == 0:
		rot.Overlap = DefaultOverlap
	}
	err = o.act(ctx, actor, func(now time.Time, dir *access.Directory) (step, error) {
		s, err := systemOf(dir, id)
		if err != nil {
			return step{}, err
		}
		if why := expired(cred, now); why != "" {
			return step{}, fault.New(fault.Invalid, "%s", why)
		}
		if h := dir.Standing(cred.Thumbprint, "").System; h != nil {
			return step{}, fault.New(fault.Conflict, "the certificate %s is registered for the system %q already: have a new one issued", short(cred), h.ID)
		}
		if rot.Represents != "" && (!s.Intermediary || dir.System(rot.Represents) == nil) {
			return step{}, fault.New(fault.Invalid, "a certificate represents another system only at an intermediary, and that system must be registered: check %q", rot.Represents)
		}
		retired = now.Add(rot.Overlap)
		if rot.Now {
			retired = justBefore(now)
		}
		if cred.NotBefore.After(retired) {
			return step{}, fault.New(fault.Invalid, "the new certificate begins on %s, after the old one would end (%s): lengthen the overlap", stamp(cred.NotBefore), stamp(retired))
		}
		next := *s
		next.Credentials = slices.Clone(s.Credentials)
		if len(next.Credentials) >= maxList {
			return step{}, fault.New(fault.Exhausted, "the system %q has %d certificates: no more fit", s.ID, maxList)
		}
		about := func(c access.Credential) map[string]any {
			m := aboutSystem(dir, s, map[string]any{
				"sha256": c.SHA256, "notBefore": moment(c.NotBefore), "notAfter": moment(c.NotAfter),
			})
			if c.Represents != "" {
				m["represents"] = c.Represents
			}
			return m
		}
		events := []event{{EventCredentialAdded, "certificate " + short(cred) + " of " + s.ID, about(cred)}}
		for i := range next.Credentials {
			c := &next.Credentials[i]
			if c.Represents != rot.Represents || now.After(c.NotAfter) {
				continue
			}
			if c.NotAfter.After(retired) {
				c.NotAfter = retired
			}
			m := about(*c)
			m["replacedBy"] = cred.SHA256
			events = append(events, event{EventCredentialRetired, "certificate " + short(*c) + " of " + s.ID, m})
		}
		next.Credentials = append(next.Credentials, cred)
		return step{access.ChangeSystem, s.ID, document(&next), events}, nil
	})
	return retired, err
}

// systemOf finds the system whose certificate is meant by the id of a
// connection or of a system.
func systemOf(dir *access.Directory, id string) (*access.System, error) {
	if c := dir.Connection(id); c != nil {
		if _, err := nextState(actRotate, c); err != nil {
			return nil, err
		}
		if c.Via != "" {
			return nil, fault.New(fault.Conflict, "the connection %q is carried by %q under that system's certificate: rotate %s", id, c.Via, c.Via)
		}
		if s := dir.System(c.System); s != nil {
			return s, nil
		}
	}
	if s := dir.System(id); s != nil {
		return s, nil
	}
	return nil, fault.New(fault.NotFound, "there is no connection or system %q: connection show lists them", clip(id))
}

// move takes a connection from one state to another.
func (o *Onboarding) move(ctx context.Context, actor ledger.Actor, id string, a act, kind string, told map[string]any, change func(*access.Connection)) error {
	return o.act(ctx, actor, func(_ time.Time, dir *access.Directory) (step, error) {
		c, err := connection(dir, id)
		if err != nil {
			return step{}, err
		}
		next := *c
		if next.State, err = nextState(a, c); err != nil {
			return step{}, err
		}
		change(&next)
		before, after := document(c), document(&next)
		m := aboutConnection(dir, c, maps.Clone(told))
		m["from"], m["to"] = string(c.State), string(next.State)
		m["before"], m["after"] = hash(without(before, "grants")), hash(without(after, "grants"))
		return step{access.ChangeConnection, id, after, []event{{kind, "connection " + id, m}}}, nil
	})
}

// act does one change under the lock. plan decides on the newest standing.
func (o *Onboarding) act(ctx context.Context, actor ledger.Actor, plan func(now time.Time, dir *access.Directory) (step, error)) error {
	return o.log.Write(ctx, func(tx *ledger.Tx) error {
		dir, err := o.picture(ctx, tx.Tx)
		if err != nil {
			return err
		}
		s, err := plan(tx.Now, dir)
		if err != nil {
			return err
		}
		_, err = write(tx, actor, s, func(event, int64) {})
		return err
	})
}

func connection(dir *access.Directory, id string) (*access.Connection, error) {
	if c := dir.Connection(id); c != nil {
		return c, nil
	}
	return nil, fault.New(fault.NotFound, "there is no connection %q: connection show lists them", clip(id))
}

// aboutConnection adds what entries about a connection are found by.
func aboutConnection(dir *access.Directory, c *access.Connection, m map[string]any) map[string]any {
	m["connection"] = c.ID
	if c.Via != "" {
		m["via"] = c.Via
	}
	if s := dir.System(c.System); s != nil {
		return aboutSystem(dir, s, m)
	}
	m["system"] = c.System
	return m
}

func aboutSystem(dir *access.Directory, s *access.System, m map[string]any) map[string]any {
	m["system"] = s.ID
	if a := dir.Agency(s.Agency); a != nil {
		m["agency"] = a.Code
	}
	return m
}

// needText refuses a text that is missing, too short or too long.
func needText(name, meaning, s string, least int) error {
	if why := badText(s, maxText); why != "" {
		return fault.New(fault.Invalid, "%s: %s; say %s", name, why, meaning)
	}
	if n := utf8.RuneCountInString(s); n < least {
		return fault.New(fault.Invalid, "%s: this has %d characters, at least %d are needed; say %s", name, n, least, meaning)
	}
	return nil
}

// View is a connection with what it stands on, at one moment.
type View struct {
	Now        time.Time         `json:"now"`
	Connection access.Connection `json:"connection"`
	Lock       access.Lock       `json:"lock"`
	System     access.System     `json:"system"`
	Agency     access.Agency     `json:"agency"`
	// Caller is whose certificates calls come with: the intermediary, or the
	// system itself.
	Caller access.System `json:"caller"`
}

// Show returns the connections with these ids, or all of them, in the order
// of their ids. An unknown id is fault.NotFound.
func (o *Onboarding) Show(ctx context.Context, ids ...string) ([]View, error) {
	var dir *access.Directory
	err := o.main.Read(ctx, func(tx *db.Tx) (err error) {
		dir, err = o.picture(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(ids) == 0 {
		for c := range dir.Connections() {
			ids = append(ids, c.ID)
		}
	}
	views := []View{}
	now := o.main.Clock().UTC()
	for _, id := range ids {
		c, err := connection(dir, id)
		if err != nil {
			return nil, err
		}
		v := View{Now: now, Connection: *c, Lock: c.Lock}
		if s := dir.System(c.System); s != nil {
			v.System, v.Caller = *s, *s
			if a := dir.Agency(s.Agency); a != nil {
				v.Agency = *a
			}
		}
		if s := dir.System(c.Via); s != nil {
			v.Caller = *s
		}
		views = append(views, v)
	}
	return views, nil
}
