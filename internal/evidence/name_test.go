package evidence

import (
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	long := strings.Repeat("ệ", MaxName-4)
	for name, want := range map[string]string{
		"cam-kết.pdf": "cam-kết.pdf",
		"Biên bản kiểm tra (lần 2) số 15_ĐG.v1.pdf": "Biên bản kiểm tra (lần 2) số 15_ĐG.v1.pdf",
		"Cam ke\u0302\u0301t.pdf":                   "Cam kết.pdf", // NFD, as one maker's computers send it
		"a.b.c.pdf":                                 "a.b.c.pdf",
		"console.pdf":                               "console.pdf",
		"com10.pdf":                                 "com10.pdf",
		"contract":                                  "contract",
		long + ".pdf":                               long + ".pdf",
		strings.Repeat("e\u0302\u0323", MaxName):    strings.Repeat("ệ", MaxName),
	} {
		if got, err := cleanName(name); err != nil || got != want {
			t.Errorf("%q: got %q, %v, want %q", name, got, err, want)
		}
	}
	for name, want := range map[string]Code{
		"":                              BadName,
		".":                             BadName,
		"..":                            BadName,
		".bashrc":                       BadName,
		"a.pdf.":                        BadName,
		" a.pdf":                        BadName,
		"a.pdf ":                        BadName,
		"../a.pdf":                      BadName,
		"a/b.pdf":                       BadName,
		`C:\a.pdf`:                      BadName,
		`a\b.pdf`:                       BadName,
		"a.pdf:hidden":                  BadName,
		"what?.pdf":                     BadName,
		"a\x00.pdf":                     BadName,
		"a\n.pdf":                       BadName,
		"a\x7f.pdf":                     BadName,
		"a\u0085.pdf":                   BadName,
		"a\u202efdp.exe.pdf":            BadName, // reads as "…exe.pdf" turned round
		"a\u2066b.pdf":                  BadName,
		"a\u200bb.pdf":                  BadName,
		"a\ufeff.pdf":                   BadName,
		"a\u00a0b.pdf":                  BadName,
		"a\u2028b.pdf":                  BadName,
		"a\ue000.pdf":                   BadName,
		"a\xff.pdf":                     BadName,
		"a\ufffd.pdf":                   BadName,
		"CON.pdf":                       BadName,
		"nul":                           BadName,
		"Aux .txt":                      BadName,
		"com1.txt":                      BadName,
		"LPT².txt":                      BadName,
		"conin$.txt":                    BadName,
		long + "x.pdf":                  LongName,
		strings.Repeat("a", 1_000_000):  LongName,
		strings.Repeat("a", MaxName+1):  LongName,
		strings.Repeat("/", MaxName*20): LongName,
	} {
		if got, err := cleanName(name); CodeOf(err) != want || got != "" {
			t.Errorf("%.40q: got %q, %v, want %s", name, got, err, want)
		}
	}
}
