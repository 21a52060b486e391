package ledger

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"hash"
	"sync"
	"time"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// zone is where the log's months and days turn (Asia/Ho_Chi_Minh).
var zone = time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60)

// KeySize is the size of the wrapping key in bytes (AES-256).
const KeySize = 32

// pseudonymKey is the name of the key of Pseudonym, which is for all months.
const pseudonymKey = "pseudonyms"

// boxPrefix begins the names of the areas' keys (Box).
const boxPrefix = "box/"

// monthKey is one month's key, as it is used.
type monthKey struct {
	name  string
	seal  cipher.AEAD
	index []byte // HMAC key of person tokens

	macs sync.Pool // of hash.Hash, keyed with index: setting one up costs as much as using it
}

// keyring holds the unwrapped keys. Each is random and stored wrapped: when a
// month's row is destroyed, its bodies cannot be opened by anybody.
type keyring struct {
	wrap cipher.AEAD

	mu     sync.RWMutex
	byName map[string]*monthKey
}

func newKeyring(kek []byte) (*keyring, error) {
	if len(kek) != KeySize {
		return nil, fault.New(fault.Invalid, "the sealing key must have %d bytes, this one has %d", KeySize, len(kek))
	}
	wrap, err := newAEAD(kek)
	if err != nil {
		return nil, err
	}
	return &keyring{wrap: wrap, byName: map[string]*monthKey{}}, nil
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	// Nonces are random. At 2^32 messages a key their chance to collide is
	// 2^-32; a month of 500 look-ups a second is 2^30.3.
	return cipher.NewGCMWithRandomNonce(block)
}

// monthName returns the name of the key of t's month.
func monthName(t time.Time) string { return t.In(zone).Format("2006-01") }

// cached returns the key of that name if it is loaded.
func (k *keyring) cached(name string) *monthKey {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.byName[name]
}

// get returns the key of that name, reading it with q if need be; a key that
// is not there is fault.NotFound.
func (k *keyring) get(ctx context.Context, q db.Querier, name string) (*monthKey, error) {
	if m := k.cached(name); m != nil {
		return m, nil
	}
	var wrapped []byte
	err := q.QueryRow(ctx, "SELECT wrapped FROM sealkeys WHERE name = $1", name).Scan(&wrapped)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "the log has no key for %s", name)
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read the key of %s: %w", name, err)
	}
	raw, err := k.wrap.Open(nil, nil, wrapped, []byte(name))
	if err != nil {
		return nil, fault.New(fault.Unavailable, "the log's key of %s does not open with this sealing key: use the key file this log was made with", name)
	}
	return k.put(name, raw)
}

func (k *keyring) put(name string, raw []byte) (*monthKey, error) {
	sealing, err := hkdf.Key(sha256.New, raw, nil, "dancu/seal/1", KeySize)
	if err != nil {
		return nil, err
	}
	index, err := hkdf.Key(sha256.New, raw, nil, "dancu/index/1", KeySize)
	if err != nil {
		return nil, err
	}
	aead, err := newAEAD(sealing)
	if err != nil {
		return nil, err
	}
	m := &monthKey{name: name, seal: aead, index: index}
	m.macs.New = func() any { return hmac.New(sha256.New, index) }
	k.mu.Lock()
	defer k.mu.Unlock()
	k.byName[name] = m
	return m, nil
}

// ensure returns the key of that name, making it within the lock when it is
// the first time.
func (k *keyring) ensure(ctx context.Context, tx *db.Tx, name string, now time.Time) (*monthKey, error) {
	m, err := k.get(ctx, tx, name)
	if !fault.Is(err, fault.NotFound) {
		return m, err
	}
	raw := make([]byte, KeySize)
	rand.Read(raw)
	wrapped := k.wrap.Seal(nil, nil, raw, []byte(name))
	if _, err := tx.Exec(ctx, "INSERT INTO sealkeys (name, wrapped, time) VALUES ($1, $2, $3)", name, wrapped, db.Micros(now)); err != nil {
		return nil, fmt.Errorf("couldn't store the key of %s: %w", name, err)
	}
	return k.put(name, raw)
}

// forget drops what was made in a transaction that did not take effect.
func (k *keyring) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.byName)
}

// Pseudonym returns a keyed hash of a person's number, the same for all time
// and on every node, for tables that must recognise a person without naming
// one.
func (l *Log) Pseudonym(person string) (p [16]byte, err error) {
	m := l.pseudonyms.Load()
	if m == nil {
		return p, errNotStarted
	}
	mac := m.macs.Get().(hash.Hash)
	defer m.macs.Put(mac)
	mac.Reset()
	mac.Write([]byte(person))
	var sum [32]byte
	copy(p[:], mac.Sum(sum[:0]))
	return p, nil
}

// Box returns the cipher under which an area seals what it must be able to read
// again. Its key is random, for all months, and kept as the months' keys are:
// wrapped by the sealing key, under the name "box/" and the area's. Nonces are
// random and in front of what is sealed.
func (l *Log) Box(ctx context.Context, area string) (cipher.AEAD, error) {
	var m *monthKey
	err := l.Write(ctx, func(tx *Tx) (err error) {
		m, err = l.keys.ensure(ctx, tx.Tx, boxPrefix+area, tx.Now)
		return err
	})
	if err != nil {
		return nil, err
	}
	return m.seal, nil
}
