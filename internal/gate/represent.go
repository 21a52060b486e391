package gate

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/ledger"
	"dancu/internal/register"
	"dancu/verify"
)

// Parents and guardians see who looked at the data of those they represent. The
// register says who that is, and it is asked anew each time: what it said
// yesterday, or what a session remembers, proves nothing today. Every such
// reading is an entry that names both, acknowledged before anything is told
// (guarantee G1; TestRepresentationIsProvenEachTime).

// KindRepresentation is the kind of the entry of such a reading.
const KindRepresentation = "representation.read"

// Representation says who may see what concerns another.
type Representation struct {
	// ChildAge is the age from which parents no longer do; 0: they never do.
	ChildAge int
	// Representatives do, where the register records one.
	Representatives bool
}

// Represented is somebody whom a person represents.
type Represented struct {
	PIN  string
	Name string
	// Relation is what the person is to them: register.Father, register.Mother
	// or register.Representative.
	Relation register.Relation
}

// relative is one of a record's related people.
type relative struct{ Relation, PIN string }

// kin is what of a record says who represents whom.
type kin struct {
	FullName       string
	DateOfBirth    string
	Relatives      []relative
	DeathOrMissing *struct{ Status string }
}

var kinFields = access.FieldsOf(access.FullName, access.DateOfBirth, access.Relatives, access.DeathOrMissing)

func (g *Gate) kin(ctx context.Context, pin string) (*kin, *register.Person, error) {
	p, err := g.cfg.Register.Get(ctx, pin)
	if err != nil || p == nil {
		return nil, nil, err
	}
	k := &kin{}
	if err := json.Unmarshal(p.Append(nil, kinFields), k); err != nil {
		return nil, nil, fmt.Errorf("couldn't read the relatives in a record: %w", err)
	}
	return k, p, nil
}

// AllRepresented returns everybody whom the person with that number represents,
// by the register as it is now.
func (g *Gate) AllRepresented(ctx context.Context, reader ledger.Reader, pin string, rules Representation) ([]Represented, error) {
	own, _, err := g.kin(ctx, pin)
	if err != nil {
		return nil, err
	}
	var asked []string
	if own != nil {
		for _, r := range own.Relatives {
			if what := register.RelationOf(r.Relation); r.PIN != "" && (what == register.Child || what == register.Represented) {
				asked = append(asked, r.PIN)
			}
		}
	}
	return g.represented(ctx, reader, pin, asked, rules)
}

// Represent returns what the person with that number is to another, by the
// register as it is now; fault.NotFound if the one does not represent the other,
// whoever they are and whether or not they exist.
func (g *Gate) Represent(ctx context.Context, reader ledger.Reader, pin, other string, rules Representation) (Represented, error) {
	found, err := g.represented(ctx, reader, pin, []string{other}, rules)
	if err != nil {
		return Represented{}, err
	}
	if len(found) == 0 {
		return Represented{}, fault.New(fault.NotFound, "the register does not record that you represent this person: choose again from the list")
	}
	return found[0], nil
}

// represented reads the records of those asked about, tells the log, and returns
// whom the person represents.
func (g *Gate) represented(ctx context.Context, reader ledger.Reader, pin string, asked []string, rules Representation) ([]Represented, error) {
	today := g.cfg.Main.Clock().In(access.Zone)
	e, err := ledger.EventEntry(KindRepresentation, reader.Actor, map[string]any{"reason": reader.Reason})
	if err != nil {
		return nil, err
	}
	e.Add(ledger.PartKeys, appendMembers(nil, "pin", pin))
	e.Find(ledger.TermPerson, pin)
	var out []Represented
	seen := map[string]bool{pin: true}
	for _, other := range asked {
		if seen[other] {
			continue
		}
		seen[other] = true
		k, p, err := g.kin(ctx, other)
		if err != nil {
			return nil, err
		}
		if k == nil {
			continue
		}
		relation := k.representedBy(pin, p.Subject.Protected, today, rules)
		if relation != "" {
			out = append(out, Represented{PIN: other, Name: k.FullName, Relation: relation})
		}
		b := appendFields([]byte(`{"access":"consult",`), "fields", kinFields)
		b = append(append(b, `"pin":`...), verify.AppendString(nil, other)...)
		if relation != "" {
			b = append(append(b, `,"relation":`...), verify.AppendString(nil, string(relation))...)
		}
		e.Add(ledger.PartSubject, append(b, '}'))
		e.Find(ledger.TermPerson, other)
	}
	err = g.log.Write(ctx, func(tx *ledger.Tx) error {
		if reader.Still != nil {
			if err := reader.Still(ctx, tx, tx.Now); err != nil {
				return err
			}
		}
		tx.Append(e, ledger.Outcome{})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// representedBy says what the person with that number is to the one whose
// record it is, "" if they do not represent them.
//
// Where the register records a legal representative, that one does and parents
// do not (Civil Code 2015 Art. 47: a minor has a guardian where the parents
// cannot be it). Nobody sees what concerns a person under protection: which
// offices looked may say where they are. The dead have no representative here.
func (k *kin) representedBy(pin string, protected bool, today time.Time, rules Representation) register.Relation {
	if protected || k.DeathOrMissing != nil && k.DeathOrMissing.Status == "dead" {
		return ""
	}
	var is register.Relation
	represented := false
	for _, r := range k.Relatives {
		what := register.RelationOf(r.Relation)
		represented = represented || what == register.Representative
		if r.PIN != pin {
			continue
		}
		switch what {
		case register.Representative:
			if rules.Representatives {
				return what
			}
		case register.Father, register.Mother:
			is = what
		}
	}
	if represented || !under(k.DateOfBirth, rules.ChildAge, today) {
		return ""
	}
	return is
}

// under reports whether somebody born then is surely younger than so many years
// today. Of whom only the year is known may have been born on its first day.
func under(born string, years int, today time.Time) bool {
	if len(born) == len("2006") {
		born += "-01-01"
	}
	b, err := time.ParseInLocation(time.DateOnly, born, access.Zone)
	if err != nil || strings.TrimSpace(born) == "" {
		return false
	}
	return today.Before(b.AddDate(years, 0, 0))
}
