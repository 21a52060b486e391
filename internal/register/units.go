package register

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// Unit is an administrative unit during one term. A code that was given anew,
// or a unit that changed its name or its place, has several.
type Unit struct {
	Code      string
	Name      string
	Level     string // province, district or commune
	Parent    string // code of the unit above; "" for a province
	Province  string // 3-digit code of the province it lies in
	From      string // first day, YYYY-MM-DD
	Until     string // first day no longer; "" while it lasts
	Successor string // code of the unit it was merged into or renamed to; "" if none
}

// MaxUnits is how many rows a file of units may have; the country has had some
// 15,000 units at a time.
const MaxUnits = 200_000

// unitColumns is the header of a file of units.
var unitColumns = []string{"code", "name", "level", "parent", "province", "from", "until", "successor"}

// LoadUnits replaces the administrative units by those of a CSV file with the
// columns code, name, level, parent, province, from, until and successor, in
// any order. It loads all or nothing; its errors name the line and the rule.
// Records already imported keep the province they had: import them again.
func (r *Register) LoadUnits(ctx context.Context, in io.Reader) (n int, err error) {
	units, err := readUnits(in)
	if err != nil {
		return 0, err
	}
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "delete from units"); err != nil {
			return err
		}
		for _, u := range units {
			_, err := tx.Exec(ctx, `insert into units (code, valid_from, valid_to, name, level, parent, province, successor)
				values ($1, $2, $3, $4, $5, $6, $7, $8)`,
				u.Code, u.From, u.Until, u.Name, u.Level, u.Parent, u.Province, u.Successor)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("couldn't load the units: %w", err)
	}
	return len(units), nil
}

func readUnits(in io.Reader) ([]Unit, error) {
	c := csv.NewReader(in)
	c.ReuseRecord = true
	header, err := c.Read()
	if err != nil {
		return nil, fault.New(fault.Invalid, "the file of units needs a first line with the columns %s", strings.Join(unitColumns, ", "))
	}
	at := map[string]int{}
	for i, name := range header {
		name = strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))
		if _, twice := at[name]; twice {
			return nil, fault.New(fault.Invalid, "the file of units names a column twice")
		}
		at[name] = i
	}
	for _, name := range unitColumns {
		if _, ok := at[name]; !ok {
			return nil, fault.New(fault.Invalid, "the file of units has no column %s: it needs %s", name, strings.Join(unitColumns, ", "))
		}
	}
	var units []Unit
	terms := map[string][]Unit{}
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			return nil, fault.New(fault.Invalid, "line %d: the row cannot be read: check quotes and the number of columns", wrong.Line)
		}
		if err != nil {
			return nil, fault.Wrap(fault.Unavailable, err, "the file of units cannot be read on")
		}
		line, _ := c.FieldPos(0)
		if len(units) == MaxUnits {
			return nil, fault.New(fault.Invalid, "the file of units has more than %d rows", MaxUnits)
		}
		get := func(name string) string { return strings.TrimSpace(strings.Clone(cells[at[name]])) }
		u := Unit{
			Code: get("code"), Name: get("name"), Level: get("level"), Parent: get("parent"),
			Province: get("province"), From: get("from"), Until: get("until"), Successor: get("successor"),
		}
		if err := u.check(line); err != nil {
			return nil, err
		}
		for _, o := range terms[u.Code] {
			if (o.Until == "" || u.From < o.Until) && (u.Until == "" || o.From < u.Until) {
				return nil, fault.New(fault.Invalid, "line %d: the unit's term overlaps another term of the same code", line)
			}
		}
		terms[u.Code] = append(terms[u.Code], u)
		units = append(units, u)
	}
	for _, u := range units {
		for _, o := range [...]string{u.Parent, u.Successor} {
			if o != "" && terms[o] == nil {
				return nil, fault.New(fault.Invalid, "unit %s names unit %s, which the file does not have", u.Code, o)
			}
		}
	}
	return units, nil
}

// check checks one row of a file of units. Units are no personal data, so the
// errors may name them.
func (u Unit) check(line int) error {
	bad := func(column, why string) error {
		return fault.New(fault.Invalid, "line %d: %s %s", line, column, why)
	}
	if why := isCode(16)([]byte(u.Code)); why != "" {
		return bad("code", why)
	}
	if err := checkText("name", u.Name, MaxName); err != nil {
		return fault.New(fault.Invalid, "line %d: %s", line, fault.Text(err))
	}
	if why := oneOf("province", "district", "commune")([]byte(u.Level)); why != "" {
		return bad("level", why)
	}
	if (u.Level == "province") != (u.Parent == "") {
		return bad("parent", "must be empty for a province and given for the others")
	}
	if u.Parent == u.Code || u.Successor == u.Code {
		return bad("parent and successor", "must be other units than the unit itself")
	}
	if !isDigits(u.Province, 3) {
		return bad("province", "must be 3 digits")
	}
	if !isDay(u.From) {
		return bad("from", "must be a real date as YYYY-MM-DD")
	}
	if u.Until != "" && (!isDay(u.Until) || u.Until <= u.From) {
		return bad("until", "must be empty or a real date as YYYY-MM-DD after from")
	}
	if u.Successor != "" && u.Until == "" {
		return bad("successor", "must be empty while the unit lasts")
	}
	return nil
}

const unitQuery = `select code, name, level, parent, province, valid_from, valid_to, successor from units
	where code = $1 and valid_from <= $2 and (valid_to = '' or valid_to > $2)`

// Unit returns the unit that had the code on a day (YYYY-MM-DD); ok is false
// if there was none.
func (r *Register) Unit(ctx context.Context, code, day string) (u Unit, ok bool, err error) {
	if !isDay(day) {
		return Unit{}, false, fault.New(fault.Invalid, "the day must be a real date as YYYY-MM-DD")
	}
	err = r.db.QueryRow(ctx, unitQuery, code, day).
		Scan(&u.Code, &u.Name, &u.Level, &u.Parent, &u.Province, &u.From, &u.Until, &u.Successor)
	if errors.Is(err, sql.ErrNoRows) {
		return Unit{}, false, nil
	}
	if err != nil {
		return Unit{}, false, fmt.Errorf("couldn't read a unit: %w", err)
	}
	return u, true, nil
}

// maxMergers is how many mergers in a row are followed; a longer chain is a
// circle.
const maxMergers = 16

// Successor returns the unit that on a later day stands where the code stood
// on an earlier one, following mergers and renamings; ok is false if that
// cannot be told.
func (r *Register) Successor(ctx context.Context, code, then, day string) (u Unit, ok bool, err error) {
	if day < then {
		return Unit{}, false, fault.New(fault.Invalid, "the day asked about must not be before the day of the code")
	}
	for range maxMergers {
		u, ok, err = r.Unit(ctx, code, then)
		if err != nil || !ok || u.Until == "" || day < u.Until {
			return u, ok, err
		}
		// The term ended before the day: the successor, or the next term of
		// the same code, begins then.
		then = u.Until
		if u.Successor != "" {
			code = u.Successor
		}
	}
	return Unit{}, false, nil
}

// unitProvinces returns the province of every unit there ever was, by code;
// the newest term wins.
func (r *Register) unitProvinces(ctx context.Context) (map[string]string, error) {
	rows, err := r.db.Query(ctx, "select code, province from units order by valid_from")
	if err != nil {
		return nil, fmt.Errorf("couldn't read the units: %w", err)
	}
	defer func() { _ = rows.Close() }()
	m := map[string]string{}
	for rows.Next() {
		var code, province string
		if err := rows.Scan(&code, &province); err != nil {
			return nil, fmt.Errorf("couldn't read the units: %w", err)
		}
		m[code] = province
	}
	return m, rows.Err()
}

// provinceByCode tells the province from a unit code alone: only a code that
// is one of the 63 itself, or a synthetic one (province, X, digits). A
// commune's 5 digits begin with no province.
func provinceByCode(unit string) string {
	if len(unit) < 3 || (len(unit) > 3 && unit[3] != 'X') {
		return ""
	}
	if _, ok := provinces[unit[:3]]; !ok {
		return ""
	}
	return unit[:3]
}
