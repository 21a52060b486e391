package register

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Đặng Thị Hường": "dangthihuong", "ĐỨC": "duc", "Ðức": "duc", "đ": "d", "  Nguyễn\u00a0 Văn-A ": "nguyenvana",
		"H'Hen Niê": "hhennie", "H’Hen Niê": "hhennie", "Ksor Y‑Bình": "ksorybinh", "": "", "Ǖ": "u", "Ωmega": "ωmega", "王": "王",
		"a\u200bb": "ab", "\ufeffa": "a",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

// vietnamese draws names as people and machines write them.
var vietnamese = rapid.StringOfN(rapid.SampledFrom([]rune("AĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXYaăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ -’'\u0301\u0323\u031b")), 0, 30, -1)

func TestFoldIgnoresHowANameIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(vietnamese, rapid.String()).Draw(t, "name")
		f := Fold(s)
		for what, other := range map[string]string{
			"folded twice": f, "composed": norm.NFC.String(s), "decomposed": norm.NFD.String(s),
			"spaced": strings.Join(strings.Split(s, ""), " "),
		} {
			if what == "spaced" && strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.M, r) || r > 0x1eff }) {
				continue // a space between a letter and its mark changes what a foreign text is
			}
			if got := Fold(other); got != f {
				t.Fatalf("%s: %q folds to %q, %q to %q", what, s, f, other, got)
			}
		}
		if got := string(foldSlow(nil, s)); got != f {
			t.Fatalf("%q: table %q, definition %q", s, f, got)
		}
	})
}

func TestFoldIgnoresCase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := vietnamese.Draw(t, "name")
		if Fold(strings.ToUpper(s)) != Fold(s) || Fold(strings.ToLower(s)) != Fold(s) {
			t.Fatalf("%q", s)
		}
	})
}
