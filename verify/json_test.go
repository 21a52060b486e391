package verify

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCanonicalHasOneForm(t *testing.T) {
	for in, want := range map[string]string{
		`{}`:                                     `{}`,
		`[]`:                                     `[]`,
		` { "b" : 1 , "a":[ true,false ,"x"] } `: `{"a":[true,false,"x"],"b":1}`,
		`"\u0041\/\u00e9\ud83d\ude00"`:           `"A/é😀"`,
		`"\b\t\n\f\r\"\\\u0000\u001F"`:           `"\b\t\n\f\r\"\\\u0000\u001f"`,
		`"<>&\u2028"`:                            "\"<>&\u2028\"",
		`-5`:                                     `-5`,
		`9007199254740991`:                       `9007199254740991`,
		`-9007199254740991`:                      `-9007199254740991`,
		// RFC 8785, 3.2.3: by UTF-16 code units.
		`{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}`: "{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\ufb33\":3}",
		`{"😁":1,"😀":2,"😀a":3}`:                                                        `{"😀":2,"😀a":3,"😁":1}`,
		"{\"\uffff\":1,\"😀\":2,\"a\":3,\"ab\":4,\"\":5}":                              "{\"\":5,\"a\":3,\"ab\":4,\"😀\":2,\"\uffff\":1}",
		strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth):                 strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth),
	} {
		got, err := Canonical([]byte(in))
		if err != nil || string(got) != want {
			t.Errorf("%s: %s, %v; want %s", in, got, err, want)
		}
	}
}

func TestCanonicalRefuses(t *testing.T) {
	deep := func(open, end string) string {
		return strings.Repeat(open, MaxDepth+1) + strings.Repeat(end, MaxDepth+1)
	}
	for _, in := range []string{
		"", " ", "nul", "null", "[null]", "tru", "1 2", "{}x", "+1", "-", "01", "-0", "1.0", "1e3", "1E3", ".5", "-a",
		"9007199254740992", "-9007199254740992", "99999999999999999999999",
		`{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, `{"a":1,}`, `{"a"1}`, `{"a":}`, `{a:1}`, `{"a":1 "b":2}`, `{"a`, `{"a":1`, `{`, `{"\x":1}`,
		`[1,]`, `[1 2]`, `[`, `[,1]`, `"`, `"a`, `"\`, `"\x"`, `"\u12"`, `"\u12`, `"\uZZZZ"`, `"\ud800"`, `"\ud800\n"`, `"\ud800\u0041"`, `"\ud800\u00`, `"\udc00"`,
		"\"\x01\"", "\"a\x1f\"", "\"\xff\"", "\"\\n\xff\"", "\"\xed\xa0\x80\"",
		deep("[", "]"), deep(`{"a":`, "}"),
		`"` + strings.Repeat("x", MaxJSON) + `"`,
	} {
		if got, err := Canonical([]byte(in)); err == nil {
			t.Errorf("%.40q: accepted as %.40s", in, got)
		}
	}
	if _, err := Canonical([]byte(`"` + strings.Repeat("x", MaxJSON-2) + `"`)); err != nil {
		t.Errorf("a value of just MaxJSON bytes: %v", err)
	}
}

func TestReaders(t *testing.T) {
	m, err := Object([]byte(`{"b":[ 1 ],"a":"x"}`))
	if err != nil || string(m["b"]) != "[1]" || string(m["a"]) != `"x"` || len(m) != 2 {
		t.Errorf("%s, %v", m, err)
	}
	a, err := Array([]byte(`[ {"x": 1}, "y" ]`))
	if err != nil || len(a) != 2 || string(a[0]) != `{"x":1}` || string(a[1]) != `"y"` {
		t.Errorf("%s, %v", a, err)
	}
	if s, err := String([]byte(`"\u00e9"`)); err != nil || s != "é" {
		t.Errorf("%q, %v", s, err)
	}
	if n, err := Integer([]byte(` -7 `)); err != nil || n != -7 {
		t.Errorf("%d, %v", n, err)
	}
	for _, in := range []string{`{`, `"a"x`, `true`} {
		if _, err := Object([]byte(in)); err == nil {
			t.Errorf("%s is an object", in)
		}
		if _, err := Array([]byte(in)); err == nil {
			t.Errorf("%s is an array", in)
		}
		if _, err := String([]byte(in)); err == nil {
			t.Errorf("%s is a string", in)
		}
		if _, err := Integer([]byte(in)); err == nil {
			t.Errorf("%s is an integer", in)
		}
	}
}

// value draws a JSON value of the kinds that are allowed.
func value(depth int) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		n := 3
		if depth > 0 {
			n = 5
		}
		switch rapid.IntRange(0, n).Draw(t, "kind") {
		case 0:
			return rapid.Bool().Draw(t, "bool")
		case 1:
			return rapid.Int64Range(-MaxInteger, MaxInteger).Draw(t, "int")
		case 4:
			return rapid.SliceOfN(value(depth-1), 0, 4).Draw(t, "list")
		case 5:
			return rapid.MapOfN(rapid.String(), value(depth-1), 0, 4).Draw(t, "object")
		}
		return rapid.String().Draw(t, "string")
	})
}

// TestCanonicalSaysTheSame: canonical JSON means what the standard library
// reads in the original, however that was written.
func TestCanonicalSaysTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := value(4).Draw(t, "value")
		plain, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		pretty, err := json.MarshalIndent(v, " ", "\t")
		if err != nil {
			t.Fatal(err)
		}
		c1, err1 := Canonical(plain)
		c2, err2 := Canonical(pretty)
		if err1 != nil || err2 != nil || !bytes.Equal(c1, c2) {
			t.Fatalf("%s, %v; %s, %v", c1, err1, c2, err2)
		}
		var back, want any
		if json.Unmarshal(c1, &back) != nil || json.Unmarshal(plain, &want) != nil {
			t.Fatalf("%s cannot be read", c1)
		}
		x, _ := json.Marshal(back)
		y, _ := json.Marshal(want)
		if !bytes.Equal(x, y) {
			t.Fatalf("%s became %s", y, x)
		}
	})
}

func FuzzCanonical(f *testing.F) {
	for _, s := range []string{`{"a":[1,"\u00e9",true]}`, `"\ud83d\ude00"`, `{"b":{},"a":[]}`, "-1", `{"a":1,"a":1}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Canonical(data)
		if err != nil {
			return
		}
		if !json.Valid(data) {
			t.Fatalf("%q is no JSON", data)
		}
		again, err := Canonical(c)
		if err != nil || !bytes.Equal(c, again) {
			t.Fatalf("%q, then %q, %v", c, again, err)
		}
	})
}
