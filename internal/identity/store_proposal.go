package identity

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"dancu/internal/db"
)

const proposalColumns = "id, kind, subject, payload, reason, state, proposer, code, created, expires, second, note, settled"

func scanProposal(row scanner) (*Proposal, error) {
	var p Proposal
	var payload string
	var created, expires, settled int64
	err := row.Scan(&p.ID, &p.Act.Kind, &p.Act.Subject, &payload, &p.Act.Reason, &p.State, &p.By, &p.ByCode, &created, &expires, &p.Second, &p.Note, &settled)
	if err != nil {
		return nil, err
	}
	if payload != "" {
		p.Act.Payload = json.RawMessage(payload)
	}
	if p.State == Failed { // what it says, it says in both languages
		if err := unmarshal([]byte(p.Note), &p.Failure); err != nil {
			return nil, err
		}
		p.Note = ""
	}
	p.Created, p.Expires, p.Settled = db.Time(created), db.Time(expires), db.Time(settled)
	return &p, nil
}

func proposalByID(ctx context.Context, q db.Querier, id string) (*Proposal, error) {
	p, err := scanProposal(q.QueryRow(ctx, "SELECT "+proposalColumns+" FROM proposals WHERE id = $1", id))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read a proposal: %w", err)
	}
	return p, nil
}

func allProposals(rows *db.Rows, err error) (out []Proposal, _ error) {
	if err != nil {
		return nil, fmt.Errorf("couldn't read proposals: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		p, err := scanProposal(rows)
		if err != nil {
			return nil, fmt.Errorf("couldn't read proposals: %w", err)
		}
		out = append(out, *p)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read proposals: %w", err)
	}
	return out, nil
}

// newestProposals returns one more than the filter's limit, newest first.
func newestProposals(ctx context.Context, q db.Querier, kinds []string, f ProposalFilter, now time.Time) ([]Proposal, error) {
	list, err := json.Marshal(kinds)
	if err != nil {
		return nil, err
	}
	in := "(SELECT value FROM json_each($1))"
	if q.Engine() == db.Postgres {
		in = "(SELECT json_array_elements_text($1::json))"
	}
	// What is past its time has lapsed, whether the sweep was here or not.
	return allProposals(q.Query(ctx, "SELECT "+proposalColumns+" FROM proposals WHERE kind IN "+in+`
		AND ($2 = '' OR id < $2) AND ($3 = '' OR $3 = CASE WHEN state = 'proposed' AND expires <= $4 THEN 'lapsed' ELSE state END)
		AND ($6 = '' OR subject = $6) ORDER BY id DESC LIMIT $5`, string(list), f.After, string(f.State), db.Micros(now), int64(f.Limit)+1, f.Subject))
}

// countProposals is how many acts of a kind wait that one person proposed.
func countProposals(ctx context.Context, q db.Querier, proposer, kind string, now time.Time) (n int64, err error) {
	err = q.QueryRow(ctx, "SELECT count(*) FROM proposals WHERE state = 'proposed' AND expires > $1 AND proposer = $2 AND kind = $3",
		db.Micros(now), proposer, kind).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("couldn't count proposals: %w", err)
	}
	return n, nil
}

func overdueProposals(ctx context.Context, q db.Querier, now time.Time, limit int) ([]Proposal, error) {
	return allProposals(q.Query(ctx, "SELECT "+proposalColumns+" FROM proposals WHERE state = 'proposed' AND expires <= $1 ORDER BY id LIMIT $2",
		db.Micros(now), int64(limit)))
}

func insertProposal(ctx context.Context, tx *db.Tx, p *Proposal) error {
	_, err := tx.Exec(ctx, `INSERT INTO proposals (id, kind, subject, payload, reason, state, proposer, code, created, expires, second, note, settled)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', '', 0)`,
		p.ID, p.Act.Kind, p.Act.Subject, string(p.Act.Payload), p.Act.Reason, string(p.State), p.By, p.ByCode, db.Micros(p.Created), db.Micros(p.Expires))
	if err != nil {
		return fmt.Errorf("couldn't store a proposal: %w", err)
	}
	return nil
}

// settleProposal writes how a proposal ended; it does so once.
func settleProposal(ctx context.Context, tx *db.Tx, p *Proposal) error {
	note := p.Note
	if p.State == Failed {
		words, err := json.Marshal(p.Failure)
		if err != nil {
			return err
		}
		note = string(words)
	}
	n, err := tx.Exec(ctx, "UPDATE proposals SET state = $2, second = $3, note = $4, settled = $5 WHERE id = $1 AND state = 'proposed'",
		p.ID, string(p.State), p.Second, note, db.Micros(p.Settled))
	if err == nil && n != 1 {
		err = errors.New("it was settled already")
	}
	if err != nil {
		return fmt.Errorf("couldn't settle a proposal: %w", err)
	}
	return nil
}

// payloads returns the payloads of all proposals that are not settled.
func payloads(ctx context.Context, q db.Querier) (out []string, err error) {
	rows, err := q.Query(ctx, "SELECT payload FROM proposals WHERE state = $1", string(Proposed))
	if err != nil {
		return nil, fmt.Errorf("couldn't read proposals: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p string
		if err := rows.Scan(&p); err != nil {
			return nil, fmt.Errorf("couldn't read proposals: %w", err)
		}
		out = append(out, p)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("couldn't read proposals: %w", err)
	}
	return out, nil
}
