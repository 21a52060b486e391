package register

import "dancu/internal/access"

// encoder turns records into rows of the table people.
type encoder struct {
	units map[string]string // province of each unit the operator loaded
	arena []byte            // the rest of a block that rec values are cut from
}

// Blocks of the arena: large enough to make few, small enough to waste little.
const arenaBlock = 256 << 10

func (e *encoder) provinceOf(unit string) string {
	if p, ok := e.units[unit]; ok {
		return p
	}
	return provinceByCode(unit)
}

// row returns a record's row and what is odd about it. The record's required
// fields must be there.
func (e *encoder) row(rec *Record) (row, []Warning) {
	var unit string
	if v := rec.values[access.PermanentResidence]; v != nil {
		unit = member(v, "unit")
	}
	out := row{
		pin:      unquote(rec.values[access.PIN]),
		cmnd:     unquote(rec.values[access.CMND]),
		nameFold: Fold(unquote(rec.values[access.FullName])),
		dob:      unquote(rec.values[access.DateOfBirth]),
		sex:      unquote(rec.values[access.Sex]),
		province: e.provinceOf(unit),
	}
	out.household = householdOf(out.pin, &rec.values)
	var birth string
	if v := rec.values[access.BirthRegistrationPlace]; v != nil {
		birth = e.provinceOf(member(v, "unit"))
	}
	warnings := CheckPIN(out.pin, birth, out.sex, out.dob)
	if unit != "" && out.province == "" {
		warnings = append(warnings, UnitUnknown)
	}

	size := recHeader + len(out.province) + len(unit) + len(out.household) + 4
	for _, v := range rec.values {
		size += len(v) + 3 // a length of at most 3 bytes
	}
	if cap(e.arena) < size {
		e.arena = make([]byte, 0, max(arenaBlock, size))
	}
	// The arena is an empty slice at the rest of its block.
	out.rec = appendRec(e.arena, head{out.province, unit, out.household, rec.protected}, &rec.values)
	out.rec = out.rec[:len(out.rec):len(out.rec)]
	e.arena = e.arena[len(out.rec):len(out.rec):cap(e.arena)]
	return out, warnings
}
