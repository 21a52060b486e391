package compliance

import (
	"fmt"
	"path"
	"strings"
)

const preface = `# Law, code, test

<!-- Written from internal/compliance by "make generate". Do not edit. -->

Which article is kept where, which test would fail if it were not, and what was switched off to see it fail. Nothing here is
kept by hand: what is named is looked for in the source before every commit (` + "`make check`" + `), and ` + "`make nightly`" + ` switches every rule
off in turn, in a build of its own, and demands that the test named fails.

Điều nào được bảo đảm ở đâu trong mã, phép thử nào sẽ báo lỗi nếu không còn được bảo đảm, và quy tắc nào đã được tắt thử để thấy
phép thử báo lỗi. Bảng này sinh ra từ mã nguồn, không sửa tay.

Marks: **V** verified in a source that was read; **V2** in a secondary source only; **setting** where the text was not obtained or
leaves it open, so that an operator decides and nothing is built in. What a text asks is told in few words, not quoted.
`

// document is docs/compliance.md.
func document(s *source) (string, error) {
	mutations := map[string]*Mutation{}
	for _, m := range Mutations() {
		mutations[m.Name] = &m
	}
	var b strings.Builder
	b.WriteString(preface)
	for _, l := range Laws {
		fmt.Fprintf(&b, "\n## %s\n\n*%s*\n\n", l.Name.EN, l.Name.VI)
		b.WriteString("| Article | What it asks | Mark | Kept by | Test | Switched off, and the test that fails |\n|---|---|---|---|---|---|\n")
		for _, r := range l.Rows {
			by, err := links(s, r.By)
			if err != nil {
				return "", err
			}
			proofs, err := links(s, r.Tests)
			if err != nil {
				return "", err
			}
			article, marks := "", make([]string, len(r.Marks))
			if r.Article != "" {
				article = "Art. " + r.Article
			}
			for i, m := range r.Marks {
				marks[i] = string(m)
			}
			var fails []string
			for _, name := range r.rules() {
				m := mutations[name]
				_, test, _ := m.test()
				fails = append(fails, fmt.Sprintf("%s (`%s`)", name, test))
			}
			if r.NoRule != "" {
				fails = append(fails, "*"+r.NoRule+"*")
			}
			fmt.Fprintf(&b, "| %s | %s<br>*%s* | %s | %s<br>%s | %s | %s |\n", article, r.Asks.EN, r.Asks.VI,
				strings.Join(marks, ", "), r.Kept, strings.Join(by, ", "), strings.Join(proofs, ", "), strings.Join(fails, "<br>"))
		}
	}
	fmt.Fprintf(&b, "\n## Guarantees\n\nWhat is switched off for every guarantee of [ARCHITECTURE.md](../ARCHITECTURE.md), in every full run of the tests:\n\n")
	b.WriteString("| Guarantee | Switched off | Test that fails |\n|---|---|---|\n")
	for _, m := range guarantees {
		pkg, name, _ := m.test()
		test, err := links(s, []string{pkg + "." + name})
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", m.Guarantee, m.Name, test[0])
	}
	fmt.Fprintf(&b, "\n## Not verified\n\n%s\n\n%s\n", unverified.EN, unverified.VI)
	return b.String(), nil
}

// test takes a mutation's test apart: "internal/gate", "TestX", "sqlite".
func (m *Mutation) test() (pkg, name, sub string) {
	base := strings.Index(m.Test, ".Test")
	if base < 0 {
		return m.Test, "", ""
	}
	name, sub, _ = strings.Cut(m.Test[base+1:], "/")
	return m.Test[:base], name, sub
}

// rules are the names of the mutations that prove the row.
func (r *Row) rules() []string {
	var names []string
	for _, m := range r.Off {
		names = append(names, m.Name)
	}
	return append(names, r.OffAs...)
}

// links are names as links to their files.
func links(s *source, names []string) ([]string, error) {
	out := make([]string, len(names))
	for i, n := range names {
		file, err := s.file(n)
		if err != nil {
			return nil, err
		}
		shown := n
		if file != n {
			shown = path.Base(n)
			if pkg, symbol, ok := strings.Cut(shown, "."); ok && (strings.HasPrefix(symbol, "Test") || pkg == "") {
				shown = symbol
			}
		}
		out[i] = fmt.Sprintf("[`%s`](../%s)", shown, file)
	}
	return out, nil
}
