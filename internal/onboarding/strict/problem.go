// Package strict reads YAML files that people write: nothing is guessed,
// nothing unknown is passed over, and everything that is wrong is told at
// once, each thing with its file, its line and what to do about it.
//
// A [Reader] walks the nodes of one file. What it cannot read it leaves zero
// and notes; the caller asks [Problems.Err] at the end. See
// TestEverythingWrongIsTold and FuzzReader.
package strict

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"dancu/internal/fault"
)

// MaxProblems is how many problems are listed; more are counted.
const MaxProblems = 100

// Problem is one thing wrong with a file.
type Problem struct {
	File string // its name, for messages
	Line int    // 1 is the first; 0 if it is about the whole file
	Path string // like "items[3].text.en"
	Text string // what is wrong and what to do
}

// String returns the problem on one line.
func (p Problem) String() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File + ": ")
	}
	if p.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", p.Line)
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.Text)
	return b.String()
}

// Problems is what is wrong with some files.
type Problems []Problem

// Err returns one error (fault.Invalid) with every problem in the order of
// files and lines, or nil if there is none.
func (ps Problems) Err() error { return ps.Error("wrong, nothing of it was taken") }

// Error is Err with the end of its first sentence, after "one thing is".
func (ps Problems) Error(end string) error {
	if len(ps) == 0 {
		return nil
	}
	ps = slices.Clone(ps)
	slices.SortStableFunc(ps, func(a, b Problem) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	var b strings.Builder
	things := "one thing is"
	if len(ps) > 1 {
		things = fmt.Sprintf("%d things are", len(ps))
	}
	fmt.Fprintf(&b, "%s %s:", things, end)
	for i, p := range ps {
		if i == MaxProblems {
			fmt.Fprintf(&b, "\n  and %d more", len(ps)-i)
			break
		}
		b.WriteString("\n  " + p.String())
	}
	return fault.New(fault.Invalid, "%s", b.String())
}

// Clip shortens what is quoted in a message.
func Clip(s string) string {
	const most = 60
	s = strings.ToValidUTF8(s, "\uFFFD")
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
