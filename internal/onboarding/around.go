package onboarding

import (
	"dancu/internal/access"
	"dancu/internal/onboarding/catalogue"
)

// Around is what a form's choices may depend on. The zero value knows nothing:
// a choice that depends on the standing, or on the catalogues, is then empty.
type Around struct {
	// Dir is the standing; nil where it must not be told.
	Dir *access.Directory
	// Cat are the catalogues, the operator's included; nil means the shipped
	// ones alone.
	Cat *catalogue.Catalogue
	// On is the day whose rules hold.
	On access.Date
	// Agency is the id of the agency that the form is about, "" for none.
	Agency string
}

// catalogue returns the catalogues.
func (a Around) catalogue() *catalogue.Catalogue {
	if a.Cat == nil {
		return catalogue.Default()
	}
	return a.Cat
}

// Around returns what the choices of a form about an agency ("" for none)
// depend on now.
func (o *Onboarding) Around(dir *access.Directory, agency string) Around {
	return Around{dir, o.cat, access.DateOf(o.main.Clock()), agency}
}

// around is the same for an act that is being done.
func (w *work) around() Around {
	return Around{w.dir, w.o.cat, access.DateOf(w.now), w.m.Agency}
}

// Around returns what the choices of the matter's forms depend on.
func (s *Sight) Around() Around { return Around{s.Dir, s.cat, access.DateOf(s.Now), s.Matter.Agency} }
