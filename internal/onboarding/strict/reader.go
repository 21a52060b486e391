package strict

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// MaxFile is the largest file that is read, in bytes.
const MaxFile = 1 << 20

// Place is a node of a file and the way to it. The zero Place is the whole
// file.
type Place struct {
	node *yaml.Node
	path string
}

// There reports whether the place is a node of the file.
func (p Place) There() bool { return p.node != nil }

// Members is how many members a list has; ok is false for what is no list.
func (p Place) Members() (n int, ok bool) {
	if p.node == nil || p.node.Kind != yaml.SequenceNode {
		return 0, false
	}
	return len(p.node.Content), true
}

// Line returns the place's line, 0 for the whole file.
func (p Place) Line() int {
	if p.node == nil {
		return 0
	}
	return p.node.Line
}

// Path is the way to it, like "items[3].text".
func (p Place) Path() string { return p.path }

func (p Place) member(name string, n *yaml.Node) Place {
	if p.path != "" {
		name = p.path + "." + name
	}
	return Place{n, name}
}

// Reader turns the nodes of one file into values and notes what is wrong with
// them. A value that is wrong is left zero.
type Reader struct {
	File     string // its name, for messages
	Problems Problems
	// Empty says what to do about an empty file, Large about one that is too
	// large; "" has words of its own.
	Empty, Large string
}

// Bad notes something wrong at a place.
func (r *Reader) Bad(p Place, format string, args ...any) {
	r.Problems = append(r.Problems, Problem{r.File, p.Line(), p.path, fmt.Sprintf(format, args...)})
}

// Document reads the one document of data; ok is false if there is none that
// could be looked at further.
func (r *Reader) Document(data []byte) (root Place, ok bool) {
	switch {
	case len(data) > MaxFile:
		r.Bad(root, "the file has %d bytes: at most %d are read; %s", len(data), MaxFile, cmp.Or(r.Large, "split it"))
		return root, false
	case !utf8.Valid(data):
		r.Bad(root, "the file is not UTF-8 text: save it as UTF-8")
		return root, false
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := decode(dec, &doc); err != nil {
		if errors.Is(err, io.EOF) {
			r.Bad(root, "the file is empty: %s", cmp.Or(r.Empty, "write its members, or remove it"))
		} else {
			r.syntax(err)
		}
		return root, false
	}
	var more yaml.Node
	if err := decode(dec, &more); err == nil {
		r.Bad(Place{&more, ""}, `a second document begins here: put everything into one, without "---"`)
		return root, false
	} else if !errors.Is(err, io.EOF) {
		r.syntax(err)
		return root, false
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 {
		r.Bad(root, "the file is empty: %s", cmp.Or(r.Empty, "write its members, or remove it"))
		return root, false
	}
	return Place{doc.Content[0], ""}, true
}

// decode is dec.Decode with a panic of the parser as an error.
func decode(dec *yaml.Decoder, n *yaml.Node) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("yaml: the parser gave up: %v", p)
		}
	}()
	return dec.Decode(n)
}

var yamlLine = regexp.MustCompile(`^yaml: line (\d+): `)

// syntax notes an error of the YAML parser.
func (r *Reader) syntax(err error) {
	text := err.Error()
	var line int
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
	}
	text = strings.TrimPrefix(text, "yaml: ")
	r.Problems = append(r.Problems, Problem{
		File: r.File, Line: line,
		Text: "this is not YAML: " + text + "; check indentation, colons and quotes near this line",
	})
}

// kindName says what a node is, in the words of someone writing the file.
func kindName(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping (key: value)"
	case yaml.SequenceNode:
		return "a list"
	case yaml.ScalarNode:
		switch n.ShortTag() {
		case "!!bool":
			return "true or false"
		case "!!int", "!!float":
			return "a number"
		case "!!null":
			return "nothing"
		}
		return "text"
	}
	return "nothing"
}

// wants notes that something else was expected.
func (r *Reader) wants(p Place, want string) {
	if p.node.Kind == yaml.AliasNode {
		r.Bad(p, "aliases are not read: write the value out")
		return
	}
	r.Bad(p, "this must be %s, not %s", want, kindName(p.node))
}

// Member is one key of an object and what reads its value.
type Member struct {
	Name string
	Need bool // its absence is a problem
	Read func(Place)
}

// Object reads a mapping. Unknown, repeated and missing keys are problems.
func (r *Reader) Object(p Place, members ...Member) {
	if p.node.Kind != yaml.MappingNode {
		r.wants(p, "a mapping (key: value)")
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(p.node.Content); i += 2 {
		key, value := p.node.Content[i], p.node.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			r.wants(p.member("?", key), "a key")
			continue
		}
		at := Place{key, p.path}
		if line, twice := seen[key.Value]; twice {
			r.Bad(at, "%q is there twice, first on line %d: keep one", Clip(key.Value), line)
			continue
		}
		seen[key.Value] = key.Line
		m := slices.IndexFunc(members, func(m Member) bool { return m.Name == key.Value })
		if m < 0 {
			names := make([]string, len(members))
			for i, m := range members {
				names[i] = m.Name
			}
			r.Bad(at, "unknown key %q: the keys here are %s", Clip(key.Value), strings.Join(names, ", "))
			continue
		}
		members[m].Read(p.member(key.Value, value))
	}
	for _, m := range members {
		if _, there := seen[m.Name]; m.Need && !there {
			r.Bad(p, "%s is missing: add it", m.Name)
		}
	}
}

// Kind returns the text of the member name of the mapping p, without noting
// anything, and "" if there is none: it tells which kind of file p is before
// it is read.
func (r *Reader) Kind(p Place, name string) string {
	if p.node == nil || p.node.Kind != yaml.MappingNode {
		return ""
	}
	for i := 0; i+1 < len(p.node.Content); i += 2 {
		if k, v := p.node.Content[i], p.node.Content[i+1]; k.Kind == yaml.ScalarNode && k.Value == name && v.Kind == yaml.ScalarNode {
			return v.Value
		}
	}
	return ""
}

// List reads a sequence of 1 to most elements.
func (r *Reader) List(p Place, most int, element func(Place)) {
	if p.node.Kind != yaml.SequenceNode {
		r.wants(p, "a list")
		return
	}
	if len(p.node.Content) == 0 {
		r.Bad(p, "the list is empty: fill it, or leave the key out if it may be")
		return
	}
	r.Each(p, most, element)
}

// Each is List of one that may be empty.
func (r *Reader) Each(p Place, most int, element func(Place)) {
	if p.node.Kind != yaml.SequenceNode {
		r.wants(p, "a list")
		return
	}
	if n := len(p.node.Content); n > most {
		r.Bad(p, "the list has %d members: at most %d are read", n, most)
		return
	}
	for i, n := range p.node.Content {
		element(Place{n, fmt.Sprintf("%s[%d]", p.path, i)})
	}
}
