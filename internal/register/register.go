// Package register holds the citizens: the 26 fields of the Law on
// Identification 26/2023/QH15 Art. 9, one record per personal identification
// number.
//
// Only asked fields leave it: a [Person] gives out values through
// [Person.Append], which copies exactly the fields of a set, and answers claims
// through [Person.Match] with yes or no. See TestOnlyAskedFields. An import
// brings each row in whole or not at all, can be cut off at any instant and
// taken up again, and does not hold up look-ups. See TestImportCutAnywhere.
// No value of a record ever stands in an error's text.
package register

import (
	"context"
	"errors"
	"fmt"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
)

// MaxHousehold is how many members a household may have; a larger one is an
// error of kind Exhausted, not a cut list.
const MaxHousehold = 256

// Register is the citizens in one database. It is safe for concurrent use.
type Register struct {
	db   *db.DB
	read *coalescer // PostgreSQL only
	rec  func(ctx context.Context, pin string) ([]byte, error)
}

// New returns the register kept in d, which must have been opened for
// db.Register.
func New(d *db.DB) *Register {
	r := &Register{db: d, rec: d.Point(queryPIN, queryList)}
	if d.Engine() == db.Postgres {
		r.read = &coalescer{fetch: r.fetchMany}
	}
	return r
}

// Person is one citizen found. Its record can be read only by asked fields.
type Person struct {
	PIN       string
	Subject   access.Subject
	Household string // id of the household; "" if the record names none
	rec       []byte // the fields part of the column rec
}

// newPerson takes over rec.
func newPerson(pin string, rec []byte) (*Person, error) {
	if len(rec) < recHeader || rec[0]&^recProtected != recVersion {
		return nil, errDamaged
	}
	p, u, h := int(rec[1]), int(rec[2]), int(rec[3])
	if len(rec) < recHeader+p+u+h || !whole(rec[recHeader+p+u+h:]) {
		return nil, errDamaged
	}
	text := string(rec[recHeader : recHeader+p+u+h])
	return &Person{
		PIN: pin,
		Subject: access.Subject{
			Province:  text[:p],
			Unit:      text[p : p+u],
			Protected: rec[0]&recProtected != 0,
		},
		Household: text[p+u:],
		rec:       rec[recHeader+len(text):],
	}, nil
}

var errDamaged = errors.New("a record in the table people is damaged: import it again")

// Append appends a JSON object with exactly the asked fields in the law's
// order; a field the record does not have is null.
func (p *Person) Append(dst []byte, fields access.FieldSet) []byte {
	dst = append(dst, '{')
	first := true
	for f := range fields.All() {
		if f >= access.NumFields {
			break
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(dst, memberNames[f]...)
		if v := field(p.rec, f); v != nil {
			dst = append(dst, v...)
		} else {
			dst = append(dst, "null"...)
		}
	}
	return append(dst, '}')
}

// Find returns the person with the given PIN or, when that is not given, with
// the given old number, if every other given key matches too. It is nil when
// nobody is so, or when an old number that several people carry fits more than
// one of them: whoever cannot be told apart is not found. A PIN or an old
// number must be given; see Keys.Validate for the rest.
func (r *Register) Find(ctx context.Context, k Keys) (*Person, error) {
	if k.PIN != "" {
		p, err := r.Get(ctx, k.PIN)
		if p == nil || err != nil || !p.fits(k) {
			return nil, err
		}
		return p, nil
	}
	if k.CMND == "" {
		return nil, fault.New(fault.Invalid, "pin or cmnd must be given")
	}
	people, more, err := r.list(ctx, maxSameCMND, queryCMND, k.CMND, maxSameCMND+1)
	if err != nil || more {
		return nil, err
	}
	var found *Person
	for _, p := range people {
		if !p.fits(k) {
			continue
		}
		if found != nil {
			return nil, nil
		}
		found = p
	}
	return found, nil
}

// maxSameCMND is how many people with one old number are told apart by the
// other keys. Double issues happened; a number of more is no number.
const maxSameCMND = 16

// Get returns the person with that PIN, nil if there is none.
func (r *Register) Get(ctx context.Context, pin string) (*Person, error) {
	if r.read != nil {
		return r.read.get(ctx, pin)
	}
	return r.getOne(ctx, pin)
}

// Search returns the people of that name and date of birth and, where given,
// sex and province, PIN and old number, in the order of their PINs: at most
// limit of them, and more if there were others. A full name and a date of
// birth must be given.
func (r *Register) Search(ctx context.Context, k Keys, limit int) (people []*Person, more bool, err error) {
	if k.FullName == "" || k.DateOfBirth == "" {
		return nil, false, fault.New(fault.Invalid, "fullName and dateOfBirth must be given")
	}
	limit = max(limit, 1)
	return r.list(ctx, limit, querySearch, Fold(k.FullName), k.DateOfBirth, k.Sex, k.Province, k.PIN, k.CMND, limit+1)
}

// Household finds a person as Find does, and the members of that person's
// household: the head first, then by PIN, the person asked for among them. One
// whose record names no household is alone in it. Nobody found gives nil, nil.
func (r *Register) Household(ctx context.Context, k Keys) (asked *Person, members []*Person, err error) {
	asked, err = r.Find(ctx, k)
	if asked == nil || err != nil {
		return nil, nil, err
	}
	if asked.Household == "" {
		return asked, []*Person{asked}, nil
	}
	members, more, err := r.list(ctx, MaxHousehold, queryHousehold, asked.Household, MaxHousehold+1)
	if err != nil {
		return nil, nil, err
	}
	if more {
		return nil, nil, fault.New(fault.Exhausted, "the household has more than %d members: ask for its people one by one", MaxHousehold)
	}
	// An import may have moved the person between the two reads.
	for _, p := range members {
		if p.PIN == asked.PIN {
			return p, members, nil
		}
	}
	return asked, append(members, asked), nil
}

// Count returns how many people the register holds.
func (r *Register) Count(ctx context.Context) (n int64, err error) {
	if err := r.db.QueryRow(ctx, "select count(*) from people").Scan(&n); err != nil {
		return 0, fmt.Errorf("couldn't count the people: %w", err)
	}
	return n, nil
}

// list reads people; limit+1 rows were asked for.
func (r *Register) list(ctx context.Context, limit int, query string, args ...any) (people []*Person, more bool, err error) {
	rows, err := r.db.Query(ctx, query, args...)
	if err != nil {
		return nil, false, fmt.Errorf("couldn't read people: %w", err)
	}
	defer func() { _ = rows.Close() }()
	people, err = scanPeople(rows)
	if err != nil {
		return nil, false, fmt.Errorf("couldn't read people: %w", err)
	}
	if len(people) > limit {
		return people[:limit], true, nil
	}
	return people, false, nil
}

func scanPeople(rows *db.Rows) (people []*Person, err error) {
	for rows.Next() {
		var pin string
		var rec []byte
		if err := rows.Scan(&pin, &rec); err != nil {
			return nil, err
		}
		p, err := newPerson(pin, rec)
		if err != nil {
			return nil, err
		}
		people = append(people, p)
	}
	return people, rows.Err()
}
