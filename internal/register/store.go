package register

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

const (
	queryPIN       = "select rec from people where pin = $1"
	queryList      = "select s.key, p.rec from json_each($1) as s cross join people as p where p.pin = s.value" // SQLite only
	queryPINs      = "select pin, rec from people where pin = any($1)"                                          // PostgreSQL only
	queryCMND      = "select pin, rec from people where cmnd = $1 order by pin limit $2"
	queryHousehold = "select pin, rec from people where household = $1 order by case when pin = household then 0 else 1 end, pin limit $2"
	querySearch    = `select pin, rec from people where name_fold = $1 and dob = $2
		and (cast($3 as text) = '' or sex = cast($3 as text)) and (cast($4 as text) = '' or province = cast($4 as text))
		and (cast($5 as text) = '' or pin = cast($5 as text)) and (cast($6 as text) = '' or cmnd = cast($6 as text))
		order by pin limit $7`
)

// getOne reads one person by PIN with one prepared statement.
func (r *Register) getOne(ctx context.Context, pin string) (*Person, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	rec, err := r.rec(ctx, pin)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("couldn't read a person: %w", err)
	}
	return newPerson(pin, rec)
}

// fetchMany reads people by PIN in one statement of PostgreSQL.
func (r *Register) fetchMany(ctx context.Context, pins []string) (map[string]*Person, error) {
	rows, err := r.db.Query(ctx, queryPINs, pins)
	if err != nil {
		return nil, fmt.Errorf("couldn't read people: %w", err)
	}
	defer func() { _ = rows.Close() }()
	people, err := scanPeople(rows)
	if err != nil {
		return nil, fmt.Errorf("couldn't read people: %w", err)
	}
	found := make(map[string]*Person, len(people))
	for _, p := range people {
		found[p.PIN] = p
	}
	return found, nil
}
