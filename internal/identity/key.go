package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net/netip"
	"slices"
	"strings"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// Key is what lets programs act for an account, without the secret. What is
// done through it is done by the account, as far as [MayByKey] goes.
type Key struct {
	ID    string // UUIDv7; it stands in entries
	Shown string // its first characters, by which its owner knows it
	Name  string // what it is for
	// Networks are from where alone it is heard; none: from anywhere.
	Networks         []netip.Prefix
	Created, Expires time.Time
	Used             time.Time // to the hour or so; zero: never
	Ended            time.Time // zero: not ended by anybody
	Why              string    // it ended: "owner", "admin", "password", "factors", "disabled", "term"; "" while it holds
}

// Live reports whether the key holds at now, as far as it says itself.
func (k *Key) Live(now time.Time) bool { return k.Ended.IsZero() && now.Before(k.Expires) }

// allows reports whether the key is heard from an address.
func (k *Key) allows(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return len(k.Networks) == 0 || slices.ContainsFunc(k.Networks, func(p netip.Prefix) bool { return p.Contains(a) })
}

// NewKey is a key to be made.
type NewKey struct {
	Name string        // what it is for, 1 to 100 bytes
	Term time.Duration // 0: Settings.KeyTerm; at most Settings.MaxKeyTerm
	// Networks are from where alone it is heard, as CIDR ("10.1.2.0/24") or as an
	// address; none: from anywhere. At most 20.
	Networks []string
}

// MadeKey is a new key with its text, which is nowhere to be had again.
type MadeKey struct {
	Key  Key
	Text string
}

// Bearer is whose a key is.
type Bearer struct {
	Key     Key
	Account Account
}

// Actor returns the key's account as an actor, through the key.
func (b *Bearer) Actor(from Client) Actor { return Actor{Key: b.Key.ID, From: from} }

// Bounds of keys.
const (
	maxKeyName     = 100 // bytes
	maxKeyNetworks = 20
	minKeyTerm     = 24 * time.Hour
	// keyUse is how exactly the last use of a key is known: a write for every
	// call would be too many.
	keyUse = time.Hour
	// keepKeys is how long the row of a key that ended is kept, so that its
	// owner sees what became of it.
	keepKeys = 31 * 24 * time.Hour
	// listedKeys is how many keys, ended ones included, an owner sees.
	listedKeys = 100
)

// whyTerm is why a key ended whose time was over; the other reasons are those
// of sessions.
const whyTerm = "term"

// newKeyRow checks a key to be made and returns it as it is stored.
func (s *Store) newKeyRow(k NewKey, now time.Time) (*keyRow, error) {
	k.Name = strings.TrimSpace(k.Name)
	if k.Name == "" || !textFits(k.Name, maxKeyName) || strings.ContainsAny(k.Name, "\r\n\t") {
		return nil, refuse(fault.Invalid, KeyName)
	}
	if len(k.Networks) > maxKeyNetworks {
		return nil, refuse(fault.Invalid, KeyNetworks)
	}
	if k.Term == 0 {
		k.Term = s.rules().KeyTerm
	}
	if k.Term < minKeyTerm || k.Term > s.rules().MaxKeyTerm {
		return nil, refuse(fault.Invalid, KeyTerm)
	}
	r := &keyRow{Key: Key{ID: newID(), Name: k.Name, Created: now, Expires: now.Add(k.Term)}}
	for _, text := range k.Networks {
		p, ok := parseNetwork(text)
		if !ok {
			return nil, refuse(fault.Invalid, KeyNetworks)
		}
		if !slices.Contains(r.Networks, p) {
			r.Networks = append(r.Networks, p)
		}
	}
	return r, nil
}

// parseNetwork reads a network, or one address as the network of it alone. Bits
// beyond the prefix are a slip of whoever typed it: 10.1.2.3/8 is refused.
func parseNetwork(text string) (netip.Prefix, bool) {
	text = strings.TrimSpace(text)
	if a, err := netip.ParseAddr(text); err == nil {
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), a.Zone() == ""
	}
	p, err := netip.ParsePrefix(text)
	return p, err == nil && p == p.Masked() && !p.Addr().Is4In6()
}

func networkTexts(list []netip.Prefix) []string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.String()
	}
	return out
}

// NewKey makes a key of the actor's own account. It wants a fresh second
// factor, and an account has Settings.Keys live keys at most ([KeyMany]).
func (s *Store) NewKey(ctx context.Context, by Actor, k NewKey) (MadeKey, error) {
	text := newKeyText()
	var row *keyRow
	err := s.act(ctx, by, OwnKeys, func(tx *ledger.Tx, w *acting) (err error) {
		if err := s.freshly(w, tx.Now); err != nil {
			return err
		}
		if row, err = s.newKeyRow(k, tx.Now); err != nil {
			return err
		}
		open, err := openKeys(ctx, tx, w.account.ID)
		if err != nil {
			return err
		}
		if len(slices.DeleteFunc(open, func(o *keyRow) bool { return !o.Live(tx.Now) })) >= s.rules().Keys {
			return refuse(fault.Exhausted, KeyMany)
		}
		row.account, row.Shown, row.hash = w.account.ID, selector(text), tokenHash(text)
		if err := insertKey(ctx, tx.Tx, row); err != nil {
			return err
		}
		m := members{"keyId": row.ID, "name": row.Name, "expires": moment(row.Expires)}
		if len(row.Networks) > 0 {
			m["networks"] = networkTexts(row.Networks)
		}
		return w.entry(tx, EventKeyMade, m)
	})
	if err != nil {
		return MadeKey{}, err
	}
	return MadeKey{Key: row.Key, Text: text}, nil
}

// Keys lists the actor's own keys, newest first; those that ended stay for a
// month.
func (s *Store) Keys(ctx context.Context, by Actor) (out []Key, err error) {
	err = s.look(ctx, by, []Act{OwnKeys}, func(tx *db.Tx, w *acting, now time.Time) error {
		rows, err := keysOf(ctx, tx, w.account.ID, listedKeys)
		out = nil
		for _, r := range rows {
			if r.Ended.IsZero() && !r.Live(now) {
				r.Ended, r.Why = r.Expires, whyTerm // the sweep has not been here yet
			}
			out = append(out, r.Key)
		}
		return err
	})
	return out, err
}

// EndKey ends one of the actor's own keys: its next call fails. One that ended
// already is fault.NotFound, as one that is another's.
func (s *Store) EndKey(ctx context.Context, by Actor, id string) error {
	return s.act(ctx, by, OwnKeys, func(tx *ledger.Tx, w *acting) error {
		r, err := keyByID(ctx, tx, id)
		if err != nil {
			return err
		}
		if r == nil || r.account != w.account.ID || !r.Live(tx.Now) {
			return refuse(fault.NotFound, NotThere)
		}
		return s.endKey(ctx, tx, w, r, whyOwner, tx.Now, nil)
	})
}

// endKey ends a key with its entry, by who acts.
func (s *Store) endKey(ctx context.Context, tx *ledger.Tx, w *acting, r *keyRow, why string, at time.Time, more members) error {
	r.Ended, r.Why = at, why
	if err := updateKey(ctx, tx.Tx, r); err != nil {
		return err
	}
	m := members{"keyId": r.ID, "name": r.Name, "why": why, "ended": moment(at)}
	for k, v := range more {
		m[k] = v
	}
	return w.entry(tx, EventKeyEnded, m)
}

// endKeys ends all keys of an account whose secrets or state somebody changed:
// whoever had the one may have the other.
func (s *Store) endKeys(ctx context.Context, tx *ledger.Tx, w *acting, a *record, why string) error {
	rows, err := openKeys(ctx, tx, a.ID)
	if err != nil || len(rows) == 0 {
		return err
	}
	code, err := s.agencyCode(ctx, tx, a.Agency)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if !r.Live(tx.Now) {
			err = s.lapseKey(ctx, tx, r)
		} else {
			err = s.endKey(ctx, tx, w, r, why, tx.Now, about(a, code, nil))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// lapseKey ends a key past its term, with the time at which it was.
func (s *Store) lapseKey(ctx context.Context, tx *ledger.Tx, r *keyRow) error {
	w := &acting{local: &ledger.Actor{Kind: "identity", ID: "expiry"}}
	a, err := accountByID(ctx, tx, r.account)
	if err != nil || a == nil {
		return err
	}
	code, err := s.agencyCode(ctx, tx, a.Agency)
	if err != nil {
		return err
	}
	return s.endKey(ctx, tx, w, r, whyTerm, r.Expires, about(a, code, nil))
}

// sweepKeys ends keys past their term and forgets those long ended.
func (s *Store) sweepKeys(ctx context.Context, now time.Time) error {
	var n int64
	err := s.main.QueryRow(ctx, "SELECT (SELECT count(*) FROM api_keys WHERE ended = 0 AND expires <= $1) + (SELECT count(*) FROM api_keys WHERE ended > 0 AND ended <= $2)",
		db.Micros(now), db.Micros(now.Add(-keepKeys))).Scan(&n)
	if err != nil || n == 0 {
		return err
	}
	return s.log.Write(ctx, func(tx *ledger.Tx) error {
		rows, err := overdueKeys(ctx, tx, tx.Now, sweepBatch)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := s.lapseKey(ctx, tx, r); err != nil {
				return err
			}
		}
		return dropKeys(ctx, tx.Tx, tx.Now.Add(-keepKeys), sweepBatch)
	})
}

// decoy is a hash that no key has: what is compared with while there is none.
var decoy = tokenHash(rand.Text())

// Bear returns whose key this is. Whatever is the matter with it, unknown,
// ended, past its term, its account not active or its network another, is
// fault.Unauthenticated and [KeyRefused], takes as long, and counts against the
// address; a text that is no key at all is [KeyMistyped]. An address with too
// many failures is fault.Exhausted and [KeyBusy], whatever it shows.
//
// It notes the use of a key with an entry once an hour.
func (s *Store) Bear(ctx context.Context, text string, from Client) (*Bearer, error) {
	now := s.main.Clock()
	if s.keyFlood.shut(from.Address, now) {
		s.keyFlood.note(from, "address", now)
		return nil, refuse(fault.Exhausted, KeyBusy)
	}
	failed := func(why, key string, c Code) (*Bearer, error) {
		s.keyFlood.fail(from.Address, now)
		s.keyFlood.noteKey(from, why, key, now)
		return nil, refuse(fault.Unauthenticated, c)
	}
	if !KeyShaped(text) {
		return failed("mistyped", "", KeyMistyped)
	}
	var row *keyRow
	var a *record
	err := s.main.Read(ctx, func(tx *db.Tx) (err error) {
		row, a, err = s.keyOf(ctx, tx, text)
		return err
	})
	if err != nil {
		return nil, err
	}
	if row == nil {
		return failed("unknown", "", KeyRefused)
	}
	if why := s.keyFails(row, a, from, now); why != "" {
		return failed(why, row.ID, KeyRefused)
	}
	out := &Bearer{Key: row.Key, Account: a.Account}
	if now.Sub(row.Used) < keyUse {
		return out, nil
	}
	err = s.noteUse(ctx, out, from)
	if fault.Is(err, fault.Unavailable) {
		// What is read is read; while nothing can be written no act gets through.
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// keyOf returns the key whose text this is, and its account; nil if there is
// none, after the same work.
func (s *Store) keyOf(ctx context.Context, q db.Querier, text string) (*keyRow, *record, error) {
	r, err := keyBySelector(ctx, q, selector(text))
	if err != nil {
		return nil, nil, err
	}
	stored, account := decoy, ""
	if r != nil {
		stored, account = r.hash, r.account
	}
	same := subtle.ConstantTimeCompare(stored, tokenHash(text)) == 1
	a, err := accountByID(ctx, q, account)
	if err != nil || !same {
		return nil, nil, err
	}
	return r, a, nil
}

// keyFails says why a key is not heard, "" if it is.
func (s *Store) keyFails(r *keyRow, a *record, from Client, now time.Time) string {
	switch {
	case !r.Ended.IsZero():
		return "ended"
	case !now.Before(r.Expires):
		return whyTerm
	case a == nil || a.State != Active || !May(a.Kind, OwnKeys) || s.inactive(a, now):
		return whyDisabled
	case !r.allows(from.Address):
		return "network"
	}
	return ""
}

// noteUse notes that a key is used, unless somebody did.
func (s *Store) noteUse(ctx context.Context, b *Bearer, from Client) error {
	used := b.Key.Used
	err := s.log.Write(ctx, func(tx *ledger.Tx) error {
		w, err := s.whoByKey(ctx, tx, b.Actor(from), tx.Now)
		if err != nil {
			return err
		}
		if used = w.key.Used; tx.Now.Sub(used) < keyUse {
			return nil
		}
		used, w.key.Used = tx.Now, tx.Now
		if err := updateKey(ctx, tx.Tx, w.key); err != nil {
			return err
		}
		return w.entry(tx, EventKeyUsed, nil)
	})
	if err == nil {
		b.Key.Used = used
	}
	return err
}

// whoByKey is who acts through a key that holds at now.
func (s *Store) whoByKey(ctx context.Context, q db.Querier, by Actor, now time.Time) (*acting, error) {
	gone := refuse(fault.Unauthenticated, KeyRefused)
	if by.Session != "" || by.Local != (ledger.Actor{}) {
		return nil, gone // one of them acts, not several
	}
	r, err := keyByID(ctx, q, by.Key)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, gone
	}
	a, err := accountByID(ctx, q, r.account)
	if err != nil {
		return nil, err
	}
	if s.keyFails(r, a, by.From, now) != "" {
		return nil, gone
	}
	w := &acting{account: a, key: r, from: by.From}
	w.agency, err = s.agencyCode(ctx, q, a.Agency)
	return w, err
}
