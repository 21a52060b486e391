package register

import (
	"bytes"

	"dancu/internal/access"
)

// Match reports whether every claim is true of the person. See Claims for how
// each is compared.
func (p *Person) Match(claims Claims) bool {
	for f, v := range claims {
		if !p.matches(f, v) {
			return false
		}
	}
	return true
}

// fits reports whether every given key is true of the person.
func (p *Person) fits(k Keys) bool {
	return (k.PIN == "" || k.PIN == p.PIN) &&
		(k.FullName == "" || p.matches(access.FullName, k.FullName)) &&
		(k.DateOfBirth == "" || p.matches(access.DateOfBirth, k.DateOfBirth)) &&
		(k.CMND == "" || p.matches(access.CMND, k.CMND)) &&
		(k.Sex == "" || p.matches(access.Sex, k.Sex)) &&
		(k.Province == "" || k.Province == p.Subject.Province)
}

// matches reports whether one claim is true. An empty claim is about nothing,
// and never true.
func (p *Person) matches(f access.Field, claim string) bool {
	if f >= access.NumFields || claim == "" {
		return false
	}
	v := field(p.rec, f)
	if v == nil {
		return false
	}
	switch access.Fields[f].Shape {
	case access.ShapeText:
		return sameFolded(v, claim)
	case access.ShapeDate, access.ShapeDigits, access.ShapeSex:
		return unquote(v) == claim
	case access.ShapeAddress:
		return member(v, "unit") == claim
	case access.ShapeCard:
		return member(v, "number") == claim
	case access.ShapeCode:
		if member(v, "code") == claim {
			return true
		}
		name := member(v, "name")
		return name != "" && Fold(name) == Fold(claim) && Fold(claim) != ""
	}
	return false
}

// sameFolded compares a JSON string with a claim, both folded. Something must
// remain of the claim.
func sameFolded(v []byte, claim string) bool {
	var a, b [2 * MaxName]byte
	have := AppendFold(a[:0], unquote(v))
	want := AppendFold(b[:0], claim)
	return len(want) > 0 && bytes.Equal(have, want)
}
