package identity

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"dancu/internal/fault"
	"dancu/internal/fold"
)

// Limits of texts, in bytes unless it says otherwise.
const (
	maxLogin      = 64
	maxName       = 200
	maxFactorName = 100
	maxText       = 2000
	minReason     = 10 // characters
)

var (
	loginForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._@-]{2,63}$`)
	codeForm  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$`)
)

// textFits reports whether a text can be stored and shown.
func textFits(s string, most int) bool {
	return len(s) <= most && utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r' || unicode.In(r, unicode.Bidi_Control)
	})
}

// checkReason trims a reason and refuses one that says nothing.
func checkReason(reason *string) error {
	*reason = strings.TrimSpace(*reason)
	switch {
	case utf8.RuneCountInString(*reason) < minReason:
		return refuse(fault.Invalid, ReasonMissing)
	case !textFits(*reason, maxText):
		return refuse(fault.Invalid, TextInvalid)
	}
	return nil
}

// folded is what an account is searched by: name, login and code without case
// and marks.
func folded(r *record) string {
	return fold.Text(r.Name) + "\n" + fold.Text(r.Login) + "\n" + fold.Text(r.Code)
}

// check refuses an account whose fields cannot be.
func (a *NewAccount) check() error {
	a.Login, a.Code, a.Name, a.Unit = normalLogin(a.Login), strings.TrimSpace(a.Code), strings.TrimSpace(a.Name), strings.TrimSpace(a.Unit)
	bad := func(c Code) error { return refuse(fault.Invalid, c) }
	switch {
	case !a.Kind.Staff() && !a.Kind.OfAgency():
		return bad(KindInvalid)
	case a.Kind.Staff() && a.Agency != "":
		return bad(AgencyInvalid)
	case !codeForm.MatchString(a.Code):
		return bad(CodeInvalid)
	case !loginForm.MatchString(a.Login):
		return bad(LoginInvalid)
	case !nameFits(a.Name):
		return bad(NameInvalid)
	case !textFits(a.Unit, maxName):
		return bad(TextInvalid)
	}
	return nil
}

func nameFits(s string) bool {
	return s != "" && textFits(s, maxName) && !strings.ContainsAny(s, "\r\n\t")
}

// newSecret returns a new secret for an authenticator app.
func newSecret() []byte {
	b := make([]byte, totpSecret)
	_, _ = rand.Read(b)
	return b
}

func encodeHash(h []byte) string { return base64.RawURLEncoding.EncodeToString(h) }

func parseAddress(s string) netip.Addr {
	a, _ := netip.ParseAddr(s) // "" is the zero address
	return a
}

func unmarshal(data []byte, v any) error {
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("couldn't read what was stored: %w", err)
	}
	return nil
}
