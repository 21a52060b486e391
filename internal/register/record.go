package register

import (
	"encoding/binary"
	"math/bits"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"dancu/internal/access"
)

// Record is one citizen's whole record on its way into the register: a JSON
// value per field of access.Fields. It comes from ParseRecord or Generated, so
// its values are checked and in the one form the register stores.
type Record struct {
	values    [access.NumFields][]byte // nil where there is none
	protected bool
}

// Value returns a field's value as JSON, nil if there is none. It must not be
// changed.
func (r *Record) Value(f access.Field) []byte { return r.values[f] }

// Text returns a field's value if it is a text, and "" otherwise.
func (r *Record) Text(f access.Field) string { return unquote(r.values[f]) }

// Member returns a text member of an object value, for example the unit of an
// address; "" if there is none.
func (r *Record) Member(f access.Field, name string) string {
	if v := r.values[f]; len(v) > 0 && v[0] == '{' && access.Fields[f].Shape != access.ShapeFreeForm {
		return member(v, name)
	}
	return ""
}

// Province returns the 3-digit code of the province of permanent residence, as
// far as the unit's code alone tells it.
func (r *Record) Province() string {
	return provinceByCode(r.Member(access.PermanentResidence, "unit"))
}

// Protected reports whether the person is under protection: shown only where a
// grant says so. It is an attribute beside the 26 fields.
func (r *Record) Protected() bool { return r.protected }

// AppendJSON appends the record as one line of an import file, without the
// line's end.
func (r *Record) AppendJSON(dst []byte) []byte {
	dst = append(dst, '{')
	for f, v := range r.values {
		if v == nil {
			continue
		}
		if dst[len(dst)-1] != '{' {
			dst = append(dst, ',')
		}
		dst = append(dst, memberNames[f]...)
		dst = append(dst, v...)
	}
	if r.protected {
		dst = append(dst, `,"protected":true`...)
	}
	return append(dst, '}')
}

// memberNames is `"fullName":` and so on.
var memberNames = func() (n [access.NumFields]string) {
	for _, f := range access.Fields {
		n[f.Field] = `"` + f.JSON + `":`
	}
	return n
}()

// The form of the column rec, cut so that the asked fields can be copied out
// without parsing any JSON:
//
//	byte      1, the version, plus 0x80 if the person is under protection
//	3 bytes   lengths of the next three
//	text      province, unit of permanent residence, household
//	4 bytes   which fields follow, little-endian, bit n for field n
//	          per field, in the law's order:
//	uvarint   length
//	bytes     the JSON value
const (
	recVersion   = 1
	recProtected = 0x80
	recHeader    = 4
)

// row is a record in the form of the table people.
type row struct {
	pin       string
	cmnd      string // "" is stored as null
	nameFold  string
	dob       string
	sex       string
	province  string
	household string // "" is stored as null
	rec       []byte
}

// head is what of the record is kept in the open before the fields.
type head struct {
	province, unit, household string
	protected                 bool
}

// appendRec appends the column rec. The three texts are at most 255 bytes.
func appendRec(dst []byte, h head, values *[access.NumFields][]byte) []byte {
	first := byte(recVersion)
	if h.protected {
		first |= recProtected
	}
	dst = append(dst, first, byte(len(h.province)), byte(len(h.unit)), byte(len(h.household)))
	dst = append(dst, h.province...)
	dst = append(dst, h.unit...)
	dst = append(dst, h.household...)
	var set uint32
	for f, v := range values {
		if v != nil {
			set |= 1 << f
		}
	}
	dst = binary.LittleEndian.AppendUint32(dst, set)
	for _, v := range values {
		if v != nil {
			dst = binary.AppendUvarint(dst, uint64(len(v)))
			dst = append(dst, v...)
		}
	}
	return dst
}

// field cuts one field's JSON value out of the fields part of rec; nil if the
// record has none.
func field(rec []byte, f access.Field) []byte {
	set := binary.LittleEndian.Uint32(rec)
	if set&(1<<f) == 0 {
		return nil
	}
	rest := rec[4:]
	for skip := bits.OnesCount32(set & (1<<f - 1)); ; skip-- {
		n, w := binary.Uvarint(rest)
		if skip == 0 {
			return rest[w : w+int(n)]
		}
		rest = rest[w+int(n):]
	}
}

// whole reports whether the fields part of rec is complete, so that cutting
// needs no checks.
func whole(rec []byte) bool {
	if len(rec) < 4 {
		return false
	}
	set, rest := binary.LittleEndian.Uint32(rec), rec[4:]
	if set>>access.NumFields != 0 {
		return false
	}
	for range bits.OnesCount32(set) {
		n, w := binary.Uvarint(rest)
		if w <= 0 || n > uint64(len(rest)-w) {
			return false
		}
		rest = rest[w+int(n):]
	}
	return len(rest) == 0
}

// unquote returns the text of a JSON string, and "" for anything else. Values
// in the register are well-formed, so only escapes need work.
func unquote(v []byte) string {
	if len(v) < 2 || v[0] != '"' {
		return ""
	}
	if in := string(v[1 : len(v)-1]); strings.IndexByte(in, '\\') < 0 {
		return in
	}
	out, err := jsontext.AppendUnquote(nil, v)
	if err != nil {
		return ""
	}
	return string(out)
}
