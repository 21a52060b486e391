// Package compliance is the table of what the law and the duties in the letters
// ask of dancu: where in the code each is kept, which tests prove it, and what
// must be switched off for those tests to fail.
//
// docs/compliance.md is written from it. What it names is looked for in the
// source, so that it cannot go stale (TestDocument, TestEverythingNamedIsThere),
// and every rule is switched off in turn in a build of its own, in which the
// test named must fail (TestEveryRuleSwitchedOffIsNoticed). Nothing of dancu
// imports this package.
//
// To add a row, put it under its law (law_*.go; a new law is one more line in
// [Laws]), and run make generate. To see its rule switched off:
//
//	DANCU_TEST_RULES='part of its name' go test ./internal/compliance -run SwitchedOff -v
package compliance

import "slices"

// Mark says how sure the source is.
type Mark string

// The marks.
const (
	Verified  Mark = "V"       // read in the text itself
	Secondary Mark = "V2"      // read in a secondary source only
	Setting   Mark = "setting" // the text was not to be had, or leaves it open: an operator decides
)

// Text is a text in two languages.
type Text struct{ VI, EN string }

// Law is one text of law, or a bundle of letters, with what it asks.
type Law struct {
	Name Text
	Rows []Row
}

// Row is one thing a law asks, and how it is kept.
type Row struct {
	// Article is where it stands: "6.2, 6.4"; "" where the text has no articles.
	Article string
	// Asks is what it asks.
	Asks  Text
	Marks []Mark
	// Kept says in a few words how it is kept, in English Markdown.
	Kept string
	// By are the symbols that keep it, as "package.Name" or
	// "package.Type.Method" ("package.Type.Field"), the package being its folder:
	// "internal/access.judgeConnection". A name without a dot after its last
	// slash, or one that is a file, is a path ("internal/db/migrations").
	By []string
	// Tests are those that prove it, as "package.Test…".
	Tests []string
	// Off are the rules that, switched off, make a test fail: named here or, in
	// OffAs, where another row or a guarantee has them.
	Off   []Mutation
	OffAs []string
	// NoRule says why there is nothing to be switched off. A row has either this
	// or a mutation.
	NoRule string
}

// Mutation switches one rule off, and names the test that must notice.
type Mutation struct {
	// Name says what is then so: "a lapsed assessment does not matter".
	Name string
	// Guarantee is the one of ARCHITECTURE.md that is lost: "G4"; "" for the
	// rules of a row. Those of guarantees are tried in every full run.
	Guarantee string
	// Test is the one that must fail: "internal/access.TestDecide", or with a
	// subtest "internal/gate.TestNoEntryNoData/sqlite".
	Test  string
	Edits []Edit
	// Hangs says that the test then waits for something that never comes.
	Hangs bool
}

// Edit is one literal change of a source file, in a copy that only the build
// for these tests sees; there is no switch in the program. From must stand in
// the file once.
//
// The word OFF in To stands for a condition that is true when the rule is
// switched off, so that one build serves many rules. An edit without it is
// always in force, and its rule has a build of its own.
type Edit struct {
	File     string // from the module's root: "internal/access/decide.go"
	From, To string
}

// Without leaves a statement out.
func Without(file, statement string) Edit {
	return Edit{file, statement, "if !OFF {\n" + statement + "\n}\n"}
}

// Never makes a condition false.
func Never(file, condition string) Edit {
	return Edit{file, condition, "(!OFF && (" + condition + "))"}
}

// Always makes a condition true.
func Always(file, condition string) Edit {
	return Edit{file, condition, "(OFF || (" + condition + "))"}
}

// First puts statements before the text that is there.
func First(file, before, statements string) Edit {
	return Edit{file, before, "if OFF {\n" + statements + "\n}\n" + before}
}

// Laws are all laws, in the order of the document.
var Laws = []*Law{
	&circular46,
	&decree47,
	&letters,
	&identification,
	&decree70,
	&decree137,
	&decision20,
	&decree61,
	&accounts,
	&personalData,
}

// Mutations are all of them: the guarantees', then those of the rows.
func Mutations() []Mutation {
	out := slices.Clone(guarantees)
	for _, l := range Laws {
		for _, r := range l.Rows {
			out = append(out, r.Off...)
		}
	}
	return out
}
