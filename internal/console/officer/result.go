package officer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/ui"
	"dancu/internal/gate"
)

// resultView is what became of a look-up: the answer or the refusal.
type resultView struct {
	Lang i18n.Lang
	// Headline says it in a few words, and is what is read out first.
	Headline, Text string
	Tone           ui.Tone
	Facts          []ui.Fact // of one person
	Table          *ui.TableOf
	Purpose        []ui.Fact // for what, by whom, when
	Receipt        string    // the JSON of the receipt; "" for a refusal
	Refusal        *refusalView
}

// refusalView says why, and what to do.
type refusalView struct {
	Code                               string
	What, Why, Law, Next, Citizen, Log string
}

func newAnswerView(l i18n.Lang, name string, c *gate.Call, chosen *preset, a *gate.Answer, now time.Time) (*resultView, error) {
	v := &resultView{Lang: l, Tone: ui.OK}
	var people []map[string]json.RawMessage
	for _, p := range a.People {
		var m map[string]json.RawMessage
		if err := json.Unmarshal(p.Append(nil, c.Fields), &m); err != nil {
			return nil, fmt.Errorf("couldn't read what was found: %w", err)
		}
		people = append(people, m)
	}
	switch {
	case c.Service == access.Verify && a.Match:
		v.Headline, v.Text = l.T(i18n.ResultMatch), l.T(i18n.ResultMatchText)
	case c.Service == access.Verify:
		v.Headline, v.Text, v.Tone = l.T(i18n.ResultNoMatch), l.T(i18n.ResultNoMatchText), ui.Warn
	case len(people) == 0:
		v.Headline, v.Text, v.Tone = l.T(i18n.ResultNobody), l.T(i18n.ResultNobodyText), ui.Warn
	case c.Service == access.Lookup:
		v.Headline = l.T(i18n.ResultFound)
		for f := range c.Fields.All() {
			v.Facts = append(v.Facts, ui.Fact{Term: FieldName(l, f), Is: ui.Lines(readable(l, f, people[0][f.String()]))})
		}
	case c.Service == access.Household:
		v.Headline, v.Table = l.T(i18n.ResultMembers, l.Int(int64(len(people)))), peopleTable(l, c.Fields, people)
	default:
		v.Headline, v.Table = l.T(i18n.ResultPeople, l.Int(int64(len(people)))), peopleTable(l, c.Fields, people)
	}
	v.Purpose = purpose(l, c, chosen, now)
	v.Purpose = append(v.Purpose, ui.Fact{Term: l.T(i18n.ResultOfficer), Is: ui.Text(name + " · " + c.Officer.ID)})
	v.Purpose = append(v.Purpose,
		ui.Fact{Term: l.T(i18n.ResultEntry), Is: ui.Number(l.Int(a.Index))},
		ui.Fact{Term: l.T(i18n.ResultRequest), Is: ui.Key(c.RequestID)})
	var receipt bytes.Buffer
	if err := json.Indent(&receipt, a.Receipt, "", "  "); err != nil {
		return nil, fmt.Errorf("couldn't read the receipt: %w", err)
	}
	v.Receipt = receipt.String()
	return v, nil
}

// peopleTable lists several people; their numbers are masked, for a list is
// read over shoulders and one person is whom the officer wants.
func peopleTable(l i18n.Lang, fields access.FieldSet, people []map[string]json.RawMessage) *ui.TableOf {
	t := &ui.TableOf{Caption: l.T(i18n.ResultTitle)}
	for f := range fields.All() {
		t.Columns = append(t.Columns, ui.Column{Head: FieldName(l, f)})
	}
	for _, p := range people {
		var row ui.Row
		for f := range fields.All() {
			if f == access.PIN || f == access.CMND {
				var number string
				if json.Unmarshal(p[f.String()], &number) == nil && number != "" {
					row = append(row, ui.Masked(l, number))
					continue
				}
			}
			row = append(row, ui.Lines(readable(l, f, p[f.String()])))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// purpose is for what the look-up was made.
func purpose(l i18n.Lang, c *gate.Call, chosen *preset, now time.Time) []ui.Fact {
	facts := []ui.Fact{
		{Term: l.T(i18n.LookupPurpose), Is: ui.Text(c.Procedure + " · " + l.Text(chosen.system))},
		{Term: l.T(i18n.LookupCase), Is: ui.Text(c.Case)},
		{Term: l.T(i18n.ResultAt), Is: ui.Number(l.Seconds(now))},
	}
	if g := chosen.grants[c.Service]; g != nil && g.LegalBasis != (access.Text{}) {
		facts = append(facts, ui.Fact{Term: l.T(i18n.RefusedLaw), Is: ui.Text(l.Text(g.LegalBasis))})
	}
	return facts
}

func newRefusalView(l i18n.Lang, c *gate.Call, chosen *preset, r *gate.Refusal, now time.Time) *resultView {
	v := &resultView{Lang: l, Tone: ui.Bad, Headline: l.T(i18n.RefusedTitle), Refusal: &refusalView{Code: string(r.Code)}}
	if r.Code == access.RequestReplayed {
		v.Tone = ui.Warn
		v.Text = l.T(i18n.RefusedBefore, l.Int(r.Index), outcome(l, r.First))
		v.Refusal = nil
		return v
	}
	info, _ := r.Code.Info()
	v.Text = l.Text(info.Title)
	v.Refusal.Why, v.Refusal.Law = l.Text(info.Cause), l.Text(info.Legal)
	v.Refusal.Next, v.Refusal.Citizen = l.Text(info.Officer), l.Text(info.Citizen)
	for _, reason := range r.Reasons {
		if reason.Code != r.Code {
			continue
		}
		for _, n := range reason.Names {
			if f, ok := access.ParseField(n); ok {
				n = FieldName(l, f)
			}
			v.Refusal.What = join(", ", v.Refusal.What, n)
		}
	}
	if r.Index >= 0 {
		v.Refusal.Log = l.T(i18n.RefusedEntry, l.Int(r.Index))
	}
	v.Purpose = purpose(l, c, chosen, now)
	return v
}

// outcome words the result of an entry.
func outcome(l i18n.Lang, result string) string {
	switch result {
	case "answered":
		return l.T(i18n.OutcomeAnswered)
	case "empty":
		return l.T(i18n.OutcomeEmpty)
	case "refused":
		return l.T(i18n.OutcomeRefused)
	}
	return result
}
