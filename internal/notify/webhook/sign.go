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
// secret. The time is of the attempt, so a repeated notice is signed anew.
func Sign(secret []byte, at time.Time, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	return "t=" + t + ",v1=" + hex.EncodeToString(sum(secret, t, body))
}

func sum(secret []byte, t string, body []byte) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(t + "."))
	mac.Write(body)
	return mac.Sum(nil)
}

// Verify is the receiver's half of Sign. It refuses a header that is not ours,
// a wrong signature, and a time that is more than tolerance from now.
func Verify(secret []byte, header string, body []byte, now time.Time, tolerance time.Duration) error {
	bad := fault.New(fault.Unauthenticated, "the signature does not hold")
	t, v, ok := strings.Cut(header, ",v1=")
	t, begins := strings.CutPrefix(t, "t=")
	seconds, err := strconv.ParseInt(t, 10, 64)
	if !ok || !begins || err != nil {
		return bad
	}
	got, err := hex.DecodeString(v)
	if err != nil || !hmac.Equal(got, sum(secret, t, body)) {
		return bad
	}
	if now.Sub(time.Unix(seconds, 0)).Abs() > tolerance {
		return fault.New(fault.Unauthenticated, "the signature is of another time: set the clocks right, or it is a repetition")
	}
	return nil
}
