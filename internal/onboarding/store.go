package onboarding

import (
	"context"
	"encoding/json"
	"fmt"

	"dancu/internal/db"
	"dancu/internal/fault"
)

// consentRow is a row of the table consents.
type consentRow struct {
	id, agency, person, procedure, dossier, fields string
	from, until                                    int64
	verified                                       int
	evidenceKind, evidenceSHA256                   string
	given, withdrawn                               int64
}

func insertConsent(ctx context.Context, tx *db.Tx, r consentRow) error {
	_, err := tx.Exec(ctx, `INSERT INTO consents
		(id, agency, person, procedure, dossier, fields, valid_from, valid_until, verified, evidence_kind, evidence_sha256, given, withdrawn)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		r.id, r.agency, r.person, r.procedure, r.dossier, r.fields, r.from, r.until, r.verified, r.evidenceKind, r.evidenceSHA256, r.given, r.withdrawn)
	if err != nil {
		if fault.Is(err, fault.Conflict) {
			return fault.Wrap(fault.Conflict, err, "a consent with this id is there already")
		}
		return fmt.Errorf("couldn't store a consent: %w", err)
	}
	return nil
}

// One list is one parameter, so that the statement's text is one constant.
const selectConsentsBy = `SELECT id, agency, person, procedure, dossier, fields, valid_from, valid_until, verified, withdrawn
	FROM consents WHERE id IN `

func selectConsents(ctx context.Context, q db.Querier, ids []string) (out []consentRow, err error) {
	query := selectConsentsBy + `(SELECT value FROM json_each($1))`
	if q.Engine() == db.Postgres {
		query = selectConsentsBy + `(SELECT json_array_elements_text($1::json))`
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, query, string(list))
	if err != nil {
		return nil, fmt.Errorf("couldn't read consents: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var r consentRow
		err := rows.Scan(&r.id, &r.agency, &r.person, &r.procedure, &r.dossier, &r.fields, &r.from, &r.until, &r.verified, &r.withdrawn)
		if err != nil {
			return nil, fmt.Errorf("couldn't read consents: %w", err)
		}
		out = append(out, r)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read consents: %w", err)
	}
	return out, nil
}
