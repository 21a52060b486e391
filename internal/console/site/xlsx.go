package site

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dancu/internal/access"
)

// Limits of a spreadsheet (ECMA-376 leaves them to the program; these are
// Excel's, and others' are no smaller).
const (
	maxSheetRows  = 1_048_576 // the head among them
	maxCellUnits  = 32_767    // UTF-16 code units
	maxSheetName  = 31
	maxExactDigit = 999_999_999_999_999 // 15 digits: what a number of a spreadsheet holds exactly
)

// The styles, by their place in the cellXfs of stylesXML.
const (
	styleText = iota
	styleHead
	styleNumber
	styleMoment
	styleDay
	styleQuoted // text that a spreadsheet would take for a formula if it were typed
)

// xlsxTable writes a workbook (ECMA-376 SpreadsheetML), row by row: nothing of
// it stays in memory. Texts are inline strings, which no program computes; what
// does not fit on a sheet goes on to the next one.
type xlsxTable struct {
	zip   *zip.Writer
	sheet *bufio.Writer // of the sheet under way
	rows  int           // on it
	most  int           // rows on a sheet; less than maxSheetRows in tests
	names []string      // of the sheets so far
	table *Table
	buf   []byte
}

func newXLSX(w io.Writer, t *Table) (*xlsxTable, error) {
	x := &xlsxTable{zip: zip.NewWriter(w), table: t, most: maxSheetRows}
	for _, f := range []struct{ name, body string }{
		{"_rels/.rels", xmlHead + `<Relationships xmlns="` + relationships + `"><Relationship Id="rId1" Type="` + officeRel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/styles.xml", stylesXML},
	} {
		if err := x.file(f.name, f.body); err != nil {
			return nil, err
		}
	}
	return x, x.begin()
}

func (x *xlsxTable) file(name, body string) error {
	w, err := x.zip.Create(name)
	if err == nil {
		_, err = io.WriteString(w, body)
	}
	return err
}

// begin begins a sheet with its head.
func (x *xlsxTable) begin() error {
	n := len(x.names) + 1
	x.names = append(x.names, sheetName(x.table, n))
	w, err := x.zip.Create("xl/worksheets/sheet" + strconv.Itoa(n) + ".xml")
	if err != nil {
		return err
	}
	x.sheet, x.rows = bufio.NewWriterSize(w, 32<<10), 0
	// The head stays in view.
	x.buf = append(x.buf[:0], xmlHead+`<worksheet xmlns="`+spreadsheet+`"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`...)
	if len(x.table.Columns) > 0 {
		x.buf = append(x.buf, "<cols>"...)
		for i, c := range x.table.Columns {
			width := max(18, utf8.RuneCountInString(label(c))+3)
			x.buf = fmt.Appendf(x.buf, `<col min="%d" max="%d" width="%d" customWidth="1"/>`, i+1, i+1, width)
		}
		x.buf = append(x.buf, "</cols>"...)
	}
	x.buf = append(x.buf, "<sheetData>"...)
	head := make([]Cell, len(x.table.Columns))
	for i, c := range x.table.Columns {
		head[i] = Text(label(c))
	}
	x.appendRow(head, true)
	_, err = x.sheet.Write(x.buf)
	return err
}

func label(c Column) string {
	if c.Label != "" {
		return c.Label
	}
	return c.Name
}

func (x *xlsxTable) row(cells []Cell) error {
	if x.rows == x.most {
		if err := x.end(); err != nil {
			return err
		}
		if err := x.begin(); err != nil {
			return err
		}
	}
	x.buf = x.buf[:0]
	x.appendRow(cells, false)
	_, err := x.sheet.Write(x.buf)
	return err
}

// end ends the sheet under way.
func (x *xlsxTable) end() error {
	if _, err := x.sheet.WriteString("</sheetData></worksheet>"); err != nil {
		return err
	}
	return x.sheet.Flush()
}

func (x *xlsxTable) close() error {
	if err := x.end(); err != nil {
		return err
	}
	var sheets, rels, types strings.Builder
	for i, name := range x.names {
		n := strconv.Itoa(i + 1)
		sheets.WriteString(`<sheet name="` + string(appendXML(nil, name)) + `" sheetId="` + n + `" r:id="rId` + n + `"/>`)
		rels.WriteString(`<Relationship Id="rId` + n + `" Type="` + officeRel + `/worksheet" Target="worksheets/sheet` + n + `.xml"/>`)
		types.WriteString(`<Override PartName="/xl/worksheets/sheet` + n + `.xml" ContentType="` + sheetML + `.worksheet+xml"/>`)
	}
	rels.WriteString(`<Relationship Id="rIdStyles" Type="` + officeRel + `/styles" Target="styles.xml"/>`)
	for _, f := range []struct{ name, body string }{
		{"xl/workbook.xml", xmlHead + `<workbook xmlns="` + spreadsheet + `" xmlns:r="` + officeRel + `"><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", xmlHead + `<Relationships xmlns="` + relationships + `">` + rels.String() + `</Relationships>`},
		{"[Content_Types].xml", xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + sheetML + `.sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + sheetML + `.styles+xml"/>` + types.String() + `</Types>`},
	} {
		if err := x.file(f.name, f.body); err != nil {
			return err
		}
	}
	return x.zip.Close()
}

// appendRow appends a row to the buffer.
func (x *xlsxTable) appendRow(cells []Cell, head bool) {
	x.rows++
	x.buf = append(x.buf, `<row r="`...)
	x.buf = strconv.AppendInt(x.buf, int64(x.rows), 10)
	x.buf = append(x.buf, `">`...)
	for i, c := range cells {
		x.appendCell(i, c, head)
	}
	x.buf = append(x.buf, "</row>"...)
}

func (x *xlsxTable) appendCell(column int, c Cell, head bool) {
	style, value, text := styleText, "", ""
	switch c.kind {
	case cellText:
		text = c.text
		if text == "" {
			return
		}
		if Tame(text) != text {
			style = styleQuoted
		}
	case cellNumber:
		style = styleNumber
		value = strconv.FormatInt(c.n, 10)
		if c.n > maxExactDigit || c.n < -maxExactDigit {
			style, value, text = styleText, "", value
		}
	case cellMoment, cellDay:
		style = styleMoment
		if c.kind == cellDay {
			style = styleDay
		}
		var ok bool
		if value, ok = serial(c.t, c.kind == cellDay); !ok {
			style, text = styleText, c.String()
		}
	}
	if head {
		style = styleHead
	}
	x.buf = append(x.buf, `<c r="`...)
	x.buf = appendColumn(x.buf, column)
	x.buf = strconv.AppendInt(x.buf, int64(x.rows), 10)
	x.buf = append(x.buf, `" s="`...)
	x.buf = strconv.AppendInt(x.buf, int64(style), 10)
	if value != "" {
		x.buf = append(append(append(x.buf, `"><v>`...), value...), "</v></c>"...)
		return
	}
	x.buf = append(x.buf, `" t="inlineStr"><is><t xml:space="preserve">`...)
	x.buf = appendXML(x.buf, cut(text))
	x.buf = append(x.buf, "</t></is></c>"...)
}

// appendColumn appends a column's letters: A, B, …, Z, AA, …
func appendColumn(b []byte, i int) []byte {
	if i >= 26 {
		b = appendColumn(b, i/26-1)
	}
	return append(b, byte('A'+i%26))
}

// serial is a moment as a spreadsheet counts it: days in Việt Nam since the end
// of 1899. The year 1900 is left out, for spreadsheets do not agree on it.
func serial(t time.Time, day bool) (string, bool) {
	t = t.In(access.Zone)
	y, m, d := t.Date()
	if y < 1901 || y > 9999 {
		return "", false
	}
	// The same clock in UTC, so that no change of the zone is in the difference.
	days := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)) / (24 * time.Hour)
	if day {
		return strconv.FormatInt(int64(days), 10), true
	}
	of := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
	return strconv.FormatFloat(float64(days)+float64(of)/float64(24*time.Hour), 'f', -1, 64), true
}

// cut shortens what is too long for a cell and shows that it did.
func cut(s string) string {
	if len(s) <= maxCellUnits {
		return s
	}
	units, end := 0, 0
	for i, r := range s {
		n := 1
		if r > 0xffff {
			n = 2
		}
		if units+n > maxCellUnits {
			return s[:end] + "…"
		}
		if units += n; units < maxCellUnits {
			end = i + utf8.RuneLen(r)
			if r == utf8.RuneError {
				_, size := utf8.DecodeRuneInString(s[i:])
				end = i + size
			}
		}
	}
	return s
}

// sheetName is the name of the n-th sheet: without what names may not have, and
// short enough.
func sheetName(t *Table, n int) string {
	name := t.Sheet
	if name == "" {
		name = t.Name
	}
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`[]:*?/\'`, r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(name, " "))
	tail := ""
	if n > 1 {
		tail = " " + strconv.Itoa(n)
	}
	var b strings.Builder
	units := len(tail)
	for _, r := range strings.TrimSpace(name) {
		if units++; r > 0xffff {
			units++
		}
		if units > maxSheetName {
			break
		}
		b.WriteRune(r)
	}
	if b.Len() == 0 {
		b.WriteString("dancu")
	}
	return b.String() + tail
}

// appendXML appends a text as the characters of an element or attribute. What
// XML cannot hold stands as spreadsheets write it (_x0001_), and so does the
// first letter of what would be read that way.
func appendXML(b []byte, s string) []byte {
	for i, r := range s {
		switch {
		case r == '&':
			b = append(b, "&amp;"...)
		case r == '<':
			b = append(b, "&lt;"...)
		case r == '>':
			b = append(b, "&gt;"...)
		case r == '"':
			b = append(b, "&quot;"...)
		case r == '_' && looksEscaped(s[i:]):
			b = append(b, "_x005F_"...)
		case r < ' ' && r != '\t' && r != '\n', r == 0xfffe, r == 0xffff:
			b = fmt.Appendf(b, "_x%04X_", r)
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

// looksEscaped reports whether s begins as an escape does: _xHHHH_.
func looksEscaped(s string) bool {
	if len(s) < 7 || s[1] != 'x' || s[6] != '_' {
		return false
	}
	_, err := strconv.ParseUint(s[2:6], 16, 16)
	return err == nil
}

const (
	xmlHead       = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	spreadsheet   = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	officeRel     = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	relationships = "http://schemas.openxmlformats.org/package/2006/relationships"
	sheetML       = "application/vnd.openxmlformats-officedocument.spreadsheetml"
)

// stylesXML has the styles in the order of the constants: text is text (49), so
// that nothing is guessed of it when a cell is edited.
const stylesXML = xmlHead + `<styleSheet xmlns="` + spreadsheet + `">` +
	`<numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="dd/mm/yyyy"/></numFmts>` +
	`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="6">` +
	`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>` +
	`<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/>` +
	`</cellXfs></styleSheet>`
