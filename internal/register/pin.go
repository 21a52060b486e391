package register

import "dancu/internal/access"

// Warning is a rule of the register that a record does not follow. It never
// keeps a record out: a person may keep a number whose encoded facts no longer
// hold (Decree 70/2024 Art. 11.8), so identity is never derived from a number.
type Warning string

// The warnings.
const (
	PINPrefixUnknown Warning = "pin.prefix_unknown" // neither a province; a country of birth registration has one too
	PINPrefixOther   Warning = "pin.prefix_other"   // another province than that of birth registration
	PINSex           Warning = "pin.sex"            // the number encodes the other sex
	PINCentury       Warning = "pin.century"        // the number encodes another century of birth
	PINYear          Warning = "pin.year"           // the number encodes another year of the century
	UnitUnknown      Warning = "unit.unknown"       // no province can be told for the unit of permanent residence
)

// CheckPIN compares what a PIN encodes with the record: its first three digits
// the province or country of birth registration, the fourth sex and century
// (0 and 1 male and female of 1900-1999, 2 and 3 of 2000-2099, and so on to 9),
// the next two the year (Circular 07/2016/TT-BCA Art. 7). province is the
// 3-digit code of birth registration. An empty argument is not compared. pin
// must be 12 digits; anything else gives no warning.
func CheckPIN(pin, province, sex, dob string) (w []Warning) {
	if !isDigits(pin, 12) {
		return nil
	}
	if _, ok := provinces[pin[:3]]; !ok {
		w = append(w, PINPrefixUnknown)
	} else if province != "" && province != pin[:3] {
		w = append(w, PINPrefixOther)
	}
	g := int(pin[3] - '0')
	if (sex == "male" && g%2 != 0) || (sex == "female" && g%2 != 1) {
		w = append(w, PINSex)
	}
	if len(dob) >= 4 && isDigits(dob[:4], 4) {
		year := atoi(dob[:4])
		if year/100 != 19+g/2 {
			w = append(w, PINCentury)
		}
		if year%100 != atoi(pin[4:6]) {
			w = append(w, PINYear)
		}
	}
	return w
}

// isHead reports whether a relation to the head of household is being it.
func isHead(relation string) bool {
	f := Fold(relation)
	return f == "head" || f == "chuho"
}

// householdOf returns the id of the household a record belongs to: its head's
// PIN, or cmnd: and the head's old number. It is taken from the record itself,
// so that it needs no agreement between files; a residence file number would
// not do, for nothing says that it is unique in the country.
func householdOf(pin string, values *[access.NumFields][]byte) string {
	if v := values[access.RelationToHead]; v != nil && isHead(unquote(v)) {
		return pin
	}
	for m := range elements(values[access.HouseholdField]) {
		if !isHead(member(m, "relation")) {
			continue
		}
		if p := member(m, "pin"); p != "" {
			return p
		}
		if c := member(m, "cmnd"); c != "" {
			return "cmnd:" + c
		}
	}
	return ""
}
