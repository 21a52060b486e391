package web

import (
	"net/http"
	"strconv"
	"strings"
)

// Lang is a language of the product.
type Lang string

// The languages. The zero Lang is read as Vietnamese.
const (
	Vietnamese Lang = "vi"
	English    Lang = "en"
)

// Text is a text in both languages.
type Text struct{ VI, EN string }

// In returns the text in l.
func (t Text) In(l Lang) string {
	if l == English && t.EN != "" {
		return t.EN
	}
	return t.VI
}

// langCookie keeps the language a person chose on a page.
const langCookie = "dancu_lang"

// AcceptLanguage returns the language that an Accept-Language header (RFC 9110
// section 12.5.4) prefers, Vietnamese if it prefers neither. Of a header longer
// than 256 bytes the rest is not read.
func AcceptLanguage(header string) Lang {
	const longest = 256
	if header == "" {
		return Vietnamese
	}
	if len(header) > longest {
		header = header[:longest]
	}
	best, bestQ := Vietnamese, 0.0
	for part := range strings.SplitSeq(header, ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		tag = strings.ToLower(strings.TrimSpace(tag))
		primary, _, _ := strings.Cut(tag, "-")
		l := Lang(primary)
		if primary == "*" {
			l = Vietnamese
		}
		if l != Vietnamese && l != English {
			continue
		}
		q := 1.0
		if v, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
			if err != nil || !(n >= 0 && n <= 1) {
				continue
			}
			q = n
		}
		if q > bestQ {
			best, bestQ = l, q
		}
	}
	return best
}

// Language returns the language for a page: ?lang= if it names one, else the
// cookie that [Page] sets, else Accept-Language, else Vietnamese.
func Language(r *http.Request) Lang {
	if l, ok := queryLang(r); ok {
		return l
	}
	if c, err := r.Cookie(langCookie); err == nil {
		if l := Lang(c.Value); l == Vietnamese || l == English {
			return l
		}
	}
	return AcceptLanguage(r.Header.Get("Accept-Language"))
}

func queryLang(r *http.Request) (Lang, bool) {
	if r.URL.RawQuery == "" {
		return "", false
	}
	l := Lang(r.URL.Query().Get("lang"))
	return l, l == Vietnamese || l == English
}
