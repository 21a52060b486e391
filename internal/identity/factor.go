package identity

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"github.com/google/uuid"

	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// Limits of factors.
const (
	maxFactors    = 10 // of one account
	recoveryCodes = 10
	maxProof      = 16 << 10 // bytes of a passkey's answer
)

// newID returns a new UUIDv7.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// newToken returns a browser's secret of 256 random bits, and the hash of it
// that is stored.
func newToken() (token string, hash []byte) {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)
	token = base64.RawURLEncoding.EncodeToString(raw)
	return token, tokenHash(token)
}

// tokenHash is what is stored of a token.
func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// newRecovery returns new recovery codes and their hashes. A code has 80 random
// bits: a plain hash keeps it.
func newRecovery(account string) (codes []string, hashes [][]byte) {
	for range recoveryCodes {
		raw := rand.Text()[:16]
		codes = append(codes, grouped(raw))
		hashes = append(hashes, recoveryHash(account, raw))
	}
	return codes, hashes
}

// recoveryHash is what is stored of a recovery code, however it is typed.
func recoveryHash(account, code string) []byte {
	code = strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, strings.ToUpper(code))
	sum := sha256.Sum256([]byte("dancu/recovery/1\x00" + account + "\x00" + code))
	return sum[:]
}

// Seal seals what a browser keeps for us for a while, or what we keep and must
// read again; purpose parts uses.
func (s *Store) Seal(purpose string, plain []byte) []byte {
	return s.box.Seal(nil, nil, plain, []byte(purpose))
}

// Open is the reverse of Seal. What was not sealed here for that purpose is
// fault.Invalid.
func (s *Store) Open(purpose string, sealed []byte) ([]byte, error) {
	plain, err := s.box.Open(nil, nil, sealed, []byte(purpose))
	if err != nil {
		return nil, fault.New(fault.Invalid, "this was not sealed here: begin again")
	}
	return plain, nil
}

// shown is how a second factor was proved.
type shown string

const (
	notShown      shown = ""
	shownTOTP     shown = "totp"
	shownPasskey  shown = "passkey"
	shownRecovery shown = "recovery"
)

// verifyFactor reports how the proof proves the account, notShown if it does
// not. What proves once is used up in this transaction. owner is whose
// challenge a passkey answers.
func (s *Store) verifyFactor(ctx context.Context, tx *ledger.Tx, r *record, owner string, p *parsedProof) (shown, error) {
	factors, err := factorsOf(ctx, tx, r.ID)
	if err != nil {
		return notShown, err
	}
	if p.passkey {
		ok, err := s.verifyPasskey(ctx, tx, r, factors, owner, p)
		if err != nil || !ok {
			return notShown, err
		}
		return shownPasskey, nil
	}
	if code, ok := sixDigits(p.code); ok {
		return s.verifyTOTP(ctx, tx, factors, code)
	}
	ok, err := spendRecovery(ctx, tx.Tx, r.ID, recoveryHash(r.ID, p.code))
	if err != nil || !ok {
		return notShown, err
	}
	return shownRecovery, nil
}

func (s *Store) verifyTOTP(ctx context.Context, tx *ledger.Tx, factors []*factorRow, code string) (shown, error) {
	for _, f := range factors {
		if f.Kind != factorTOTP {
			continue
		}
		secret, err := s.Open(totpPurpose(f.account), f.secret)
		if err != nil {
			return notShown, fault.Wrap(fault.Internal, err, "a stored TOTP secret does not open")
		}
		step, ok := totpStep(secret, code, tx.Now, f.lastStep)
		if !ok {
			continue
		}
		f.lastStep, f.Used = step, tx.Now
		return shownTOTP, useFactor(ctx, tx.Tx, f)
	}
	return notShown, nil
}

func totpPurpose(account string) string { return "totp/" + account }

// sixDigits returns a code without its blanks, if it is one of an app.
func sixDigits(code string) (string, bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	return code, len(code) == 6 && strings.Trim(code, "0123456789") == ""
}

// hasFactor reports whether the account has a second factor.
func hasFactor(ctx context.Context, tx *ledger.Tx, account string) (bool, error) {
	t, p, _, err := factorCounts(ctx, tx, account)
	return t+p > 0, err
}

// ceremonyTime is how long a challenge or an offer can be answered.
const ceremonyTime = 10 * time.Minute
