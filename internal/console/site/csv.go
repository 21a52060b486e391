package site

import (
	"encoding/csv"
	"io"
	"strings"
)

// csvTable writes CSV (RFC 4180) that spreadsheets in Việt Nam open rightly:
// with a byte order mark, for they take it for another encoding otherwise, and
// with nothing in it that they take for a formula.
type csvTable struct {
	out  *csv.Writer
	line []string
}

func newCSV(w io.Writer, columns []Column) (*csvTable, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return nil, err
	}
	t := &csvTable{out: csv.NewWriter(w), line: make([]string, len(columns))}
	t.out.UseCRLF = true
	for i, c := range columns {
		t.line[i] = Tame(c.Name)
	}
	return t, t.out.Write(t.line)
}

func (t *csvTable) row(cells []Cell) error {
	clear(t.line)
	for i, c := range cells {
		t.line[i] = c.String()
	}
	return t.out.Write(t.line)
}

func (t *csvTable) close() error {
	t.out.Flush()
	return t.out.Error()
}

// Tame keeps a spreadsheet from taking a text, or a part of one, for a formula.
// Where the comma is the decimal sign, as in Việt Nam, spreadsheets part the
// columns at semicolons, whatever the quotes say.
func Tame(s string) string {
	var b strings.Builder
	begins := true
	for _, r := range s {
		if begins && strings.ContainsRune("=+-@\t\r", r) {
			b.WriteByte('\'')
		}
		begins = strings.ContainsRune(";\t\r\n", r) || begins && r == ' '
		b.WriteRune(r)
	}
	return b.String()
}
