package identity

import (
	"bytes"
	"crypto/subtle"
	"encoding/base32"
	"image/png"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// Authenticator apps do SHA-1, six digits, thirty seconds, and few do anything
// else (RFC 6238).
const (
	totpPeriod = 30 // seconds
	totpSkew   = 1  // steps before and after that still do
	totpSecret = 20 // bytes
)

// totpStep returns the time step whose code this is, of those that do at now
// and lie after last: a step is used once. ok is false if there is none.
func totpStep(secret []byte, code string, now time.Time, last int64) (step int64, ok bool) {
	code = strings.Map(func(r rune) rune {
		if r == ' ' {
			return -1
		}
		return r
	}, code)
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	at := now.Unix() / totpPeriod
	for d := int64(-totpSkew); d <= totpSkew; d++ {
		want, err := hotp.GenerateCodeCustom(text, uint64(at+d), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && at+d > last {
			step, ok = at+d, true
		}
	}
	return step, ok
}

// totpOffer is what an app needs to take a secret.
func totpOffer(issuer, login string, secret []byte) (TOTPOffer, error) {
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	u := url.URL{
		Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + login,
		RawQuery: url.Values{"secret": {text}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}.Encode(),
	}
	key, err := otp.NewKeyFromURL(u.String())
	if err != nil {
		return TOTPOffer{}, err
	}
	img, err := key.Image(256, 256)
	if err != nil {
		return TOTPOffer{}, err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return TOTPOffer{}, err
	}
	return TOTPOffer{Secret: text, URL: u.String(), PNG: b.Bytes()}, nil
}
