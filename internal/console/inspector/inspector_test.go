package inspector

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/ledger"
)

// The export is CSV that a spreadsheet opens as text: no formula, Vietnamese
// letters right, every row as long as the head.
func TestExportIsText(t *testing.T) {
	records := sampleRecords()
	records[1].Parts[0].Data = []byte(`{"agency":"=HYPERLINK(\"x\")","procedure":"+1","case":"@a","service":"lookup","system":"-2"}`)
	records[1].Parts[2].Data = []byte(`{"pin":"001190000001"}`)
	records[2].Parts = []ledger.Part{{Name: ledger.PartEvent, Data: []byte(`{"reason":"a;=1+1; @b\n-2;c-d"}`)}}
	var out bytes.Buffer
	if _, err := tableOf("x", records).Write(&out, site.AsCSV); err != nil {
		t.Fatal(err)
	}
	b := out.Bytes()
	if !strings.HasPrefix(string(b), "\ufeffindex,time,") || !strings.Contains(string(b), "\r\n") {
		t.Errorf("the file begins %.40q", b)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := rows[3][len(columns)-1], "a;'=1+1; '@b\n'-2;c-d"; got != want {
		t.Errorf("the reason is %q, want %q", got, want)
	}
	if len(rows) != len(records)+1 {
		t.Errorf("%d rows, want %d", len(rows), len(records)+1)
	}
	for i, row := range rows {
		for j, cell := range row {
			// Spreadsheets part at semicolons, too.
			for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(";\r\n\t", r) }) {
				if part = strings.TrimLeft(part, " "); part != "" && strings.ContainsRune("=+-@", rune(part[0])) {
					t.Errorf("row %d, %s is a formula: %q", i, columns[j], cell)
				}
			}
		}
	}
}

// A day counts calls, people and dossiers, and is read forwards.
func TestADayInFigures(t *testing.T) {
	p := site.Sample{Path: "/log/day/x", Title: i18n.DayTitle}.Page(i18n.EN, nil)
	v := newDayView(p, "x", daySearch{Officer: "CB-0123", Agency: "H98", Day: site.SampleTime}, &ledger.Result{Records: sampleDay(), Next: 5})
	got := map[string]string{}
	for _, f := range v.Figures {
		got[f.Term] = f.Value
	}
	for term, want := range map[string]string{"Sign-ins": "1", "Calls": "29", "Different people": "24", "Different dossiers": "1", "Refused": "1"} {
		if got[term] != want {
			t.Errorf("%s: %s, want %s", term, got[term], want)
		}
	}
	if v.Rows[len(v.Rows)-1].Kind != "Signed out" || v.Many == "" {
		t.Error("the day does not end with its last entry, or does not say that there are more")
	}
	sum := int64(0)
	for _, b := range v.Hours.Bars {
		sum += b.N
	}
	if len(v.Hours.Bars) != 24 || sum != 29 {
		t.Errorf("%d hours with %d calls", len(v.Hours.Bars), sum)
	}
}
