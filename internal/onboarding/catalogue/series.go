package catalogue

import (
	"slices"
	"strings"

	"dancu/internal/access"
	"dancu/internal/fault"
)

// Series is all versions of all documents of one kind. It is never changed.
type Series[T document] struct {
	docs     []T // by id, then from the earliest day to the latest
	replaced []T // shipped ones that an operator's document stands in for
}

// All returns every version in force at some time, by id and day.
func (s Series[T]) All() []T { return slices.Clone(s.docs) }

// Version returns one version of a document, or fault.NotFound.
func (s Series[T]) Version(id, version string) (T, error) {
	for _, d := range s.docs {
		if h := d.head(); h.ID == id && h.Version == version {
			return d, nil
		}
	}
	var none T
	return none, fault.New(fault.NotFound, "there is no version %q of %q in the catalogues: put its file into the folder of catalogues, or choose one of %s",
		version, id, strings.Join(s.names(), ", "))
}

// At returns the version of a document in force on a day, or fault.NotFound.
func (s Series[T]) At(id string, on access.Date) (T, error) {
	var found T
	ok := false
	for _, d := range s.docs {
		if h := d.head(); h.ID == id && !h.From.After(on) {
			found, ok = d, true
		}
	}
	if !ok {
		return found, fault.New(fault.NotFound, "no version of %q is in force on %s: put one into the folder of catalogues, or choose one of %s",
			id, on, strings.Join(s.names(), ", "))
	}
	return found, nil
}

// Hash returns the document with that hash, replaced ones included, or
// fault.NotFound: what was signed stays readable after an operator replaced
// the document.
func (s Series[T]) Hash(hash string) (T, error) {
	for _, docs := range [][]T{s.docs, s.replaced} {
		for _, d := range docs {
			if d.head().Hash == hash {
				return d, nil
			}
		}
	}
	var none T
	return none, fault.New(fault.NotFound, "no document in the catalogues has the hash %s: put the file it was made with back into the folder of catalogues", hash)
}

func (s Series[T]) names() (out []string) {
	for _, d := range s.docs {
		out = append(out, d.head().ID+" "+d.head().Version)
	}
	return out
}

// inForce returns, for a table, the versions in force on a day, in the order
// in which their entries are looked for: the operator's first, and of every id
// the latest of the operator's and the latest of the shipped.
func (s Series[T]) inForce(on access.Date) (out []T) {
	var own, shipped []T
	keep := func(list []T, d T) []T {
		if n := len(list); n > 0 && list[n-1].head().ID == d.head().ID {
			list = list[:n-1]
		}
		return append(list, d)
	}
	for _, d := range s.docs {
		switch {
		case d.head().From.After(on):
		case d.head().Operator:
			own = keep(own, d)
		default:
			shipped = keep(shipped, d)
		}
	}
	return append(own, shipped...)
}
