// Package i18n gives the console its two languages: Vietnamese first, English
// complete.
//
// Every text of a page is a [Msg] in one table, so that a text missing in one
// language does not compile or fails TestBothLanguagesAreComplete. Numbers,
// dates and times are written as people in Việt Nam write them, in both
// languages; the formats of x/text are not used (it writes 1234567.89 as
// 1,23456789×10⁰⁶ in Vietnamese).
package i18n

import (
	"fmt"
	"math/bits"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/web"
)

// Lang is a language of the pages: its code, as in a lang attribute. Whatever
// is not EN, the zero Lang too, reads as Vietnamese.
type Lang string

// The languages.
const (
	VI Lang = Lang(web.Vietnamese)
	EN Lang = Lang(web.English)
)

// Langs are all languages, in the order of the language switch.
var Langs = [...]Lang{VI, EN}

// Of returns the language for a page that answers r: the one ?lang= names, else
// the one chosen before, else the browser's, else Vietnamese.
func Of(r *http.Request) Lang { return Lang(web.Language(r)) }

// String returns the language's code for lang attributes: "vi" or "en".
func (l Lang) String() string {
	if l == EN {
		return string(EN)
	}
	return string(VI)
}

// Name returns the language's name in that language.
func (l Lang) Name() string {
	if l == EN {
		return "English"
	}
	return "Tiếng Việt"
}

// T returns the text of m, with its placeholders filled in.
func (l Lang) T(m Msg, args ...any) string {
	if m >= numMsgs {
		m = Missing
	}
	text := messages[m].VI
	if l == EN {
		text = messages[m].EN
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// Text returns the text in the language, or in the other one if there is none.
func (l Lang) Text(t access.Text) string {
	if l == EN && t.EN != "" {
		return t.EN
	}
	if t.VI == "" {
		return t.EN
	}
	return t.VI
}

// Int writes n with its thousands in groups: 10.000 in Vietnamese, 10,000 in
// English.
func (l Lang) Int(n int64) string {
	digits, sign := strconv.FormatInt(n, 10), ""
	if n < 0 {
		digits, sign = digits[1:], "−"
	}
	sep := "."
	if l == EN {
		sep = ","
	}
	var b strings.Builder
	b.WriteString(sign)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(sep)
		}
		b.WriteByte(digits[i])
	}
	return b.String()
}

// Percent writes used out of limit in whole per cent, rounded down, so that
// 100 % means used up: "87 %". Without a limit it is 100 %.
func (l Lang) Percent(used, limit int64) string {
	return strconv.FormatInt(Percent(used, limit), 10) + "\u00a0%"
}

// Percent returns used out of limit in whole per cent, rounded down, at least
// 0 and at most 999.
func Percent(used, limit int64) int64 {
	if limit <= 0 {
		return 100
	}
	// In 128 bits, so that no number is too large and none is rounded up.
	hi, lo := bits.Mul64(uint64(max(used, 0)), 100)
	if hi >= uint64(limit) {
		return 999
	}
	p, _ := bits.Div64(hi, lo, uint64(limit))
	return int64(min(p, 999))
}

// Date writes the day in Việt Nam: 02/01/2006. The zero time is a dash.
func (l Lang) Date(t time.Time) string { return l.format(t, "02/01/2006") }

// DayMonth writes the day without its year: 02/01. The zero time is a dash.
func (l Lang) DayMonth(t time.Time) string { return l.format(t, "02/01") }

// Time writes the minute in Việt Nam: 02/01/2006 15:04. The zero time is a
// dash.
func (l Lang) Time(t time.Time) string { return l.format(t, "02/01/2006 15:04") }

// Clock writes the hour and minute in Việt Nam: 15:04. The zero time is a dash.
func (l Lang) Clock(t time.Time) string { return l.format(t, "15:04") }

// Seconds writes the second in Việt Nam: 02/01/2006 15:04:05. The zero time is
// a dash.
func (l Lang) Seconds(t time.Time) string { return l.format(t, "02/01/2006 15:04:05") }

func (l Lang) format(t time.Time, layout string) string {
	if t.IsZero() {
		return "–"
	}
	return t.In(access.Zone).Format(layout)
}
