package compliance

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// variable names, in the environment, the rule that is switched off.
const variable = "DANCU_TEST_SWITCHED_OFF"

// helper is a file that every edited package gets in the build.
const helper = `package %s

import "os"

var switchedOffRule = os.Getenv(%q)

func switchedOff(rule string) bool { return switchedOffRule == rule }
`

// off is the word of [Edit].
var off = regexp.MustCompile(`\bOFF\b`)

// piece is an edit at its place in the file.
type piece struct {
	start, end int
	to         string
}

// build is one compile with the edits of some mutations.
type build struct {
	root      string
	mutations []*Mutation
	pieces    map[string][]piece // of each file
	alone     bool
}

// builds puts the mutations into as few builds as there can be: those whose
// edits touch each other, or that cannot be switched, have others.
func builds(root string, mutations []Mutation) ([]*build, error) {
	var out []*build
	for i := range mutations {
		m := &mutations[i]
		pieces, alone, err := m.pieces(root)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Name, err)
		}
		at := slices.IndexFunc(out, func(b *build) bool { return !alone && !b.alone && b.room(pieces) })
		if at < 0 {
			at = len(out)
			out = append(out, &build{root: root, pieces: map[string][]piece{}, alone: alone})
		}
		b := out[at]
		b.mutations = append(b.mutations, m)
		for file, ps := range pieces {
			b.pieces[file] = append(b.pieces[file], ps...)
		}
	}
	return out, nil
}

// pieces finds the places of a mutation's edits. alone says that one of them
// is always in force.
func (m *Mutation) pieces(root string) (out map[string][]piece, alone bool, err error) {
	out = map[string][]piece{}
	for _, e := range m.Edits {
		text, err := os.ReadFile(filepath.Join(root, e.File))
		if err != nil {
			return nil, false, err
		}
		if n := strings.Count(string(text), e.From); n != 1 || e.From == e.To {
			return nil, false, fmt.Errorf("this no longer applies: %q stands %d times in %s", e.From, n, e.File)
		}
		to := off.ReplaceAllLiteralString(e.To, "switchedOff("+strconv.Quote(m.Name)+")")
		alone = alone || to == e.To
		at := strings.Index(string(text), e.From)
		out[e.File] = append(out[e.File], piece{at, at + len(e.From), to})
	}
	return out, alone, nil
}

// room reports whether none of the pieces touches one that is there.
func (b *build) room(pieces map[string][]piece) bool {
	for file, ps := range pieces {
		for _, p := range ps {
			for _, q := range b.pieces[file] {
				if p.start < q.end && q.start < p.end {
					return false
				}
			}
		}
	}
	return true
}

// overlay writes the edited files into a folder and returns the overlay's file,
// as go build -overlay takes it.
func (b *build) overlay(dir string) (string, error) {
	replace := map[string]string{}
	put := func(file, text string) error {
		to := filepath.Join(dir, strings.ReplaceAll(file, "/", "_"))
		replace[filepath.Join(b.root, file)] = to
		return os.WriteFile(to, []byte(text), 0o600)
	}
	for file, pieces := range b.pieces {
		text, err := os.ReadFile(filepath.Join(b.root, file))
		if err != nil {
			return "", err
		}
		sort.Slice(pieces, func(i, k int) bool { return pieces[i].start < pieces[k].start })
		var out strings.Builder
		at := 0
		for _, p := range pieces {
			out.Write(text[at:p.start])
			out.WriteString(p.to)
			at = p.end
		}
		out.Write(text[at:])
		pkg := filepath.Base(filepath.Dir(file))
		if err := put(file, out.String()); err != nil {
			return "", err
		}
		if err := put(filepath.Join(filepath.Dir(file), "switched_off.go"), fmt.Sprintf(helper, pkg, variable)); err != nil {
			return "", err
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "overlay.json")
	return file, os.WriteFile(file, text, 0o600)
}
