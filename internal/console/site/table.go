package site

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"time"

	"dancu/internal/access"
	"dancu/internal/web"
)

// Format is a form in which a table is taken along.
type Format string

// The formats.
const (
	AsCSV  Format = "csv"  // for programs, and for any spreadsheet
	AsXLSX Format = "xlsx" // for spreadsheets: dates and numbers are such
)

// FormatOf reads the format a link or form names; what is none is CSV.
func FormatOf(s string) Format {
	if Format(s) == AsXLSX {
		return AsXLSX
	}
	return AsCSV
}

// Media is the format's media type.
func (f Format) Media() string {
	if f == AsXLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8; header=present"
}

// Column is one column of a table.
type Column struct {
	// Name is the column's word for programs, the same in both languages: it
	// heads the column in CSV.
	Name string
	// Label heads it in a spreadsheet; "" means Name.
	Label string
}

// Columns are columns that bear the same words everywhere.
func Columns(names ...string) []Column {
	out := make([]Column, len(names))
	for i, n := range names {
		out[i] = Column{Name: n}
	}
	return out
}

// Cell is one value of a table. The zero Cell is empty.
type Cell struct {
	kind cellKind
	text string
	n    int64
	t    time.Time
}

type cellKind uint8

const (
	cellText cellKind = iota
	cellNumber
	cellMoment
	cellDay
)

// Text is a cell with a text. No spreadsheet takes it for a formula, a number
// or a date, whatever it looks like: identity numbers keep their zeros.
func Text(s string) Cell { return Cell{text: s} }

// Texts are such cells.
func Texts(s ...string) []Cell {
	out := make([]Cell, len(s))
	for i := range s {
		out[i] = Text(s[i])
	}
	return out
}

// Number is a cell with a whole number.
func Number(n int64) Cell { return Cell{kind: cellNumber, n: n} }

// Moment is a cell with a moment, empty for the zero time. CSV has it in UTC by
// RFC 3339, a spreadsheet as the time in Việt Nam.
func Moment(t time.Time) Cell {
	if t.IsZero() {
		return Cell{}
	}
	return Cell{kind: cellMoment, t: t}
}

// Day is a cell with the day of a moment in Việt Nam, empty for the zero time.
func Day(t time.Time) Cell {
	if t.IsZero() {
		return Cell{}
	}
	return Cell{kind: cellDay, t: t}
}

// String is the cell as it stands in CSV.
func (c Cell) String() string {
	switch c.kind {
	case cellNumber:
		return strconv.FormatInt(c.n, 10)
	case cellMoment:
		return c.t.UTC().Format(time.RFC3339Nano)
	case cellDay:
		return c.t.In(access.Zone).Format(time.DateOnly)
	}
	return Tame(c.text)
}

// Table is a table that is taken along: what a page shows, row by row, so that
// it may have more rows than fit in memory.
type Table struct {
	// Name is the file's name without its ending. It names nobody.
	Name string
	// Sheet is what a spreadsheet calls it; "" means Name.
	Sheet   string
	Columns []Column
	// Rows gives the rows to add, in order, and stops at its first error. A row
	// has as many cells as there are columns, or fewer.
	Rows func(add func(...Cell) error) error
}

// Write writes the table in a format and returns how many rows it has without
// its head. On an error what was written is no whole file.
func (t *Table) Write(w io.Writer, f Format) (rows int64, err error) {
	var out interface {
		row(cells []Cell) error
		close() error
	}
	if f == AsXLSX {
		out, err = newXLSX(w, t)
	} else {
		out, err = newCSV(w, t.Columns)
	}
	if err != nil {
		return 0, err
	}
	err = t.Rows(func(cells ...Cell) error {
		if len(cells) > len(t.Columns) {
			cells = cells[:len(t.Columns)]
		}
		rows++
		return out.row(cells)
	})
	if err != nil {
		return rows, err
	}
	return rows, out.close()
}

// SendTable sends a table as a file, whole or not at all: it is in memory
// first, so a table that may be long is a job's (package job).
func SendTable(w http.ResponseWriter, t *Table, f Format) error {
	var b bytes.Buffer
	if _, err := t.Write(&b, f); err != nil {
		return err
	}
	SendFile(w, t.Name+"."+string(f), f.Media())
	web.Write(w, http.StatusOK, []string{f.Media()}, b.Bytes())
	return nil
}

// SendFile sets what is said of a file that is sent: its name, which names
// nobody and needs no quoting, its media type, and that it is nobody's to keep.
func SendFile(w http.ResponseWriter, name, media string) {
	h := w.Header()
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Type", media)
	h.Set("X-Content-Type-Options", "nosniff")
}
