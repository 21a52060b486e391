package register

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
)

// dump is everything the table people holds, by PIN.
func dump(t *testing.T, r *Register) map[string]string {
	t.Helper()
	rows, err := r.db.Query(t.Context(), `select pin, coalesce(cmnd, ''), name_fold, dob, sex, province, coalesce(household, ''), rec from people`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	all := map[string]string{}
	for rows.Next() {
		var p row
		if err := rows.Scan(&p.pin, &p.cmnd, &p.nameFold, &p.dob, &p.sex, &p.province, &p.household, &p.rec); err != nil {
			t.Fatal(err)
		}
		all[p.pin] = strings.Join([]string{p.cmnd, p.nameFold, p.dob, p.sex, p.province, p.household, string(p.rec)}, "\x00")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// badRows reads an error file.
func badRows(t *testing.T, path string) (out []string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for l := range strings.Lines(string(data)) {
		var e struct {
			Line   int
			Reason string
			Row    string
		}
		if err := json.Unmarshal([]byte(l), &e); err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%d %s", e.Line, e.Reason))
	}
	return out
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(p, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

func population(t testing.TB, people int, seed uint64, f Format) string {
	t.Helper()
	var out strings.Builder
	if err := Generate(&out, GenerateOptions{People: people, Seed: seed, Format: f}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestImportIsIdempotent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		r := New(env.Open(db.Register))
		file := write(t, "p.jsonl", population(t, 2500, 7, JSONLines))
		first, err := r.ImportFile(t.Context(), file, ImportOptions{})
		if err != nil || first.Inserted != 2500 || first.Rows != 2500 {
			t.Fatalf("first: %+v, %v", first, err)
		}
		before := dump(t, r)
		second, err := r.ImportFile(t.Context(), file, ImportOptions{})
		if err != nil || second.Unchanged != 2500 || second.Inserted+second.Updated+second.Bad != 0 {
			t.Fatalf("second: %+v, %v", second, err)
		}
		// The same people as CSV, from a stream, and from the generator.
		third, err := r.Import(t.Context(), strings.NewReader(population(t, 2500, 7, CSV)), ImportOptions{})
		if err != nil || third.Unchanged != 2500 {
			t.Fatalf("CSV: %+v, %v", third, err)
		}
		fourth, err := r.Load(t.Context(), Generated(GenerateOptions{People: 2500, Seed: 7}))
		if err != nil || fourth.Unchanged != 2500 {
			t.Fatalf("Load: %+v, %v", fourth, err)
		}
		if !maps.Equal(dump(t, r), before) {
			t.Error("an import of the same people changed something")
		}
		if !cmp.Equal(first.Warnings, fourth.Warnings) || len(first.Warnings) == 0 {
			t.Errorf("warnings: %v, %v", first.Warnings, fourth.Warnings)
		}
	})
}

func TestImportUpdatesByPIN(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		r := open(t, env, simple("001085000001", "Một", "1985"), simple("001085000002", "Hai", "1985"))
		// The first row is the same, the second changes its PIN twice and the
		// third comes anew twice; the last is what stays.
		in := strings.Join([]string{
			simple("001085000001", "Một", "1985"), simple("001085000002", "Ba", "1985"),
			simple("001085000002", "Bốn", "1985", `"protected":true`), simple("001085000003", "Năm", "1985"), simple("001085000003", "Sáu", "1985"),
		}, "\r\n")
		c, err := r.Import(t.Context(), strings.NewReader(in), ImportOptions{})
		want := Counts{Rows: 5, Inserted: 1, Updated: 3, Unchanged: 1, Warnings: map[Warning]int64{}}
		if err != nil || !cmp.Equal(c, want) {
			t.Fatalf("got %+v, %v, want %+v", c, err, want)
		}
		p := find(t, r, Keys{PIN: "001085000002", FullName: "bon"})
		if p == nil || !p.Subject.Protected || find(t, r, Keys{PIN: "001085000003", FullName: "sau"}) == nil {
			t.Error("the last row is not what stays")
		}
	})
}

func TestImportCutAnywhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		const people = 10_000 // five batches and more
		for _, format := range []Format{JSONLines, CSV} {
			t.Run(string(format), func(t *testing.T) {
				lines := strings.SplitAfter(population(t, people, 3, format), "\n")
				rng := rand.New(rand.NewPCG(1, 2))
				bad := 0
				for i := 1000; i < len(lines)-1; i += 900 + rng.IntN(300) {
					lines[i] = "rubbish\n" + lines[i]
					bad++
				}
				file := write(t, "people."+string(format), "\ufeff"+strings.Join(lines, ""))
				r := New(env.Open(db.Register))
				if err := r.db.Write(t.Context(), func(tx *db.Tx) error {
					_, err := tx.Exec(t.Context(), "delete from people")
					return err
				}); err != nil {
					t.Fatal(err)
				}
				o := ImportOptions{Errors: filepath.Join(t.TempDir(), "errors"), batches: 1}
				var got Counts
				cuts, resumed := 0, int64(0)
				for range 200 {
					ctx, cancel := context.WithCancel(t.Context())
					// Cut before a transaction's end, at it, or while the next runs.
					left := rng.IntN(3)
					first := true
					o.Progress = func(p Progress) {
						if first && p.From > 0 {
							resumed++
						}
						first = false
						if left--; left < 0 {
							if rng.IntN(2) == 0 {
								go cancel()
							} else {
								cancel()
							}
						}
					}
					var err error
					got, err = r.ImportFile(ctx, file, o)
					cancel()
					if err == nil {
						break
					}
					cuts++
					if !fault.Is(err, fault.Unavailable) {
						t.Fatal(err)
					}
				}
				if cuts == 0 || resumed == 0 {
					t.Fatalf("%d cuts, %d taken up", cuts, resumed)
				}
				if got.Rows != people+int64(bad) || got.Inserted != people || got.Bad != int64(bad) || got.Updated+got.Unchanged != 0 {
					t.Errorf("after %d cuts: %+v, want %d people and %d bad", cuts, got, people, bad)
				}
				reasons := badRows(t, o.Errors)
				if len(reasons) != bad {
					t.Errorf("%d rows in the error file, want %d", len(reasons), bad)
				}

				whole := New(dbtest.SQLite(t).Open(db.Register))
				o2 := ImportOptions{Errors: filepath.Join(t.TempDir(), "errors")}
				want, err := whole.ImportFile(t.Context(), file, o2)
				if err != nil || !cmp.Equal(got, want) {
					t.Errorf("counts with cuts %+v, without %+v, %v", got, want, err)
				}
				if !cmp.Equal(reasons, badRows(t, o2.Errors)) {
					t.Error("the error file is not that of an import without cuts")
				}
				if !maps.Equal(dump(t, r), dump(t, whole)) {
					t.Error("the people are not those of an import without cuts")
				}
				var n int
				if err := r.db.QueryRow(t.Context(), "select count(*) from imports").Scan(&n); err != nil || n != 0 {
					t.Errorf("%d imports are still under way, %v", n, err)
				}
			})
		}
	})
}

func TestChangedFileBeginsAnew(t *testing.T) {
	r := New(dbtest.SQLite(t).Open(db.Register))
	text := population(t, 10_000, 3, JSONLines)
	file := write(t, "p.jsonl", text)
	ctx, cancel := context.WithCancel(t.Context())
	o := ImportOptions{Progress: func(Progress) { cancel() }, batches: 1}
	if _, err := r.ImportFile(ctx, file, o); err == nil {
		t.Fatal("the import was not cut")
	}
	if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := r.ImportFile(t.Context(), file, ImportOptions{})
	if err != nil || c.Inserted+c.Unchanged != 10_000 || c.Unchanged == 0 {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestLookupsDuringImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		r := open(t, env, line(nil))
		file := write(t, "p.jsonl", population(t, 8_000, 9, JSONLines))
		ctx, done := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		var mu sync.Mutex
		found := 0
		for range 4 {
			wg.Go(func() {
				for ctx.Err() == nil {
					p, err := r.Find(t.Context(), Keys{PIN: "001185000042", FullName: "Đặng Thị Hường", DateOfBirth: "1985-02-28"})
					if err != nil || p == nil {
						t.Error(p, err)
						return
					}
					mu.Lock()
					found++
					mu.Unlock()
				}
			})
		}
		during := 0
		c, err := r.ImportFile(t.Context(), file, ImportOptions{batches: 1, Progress: func(Progress) {
			mu.Lock()
			during = found
			mu.Unlock()
		}})
		done()
		wg.Wait()
		if err != nil || c.Inserted != 8_000 || during == 0 {
			t.Errorf("%+v, %v, %d look-ups during the import", c, err, during)
		}
	})
}

func TestBadRows(t *testing.T) {
	pin := 0
	next := func() string { pin++; return fmt.Sprintf("001085%06d", pin) }
	good := func(more ...string) string { return simple(next(), "A", "1985", more...) }
	text := func(n int) string { return strings.Repeat("ạ", n) }
	other := func(n int) string { return `"other":{"x":"` + strings.Repeat("a", n) + `"}` }
	deep := func(n int) string {
		return `"other":` + strings.Repeat(`{"x":`, n-1) + `{}` + strings.Repeat(`}`, n-1)
	}
	list := func(n int) string {
		return `"relatives":[` + strings.TrimSuffix(strings.Repeat(`{"relation":"child","fullName":"A"},`, n), ",") + `]`
	}
	sized := func(n int) string {
		r := good(`"bloodGroup":"O"`)
		return r[:len(r)-1] + strings.Repeat(" ", n-len(r)) + "}"
	}
	cases := []struct{ row, reason string }{
		{good(), ""},
		{line(map[access.Field]string{access.PIN: `"` + next() + `"`}), ""},
		{`[]`, "a row must be a JSON object"},
		{`"x"`, "a row must be a JSON object"},
		{`{`, "is not valid JSON"},
		{good() + "x", "more follows the JSON object"},
		{good() + "{}", "more follows the JSON object"},
		{`{"pin":"001085000001","pin":"001085000001"}`, "a member is given twice"},
		{good(`"nativePlace":{"unit":"1","unit":"2"}`), "a member is given twice"},
		{good(`"pan":"1"`), "a member is no field of a record: check the names of the members"},
		{good(`"PIN":"1"`), "a member is no field of a record: check the names of the members"},
		{`{"fullName":"A","dateOfBirth":"1985"}`, "pin is missing"},
		{`{"pin":"001085000001","dateOfBirth":"1985"}`, "fullName is missing"},
		{`{"pin":"001085000001","fullName":"A"}`, "dateOfBirth is missing"},
		{`{"pin":1085000001,"fullName":"A","dateOfBirth":"1985"}`, "pin must be a text"},
		{simple("00108500001", "A", "1985"), "pin must be a text of 12 digits"},
		{simple(next(), "", "1985"), "fullName must not be empty"},
		{simple(next(), "  ", "1985"), "fullName must not be empty"},
		{simple(next(), text(MaxName), "1985"), ""},
		{simple(next(), text(MaxName+1), "1985"), "fullName must be at most 100 characters"},
		{simple(next(), "1 2", "1985"), "fullName must contain a letter"},
		{`{"pin":"` + next() + `","fullName":"A\u0000","dateOfBirth":"1985"}`, "fullName must not contain control characters"},
		{`{"pin":"` + next() + `","fullName":"A\u0085","dateOfBirth":"1985"}`, "fullName must not contain control characters"},
		{`{"pin":"` + next() + "\",\"fullName\":\"A\x00\",\"dateOfBirth\":\"1985\"}", "is not valid JSON"},
		{`{"pin":"` + next() + "\",\"fullName\":\"A\xff\",\"dateOfBirth\":\"1985\"}", "is not valid JSON"},
		{`{"pin":"` + next() + `","fullName":"A\ud800","dateOfBirth":"1985"}`, "is not valid JSON"},
		{simple(next(), "A", "1985-02-30"), "dateOfBirth must be a real date as YYYY-MM-DD, or YYYY"},
		{good(`"sex":"m"`), "sex must be male or female or unknown"},
		{good(`"sex":null,"relatives":null,"nativePlace":null,"other":null,"protected":null`), ""},
		{good(`"relatives":[],"nativePlace":{},"other":{},"contact":{"mobile":null}`), ""},
		{good(`"protected":1`), "protected must be true or false"},
		{good(`"nationality":"vn"`), "nationality must be a country"},
		{good(`"nativePlace":"x"`), "nativePlace must be a JSON object"},
		{good(`"nativePlace":{"unit":1}`), "nativePlace.unit must be a text"},
		{good(`"nativePlace":{"unit":"a"}`), "nativePlace.unit must be 1 to 16"},
		{good(`"nativePlace":{"unit":"` + strings.Repeat("1", 16) + `"}`), ""},
		{good(`"nativePlace":{"unit":"` + strings.Repeat("1", 17) + `"}`), "nativePlace.unit must be 1 to 16"},
		{good(`"nativePlace":{"detail":"` + text(MaxDetail) + `"}`), ""},
		{good(`"nativePlace":{"detail":"` + text(MaxDetail+1) + `"}`), "nativePlace.detail must be at most 300 characters"},
		{good(`"nativePlace":{"street":"x"}`), "nativePlace has a member that does not belong there"},
		{good(`"ethnicity":{"name":"Kinh"}`), "ethnicity.code is missing"},
		{good(`"relatives":{}`), "relatives must be a JSON list"},
		{good(`"relatives":[1]`), "relatives must be a JSON object"},
		{good(`"relatives":[{}]`), "relatives lists a person without pin, cmnd and fullName"},
		{good(`"relatives":[{"relation":"child"}]`), "relatives lists a person without pin, cmnd and fullName"},
		{good(`"relatives":[{"pin":"001085000001"}]`), "relatives.relation is missing"},
		{good(list(MaxListed)), ""},
		{good(list(MaxListed + 1)), "relatives must list at most 64 people"},
		{good(`"deathOrMissing":{"date":"2020"}`), "deathOrMissing.status is missing"},
		{good(`"contact":{"email":"x"}`), "contact.email must be an e-mail address"},
		{good(`"contact":{"mobile":"1234567"}`), "contact.mobile must be 8 to 15 digits"},
		{good(`"contact":{"mobile":"+123456789012345"}`), ""},
		{good(`"contact":{"mobile":"1234567890123456"}`), "contact.mobile must be 8 to 15 digits"},
		{good(`"other":[]`), "other must be a JSON object"},
		{good(`"other":{"x":"\u0000"}`), "other must not contain control characters"},
		{good(deep(MaxDepth)), ""},
		{good(deep(MaxDepth + 1)), "other must be at most 8 levels deep"},
		{good(deep(9000)), "other must be at most 8 levels deep"},
		{good(other(MaxOther - len(`{"x":""}`))), ""},
		{good(other(MaxOther - len(`{"x":""}`) + 1)), "other must be at most 8192 bytes"},
		{sized(MaxRow), ""},
		{sized(MaxRow + 1), "a row must be at most 65536 bytes"},
		{strings.Repeat("x", 1<<20), "a row must be at most 65536 bytes"},
		{good(), ""},
	}
	var in bytes.Buffer
	var want []string
	fine := int64(0)
	for i, c := range cases {
		in.WriteString(c.row)
		in.WriteString(strings.Repeat("\n", 1+i%2)) // with empty lines between
		if c.reason == "" {
			fine++
		}
	}
	lineNo := 1
	for i, c := range cases {
		if c.reason != "" {
			want = append(want, fmt.Sprintf("%d %s", lineNo, c.reason))
		}
		lineNo += 1 + i%2
	}
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		r := New(env.Open(db.Register))
		o := ImportOptions{Errors: filepath.Join(t.TempDir(), "errors")}
		c, err := r.ImportFile(t.Context(), write(t, "p.jsonl", in.String()), o)
		if err != nil || c.Inserted != fine || c.Bad != int64(len(want)) || c.Rows != int64(len(cases)) {
			t.Errorf("%+v, %v, want %d good and %d bad", c, err, fine, len(want))
		}
		got := badRows(t, o.Errors)
		for i := range max(len(got), len(want)) {
			if i >= len(got) || i >= len(want) || !strings.HasPrefix(got[i], want[i]) {
				t.Fatalf("bad row %d:\n got %q\nwant %q", i, got[min(i, len(got)-1):][0], want[min(i, len(want)-1):][0])
			}
		}
		info, err := os.Stat(o.Errors)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the error file's mode: %v, %v", info.Mode(), err)
		}
	})
}

func TestReasonsNeverNameValues(t *testing.T) {
	const secret = "001085999999"
	for _, l := range []string{
		`{"pin":"` + secret + `x"}`, `{"pin":` + secret + `}`, `{"` + secret + `":1}`, `{"pin":"1","pin":"` + secret + `"}`, secret,
		`{"` + secret + `":1,"` + secret + `":2}`, `{"nativePlace":{"` + secret + `":1,"` + secret + `":2}}`, `{"other":{"` + secret + `":1,"` + secret + `":2}}`,
		`{"sex":"` + secret + `"}`, `{"pin":"` + secret + `"` + secret, `{"relatives":[{"pin":"` + secret + `0"}]}`,
	} {
		_, err := ParseRecord([]byte(l))
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", l, err)
		}
	}
	r := New(dbtest.SQLite(t).Open(db.Register))
	for _, l := range []string{secret + ",fullName\n", "pin,fullName,dateOfBirth," + secret + "\n", "\"" + secret} {
		_, err := r.Import(t.Context(), strings.NewReader(l), ImportOptions{Format: CSV})
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v", l, err)
		}
	}
}

func TestTextsBecomeNFC(t *testing.T) {
	a, err := ParseRecord([]byte(simple("001085000001", "Đặng Hường", "1985")))
	if err != nil {
		t.Fatal(err)
	}
	b, err := ParseRecord([]byte(simple("001085000001", " Đa\u0323\u0306ng Hu\u031bo\u031b\u0300ng ", "1985")))
	if err != nil {
		t.Fatal(err)
	}
	if a.Text(access.FullName) != b.Text(access.FullName) {
		t.Errorf("%q, %q", a.Text(access.FullName), b.Text(access.FullName))
	}
}

func TestMembersAreStoredInOneOrder(t *testing.T) {
	r, err := ParseRecord([]byte(` { "nativePlace" : { "country" : "VN" , "detail":null, "unit":"001" } , "pin":"001085000001","fullName":"A","dateOfBirth":"1985",
		"relatives":[{"fullName":"\u0042","relation":"child"}],"other":{ "a" : [ 1 , { "b" : "\u00e9" } ], "c":{}} } `))
	if err != nil {
		t.Fatal(err)
	}
	for f, want := range map[access.Field]string{
		access.NativePlace: `{"unit":"001","country":"VN"}`, access.Relatives: `[{"relation":"child","fullName":"B"}]`,
		access.Other: `{"a":[1,{"b":"é"}],"c":{}}`,
	} {
		if got := string(r.Value(f)); got != want {
			t.Errorf("%s: %s, want %s", f, got, want)
		}
	}
	if r.Member(access.NativePlace, "unit") != "001" || r.Member(access.NativePlace, "detail") != "" || r.Member(access.Other, "a") != "" {
		t.Error("Member")
	}
}

func TestCSV(t *testing.T) {
	header := "pin,fullName,dateOfBirth,permanentResidence.unit,permanentResidence.detail,relatives,protected,ethnicity.code,ethnicity.name\n"
	for _, c := range []struct{ name, in, bad, detail string }{
		{"plain", header + "001085000001,A,1985,001,Số 1,,,,\n", "", "Số 1"},
		{"byte-order mark and CRLF", "\ufeff" + strings.ReplaceAll(header+"001085000001,A,1985,001,Số 1,,,,\n", "\n", "\r\n"), "", "Số 1"},
		{"no end of line", header + "001085000001,A,1985,001,Số 1,,,,", "", "Số 1"},
		{"quoted", header + `001085000001,"A","1985",001,"Số 1, đường ""X""",,false,,` + "\n", "", `Số 1, đường "X"`},
		{"semicolons", strings.ReplaceAll(header+"001085000001,A,1985,001,Số 1,,,,\n", ",", ";"), "", "Số 1"},
		{"tabs", strings.ReplaceAll(header+"001085000001,A,1985,001,Số 1,,,,\n", ",", "\t"), "", "Số 1"},
		{"quoted header", strings.ReplaceAll(header, "fullName", `"fullName"`) + "001085000001,A,1985,001,Số 1,,,,\n", "", "Số 1"},
		{"JSON in a cell", header + `001085000001,A,1985,001,Số 1,"[{""relation"":""child"",""fullName"":""B""}]",,,` + "\n", "", "Số 1"},
		{"a new line in a cell is a control character", header + "001085000001,A,1985,001,\"Số\n1\",,,,\n", "2 permanentResidence.detail must not contain control characters", ""},
		{"too few cells", header + "001085000001,A,1985\n", "2 a row must have as many cells as the header", ""},
		{"stray quote", header + "001085000001,A\"B,1985,001,Số 1,,,,\n", "2 a quote stands inside", ""},
		{"text after a quote", header + "001085000001,\"A\"B,1985,001,Số 1,,,,\n", "2 a quote stands inside", ""},
		{"open quote", header + "001085000001,\"A,1985,001,Số 1,,,,\n", "2 a quote is opened and not closed", ""},
		{"rubbish after JSON", header + "001085000001,A,1985,001,Số 1,[] x,,,\n", "2 relatives must be one JSON value", ""},
		{"two values", header + "001085000001,A,1985,001,Số 1,[] [],,,\n", "2 relatives must be one JSON value", ""},
		{"NUL", header + "001085000001,A\x00,1985,001,Số 1,,,,\n", "2 fullName must not contain control characters", ""},
		{"invalid UTF-8", header + "001085000001,A\xff,1985,001,Số 1,,,,\n", "2 fullName must be valid UTF-8", ""},
		{"must-have part", header + "001085000001,A,1985,001,Số 1,,,,Kinh\n", "2 ethnicity.code is missing", ""},
		{"protected", header + "001085000001,A,1985,001,Số 1,,maybe,,\n", "2 protected must be true or false", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := New(dbtest.SQLite(t).Open(db.Register))
			o := ImportOptions{Format: CSV, Errors: filepath.Join(t.TempDir(), "e")}
			// A row after the case must come in whatever happened before it.
			sep := ","
			if i := strings.IndexAny(c.in, ",;\t"); i >= 0 {
				sep = c.in[i : i+1]
			}
			in := strings.TrimSuffix(c.in, "\n") + "\n" + strings.ReplaceAll("001085000009,Sau,1985,001,Cuối,,true,01,Kinh", ",", sep)
			if c.name == "no end of line" {
				in = c.in
			}
			got, err := r.Import(t.Context(), iotest.OneByteReader(strings.NewReader(in)), o)
			if err != nil {
				t.Fatal(err)
			}
			if c.bad != "" {
				if bad := badRows(t, o.Errors); got.Bad != 1 || !strings.HasPrefix(bad[0], c.bad) {
					t.Errorf("%+v %q", got, bad)
				}
			} else {
				if _, err := os.Stat(o.Errors); got.Bad != 0 || !errors.Is(err, os.ErrNotExist) {
					t.Errorf("%+v; error file: %v", got, err)
				}
				p := find(t, r, Keys{PIN: "001085000001", Province: "001"})
				if p == nil || unquote(field(p.rec, access.PermanentResidence)) != "" || member(field(p.rec, access.PermanentResidence), "detail") != c.detail {
					t.Errorf("%s", p.Append(nil, access.AllFields))
				}
			}
			if p := find(t, r, Keys{PIN: "001085000009"}); c.name != "no end of line" && (p == nil || !p.Subject.Protected) {
				t.Error("the row after is missing")
			}
		})
	}
}

func TestFilesThatCannotBeImported(t *testing.T) {
	r := New(dbtest.SQLite(t).Open(db.Register))
	for name, in := range map[string]string{
		"empty": "", "unknown column": "pin,fullName,dateOfBirth,x\n", "column twice": "pin,fullName,dateOfBirth,pin\n",
		"no pin": "fullName,dateOfBirth\n", "whole and in parts": "pin,fullName,dateOfBirth,contact,contact.email\n",
		"part of a text": "pin,fullName.x,dateOfBirth\n", "part of a list": "pin,fullName,dateOfBirth,relatives.pin\n",
		"unknown part": "pin,fullName,dateOfBirth,contact.fax\n", "UTF-16": "\xff\xfep\x00i\x00n\x00", "gzip": "\x1f\x8b\x08",
		"open quote in the header": "pin,\"fullName\n",
	} {
		if _, err := r.Import(t.Context(), strings.NewReader(in), ImportOptions{}); !fault.Is(err, fault.Invalid) || fault.Text(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.ImportFile(t.Context(), filepath.Join(t.TempDir(), "nothing"), ImportOptions{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("no file: %v", err)
	}
	broken := io.MultiReader(strings.NewReader(simple("001085000001", "A", "1985")+"\n"), iotest.ErrReader(errors.New("gone")))
	if _, err := r.Import(t.Context(), broken, ImportOptions{Format: JSONLines}); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a stream that breaks: %v", err)
	}
	o := ImportOptions{Errors: filepath.Join(t.TempDir(), "no", "folder")}
	if _, err := r.Import(t.Context(), strings.NewReader("{}"), o); !fault.Is(err, fault.Invalid) {
		t.Errorf("no place for the error file: %v", err)
	}
}

func TestCSVRowAtTheLimit(t *testing.T) {
	header := "pin,fullName,dateOfBirth,other\n"
	rowOf := func(pin string, n int) string {
		return pin + ",A,1985," + strings.Repeat(" ", n-len(pin)-8)
	}
	in := header + rowOf("001085000001", MaxRow) + "\r\n" + rowOf("001085000002", MaxRow+1) + "\n" + "001085000003,A,1985,\"" + strings.Repeat("\n", MaxRow) + "\"\n001085000004,A,1985,"
	o := ImportOptions{Errors: filepath.Join(t.TempDir(), "e")}
	r := New(dbtest.SQLite(t).Open(db.Register))
	c, err := r.Import(t.Context(), strings.NewReader(in), o)
	if err != nil || c.Inserted != 2 || find(t, r, Keys{PIN: "001085000004"}) == nil {
		t.Errorf("%+v, %v", c, err)
	}
	bad := badRows(t, o.Errors)
	want := []string{"3 a row must be at most 65536 bytes", "4 a quote is opened and not closed within 65536 bytes"}
	if len(bad) < 2 || !cmp.Equal(bad[:2], want) {
		t.Errorf("%q", bad)
	}
}

// FuzzParseJSON: no row panics, and what is taken is stored in a form that is
// valid JSON, comes back as it is, and is taken again as the same.
func FuzzParseJSON(f *testing.F) {
	f.Add([]byte(line(nil)))
	f.Add([]byte(simple("001085000001", "A", "1985", `"protected":true`, `"other":{"a":[[],{},"",1e9,null]}`)))
	f.Add([]byte(`{"pin":"001085000001","fullName":"\u0041","dateOfBirth":"1985","nativePlace":{"country":"VN","unit":"1"}}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		rec, err := ParseRecord(in)
		if err != nil {
			return
		}
		checkRecord(t, rec)
	})
}

func checkRecord(t *testing.T, rec *Record) {
	again, err := ParseRecord(rec.AppendJSON(nil))
	if err != nil {
		t.Fatalf("%s: %v", rec.AppendJSON(nil), err)
	}
	for i := range rec.values {
		if !bytes.Equal(rec.values[i], again.values[i]) {
			t.Fatalf("%s becomes %s", rec.values[i], again.values[i])
		}
	}
	var e encoder
	out, _ := e.row(rec)
	p, err := newPerson(out.pin, out.rec)
	if err != nil {
		t.Fatal(err)
	}
	if !jsontext.Value(p.Append(nil, access.AllFields)).IsValid() || out.nameFold == "" {
		t.Fatalf("%s", p.Append(nil, access.AllFields))
	}
}

// FuzzSplitCSV: the rows cut out are those encoding/csv reads, as long as it
// finds nothing wrong.
func FuzzSplitCSV(f *testing.F) {
	f.Add("a,b\n1,2\r\n\"x\ny\",\"\"\"\"\n\n,\n")
	f.Add("\"a\n\"b\nc,\"d")
	f.Add("a\rb\n\"\"\"\n")
	f.Fuzz(func(t *testing.T, in string) {
		c := csv.NewReader(strings.NewReader(in))
		c.FieldsPerRecord = -1
		want, err := c.ReadAll()
		s := newSplitter(iotest.HalfReader(strings.NewReader(in)), true)
		var p parser
		var got [][]string
		bad := false
		for {
			r, rerr := s.next()
			if rerr != nil {
				break
			}
			if r.bad != nil || p.split(r.text, ',') != nil {
				bad = true
				continue
			}
			var cells []string
			for _, c := range p.cells {
				cells = append(cells, strings.ReplaceAll(string(c), "\r\n", "\n"))
			}
			got = append(got, cells)
		}
		if s.offset != int64(len(in)) {
			t.Fatalf("%d of %d bytes read", s.offset, len(in))
		}
		if bad || err != nil || strings.Contains(in, "\r") {
			return // what is wrong, and lone carriage returns, are dealt with differently
		}
		if !cmp.Equal(got, want) {
			t.Fatalf("%q:\n got %q\nwant %q", in, got, want)
		}
	})
}

// FuzzImport: no file panics or blocks, every row is counted, and none is both.
func FuzzImport(f *testing.F) {
	f.Add([]byte("pin,fullName,dateOfBirth,contact.email,relatives\n001085000001,A,1985,a@b,[]\n"))
	f.Add([]byte(line(nil) + "\n{}\n"))
	columns, err := parseHeader(bytes.Split([]byte("pin,fullName,dateOfBirth,contact.email,relatives,protected,other"), []byte(",")))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var p parser
		var rec Record
		if p.parseCSV(in, ',', columns, &rec) == nil {
			checkRecord(t, &rec)
		}
		s := newSplitter(bytes.NewReader(in), true)
		if _, err := s.begin(); err != nil {
			return
		}
		columns, err := s.header()
		for err == nil {
			var r rawRow
			if r, err = s.next(); err == nil && r.bad == nil && p.parseCSV(r.text, s.delim, columns, &rec) == nil {
				checkRecord(t, &rec)
			}
		}
	})
}
