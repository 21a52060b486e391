package access

import (
	"encoding/json"
	"net/netip"
	"testing"
	"time"
)

// noon is the instant the tests decide at: 2026-03-02 01:00 in Zone, still
// 2026-03-01 in UTC.
var noon = time.Date(2026, 3, 1, 18, 0, 0, 0, time.UTC)

const (
	aProcedure = "1.010100"
	aPIN       = "001305000042"
)

func hours(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }

// lookupGrant grants a look-up of three fields.
func lookupGrant() Grant {
	return Grant{
		ID: "g1", Hash: "h1", Service: Lookup, Procedures: []string{aProcedure},
		Fields: FieldsOf(FullName, DateOfBirth, PermanentResidence), Keys: DefaultKeys(Lookup),
		From: hours(-1), Until: hours(1), PeoplePerCase: 5,
	}
}

// verifyGrant grants a verification of name, date of birth and sex.
func verifyGrant() Grant {
	return Grant{
		ID: "g2", Service: Verify, Procedures: []string{aProcedure},
		Fields: FieldsOf(Sex), Claims: DefaultClaims, Keys: DefaultKeys(Verify),
		From: hours(-1), Until: hours(1),
	}
}

// direct is the standing of a state agency's own system that may look up.
func direct() *Standing {
	system := &System{
		ID: "sys", Agency: "agency", Level: 3,
		Credentials: []Credential{{Thumbprint: Thumbprint{1}, SHA256: Thumbprint{1}.String(), NotBefore: hours(-1), NotAfter: hours(1)}},
	}
	return &Standing{
		System: system, Owner: system, Credential: &system.Credentials[0],
		Connection: &Connection{
			ID: "conn", System: "sys", State: Active, AssessedFrom: hours(-1), AssessedUntil: hours(1),
			Limit: DefaultLimit, Grants: []Grant{lookupGrant()},
		},
		Agency: &Agency{ID: "agency", Code: "H13", Group: GroupState, Codes: []string{"H13.1", "000.00.00.H13"}},
	}
}

// carried is the standing of a bank's system behind an intermediary, with a
// consent of the person.
func carried() *Standing {
	s := direct()
	s.System = &System{
		ID: "lgsp", Agency: "operator", Intermediary: true,
		Credentials: []Credential{{Thumbprint: Thumbprint{2}, SHA256: Thumbprint{2}.String(), NotBefore: hours(-1), NotAfter: hours(1)}},
	}
	s.Credential = &s.System.Credentials[0]
	s.Carrier = &Connection{ID: "carrier", System: "lgsp", State: Active, AssessedFrom: hours(-1), AssessedUntil: hours(1)}
	s.Connection.Via = "lgsp"
	s.Agency = &Agency{ID: "agency", Code: "0100112437", Group: GroupServices}
	s.Consent = &Consent{
		ID: "consent", Agency: "agency", Person: aPIN, Procedure: aProcedure,
		Fields: FieldsOf(FullName, DateOfBirth), From: hours(-1), Until: hours(1),
	}
	s.Person = aPIN
	return s
}

// portal is the standing of an officer in dancu's own console.
func portal() *Standing {
	s := direct()
	s.Credential = nil
	s.OfficerGrants = []string{"g1"}
	return s
}

func lookup() *Request {
	return &Request{
		Service: Lookup, Channel: ChannelAPI, Address: netip.MustParseAddr("192.0.2.7"),
		Keys: Keys(KeyPIN, KeyFullName, KeyDateOfBirth), Fields: FieldsOf(FullName, DateOfBirth),
		Procedure: aProcedure, Case: "H13-260302-0001",
		Officer: Officer{ID: "officer", Address: "10.0.0.9", Session: "session"},
	}
}

func carriedLookup() *Request {
	r := lookup()
	r.Represented, r.Consent, r.Case = "sys", "consent", "0100112437-260301-0001"
	return r
}

func portalLookup() *Request {
	r := lookup()
	r.Channel, r.Officer.Verified = ChannelPortal, true
	return r
}

// rows returns the standing as rows of version 1 onward.
func rows(t testing.TB, things ...any) []Change {
	t.Helper()
	var out []Change
	for _, v := range things {
		c := Change{Version: int64(len(out) + 1)}
		switch v := v.(type) {
		case Change:
			c.Kind, c.ID, c.Doc = v.Kind, v.ID, v.Doc
			out = append(out, c)
			continue
		case *Agency:
			c.Kind, c.ID = ChangeAgency, v.ID
		case *System:
			c.Kind, c.ID = ChangeSystem, v.ID
		case *Maintenance:
			c.Kind, c.ID = ChangeMaintenance, v.ID
		case *Connection:
			c.Kind, c.ID = ChangeConnection, v.ID
		default:
			t.Fatalf("no row for %T", v)
		}
		doc, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		c.Doc = doc
		out = append(out, c)
	}
	return out
}

func apply(t testing.TB, d *Directory, changes ...Change) *Directory {
	t.Helper()
	for i := range changes {
		changes[i].Version += d.Version()
	}
	next, err := d.Apply(changes)
	if err != nil {
		t.Fatal(err)
	}
	return next
}
