package ui

import (
	"net/url"
	"strings"
	"testing"

	"dancu/internal/console/i18n"
)

// The colour of a gauge changes at the warning level and at the limit exactly.
func TestGaugeTone(t *testing.T) {
	for _, tt := range []struct {
		g    GaugeOf
		want Tone
	}{
		{GaugeOf{Used: 0, Limit: 100, WarnAt: 80}, OK},
		{GaugeOf{Used: 79, Limit: 100, WarnAt: 80}, OK},
		{GaugeOf{Used: 80, Limit: 100, WarnAt: 80}, Warn},
		{GaugeOf{Used: 99, Limit: 100, WarnAt: 80}, Warn},
		{GaugeOf{Used: 100, Limit: 100, WarnAt: 80}, Bad},
		{GaugeOf{Used: 101, Limit: 100, WarnAt: 80}, Bad},
		{GaugeOf{Used: 99, Limit: 100, WarnAt: 0}, OK},
		{GaugeOf{Used: 99, Limit: 100, WarnAt: 101}, OK},
		{GaugeOf{Used: 0, Limit: 0, WarnAt: 80}, Bad}, // nothing may pass
	} {
		if got := tt.g.Tone(); got != tt.want {
			t.Errorf("%+v is %q, want %q", tt.g, got, tt.want)
		}
	}
}

func TestGaugeShape(t *testing.T) {
	for _, tt := range []struct {
		g          GaugeOf
		fill, mark string
	}{
		{GaugeOf{Used: 0, Limit: 10_000, WarnAt: 80}, "0", "160"},
		{GaugeOf{Used: 1, Limit: 10_000, WarnAt: 80}, "1.0", "160"}, // something used shows
		{GaugeOf{Used: 5_000, Limit: 10_000, WarnAt: 1}, "100.0", "2"},
		{GaugeOf{Used: 20_000, Limit: 10_000, WarnAt: 100}, "200", "200"},
		{GaugeOf{Used: -5, Limit: 10_000, WarnAt: -1}, "0", ""},
		{GaugeOf{Used: 5, Limit: 0, WarnAt: 80}, "200", ""},
	} {
		mark, ok := tt.g.mark()
		if tt.g.fill() != tt.fill || mark != tt.mark || ok != (tt.mark != "") {
			t.Errorf("%+v: fill %s, mark %s; want %s, %s", tt.g, tt.g.fill(), mark, tt.fill, tt.mark)
		}
	}
}

// A link within the site stays within the site, whatever path was asked for.
func TestLinksStayWithinTheSite(t *testing.T) {
	for raw, want := range map[string]string{
		"/":                          "/?lang=en",
		"/licences?a=b&lang=vi":      "/licences?a=b&lang=en",
		"//evil.example/x":           "/x?lang=en",
		"/%5Cevil.example":           "/evil.example?lang=en",
		"/%2F%2Fevil.example":        "/evil.example?lang=en",
		"/a%22onclick=x?b=%22%3E%3C": "/a%22onclick=x?b=%22%3E%3C&lang=en",
	} {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		p := Page{URL: u}
		if got := string(p.in(i18n.EN)); got != want {
			t.Errorf("%s: link %s, want %s", raw, got, want)
		}
		if strings.Contains(string(p.here()), "lang=") {
			t.Errorf("%s: reloading names the language: %s", raw, p.here())
		}
	}
}

// A code can be copied as it is: what breaks it on the screen adds nothing.
func TestCodeBreaksWithoutSpaces(t *testing.T) {
	for in, want := range map[string]string{
		"":                         "<code>–</code>",
		"internal":                 "<code>internal</code>",
		"connection.locked_volume": "<code>connection.<wbr>locked_<wbr>volume</code>",
		"a.":                       "<code>a.</code>",
		"<b>.&":                    "<code>&lt;b&gt;.<wbr>&amp;</code>",
	} {
		var b strings.Builder
		if err := Code(in).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		if b.String() != want {
			t.Errorf("%q is %s, want %s", in, b.String(), want)
		}
	}
}
