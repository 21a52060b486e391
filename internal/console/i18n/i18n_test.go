package i18n

import (
	"math"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dancu/internal/access"
)

var verb = regexp.MustCompile(`%(\[\d+\])?[a-z]`)

func TestBothLanguagesAreComplete(t *testing.T) {
	for m := range numMsgs {
		text := messages[m]
		if text.VI == "" || text.EN == "" {
			t.Errorf("message %d: Vietnamese %q, English %q", m, text.VI, text.EN)
		}
		if diff := cmp.Diff(verb.FindAllString(text.VI, -1), verb.FindAllString(text.EN, -1)); diff != "" {
			t.Errorf("message %d (%q): the placeholders differ:\n%s", m, text.EN, diff)
		}
		if strings.TrimSpace(text.VI) != text.VI || strings.TrimSpace(text.EN) != text.EN {
			t.Errorf("message %d (%q) has space at its ends", m, text.EN)
		}
	}
}

func TestUnknownMessageSaysSo(t *testing.T) {
	if got := EN.T(numMsgs + 5); got != "(text missing)" {
		t.Errorf("got %q", got)
	}
}

func TestZeroLanguageIsVietnamese(t *testing.T) {
	var l Lang
	if got, want := l.T(StateActive), "Đang hoạt động"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if l.String() != "vi" || Lang("fr").String() != "vi" || EN.String() != "en" {
		t.Error("the codes are wrong")
	}
}

func TestText(t *testing.T) {
	both, only, english := access.Text{VI: "a", EN: "b"}, access.Text{VI: "a"}, access.Text{EN: "b"}
	for _, tt := range []struct {
		l    Lang
		text access.Text
		want string
	}{
		{VI, both, "a"}, {EN, both, "b"}, {EN, only, "a"}, {VI, english, "b"}, {VI, access.Text{}, ""},
	} {
		if got := tt.l.Text(tt.text); got != tt.want {
			t.Errorf("%s of %v is %q, want %q", tt.l, tt.text, got, tt.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, tt := range []struct {
		n      int64
		vi, en string
	}{
		{0, "0", "0"},
		{999, "999", "999"},
		{1000, "1.000", "1,000"},
		{10_000, "10.000", "10,000"},
		{1_234_567, "1.234.567", "1,234,567"},
		{-1000, "−1.000", "−1,000"},
		{-999, "−999", "−999"},
		{math.MaxInt64, "9.223.372.036.854.775.807", "9,223,372,036,854,775,807"},
		{math.MinInt64, "−9.223.372.036.854.775.808", "−9,223,372,036,854,775,808"},
	} {
		if got := VI.Int(tt.n); got != tt.vi {
			t.Errorf("Vietnamese %d is %q, want %q", tt.n, got, tt.vi)
		}
		if got := EN.Int(tt.n); got != tt.en {
			t.Errorf("English %d is %q, want %q", tt.n, got, tt.en)
		}
	}
}

// 100 % means used up, and nothing less says 100 %.
func TestPercent(t *testing.T) {
	for _, tt := range []struct{ used, limit, want int64 }{
		{0, 10_000, 0},
		{99, 10_000, 0},
		{100, 10_000, 1},
		{9_999, 10_000, 99},
		{10_000, 10_000, 100},
		{-1, 10, 0},
		{0, 0, 100},
		{5, -1, 100},
		{1000, 1, 999},
		{math.MaxInt64, math.MaxInt64, 100},
		{math.MaxInt64 - 1, math.MaxInt64, 99},
		{math.MaxInt64, 1, 999},
		{29, 100, 29},
		{58, 100, 58},
	} {
		if got := Percent(tt.used, tt.limit); got != tt.want {
			t.Errorf("Percent(%d, %d) = %d, want %d", tt.used, tt.limit, got, tt.want)
		}
	}
}

func TestTimesAreVietnams(t *testing.T) {
	// 20:30 on the last day of the year in Greenwich is the new year's 03:30.
	at := time.Date(2026, 12, 31, 20, 30, 5, 0, time.UTC)
	for _, l := range Langs {
		if got, want := l.Time(at), "01/01/2027 03:30"; got != want {
			t.Errorf("%s: got %q, want %q", l, got, want)
		}
		if got, want := l.Date(at), "01/01/2027"; got != want {
			t.Errorf("%s: got %q, want %q", l, got, want)
		}
		if got, want := l.Seconds(at), "01/01/2027 03:30:05"; got != want {
			t.Errorf("%s: got %q, want %q", l, got, want)
		}
		if got, want := l.Clock(at), "03:30"; got != want {
			t.Errorf("%s: got %q, want %q", l, got, want)
		}
		if got := l.Time(time.Time{}); got != "–" {
			t.Errorf("%s: the zero time is %q", l, got)
		}
	}
}

func TestLanguageOfARequest(t *testing.T) {
	r := httptest.NewRequest("GET", "/?lang=en", nil)
	if got := Of(r); got != EN {
		t.Errorf("?lang=en gives %s", got)
	}
	r = httptest.NewRequest("GET", "/", nil)
	if got := Of(r); got != VI {
		t.Errorf("nothing said gives %s", got)
	}
	r.Header.Set("Accept-Language", "en-GB, vi;q=0.5")
	if got := Of(r); got != EN {
		t.Errorf("a browser that wants English gets %s", got)
	}
}
