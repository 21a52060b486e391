package register

import (
	"bytes"
	"errors"
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/unicode/norm"

	"dancu/internal/access"
	"dancu/internal/fault"
)

// rowError is why a row is bad: a column and a rule, never a value.
type rowError struct {
	column string
	why    string
}

func (e *rowError) Error() string {
	if e.column == "" {
		return e.why
	}
	return e.column + " " + e.why
}

// ParseRecord reads one record: a JSON object whose members are the fields'
// JSON names, and protected (true or false). Texts become NFC. An error is of
// kind Invalid and names the field and the rule.
func ParseRecord(line []byte) (*Record, error) {
	var p parser
	rec := new(Record)
	if err := p.parseJSON(line, rec); err != nil {
		return nil, fault.New(fault.Invalid, "%s", err)
	}
	for f, v := range rec.values {
		rec.values[f] = bytes.Clone(v)
	}
	return rec, nil
}

// parser reads rows. It is used by one goroutine; what it returns is good
// until the next row.
type parser struct {
	dec   jsontext.Decoder
	in    bytes.Buffer
	arena []byte // the values of the row
	text  []byte // the text read last, if it had to be changed
	cells [][]byte
	cell  []byte // backing of the cells that had quotes
}

// parseJSON reads a row of JSON Lines.
func (p *parser) parseJSON(line []byte, rec *Record) error {
	*rec = Record{}
	p.arena = p.arena[:0]
	if len(line) > MaxRow {
		return errRowTooLong
	}
	p.start(line)
	if p.dec.PeekKind() != '{' {
		if err := p.skip(); err != nil {
			return err
		}
		return &rowError{why: "a row must be a JSON object"}
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return jsonError(err)
	}
	for p.dec.PeekKind() == '"' {
		name, err := p.readText()
		if err != nil {
			return err
		}
		if string(name) == "protected" {
			v, err := p.dec.ReadToken()
			if err != nil {
				return jsonError(err)
			}
			switch v.Kind() {
			case 't', 'f', 'n':
				rec.protected = v.Kind() == 't'
			default:
				return &rowError{"protected", "must be true or false"}
			}
			continue
		}
		f, ok := access.ParseField(string(name))
		if !ok {
			return &rowError{why: "a member is no field of a record: check the names of the members"}
		}
		if rec.values[f], err = p.field(f); err != nil {
			return err
		}
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return jsonError(err)
	}
	if p.dec.PeekKind() != 0 || len(bytes.TrimSpace(p.dec.UnreadBuffer())) != 0 {
		return &rowError{why: "more follows the JSON object"}
	}
	return required(rec)
}

// required checks the fields no record is without.
func required(rec *Record) error {
	for _, f := range [...]access.Field{access.PIN, access.FullName, access.DateOfBirth} {
		if rec.values[f] == nil {
			return &rowError{f.String(), "is missing"}
		}
	}
	return nil
}

func (p *parser) start(v []byte) {
	// A bytes.Buffer is read in place.
	p.in = *bytes.NewBuffer(v)
	p.dec.Reset(&p.in)
}

func (p *parser) skip() error {
	if err := p.dec.SkipValue(); err != nil {
		return jsonError(err)
	}
	return nil
}

// jsonError says what is wrong with a row's JSON; the decoder's own text may
// quote it.
func jsonError(err error) error {
	if errors.Is(err, jsontext.ErrDuplicateName) {
		return &rowError{why: "a member is given twice"}
	}
	var syn *jsontext.SyntacticError
	if errors.As(err, &syn) {
		return &rowError{why: fmt.Sprintf("is not valid JSON in UTF-8 at byte %d", syn.ByteOffset)}
	}
	return &rowError{why: "is not valid JSON: it ends too early"}
}

// field reads the next value as a field's and returns its stored form, nil for
// nothing.
func (p *parser) field(f access.Field) ([]byte, error) {
	if p.dec.PeekKind() == 'n' {
		return nil, p.skip()
	}
	start := len(p.arena)
	info := &access.Fields[f]
	var err error
	switch info.Shape {
	case access.ShapePeople:
		err = p.people(info.JSON, shapeRules[info.Shape])
	case access.ShapeFreeForm:
		err = p.freeForm(info.JSON)
	default:
		if rule := textRules[f]; rule != nil {
			err = p.ruledText(info.JSON, "", rule)
		} else {
			err = p.object(info.JSON, shapeRules[info.Shape])
		}
	}
	if err != nil {
		return nil, err
	}
	if len(p.arena) == start {
		return nil, nil
	}
	return p.arena[start:len(p.arena):len(p.arena)], nil
}

var errNotText = &rowError{why: "must be a text"}

// readText reads the next value as a text in NFC, good until the next one is
// read.
func (p *parser) readText() ([]byte, error) {
	if k := p.dec.PeekKind(); k != '"' {
		if err := p.skip(); err != nil {
			return nil, err
		}
		return nil, errNotText
	}
	raw, err := p.dec.ReadValue()
	if err != nil {
		return nil, jsonError(err)
	}
	in := raw[1 : len(raw)-1]
	if bytes.IndexByte(in, '\\') >= 0 {
		if p.text, err = jsontext.AppendUnquote(p.text[:0], raw); err != nil {
			return nil, jsonError(err)
		}
		in = p.text
	}
	return in, nil
}

// cleanText checks that a text may stand in a record at all and returns it in
// NFC without space around it.
func cleanText(v []byte) ([]byte, string) {
	ascii := true
	for _, b := range v {
		if b >= utf8.RuneSelf {
			ascii = false
		} else if b < ' ' || b == 0x7f {
			return nil, "must not contain control characters"
		}
	}
	if !ascii {
		if !utf8.Valid(v) {
			return nil, "must be valid UTF-8"
		}
		for rest := v; len(rest) > 0; {
			r, n := utf8.DecodeRune(rest)
			if n > 1 && (unicode.IsControl(r) || r == '\u2028' || r == '\u2029') {
				return nil, "must not contain control characters"
			}
			rest = rest[n:]
		}
		if !norm.NFC.IsNormal(v) {
			v = norm.NFC.Bytes(v)
		}
	}
	return bytes.TrimSpace(v), ""
}

// putText checks a text and appends it to the row's values.
func (p *parser) putText(column, sub string, text []byte, check rule) error {
	text, why := cleanText(text)
	if why == "" {
		why = check(text)
	}
	if why != "" {
		if sub != "" {
			column += "." + sub
		}
		return &rowError{column, why}
	}
	var err error
	if p.arena, err = jsontext.AppendQuote(p.arena, text); err != nil {
		return &rowError{column, "must be valid UTF-8"}
	}
	return nil
}

// ruledText reads the next value as a text that follows a rule.
func (p *parser) ruledText(column, sub string, check rule) error {
	text, err := p.readText()
	if errors.Is(err, errNotText) {
		if sub != "" {
			column += "." + sub
		}
		return &rowError{column, errNotText.why}
	}
	if err != nil {
		return err
	}
	return p.putText(column, sub, text, check)
}

// object reads the next value as an object of ruled members. An object without
// members is nothing.
func (p *parser) object(column string, members []memberRule) error {
	if p.dec.PeekKind() != '{' {
		if err := p.skip(); err != nil {
			return err
		}
		return &rowError{column, "must be a JSON object"}
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return jsonError(err)
	}
	// The members may come in any order and are stored in one.
	var at [8][2]int
	begin := len(p.arena)
	inOrder := true
	last := -1
	p.arena = append(p.arena, '{')
	for p.dec.PeekKind() == '"' {
		name, err := p.readText()
		if err != nil {
			return err
		}
		i := memberIndex(members, name)
		if i < 0 {
			return &rowError{column, "has a member that does not belong there"}
		}
		if p.dec.PeekKind() == 'n' {
			if err := p.skip(); err != nil {
				return err
			}
			continue
		}
		if last >= 0 {
			p.arena = append(p.arena, ',')
		}
		start := len(p.arena)
		p.arena = append(p.arena, members[i].quoted...)
		if err := p.ruledText(column, members[i].name, members[i].rule); err != nil {
			return err
		}
		at[i] = [2]int{start, len(p.arena)}
		inOrder = inOrder && i > last
		last = i
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return jsonError(err)
	}
	if last < 0 {
		p.arena = p.arena[:begin]
		return nil
	}
	for i, m := range members {
		if m.must && at[i][1] == 0 {
			return &rowError{column + "." + m.name, "is missing"}
		}
	}
	if inOrder {
		p.arena = append(p.arena, '}')
		return nil
	}
	sorted := make([]byte, 0, len(p.arena)-begin+1)
	for _, span := range at {
		if span[1] == 0 {
			continue
		}
		if len(sorted) > 0 {
			sorted = append(sorted, ',')
		}
		sorted = append(sorted, p.arena[span[0]:span[1]]...)
	}
	p.arena = append(append(p.arena[:begin+1], sorted...), '}')
	return nil
}

func memberIndex(members []memberRule, name []byte) int {
	for i := range members {
		if members[i].name == string(name) {
			return i
		}
	}
	return -1
}

// people reads the next value as a list of people. A list of none is nothing.
func (p *parser) people(column string, members []memberRule) error {
	if p.dec.PeekKind() != '[' {
		if err := p.skip(); err != nil {
			return err
		}
		return &rowError{column, "must be a JSON list"}
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return jsonError(err)
	}
	begin := len(p.arena)
	n := 0
	for k := p.dec.PeekKind(); k != ']' && k != 0; k = p.dec.PeekKind() {
		if n == MaxListed {
			return &rowError{column, fmt.Sprintf("must list at most %d people", MaxListed)}
		}
		if n == 0 {
			p.arena = append(p.arena, '[')
		} else {
			p.arena = append(p.arena, ',')
		}
		start := len(p.arena)
		if err := p.object(column, members); err != nil {
			return err
		}
		one := p.arena[start:]
		if len(one) == 0 || (member(one, "pin") == "" && member(one, "cmnd") == "" && member(one, "fullName") == "") {
			return &rowError{column, "lists a person without pin, cmnd and fullName"}
		}
		n++
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return jsonError(err)
	}
	if n > 0 {
		p.arena = append(p.arena, ']')
	} else {
		p.arena = p.arena[:begin]
	}
	return nil
}

// freeForm reads the next value as any object within bounds.
func (p *parser) freeForm(column string) error {
	if p.dec.PeekKind() != '{' {
		if err := p.skip(); err != nil {
			return err
		}
		return &rowError{column, "must be a JSON object"}
	}
	start, outer := len(p.arena), p.dec.StackDepth()
	for {
		k := p.dec.PeekKind()
		depth := p.dec.StackDepth()
		switch k {
		case '}', ']':
			depth--
		}
		if kind, n := p.dec.StackIndex(p.dec.StackDepth()); depth > outer && k != '}' && k != ']' && n > 0 {
			if kind == '{' && n%2 == 1 {
				p.arena = append(p.arena, ':')
			} else {
				p.arena = append(p.arena, ',')
			}
		}
		switch k {
		case '"':
			text, err := p.readText()
			if err != nil {
				return err
			}
			// As it is: two names must not become one.
			if _, why := cleanText(text); why != "" {
				return &rowError{column, why}
			}
			if p.arena, err = jsontext.AppendQuote(p.arena, text); err != nil {
				return &rowError{column, "must be valid UTF-8"}
			}
		case '{', '[', '}', ']':
			t, err := p.dec.ReadToken()
			if err != nil {
				return jsonError(err)
			}
			p.arena = append(p.arena, byte(t.Kind()))
			if p.dec.StackDepth()-outer > MaxDepth {
				return &rowError{column, fmt.Sprintf("must be at most %d levels deep", MaxDepth)}
			}
		default:
			v, err := p.dec.ReadValue()
			if err != nil {
				return jsonError(err)
			}
			p.arena = append(p.arena, v...)
		}
		if len(p.arena)-start > MaxOther {
			return &rowError{column, fmt.Sprintf("must be at most %d bytes", MaxOther)}
		}
		if p.dec.StackDepth() == outer {
			if string(p.arena[start:]) == "{}" {
				p.arena = p.arena[:start]
			}
			return nil
		}
	}
}
