package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"dancu/internal/fault"
)

// Sizes of what argon2id takes and gives (RFC 9106 section 4).
const (
	saltSize = 16
	hashSize = 32
)

// hasher computes password hashes, a few at a time: each takes tens of
// megabytes.
type hasher struct {
	memory, time uint32
	threads      uint8
	slots        chan struct{}
	decoy        string // a hash of nobody's password, of the present parameters
}

func newHasher(set *Settings) *hasher {
	h := &hasher{memory: set.HashMemory, time: set.HashTime, threads: set.HashThreads, slots: make(chan struct{}, set.Hashes)}
	h.decoy = h.hash(rand.Text())
	return h
}

// take waits for a turn.
func (h *hasher) take(ctx context.Context) (done func(), err error) {
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, fault.Wrap(fault.Unavailable, &refusal{SignInBusy}, "%s", SignInBusy.Text("en"))
	}
}

// Hash returns a password's hash with its parameters, as a PHC string.
func (h *hasher) Hash(ctx context.Context, password string) (string, error) {
	done, err := h.take(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	return h.hash(password), nil
}

func (h *hasher) hash(password string) string {
	salt := make([]byte, saltSize)
	_, _ = rand.Read(salt)
	sum := argon2.IDKey(typed(password), salt, h.time, h.memory, h.threads, hashSize)
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.time, h.threads, enc.EncodeToString(salt), enc.EncodeToString(sum))
}

// typed is a password as it is hashed. Keyboards write Vietnamese letters
// composed or decomposed; it is the same password (RFC 8265 section 4.2).
func typed(password string) []byte { return norm.NFC.Bytes([]byte(password)) }

// Match reports whether the password is the hash's, and whether the hash has
// other parameters than the present ones. An empty hash is nobody's and takes
// as long as another.
func (h *hasher) Match(ctx context.Context, hash, password string) (ok, old bool, err error) {
	done, err := h.take(ctx)
	if err != nil {
		return false, false, err
	}
	defer done()
	known := hash != ""
	if !known {
		hash = h.decoy
	}
	p, err := parseHash(hash)
	if err != nil {
		return false, false, err
	}
	sum := argon2.IDKey(typed(password), p.salt, p.time, p.memory, p.threads, uint32(len(p.sum)))
	ok = subtle.ConstantTimeCompare(sum, p.sum) == 1 && known
	return ok, p.memory != h.memory || p.time != h.time || p.threads != h.threads, nil
}

// phc is a parsed hash.
type phc struct {
	memory, time uint32
	threads      uint8
	salt, sum    []byte
}

// parseHash reads a PHC string of argon2id. Its bounds are far beyond any
// setting: what is over them was not written here.
func parseHash(s string) (p phc, err error) {
	bad := fmt.Errorf("a stored password hash cannot be read")
	f := strings.Split(s, "$")
	if len(f) != 6 || f[0] != "" || f[1] != "argon2id" || f[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, bad
	}
	if n, err := fmt.Sscanf(f[3], "m=%d,t=%d,p=%d", &p.memory, &p.time, &p.threads); err != nil || n != 3 {
		return p, bad
	}
	if p.salt, err = base64.RawStdEncoding.DecodeString(f[4]); err != nil {
		return p, bad
	}
	if p.sum, err = base64.RawStdEncoding.DecodeString(f[5]); err != nil {
		return p, bad
	}
	if p.memory < 8 || p.memory > 1<<21 || p.time < 1 || p.time > 100 || p.threads < 1 || len(p.salt) < 8 || len(p.sum) < 16 || len(p.sum) > 64 {
		return p, bad
	}
	return p, nil
}
