package catalogue

import (
	"embed"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"dancu/internal/fault"
	"dancu/internal/onboarding/strict"
)

//go:embed data/*.yaml
var shipped embed.FS

// maxFiles is how many files an operator's folder may hold.
const maxFiles = 500

// Default returns the shipped catalogues alone.
var Default = sync.OnceValue(func() *Catalogue {
	c, err := Load(nil)
	if err != nil {
		panic(err) // a test reads them
	}
	return c
})

// Load returns the shipped catalogues and those of an operator's folder, nil
// for none. Files ending in .yaml or .yml are read, at most 500 of at most
// 1 MiB, in no folder below; hidden files and .md files are passed over, and
// anything else is an error, because a file that is not read is a rule that
// does not hold. If anything is wrong nothing is loaded, and the error
// (fault.Invalid) lists all of it with file and line.
func Load(folder fs.FS) (*Catalogue, error) {
	l := loader{}
	data, err := fs.Sub(shipped, "data")
	if err != nil {
		return nil, err
	}
	if err := l.folder(data, false); err != nil {
		return nil, err
	}
	if folder != nil {
		if err := l.folder(folder, true); err != nil {
			return nil, err
		}
	}
	// What documents name in others is looked up only when all of them are whole.
	if err := l.problems.Err(); err != nil {
		return nil, err
	}
	c := &Catalogue{
		Checklists: series[*Checklist](&l),
		Templates:  series[*Template](&l),
		acts:       series[*acts](&l),
		procedures: series[*procedures](&l),
		changes:    series[*changes](&l),
		authority:  series[*authority](&l),
		grounds:    series[*grounds](&l),
		tracks:     series[*tracks](&l),
		clocks:     series[*clocks](&l),
	}
	l.check(c)
	if err := l.problems.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// loader collects documents and what is wrong with them.
type loader struct {
	docs     []document // shipped ones first
	uses     []use
	problems strict.Problems
}

func (l *loader) bad(file, text string) {
	l.problems = append(l.problems, strict.Problem{File: file, Text: text})
}

// folder reads the files of one folder.
func (l *loader) folder(folder fs.FS, operator bool) error {
	list, err := fs.ReadDir(folder, ".")
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the folder of catalogues cannot be read: check that it is there and yours to read")
	}
	if len(list) > maxFiles {
		return fault.New(fault.Invalid, "the folder of catalogues holds %d files: at most %d are read; take out what is not in use", len(list), maxFiles)
	}
	for _, f := range list {
		name := f.Name()
		ext := path.Ext(name)
		switch {
		case strings.HasPrefix(name, ".") || ext == ".md":
			continue
		case f.IsDir():
			l.bad(name, "this is a folder: put its files beside the others")
			continue
		case ext != ".yaml" && ext != ".yml":
			l.bad(name, "only files ending in .yaml are read: rename it, or take it out of the folder")
			continue
		}
		data, err := readFile(folder, name)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "%s cannot be read: check that it is a file and yours to read", name)
		}
		d, p := parse(name, data)
		l.problems = append(l.problems, p.Problems...)
		if d == nil {
			continue
		}
		l.uses = append(l.uses, p.uses...)
		d.head().Operator = operator
		l.docs = append(l.docs, d)
	}
	return nil
}

// readFile reads a file, and no more of it than tells that it is too large.
func readFile(folder fs.FS, name string) (data []byte, err error) {
	f, err := folder.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, strict.MaxFile+1))
}

// series puts the documents of one kind in order.
func series[T document](l *loader) (s Series[T]) {
	for _, d := range l.docs {
		t, ok := d.(T)
		if !ok {
			continue
		}
		h := t.head()
		i := slices.IndexFunc(s.docs, func(o T) bool { return o.head().ID == h.ID && o.head().Version == h.Version })
		switch {
		case i < 0:
			s.docs = append(s.docs, t)
		case h.Operator && !s.docs[i].head().Operator:
			s.replaced = append(s.replaced, s.docs[i])
			s.docs[i] = t
		default:
			l.bad(h.File, "version "+h.Version+" of "+h.ID+" is in "+s.docs[i].head().File+" too: give one of them another version")
		}
	}
	slices.SortStableFunc(s.docs, func(a, b T) int { return before(a.head(), b.head()) })
	for i := 1; i < len(s.docs); i++ {
		a, b := s.docs[i-1].head(), s.docs[i].head()
		if a.ID == b.ID && a.From == b.From && a.Operator == b.Operator {
			l.bad(b.File, "version "+b.Version+" of "+b.ID+" begins on "+b.From.String()+" as version "+a.Version+" in "+a.File+" does: only one can be in force")
		}
	}
	return s
}

// before orders documents by id and day; of one day the operator's comes
// later, so that it is the one in force.
func before(a, b *Header) int {
	switch {
	case a.ID != b.ID:
		return strings.Compare(a.ID, b.ID)
	case a.From.After(b.From):
		return 1
	case b.From.After(a.From):
		return -1
	case a.Operator != b.Operator:
		if a.Operator {
			return 1
		}
		return -1
	}
	return strings.Compare(a.Version, b.Version)
}

// check looks up what documents name in others.
func (l *loader) check(c *Catalogue) {
	known := map[string]bool{}
	for _, d := range c.clocks.docs {
		for _, k := range d.Clocks {
			known[k.ID] = true
		}
	}
	for _, u := range l.uses {
		switch u.what {
		case usesAct:
			if _, ok := c.Act(u.name); !ok {
				u.r.Bad(u.at, "no act is called %q: add it to a file of kind acts, or correct the name", strict.Clip(u.name))
			}
		case usesClock:
			if !known[u.name] {
				u.r.Bad(u.at, "no clock is called %q: add it to a file of kind clocks, or correct the name", strict.Clip(u.name))
			}
		}
	}
	told := map[*strict.Reader]bool{}
	for _, u := range l.uses {
		if !told[u.r] {
			l.problems = append(l.problems, u.r.Problems...)
			told[u.r] = true
		}
	}
	for _, id := range needed {
		if !known[id] {
			file := "clocks.yaml"
			for _, d := range c.clocks.docs {
				if d.Operator {
					file = d.File
				}
			}
			l.bad(file, "the clock "+id+" is missing: a file that replaces the shipped clocks must have every one of them")
		}
	}
}
