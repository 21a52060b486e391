package e2e

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"dancu/internal/app"
	"dancu/internal/apptest"
	"dancu/internal/db/dbtest"
)

// hostileTexts are JSON strings, with their quotes, that somebody could send.
var hostileTexts = map[string]string{
	"NUL":                `"a\u0000b"`,
	"raw NUL":            "\"a\x00b\"",
	"invalid UTF-8":      "\"a\xff\xfe\"",
	"overlong UTF-8":     "\"\xc0\xaf\"",
	"half a surrogate":   `"\ud800"`,
	"wrong surrogates":   `"\udc00\ud800"`,
	"quotes":             `"';--\\\"$1 $$ %s {{.}} ${x}"`,
	"JSON":               `"{\"pin\":\"001\",\"x\":[[[[{\"y\":null}]]]]}"`,
	"right to left":      `"\u202eNguyễn\u202c\u200f\ufeff"`,
	"controls":           `"\u0001\u0002\u001b[2J\r\n\t\u007f\u0085\u2028"`,
	"beyond the BMP":     `"𠀀𐀀\udbff\udfff"`,
	"not characters":     `"\ufffe\uffff"`,
	"many marks":         `"e` + strings.Repeat("\u0301", 2000) + `"`,
	"60 KiB":             `"` + strings.Repeat("á", 30<<10) + `"`,
	"200 KiB":            `"` + strings.Repeat("x", 200<<10) + `"`,
	"deep lists":         strings.Repeat("[", 5000) + strings.Repeat("]", 5000),
	"deep objects":       strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000),
	"a number":           `1e999999`,
	"a long number":      strings.Repeat("9", 20_000),
	"duplicate members":  `{"a":1,"a":2}`,
	"nothing":            `null`,
	"an empty text":      `""`,
	"a member before it": `"x","pin":"001090000001"`, // the same name twice
}

// hostileMembers are the members that hold texts, by their place.
var hostileMembers = []string{
	"pin", "cmnd", "fullName", "dateOfBirth", "represented", "consent", "retryOf", "receipt",
	"purpose.procedure", "purpose.case", "officer.id", "officer.address", "officer.session", "fields", "fields.0", "unheardOf",
}

// TestHostileRequestsFailOnlyThemselves sends every hostile text in every
// member, several at once and good calls beside them: each bad call is refused
// for itself, no good one is hurt, and the log stays up and sound.
func TestHostileRequestsFailOnlyThemselves(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		t.Parallel()
		s := apptest.Start(t, apptest.Options{Env: env})
		client := s.Client(0)
		people := s.Info.People
		for _, member := range hostileMembers {
			var wg sync.WaitGroup
			slots := make(chan struct{}, 16)
			for name, text := range hostileTexts {
				body := with(t, client.LookupRequest(people[0]), member, text)
				wg.Go(func() {
					slots <- struct{}{}
					defer func() { <-slots }()
					a, err := client.Try("/v1/lookup", body)
					switch {
					case err != nil && len(text) > 64<<10: // the connection may end with a body too large
					case err != nil:
						t.Errorf("%s as %s: %v", name, member, err)
					case a.Status >= 500:
						t.Errorf("%s as %s: %d %s", name, member, a.Status, a.Body)
					case a.Status != 200 && a.Code == "":
						t.Errorf("%s as %s: %d without a code: %s", name, member, a.Status, a.Body)
					}
				})
			}
			for i := range 4 {
				wg.Go(func() {
					if a, err := client.Try("/v1/lookup", client.LookupRequest(people[i])); err != nil || !a.Found() {
						t.Errorf("beside a hostile %s: %v %+v", member, err, a)
					}
				})
			}
			wg.Wait()
		}
		if err := s.App.Ready(); err != nil {
			t.Error(err)
		}
		a := client.Lookup(people[1])
		s.VerifyReceipt(a.Receipt)
		s.VerifyLog()
		c := s.Control()
		report, err := c.Fsck(t.Context(), app.Kept{Receipts: [][]byte{a.Receipt}}, nil)
		if err != nil || !report.OK() {
			t.Errorf("fsck: %v %v", err, report)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
}

// with returns the request's JSON with raw text put in as a member.
func with(t *testing.T, r apptest.Request, member, text string) []byte {
	t.Helper()
	const mark = "\"HERE\""
	var outer map[string]any
	b, err := json.Marshal(r)
	if err == nil {
		err = json.Unmarshal(b, &outer)
	}
	if err != nil {
		t.Fatal(err)
	}
	switch first, rest, nested := strings.Cut(member, "."); {
	case !nested:
		outer[first] = "HERE"
	case first == "fields":
		outer[first].([]any)[0] = "HERE"
	default:
		outer[first].(map[string]any)[rest] = "HERE"
	}
	if b, err = json.Marshal(outer); err != nil {
		t.Fatal(err)
	}
	if strings.Count(string(b), mark) != 1 {
		t.Fatalf("%s cannot be put into %s", member, b)
	}
	return []byte(strings.Replace(string(b), mark, text, 1))
}
