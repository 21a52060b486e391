package site

import (
	"bytes"
	"encoding/csv"
	"net/http"
	"slices"
	"strings"

	"dancu/internal/web"
)

// CSV makes a table (RFC 4180) that spreadsheets in Việt Nam open rightly: with
// a byte order mark, for they take it for another encoding otherwise, and with
// nothing in it that they take for a formula.
func CSV(head []string, lines [][]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	out := csv.NewWriter(&b)
	out.UseCRLF = true
	if err := out.Write(head); err != nil {
		return nil, err
	}
	for _, line := range lines {
		line = slices.Clone(line)
		for i := range line {
			line[i] = Tame(line[i])
		}
		if err := out.Write(line); err != nil {
			return nil, err
		}
	}
	out.Flush()
	return b.Bytes(), out.Error()
}

// SendCSV sends such a table as a file of that name, which names nobody.
func SendCSV(w http.ResponseWriter, name string, body []byte) {
	h := w.Header()
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Cache-Control", "no-store")
	web.Write(w, http.StatusOK, []string{"text/csv; charset=utf-8; header=present"}, body)
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
