package onboarding

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"dancu/internal/access"
)

var day1 = time.Date(2026, 3, 2, 9, 0, 0, 0, access.Zone)

// lifecycleDocument draws the table: for each kind its states as a diagram, its
// acts, and what each asks.
func lifecycleDocument() string {
	var b strings.Builder
	b.WriteString(`# Vòng đời kết nối · The life of a connection

This page is drawn from the table in ` + "`internal/onboarding/lifecycle.go`" + `; a test fails when it is not. What is not
in the table cannot be done. Every act is one transaction: it changes the matter, the standing that calls are judged by, tasks
and notices, and appends the entry named here, with who did it, in what office and why.

Trang này được sinh từ bảng trong mã nguồn. Việc không có trong bảng thì không thực hiện được; mỗi việc là một giao dịch và một
mục trong nhật ký.

| Mark | Meaning |
|---|---|
| 2 | the act takes two people: one proposes, another of the second offices confirms with a fresh second factor |
| ✎ | asks for a reason of at least ` + fmt.Sprint(MinReason) + ` characters |
| ✓ | asks for a second factor shown just now |
| * | the field must be filled in |

`)
	for _, k := range Kinds() {
		documentKind(&b, k)
	}
	b.WriteString("## Việc phải làm · Tasks\n\n| Task | | Whose | Clock | Law |\n|---|---|---|---|---|\n")
	o := New(Config{})
	for _, t := range TaskKinds() {
		clock := ""
		if t.Clock != "" {
			c, err := o.cat.Clock(t.Clock, access.DateOf(day1))
			if err != nil {
				panic(err) // the test of the table has looked
			}
			clock = fmt.Sprintf("%d %s", c.Number, c.Unit.Text().EN)
		}
		fmt.Fprintf(&b, "| `%s` | %s · %s | %s | %s | %s |\n", t.Kind, cell(t.Label.VI), cell(t.Label.EN), t.Owner.Label().EN, clock, cell(t.Law))
	}
	return b.String()
}

func documentKind(b *strings.Builder, k *KindInfo) {
	fmt.Fprintf(b, "## %s · %s (`%s`)\n\n", k.Title.VI, k.Title.EN, k.Kind)
	var about []string
	say := func(format string, args ...any) { about = append(about, fmt.Sprintf(format, args...)) }
	if k.Law != "" {
		say("Law: %s.", k.Law)
	}
	if len(k.By) > 0 {
		say("Opened by: %s. Entry: `%s`.", offices(k.By), k.Event)
		if list := tasksText(begins(k)); list != "" {
			say("Begins: %s.", list)
		}
	}
	for _, s := range k.Hidden {
		say("The agency does not see it while it is %s.", k.State(s).Label.EN)
	}
	for _, s := range k.Veiled {
		say("The agency does not see its sections while it is %s.", k.State(s).Label.EN)
	}
	if len(about) > 0 {
		b.WriteString(strings.Join(about, " ") + "\n\n")
	}
	b.WriteString("```mermaid\nstateDiagram-v2\n")
	for _, s := range k.States {
		fmt.Fprintf(b, "    %s: %s\n", node(s.Name), s.Label.VI)
	}
	fmt.Fprintf(b, "    [*] --> %s\n", node(k.First))
	var rows []Row
	for _, r := range Lifecycle() {
		if r.Kind != k.Kind {
			continue
		}
		rows = append(rows, r)
		for _, from := range r.From {
			for _, to := range append([]State{r.To}, r.Or...) {
				if to != "" && to != from {
					fmt.Fprintf(b, "    %s --> %s: %s\n", node(from), node(to), r.Name)
				}
			}
		}
	}
	for _, s := range k.Replaced {
		fmt.Fprintf(b, "    %s --> %s: (another takes its place)\n", node(s), node(Superseded))
	}
	for _, s := range k.States {
		if s.Final {
			fmt.Fprintf(b, "    %s --> [*]\n", node(s.Name))
		}
	}
	b.WriteString("```\n\n")
	if len(rows) > 0 {
		b.WriteString("| Act | | From | To | Who | Begins | Ends | Entry | Law |\n|---|---|---|---|---|---|---|---|---|\n")
	}
	for _, r := range rows {
		who, mark := offices(r.By), ""
		if r.Two() {
			who, mark = who+"; then "+offices(r.Confirm), " 2"
		}
		if r.Reason {
			mark += " ✎"
		}
		if r.Fresh {
			mark += " ✓"
		}
		to := statesText(k, r.Or)
		if r.To != "" {
			to = append(statesText(k, []State{r.To}), to...)
		} else {
			to = append([]string{"(stays)"}, to...)
		}
		fmt.Fprintf(b, "| `%s`%s | %s · %s | %s | %s | %s | %s | %s | `%s` | %s |\n", r.Name, mark, cell(r.Label.VI), cell(r.Label.EN),
			strings.Join(statesText(k, r.From), ", "), strings.Join(to, " or "), who,
			tasksText(slices.Concat(r.Opens, r.MayOpen)), tasksText(slices.Concat(r.Closes, r.MayClose)), r.Event, cell(r.Law))
	}
	b.WriteString("\n")
	documentForms(b, k, rows)
}

// documentForms lists what is asked, form by form.
func documentForms(b *strings.Builder, k *KindInfo, rows []Row) {
	type asked struct {
		where string
		form  Form
	}
	forms := []asked{{"opening it", k.Open}}
	for _, s := range k.Sections {
		forms = append(forms, asked{"section " + s.Title.EN, s.Form})
	}
	seen := map[string]bool{}
	for _, r := range rows {
		if !seen[r.Name] {
			seen[r.Name] = true
			forms = append(forms, asked{"`" + r.Name + "`", r.Form})
		}
	}
	any := false
	for _, f := range forms {
		for i := range f.form {
			field := &f.form[i]
			if !any {
				any = true
				b.WriteString("| Asked by | Field | | Type | Law |\n|---|---|---|---|---|\n")
			}
			star := ""
			if field.Required {
				star = "*"
			}
			fmt.Fprintf(b, "| %s | `%s`%s | %s · %s | %s | %s |\n", f.where, field.Name, star, cell(field.Label.VI), cell(field.Label.EN), field.Type, cell(field.Law))
		}
	}
	if any {
		b.WriteString("\n")
	}
}

func offices(list []Duty) string {
	var out []string
	for _, d := range list {
		out = append(out, d.Label().EN)
	}
	return strings.Join(out, ", ")
}

func statesText(k *KindInfo, list []State) (out []string) {
	for _, s := range list {
		out = append(out, k.State(s).Label.EN)
	}
	return out
}

func tasksText(list []TaskKind) string {
	var out []string
	for _, t := range list {
		out = append(out, "`"+string(t)+"`")
	}
	return strings.Join(out, ", ")
}

// node is a state's name as the diagram's language takes it.
func node(s State) string { return strings.ReplaceAll(cmp.Or(string(s), "none"), "-", "_") }

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
