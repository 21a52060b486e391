package onboarding

import (
	"slices"
	"time"

	"dancu/internal/access"
)

// What a system calls with is assessed (Circular 46/2022/TT-BCA Art. 6.2): a
// certificate whose key nobody declared is known, and its calls are refused
// until the change is accepted. What the register's operator applies or rotates
// is declared by that act; what an agency registers by itself is not.

// live reports whether a certificate can still be called with at now.
func live(c access.Credential, now time.Time) bool { return !now.After(c.NotAfter) }

// declareKey adds a key to those declared for the system and reports whether
// it is one of them afterwards. The first key is not declared while a live
// certificate's own key is unknown, as of one registered before keys were kept:
// that certificate would be shut out by it, though nothing has changed.
func declareKey(s *access.System, key string, now time.Time) bool {
	if slices.Contains(s.Keys, key) {
		return true
	}
	unknown := func(c access.Credential) bool { return c.Key == "" && live(c, now) }
	if key == "" || len(s.Keys) == 0 && slices.ContainsFunc(s.Credentials, unknown) {
		return false
	}
	s.Keys = append(slices.Clone(s.Keys), key)
	slices.Sort(s.Keys)
	return true
}

// forgetKeys takes out of those declared the keys of certificates that were
// retired at once, unless a live certificate has the same: a new certificate
// for such a key is a change to be declared again.
func forgetKeys(s *access.System, retired []string, now time.Time) {
	kept := slices.DeleteFunc(slices.Clone(s.Keys), func(key string) bool {
		return slices.Contains(retired, key) &&
			!slices.ContainsFunc(s.Credentials, func(c access.Credential) bool { return c.Key == key && live(c, now) })
	})
	if len(kept) > 0 { // an empty list would check nothing
		s.Keys = kept
	}
}
