package site

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// book is a workbook as a spreadsheet reads it: the sheets' names and, of each,
// the cells as "type style value".
type book struct {
	names []string
	rows  [][][]string
}

func openBook(t *testing.T, data []byte) book {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string, v any) {
		t.Helper()
		f, err := z.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := xml.Unmarshal(b, v); err != nil {
			t.Fatalf("%s: %v\n%.300s", name, err, b)
		}
	}
	for _, f := range z.File { // every part is well-formed
		var any struct {
			XMLName xml.Name
		}
		read(f.Name, &any)
	}
	var workbook struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	read("xl/workbook.xml", &workbook)
	var rels struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	read("xl/_rels/workbook.xml.rels", &rels)
	target := map[string]string{}
	for _, r := range rels.List {
		target[r.ID] = "xl/" + r.Target
	}
	var b book
	for _, s := range workbook.Sheets {
		var sheet struct {
			Rows []struct {
				Cells []struct {
					Ref   string  `xml:"r,attr"`
					Type  string  `xml:"t,attr"`
					Style string  `xml:"s,attr"`
					Value string  `xml:"v"`
					Text  *string `xml:"is>t"`
					F     *string `xml:"f"`
				} `xml:"c"`
			} `xml:"sheetData>row"`
		}
		read(target[s.ID], &sheet)
		var rows [][]string
		for i, r := range sheet.Rows {
			row := []string{}
			for _, c := range r.Cells {
				if c.F != nil {
					t.Fatalf("%s is a formula", c.Ref)
				}
				if !strings.HasSuffix(c.Ref, strconv.Itoa(i+1)) {
					t.Fatalf("%s stands in row %d", c.Ref, i+1)
				}
				v := c.Ref[:len(c.Ref)-len(strconv.Itoa(i+1))] + " " + c.Style + " " + c.Value
				if c.Text != nil {
					v += unescaped(*c.Text)
				}
				row = append(row, v)
			}
			rows = append(rows, row)
		}
		b.names, b.rows = append(b.names, s.Name), append(b.rows, rows)
	}
	return b
}

var escapes = regexp.MustCompile(`_x([0-9A-Fa-f]{4})_`)

// unescaped reads a text as spreadsheets do.
func unescaped(s string) string {
	return escapes.ReplaceAllStringFunc(s, func(e string) string {
		n, _ := strconv.ParseUint(e[2:6], 16, 16)
		return string(rune(n))
	})
}

func tableOf(columns []Column, rows ...[]Cell) *Table {
	return &Table{Name: "bang", Sheet: "Bảng [1]: a/b", Columns: columns, Rows: func(add func(...Cell) error) error {
		for _, r := range rows {
			if err := add(r...); err != nil {
				return err
			}
		}
		return nil
	}}
}

func written(t *testing.T, table *Table, f Format) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := table.Write(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The same table in both formats says the same: dates and numbers are such in
// the spreadsheet, texts stay texts, and nothing is a formula.
func TestTable(t *testing.T) {
	at := time.Date(2026, 11, 20, 7, 5, 37, 500_000_000, time.UTC) // 14:05:37.5 in Việt Nam
	table := tableOf([]Column{{Name: "pin", Label: "Số định danh"}, {Name: "n"}, {Name: "at"}, {Name: "day"}, {Name: "text"}},
		[]Cell{Text("001190000001"), Number(1234567), Moment(at), Day(at), Text("=1+1;-2")},
		[]Cell{Text("a\x01b<&>\"'_x0041_\r\n"), Number(1 << 60), Moment(time.Time{}), Day(time.Date(1899, 1, 2, 0, 0, 0, 0, time.UTC)), Text("")},
		[]Cell{Text("x"), {}, {}, {}, {}, Text("more than the columns")},
		nil,
	)
	b := openBook(t, written(t, table, AsXLSX))
	want := [][]string{
		{"A 1 Số định danh", "B 1 n", "C 1 at", "D 1 day", "E 1 text"},
		{"A 0 001190000001", "B 2 1234567", "C 3 46346.587239583336", "D 4 46346", "E 5 =1+1;-2"},
		{"A 0 a\x01b<&>\"'_x0041_\r\n", "B 0 1152921504606846976", "D 0 1899-01-02"},
		{"A 0 x"},
		{},
	}
	if diff := cmp.Diff(want, b.rows[0]); diff != "" {
		t.Error(diff)
	}
	if got := b.names[0]; got != "Bảng  1   a b" {
		t.Errorf("the sheet is called %q", got)
	}
	text := string(written(t, table, AsCSV))
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil || !strings.HasPrefix(text, "\ufeffpin,") || !strings.Contains(text, "\r\n") {
		t.Fatalf("%v in %.40q", err, text)
	}
	if diff := cmp.Diff([]string{"001190000001", "1234567", "2026-11-20T07:05:37.5Z", "2026-11-20", "'=1+1;'-2"}, rows[1]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"", "", "", "", ""}, rows[4]); diff != "" {
		t.Error(diff)
	}
}

// A cell holds 32,767 UTF-16 units; what is cut shows that it is.
func TestLongCells(t *testing.T) {
	for _, c := range []struct {
		text  string
		whole bool
	}{
		{strings.Repeat("ạ", maxCellUnits), true},
		{strings.Repeat("ạ", maxCellUnits+1), false},
		{strings.Repeat("x", maxCellUnits), true},
		{strings.Repeat("x", maxCellUnits+1), false},
		{strings.Repeat("𠀀", maxCellUnits/2) + "x", true},
		{strings.Repeat("𠀀", maxCellUnits/2+1), false},
		{strings.Repeat("\xff", maxCellUnits+1), false},
	} {
		got := cut(c.text)
		units := len(utf16.Encode([]rune(got)))
		if c.whole != (got == c.text) || units > maxCellUnits || !c.whole && (!strings.HasSuffix(got, "…") || units < maxCellUnits-1) {
			t.Errorf("%.10q… of %d bytes: %d units, whole %v, want %v", c.text, len(c.text), units, got == c.text, c.whole)
		}
	}
	b := openBook(t, written(t, tableOf(Columns("a"), Texts(strings.Repeat("ạ", 40_000))), AsXLSX))
	if n := len([]rune(b.rows[0][1][0])) - len("A 0 "); n != maxCellUnits {
		t.Errorf("the cell has %d characters", n)
	}
}

// A sheet holds 1,048,576 rows; what is more goes on to the next, under the
// same head.
func TestManyRows(t *testing.T) {
	var out bytes.Buffer
	x, err := newXLSX(&out, tableOf(Columns("n")))
	if err != nil {
		t.Fatal(err)
	}
	if x.most != 1_048_576 {
		t.Errorf("a sheet takes %d rows", x.most)
	}
	x.most = 4
	for n := range 7 {
		if err := x.row([]Cell{Number(int64(n))}); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.close(); err != nil {
		t.Fatal(err)
	}
	b := openBook(t, out.Bytes())
	want := [][][]string{
		{{"A 1 n"}, {"A 2 0"}, {"A 2 1"}, {"A 2 2"}},
		{{"A 1 n"}, {"A 2 3"}, {"A 2 4"}, {"A 2 5"}},
		{{"A 1 n"}, {"A 2 6"}},
	}
	if diff := cmp.Diff(want, b.rows); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Bảng  1   a b", "Bảng  1   a b 2", "Bảng  1   a b 3"}, b.names); diff != "" {
		t.Error(diff)
	}
	if got := sheetName(&Table{Name: strings.Repeat("ă", 40)}, 12); got != strings.Repeat("ă", 28)+" 12" {
		t.Errorf("a long name becomes %q", got)
	}
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA"} {
		if got := string(appendColumn(nil, i)); got != want {
			t.Errorf("column %d is %s, want %s", i, got, want)
		}
	}
}

// An error of the rows is the table's, and nothing is sent then.
func TestBrokenTable(t *testing.T) {
	bad := errors.New("no more")
	table := &Table{Name: "x", Columns: Columns("a"), Rows: func(add func(...Cell) error) error {
		if err := add(Text("a")); err != nil {
			return err
		}
		return bad
	}}
	for _, f := range []Format{AsCSV, AsXLSX} {
		if _, err := table.Write(io.Discard, f); !errors.Is(err, bad) {
			t.Errorf("%s: %v", f, err)
		}
		if err := SendTable(nil, table, f); !errors.Is(err, bad) {
			t.Errorf("%s is sent: %v", f, err)
		}
	}
}
