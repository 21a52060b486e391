package manual

import (
	"cmp"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"dancu/internal/fault"
)

//go:embed data/*.md
var shipped embed.FS

// The bounds of an operator's folder.
const (
	maxFiles = 200
	maxFile  = 256 << 10 // bytes
)

// Guide is a guide with its versions, the newest first.
type Guide struct {
	// ID is a stable word, such as "officer".
	ID       string
	Versions []*Version
}

// Version is one version of a guide in both languages.
type Version struct {
	Number string
	Date   time.Time // midnight UTC of the day from which it holds
	// Administrators says that it is for an agency's administrators alone: its
	// links lead to their pages.
	Administrators bool
	VI, EN         Edition
}

// In is the version in a language, "en" or anything else.
func (v *Version) In(lang string) *Edition {
	if lang == "en" {
		return &v.EN
	}
	return &v.VI
}

// Edition is a version in one language.
type Edition struct {
	Title, Summary string
	Changes        []string
	Blocks         []Block
}

// Shelf holds the guides that are files. It does not change.
type Shelf struct{ guides []*Guide }

// Guides are all guides, in the order of their ids.
func (s *Shelf) Guides() []*Guide { return s.guides }

// Guide returns a guide, nil if there is none.
func (s *Shelf) Guide(id string) *Guide {
	for _, g := range s.guides {
		if g.ID == id {
			return g
		}
	}
	return nil
}

// Version returns a version of the guide, "" for the newest; nil if there is
// none.
func (g *Guide) Version(number string) *Version {
	for _, v := range g.Versions {
		if number == "" || v.Number == number {
			return v
		}
	}
	return nil
}

// NewShelf reads the guides in the program and those of an operator's folder,
// nil for none. The folder's files end in .md; a file of a guide and version
// that the program has takes its place, any other adds one. Every version is
// there in both languages. If anything is wrong nothing is read, and the error
// (fault.Invalid) names the file.
func NewShelf(folder fs.FS) (*Shelf, error) {
	found := map[[3]string]*file{}
	data, err := fs.Sub(shipped, "data")
	if err != nil {
		return nil, err
	}
	if err := readFolder(data, found); err != nil {
		return nil, err
	}
	if folder != nil {
		if err := readFolder(folder, found); err != nil {
			return nil, err
		}
	}
	byID := map[string]*Guide{}
	s := &Shelf{}
	for key, f := range found {
		if key[2] != "vi" {
			continue
		}
		en := found[[3]string{key[0], key[1], "en"}]
		if en == nil {
			return nil, fault.New(fault.Invalid, "%s: the English text of version %s is missing", f.name, key[1])
		}
		if !en.date.Equal(f.date) {
			return nil, fault.New(fault.Invalid, "%s and %s: the same version has two dates", f.name, en.name)
		}
		g := byID[key[0]]
		if g == nil {
			g = &Guide{ID: key[0]}
			byID[key[0]] = g
			s.guides = append(s.guides, g)
		}
		if en.administrators != f.administrators {
			return nil, fault.New(fault.Invalid, "%s and %s: the same version has two kinds of readers", f.name, en.name)
		}
		g.Versions = append(g.Versions, &Version{Number: key[1], Date: f.date, Administrators: f.administrators, VI: f.Edition, EN: en.Edition})
	}
	for key, f := range found {
		if key[2] == "en" && found[[3]string{key[0], key[1], "vi"}] == nil {
			return nil, fault.New(fault.Invalid, "%s: the Vietnamese text of version %s is missing", f.name, key[1])
		}
	}
	slices.SortFunc(s.guides, func(a, b *Guide) int { return strings.Compare(a.ID, b.ID) })
	for _, g := range s.guides {
		slices.SortFunc(g.Versions, func(a, b *Version) int {
			return cmp.Or(b.Date.Compare(a.Date), strings.Compare(b.Number, a.Number))
		})
	}
	return s, nil
}

// file is one file of a guide.
type file struct {
	name              string
	id, version, lang string
	date              time.Time
	administrators    bool
	Edition
}

func readFolder(folder fs.FS, found map[[3]string]*file) error {
	list, err := fs.ReadDir(folder, ".")
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the folder of guides cannot be read: check that it is there and yours to read")
	}
	if len(list) > maxFiles {
		return fault.New(fault.Invalid, "the folder of guides holds %d files: at most %d are read", len(list), maxFiles)
	}
	here := map[[3]string]string{}
	for _, e := range list {
		if e.IsDir() || strings.HasPrefix(e.Name(), ".") || path.Ext(e.Name()) != ".md" {
			continue
		}
		f, err := readFile(folder, e.Name())
		if err != nil {
			return err
		}
		key := [3]string{f.id, f.version, f.lang}
		if other := here[key]; other != "" {
			return fault.New(fault.Invalid, "%s and %s are the same version of the same guide", other, f.name)
		}
		here[key], found[key] = f.name, f
	}
	return nil
}

// readFile reads one guide: lines of "name: value" between two lines of "---",
// then the text.
func readFile(folder fs.FS, name string) (*file, error) {
	in, err := folder.Open(name)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", name)
	}
	defer func() { _ = in.Close() }() // it was only read
	raw, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "%s cannot be read", name)
	}
	if len(raw) > maxFile {
		return nil, fault.New(fault.Invalid, "%s: a guide has at most %d KiB", name, maxFile>>10)
	}
	head, body, ok := strings.Cut(strings.TrimPrefix(tidy(string(raw)), "---\n"), "\n---\n")
	if !ok {
		return nil, fault.New(fault.Invalid, "%s: it begins with lines of \"name: value\" between two lines of ---", name)
	}
	f := &file{name: name}
	for i, line := range strings.Split(head, "\n") {
		key, value, ok := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		if !ok || value == "" {
			return nil, fault.New(fault.Invalid, "%s:%d: write \"name: value\"", name, i+2)
		}
		switch strings.TrimSpace(key) {
		case "guide":
			f.id = value
		case "version":
			f.version = value
		case "date":
			if f.date, err = time.Parse(time.DateOnly, value); err != nil {
				return nil, fault.New(fault.Invalid, "%s:%d: a date is written as 2026-11-25", name, i+2)
			}
		case "language":
			f.lang = value
		case "readers":
			if value != "administrators" && value != "everybody" {
				return nil, fault.New(fault.Invalid, "%s:%d: the readers are administrators or everybody", name, i+2)
			}
			f.administrators = value == "administrators"
		case "title":
			f.Title = value
		case "summary":
			f.Summary = value
		case "change":
			f.Changes = append(f.Changes, value)
		default:
			return nil, fault.New(fault.Invalid, "%s:%d: a guide has no %q: it has guide, version, date, language, readers, title, summary and change", name, i+2, strings.TrimSpace(key))
		}
	}
	switch {
	case f.id == "" || f.version == "" || f.date.IsZero() || f.Title == "" || f.Summary == "" || len(f.Changes) == 0:
		return nil, fault.New(fault.Invalid, "%s: guide, version, date, language, title, summary and at least one change are needed", name)
	case f.lang != "vi" && f.lang != "en":
		return nil, fault.New(fault.Invalid, "%s: the language is vi or en", name)
	case !word(f.id) || !word(f.version):
		return nil, fault.New(fault.Invalid, "%s: guide and version are words of a-z, 0-9, dots and dashes", name)
	}
	if f.Blocks, err = Parse(body); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

// word reports whether s can stand in an address.
func word(s string) bool {
	return len(s) <= 40 && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '.' && r != '-'
	}) && s != "own"
}
