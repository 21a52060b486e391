package onboarding

import (
	"slices"
	"strconv"

	"dancu/internal/access"
)

// What the forms of acts begin with, so that nobody types again what is known.

// agencyAsItIs is an agency's registration. What only the form keeps is there
// for those who were registered by it.
func agencyAsItIs(s *Sight) Values {
	v := registered(s.Matter)
	if a := s.Agency; a != nil {
		v["code"], v["nameVI"], v["nameEN"], v["group"] = a.Code, a.Name.VI, a.Name.EN, strconv.Itoa(int(a.Group))
		v["body"] = a.Body
		v["codes"] = slices.Clone(a.Codes)
	}
	return v
}

// systemAsItIs is a system as calls see it.
func systemAsItIs(s *Sight) Values {
	v := registered(s.Matter)
	if x := s.System; x != nil {
		v["nameVI"], v["nameEN"], v["level"], v["intermediary"] = x.Name.VI, x.Name.EN, int64(x.Level), x.Intermediary
		addresses := make([]string, len(x.Addresses))
		for i, a := range x.Addresses {
			addresses[i] = a.String()
		}
		v["addresses"], v["builds"] = addresses, slices.Clone(x.Builds)
	}
	return v
}

// registered is what the registration's form was given; empty for those of a
// file.
func registered(m *Matter) Values {
	v := Values{}
	if ok, err := m.read("registration", &v); err != nil || !ok {
		return Values{}
	}
	delete(v, "id") // asked once, when it is opened
	return v
}

// offered are the hashes of what the register approved.
func offered(s *Sight) Values {
	var hashes []string
	for _, g := range s.Offer() {
		hashes = append(hashes, g.Hash)
	}
	return Values{"hashes": hashes}
}

// Offer returns the grants that an application was approved with, nil if it was
// not.
func (s *Sight) Offer() []access.Grant {
	var o offer
	if ok, err := s.Matter.read("offer", &o); err != nil || !ok || s.Matter.Kind != KindApplication {
		return nil
	}
	return o.Grants
}

// fieldGroup is the group in which a form shows a field of a person's record.
func fieldGroup(name string) access.Text {
	f, _ := access.ParseField(name)
	switch f {
	case access.FullName, access.OtherName, access.PIN, access.DateOfBirth, access.Sex, access.BloodGroup, access.CMND, access.IdentityCard:
		return access.Text{VI: "Danh tính và giấy tờ", EN: "Identity and papers"}
	case access.PlaceOfBirth, access.BirthRegistrationPlace, access.NativePlace, access.Ethnicity, access.Religion, access.Nationality:
		return access.Text{VI: "Nguồn gốc", EN: "Origin"}
	case access.PermanentResidence, access.TemporaryResidence, access.CurrentResidence, access.TemporaryAbsence, access.ResidenceFileNumber, access.Contact:
		return access.Text{VI: "Cư trú và liên hệ", EN: "Residence and contact"}
	case access.Relatives, access.MaritalStatus, access.RelationToHead, access.HouseholdField:
		return access.Text{VI: "Gia đình", EN: "Family"}
	}
	return access.Text{VI: "Thông tin khác", EN: "Other"}
}
