package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"dancu/internal/fault"
)

// Tolerance is how far a receiver should let the signature's time be from its
// own: within it, it remembers the notices' ids against repetition.
const Tolerance = 5 * time.Minute

// Sign returns the signature header of a body: "t=UNIX,v1=HEX", where HEX is
// HMAC-SHA256 over the seconds, a dot and the body, under the receiver's
// secret. The time is of the attempt, so a repeated notice is signed anew. While
// one secret takes another's place both sign, each with a v1 of its own.
func Sign(at time.Time, body []byte, secrets ...[]byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	out := "t=" + t
	for _, s := range secrets {
		out += ",v1=" + hex.EncodeToString(sum(s, t, body))
	}
	return out
}

func sum(secret []byte, t string, body []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return mac.Sum(nil)
}

// Verify is the receiver's half of Sign: one of the signatures is of the secret.
// It refuses a header that is not ours, a wrong signature, and a time that is
// more than tolerance from now.
func Verify(secret []byte, header string, body []byte, now time.Time, tolerance time.Duration) error {
	bad := fault.New(fault.Unauthenticated, "the signature does not hold")
	t, rest, ok := strings.Cut(header, ",v1=")
	t, begins := strings.CutPrefix(t, "t=")
	seconds, err := strconv.ParseInt(t, 10, 64)
	if !ok || !begins || err != nil {
		return bad
	}
	want, holds := sum(secret, t, body), false
	for v := range strings.SplitSeq(rest, ",v1=") {
		got, err := hex.DecodeString(v)
		holds = holds || err == nil && hmac.Equal(got, want)
	}
	if !holds {
		return bad
	}
	if now.Sub(time.Unix(seconds, 0)).Abs() > tolerance {
		return fault.New(fault.Unauthenticated, "the signature is of another time: set the clocks right, or it is a repetition")
	}
	return nil
}
