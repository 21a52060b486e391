package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"

	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

// usbKey is an authenticator in software: ES256, no attestation.
type usbKey struct {
	t       testing.TB
	key     *ecdsa.PrivateKey
	id      []byte
	counter uint32
	origin  string // "" is the console's
	rp      string
}

func newUSBKey(t testing.TB) *usbKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 32)
	_, _ = rand.Read(id)
	return &usbKey{t: t, key: key, id: id, origin: "https://localhost:8445", rp: "localhost"}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// clientData is what the browser adds.
func (k *usbKey) clientData(kind, challenge string) []byte {
	b, _ := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": k.origin, "crossOrigin": false})
	return b
}

// authData is what the key says; with credential at the registration.
func (k *usbKey) authData(credential bool) []byte {
	k.counter++
	rp := sha256.Sum256([]byte(k.rp))
	flags := byte(protocol.FlagUserPresent)
	if credential {
		flags |= byte(protocol.FlagAttestedCredentialData)
	}
	b := append(rp[:], flags)
	b = binary.BigEndian.AppendUint32(b, k.counter)
	if !credential {
		return b
	}
	pub, err := k.key.PublicKey.ECDH()
	if err != nil {
		k.t.Fatal(err)
	}
	point := pub.Bytes() // 4, x, y
	cose, err := webauthncbor.Marshal(webauthncose.EC2PublicKeyData{
		PublicKeyData: webauthncose.PublicKeyData{KeyType: int64(webauthncose.EllipticKey), Algorithm: int64(webauthncose.AlgES256)},
		Curve:         int64(webauthncose.P256), XCoord: point[1:33], YCoord: point[33:65],
	})
	if err != nil {
		k.t.Fatal(err)
	}
	b = append(b, make([]byte, 16)...)
	b = binary.BigEndian.AppendUint16(b, uint16(len(k.id)))
	return append(append(b, k.id...), cose...)
}

func challengeOf(t testing.TB, options []byte) string {
	t.Helper()
	var o struct {
		PublicKey struct {
			Challenge string `json:"challenge"`
		} `json:"publicKey"`
	}
	if err := json.Unmarshal(options, &o); err != nil || o.PublicKey.Challenge == "" {
		t.Fatalf("options %s: %v", options, err)
	}
	return o.PublicKey.Challenge
}

// register answers an offer.
func (k *usbKey) register(options []byte) []byte {
	k.t.Helper()
	att, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": k.authData(true)})
	if err != nil {
		k.t.Fatal(err)
	}
	out, _ := json.Marshal(map[string]any{
		"id": b64(k.id), "rawId": b64(k.id), "type": "public-key",
		"response": map[string]any{"attestationObject": b64(att), "clientDataJSON": b64(k.clientData("webauthn.create", challengeOf(k.t, options)))},
	})
	return out
}

// assert answers a challenge.
func (k *usbKey) assert(options []byte) []byte {
	k.t.Helper()
	data, auth := k.clientData("webauthn.get", challengeOf(k.t, options)), k.authData(false)
	sum := sha256.Sum256(data)
	digest := sha256.Sum256(append(append([]byte{}, auth...), sum[:]...))
	sig, err := ecdsa.SignASN1(rand.Reader, k.key, digest[:])
	if err != nil {
		k.t.Fatal(err)
	}
	out, _ := json.Marshal(map[string]any{
		"id": b64(k.id), "rawId": b64(k.id), "type": "public-key",
		"response": map[string]any{"authenticatorData": b64(auth), "clientDataJSON": b64(data), "signature": b64(sig)},
	})
	return out
}

// equip adds a key to a person's account.
func (h *house) equip(p *person, k *usbKey) {
	h.t.Helper()
	h.stepUp(p)
	options, err := h.OfferPasskey(h.ctx, p.token)
	h.must(err)
	step, err := h.Enrol(h.ctx, p.from, p.token, Enrolment{Name: "khoá USB", Passkey: k.register(options)})
	h.must(err)
	p.enter(step)
}

func TestPasskeys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		p := h.admin()
		key := newUSBKey(t)
		h.equip(p, key)
		begin := func(p *person) (token string, options []byte) {
			t.Helper()
			step, err := h.Begin(h.ctx, desk, p.Login, p.password)
			h.must(err)
			options, err = h.PasskeyChallenge(h.ctx, step.Token)
			h.must(err)
			return step.Token, options
		}
		give := func(token string, answer []byte) error {
			s, err := h.GiveFactor(h.ctx, desk, token, Proof{Passkey: answer})
			if err == nil {
				p.enter(s)
			}
			return err
		}
		token, options := begin(p)
		answer := key.assert(options)
		h.must(give(token, answer))
		// An answer is good once: the challenge is used up.
		token, options = begin(p)
		h.refused(give(token, answer), fault.Unauthenticated, FactorWrong)
		h.refused(give(token, key.assert(options)), fault.Unauthenticated, FactorWrong) // used up by the wrong answer
		// Another's key, a key of nobody, another site's answer, a copied key.
		other := h.hire(p, Inspector, "", "TT-1")
		theirs := newUSBKey(t)
		h.equip(other, theirs)
		token, options = begin(p)
		h.refused(give(token, theirs.assert(options)), fault.Unauthenticated, FactorWrong)
		h.signIn(p) // brings the count of failures back
		token, options = begin(p)
		stranger := *key
		stranger.key = newUSBKey(t).key
		h.refused(give(token, stranger.assert(options)), fault.Unauthenticated, FactorWrong)
		token, options = begin(p)
		phished := *key
		phished.origin = "https://localhost.example"
		h.refused(give(token, phished.assert(options)), fault.Unauthenticated, FactorWrong)
		token, options = begin(p)
		phished = *key
		phished.rp = "example"
		h.refused(give(token, phished.assert(options)), fault.Unauthenticated, FactorWrong)
		h.signIn(p)
		token, options = begin(p)
		copied := *key
		copied.counter = 0
		h.refused(give(token, copied.assert(options)), fault.Unauthenticated, FactorWrong)
		for _, junk := range [][]byte{[]byte("{}"), []byte("nonsense"), make([]byte, maxProof+1)} {
			token, _ = begin(p)
			h.refused(give(token, junk), fault.Unauthenticated, FactorWrong)
		}
		h.signIn(p)
		// The other's challenge answered by the own key, for the other's sign-in.
		token, options = begin(other)
		h.refused(give(token, key.assert(options)), fault.Unauthenticated, FactorWrong)
		// An old challenge.
		token, options = begin(p)
		h.pass(h.rules().SignInTime - time.Second)
		answer = key.assert(options)
		h.pass(2 * time.Second)
		if err := give(token, answer); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("an answer after its time: %v", err)
		}
		// A fresh factor by key.
		h.signIn(p)
		h.pass(time.Minute)
		options, err := h.PasskeyChallenge(h.ctx, p.token)
		h.must(err)
		step, err := h.StepUp(h.ctx, desk, p.token, Proof{Passkey: key.assert(options)})
		h.must(err)
		p.enter(step)
		// A key cannot be enrolled twice, nor for somebody else.
		options, err = h.OfferPasskey(h.ctx, p.token)
		h.must(err)
		_, err = h.Enrol(h.ctx, desk, p.token, Enrolment{Passkey: theirs.register(options)})
		h.refused(err, fault.Invalid, FactorInvalid)
		options, err = h.OfferPasskey(h.ctx, p.token)
		h.must(err)
		_, err = h.Enrol(h.ctx, desk, p.token, Enrolment{Passkey: key.register(options)})
		h.refused(err, fault.Invalid, FactorInvalid)
		// Factors come and go, but for the last.
		list, err := h.Factors(h.ctx, p.actor())
		h.must(err)
		if len(list) != 2 || list[1].Name != "khoá USB" || list[1].Used.IsZero() {
			t.Fatalf("factors: %+v", list)
		}
		h.must(h.RemoveFactor(h.ctx, p.actor(), list[0].ID))
		h.refused(h.RemoveFactor(h.ctx, p.actor(), list[1].ID), fault.Conflict, FactorLast)
		theirFactors, err := factorsOf(h.ctx, h.main, other.ID)
		h.must(err)
		h.refused(h.RemoveFactor(h.ctx, p.actor(), theirFactors[0].ID), fault.NotFound, NotThere)
	})
}

func TestEnrolmentProvesItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		h := start(t, env)
		p := h.admin()
		h.stepUp(p)
		// A code that is not of the offered secret; an answer to no offer.
		_, err := h.OfferTOTP(h.ctx, p.token)
		h.must(err)
		_, err = h.Enrol(h.ctx, desk, p.token, Enrolment{Code: "000000"})
		h.refused(err, fault.Invalid, FactorInvalid)
		key := newUSBKey(t)
		options, err := h.OfferPasskey(h.ctx, p.token)
		h.must(err)
		answer := key.register(options)
		step, err := h.Enrol(h.ctx, desk, p.token, Enrolment{Passkey: answer})
		h.must(err)
		p.enter(step)
		_, err = h.Enrol(h.ctx, desk, p.token, Enrolment{Passkey: answer})
		h.refused(err, fault.Invalid, FactorInvalid)
		// Without a fresh factor nothing is added, on both sides of the limit.
		h.stepUp(p)
		h.pass(h.rules().FreshFactor - time.Second)
		if !h.live(p) {
			h.signIn(p)
		}
		_, err = h.OfferTOTP(h.ctx, p.token)
		h.must(err)
		h.pass(2 * time.Second)
		_, err = h.OfferTOTP(h.ctx, p.token)
		h.refused(err, fault.Forbidden, FactorStale)
		_, err = h.Enrol(h.ctx, desk, p.token, Enrolment{Code: "000000"})
		h.refused(err, fault.Forbidden, FactorStale)
		// The number of factors is bounded.
		h.stepUp(p)
		for {
			list, err := h.Factors(h.ctx, p.actor())
			h.must(err)
			options, err := h.OfferPasskey(h.ctx, p.token)
			h.must(err)
			step, err := h.Enrol(h.ctx, desk, p.token, Enrolment{Passkey: newUSBKey(t).register(options)})
			if len(list) == maxFactors {
				h.refused(err, fault.Exhausted, FactorMany)
				break
			}
			h.must(err)
			p.enter(step)
		}
	})
}
