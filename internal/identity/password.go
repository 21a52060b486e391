package identity

import (
	"context"
	"crypto/rand"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dancu/internal/fault"
)

// maxPassword bounds what is hashed, in characters.
const maxPassword = 128

// common are the commonest passwords and the bases of what people make of them,
// as they are compared: in small letters, with the usual signs read as letters
// and digits at the end left out. The list is short because the limits on
// guessing leave a handful of tries.
var common = strings.Fields(`
	password passwd pass matkhau matkhaumoi quantri quanly administrator admin root user guest welcome login hello
	qwerty qwertyuiop qwertz azerty asdf asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qweasd iloveyou letmein monkey dragon
	football baseball superman batman master sunshine princess shadow trustno abc abcd abcde abcdef abcxyz test temp demo
	changeme secret default system server oracle vietnam vietnamvodich hanoi saigon danang haiphong congan canbo dancu
	anhyeuem emyeuanh yeuem yeuanh khongbiet conheocon thienthan nguyen tran hoanganh minhanh
	summer winter spring autumn january monday company`)

// signs that people write for letters.
var leet = strings.NewReplacer("@", "a", "4", "a", "3", "e", "1", "i", "!", "i", "0", "o", "$", "s", "5", "s", "7", "t")

// checkPassword refuses a password that is too weak for the rules. It does not
// look at former ones, see [Store.checkHistory].
func (s *Store) checkPassword(login, password string) error {
	bad := func(c Code) error { return refuse(fault.Invalid, c) }
	n := utf8.RuneCountInString(password)
	low := strings.ToLower(password)
	switch {
	case !utf8.ValidString(password) || strings.ContainsRune(password, 0):
		return bad(TextInvalid)
	case n > maxPassword:
		return bad(PasswordLong)
	case n < s.rules().PasswordLength:
		return bad(PasswordShort)
	case n < s.rules().PasswordLengthAlone && !mixed(password):
		return bad(PasswordPlain)
	case trivial(low):
		return bad(PasswordCommon)
	}
	name, _, _ := strings.Cut(login, "@")
	for _, l := range []string{login, name} {
		if len(l) >= 3 && strings.Contains(low, l) {
			return bad(PasswordLogin)
		}
	}
	return nil
}

// mixed reports whether a password has letters of both cases, digits and signs.
func mixed(p string) bool {
	var upper, lower, digit, sign bool
	for _, r := range p {
		switch {
		case unicode.IsUpper(r):
			upper = true
		case unicode.IsLower(r):
			lower = true
		case unicode.IsDigit(r):
			digit = true
		default:
			sign = true
		}
	}
	return upper && lower && digit && sign
}

// trivial reports whether a password (in small letters) is one of the
// commonest, with or without digits and signs around it, or one character or a
// run of neighbours over and over.
func trivial(low string) bool {
	notLetter := func(r rune) bool { return !unicode.IsLetter(r) }
	notWord := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	trimmed := strings.TrimFunc(low, notWord)
	bare := strings.TrimFunc(low, notLetter)
	digitless := strings.TrimRightFunc(trimmed, notLetter)
	for _, c := range common {
		for _, s := range []string{bare, digitless, leet.Replace(digitless), leet.Replace(bare), leet.Replace(trimmed)} {
			if s == c {
				return true
			}
		}
	}
	return monotone(low)
}

// monotone reports whether most of a text is repetition or neighbours:
// "aaaaaaaa", "12345678", "abcdefgh".
func monotone(low string) bool {
	r := []rune(low)
	plain := 0
	for i := 1; i < len(r); i++ {
		if d := r[i] - r[i-1]; d >= -1 && d <= 1 {
			plain++
		}
	}
	return len(r) > 1 && plain*4 >= (len(r)-1)*3
}

// checkHistory refuses a password that is the present one or one of the last.
// It computes as many hashes, and so runs before the lock.
func (s *Store) checkHistory(ctx context.Context, r *record, password string) error {
	old, err := oldPasswords(ctx, s.main, r.ID, s.rules().PasswordHistory)
	if err != nil {
		return err
	}
	for i, h := range append([]string{r.password}, old...) {
		// The present one is one of the last so many.
		if h == "" || i > 0 && i >= s.rules().PasswordHistory {
			continue
		}
		ok, _, err := s.hasher.Match(ctx, h, password)
		if err != nil {
			return err
		}
		if ok {
			return refuse(fault.Invalid, PasswordUsed)
		}
	}
	return nil
}

// passwordAge is how long a password of the kind holds, 0 for ever.
func (s *Store) passwordAge(k Kind) time.Duration {
	if k.Administers() {
		return s.rules().AdminPasswordAge
	}
	return s.rules().PasswordAge
}

// mustChange reports whether a password has to be changed before anything else.
func (s *Store) mustChange(r *record, now time.Time) bool {
	age := s.passwordAge(r.Kind)
	return r.MustChange || age > 0 && now.Sub(r.PasswordSet) >= age
}

// oneTime returns a new one-time password: 80 random bits in groups that can be
// read out.
func oneTime() string {
	return grouped(rand.Text()[:16])
}

// grouped parts 16 characters into four groups.
func grouped(s string) string {
	return s[0:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:16]
}
