package onboarding

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
)

// MaxEvidenceKind is the longest name of a kind of evidence, in characters.
const MaxEvidenceKind = 64

// StoreConsent keeps a person's consent, in the caller's transaction under the
// log's lock: the caller writes the entry that tells of it. evidenceKind names
// what the agency holds as evidence ("form", "recording", …) and
// evidenceSHA256 is that evidence's hash in hex. The consent's id must be a
// new UUIDv7; one that exists is fault.Conflict.
func (o *Onboarding) StoreConsent(ctx context.Context, tx *db.Tx, c *access.Consent, evidenceKind, evidenceSHA256 string) error {
	if err := checkConsent(c, evidenceKind, evidenceSHA256); err != nil {
		return err
	}
	fields, err := json.Marshal(c.Fields)
	if err != nil {
		return fmt.Errorf("couldn't encode the fields of a consent: %w", err)
	}
	verified := 0
	if c.Verified {
		verified = 1
	}
	return insertConsent(ctx, tx, consentRow{
		id: c.ID, agency: c.Agency, person: c.Person, procedure: c.Procedure, dossier: c.Case, fields: string(fields),
		from: db.Micros(c.From), until: db.Micros(c.Until), verified: verified,
		evidenceKind: evidenceKind, evidenceSHA256: strings.ToLower(evidenceSHA256),
		given: db.Micros(o.main.Clock()), withdrawn: db.Micros(c.Withdrawn),
	})
}

// checkConsent refuses what could not be used or not be stored. Its errors
// name no value: one of them is the person's number.
func checkConsent(c *access.Consent, kind, sha string) error {
	bad := func(member, what string) error { return fault.New(fault.Invalid, "%s: %s", member, what) }
	u, err := uuid.Parse(c.ID)
	if err != nil || u.Version() != 7 || u.String() != c.ID {
		return bad("id", "a consent's id is a UUIDv7 in lower case")
	}
	switch {
	case c.Agency == "":
		return bad("agency", "name the agency whose consent it is")
	case c.Person == "" || len(c.Person) > 12 || strings.Trim(c.Person, "0123456789") != "":
		return bad("pin", "name the person by number: digits only")
	case c.Fields == 0:
		return bad("fields", "name the fields the person agreed to")
	case !c.Until.After(c.From):
		return bad("until", "the term must end after it begins")
	}
	if _, err := access.ParseProcedure(c.Procedure); err != nil {
		return bad("purpose.procedure", err.Error())
	}
	if c.Case != "" {
		if _, err := access.ParseCase(c.Case); err != nil {
			return bad("purpose.case", err.Error())
		}
	}
	if why := badText(kind, MaxEvidenceKind); why != "" {
		return bad("evidence.kind", why)
	}
	if b, err := hex.DecodeString(sha); err != nil || len(b) != 32 {
		return bad("evidence.sha256", "give the evidence's SHA-256 in hex, 64 digits")
	}
	return nil
}

// FindConsents returns the consents with these ids, by id, in one statement.
// Ids that are nobody's, whatever they look like, are just not in the map.
func (o *Onboarding) FindConsents(ctx context.Context, q db.Querier, ids []string) (map[string]*access.Consent, error) {
	// Ids come from requests: only what could be one reaches the database.
	known := make([]string, 0, len(ids))
	for _, id := range ids {
		if u, err := uuid.Parse(id); err == nil && u.String() == id {
			known = append(known, id)
		}
	}
	if len(known) == 0 {
		return nil, nil
	}
	rows, err := selectConsents(ctx, q, known)
	if err != nil {
		return nil, err
	}
	out := make(map[string]*access.Consent, len(rows))
	for _, r := range rows {
		c := &access.Consent{
			ID: r.id, Agency: r.agency, Person: r.person, Procedure: r.procedure, Case: r.dossier,
			From: db.Time(r.from), Until: db.Time(r.until), Verified: r.verified != 0, Withdrawn: db.Time(r.withdrawn),
		}
		if err := json.Unmarshal([]byte(r.fields), &c.Fields); err != nil {
			return nil, fmt.Errorf("couldn't read the fields of the consent %s: %w", r.id, err)
		}
		out[r.id] = c
	}
	return out, nil
}
