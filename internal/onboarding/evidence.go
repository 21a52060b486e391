package onboarding

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"dancu/internal/db"
)

// Files returns the ids of the evidence files that the matter refers to, in
// answers that are files: those of its sections as they are, and those of every
// act that was done. A text that looks like a file's id is none: whoever may
// see the matter may read these files.
func (s *Sight) Files() []string {
	var out []string
	kind := kindOf(s.Matter.Kind)
	parts := s.Matter.sections()
	for i := range s.Sections {
		out = append(out, s.Sections[i].Form.files(parts[s.Sections[i].Name])...)
	}
	for i := range s.Done {
		out = append(out, s.filesOf(kind, &s.Done[i])...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// filesOf are those of one act. Several rows of an act may ask different forms.
func (s *Sight) filesOf(kind *KindInfo, d *Done) (out []string) {
	if d.Act == "open" {
		return kind.Open.files(d.Input)
	}
	if d.Act == "save" {
		for i := range s.Sections {
			out = append(out, s.Sections[i].Form.files(d.Input)...)
		}
	}
	for _, r := range rowsOf(kind.Kind, d.Act) {
		out = append(out, r.Form.files(d.Input)...)
	}
	return out
}

// files returns the ids of files in answers to a form.
func (f Form) files(raw json.RawMessage) (out []string) {
	values := map[string]json.RawMessage{}
	if len(raw) == 0 || json.Unmarshal(raw, &values) != nil {
		return nil
	}
	for i := range f {
		var ids []string
		if f[i].Type == TypeFiles && json.Unmarshal(values[f[i].Name], &ids) == nil {
			out = append(out, ids...)
		}
	}
	return out
}

// Refers returns those of the ids of evidence files that any matter, or any act
// that was done, refers to: the others may go. It rather takes too many than too
// few.
func (o *Onboarding) Refers(ctx context.Context, ids []string) (out []string, err error) {
	for _, id := range ids {
		refers, err := refersTo(ctx, o.main, id)
		if err != nil {
			return nil, err
		}
		if refers {
			out = append(out, id)
		}
	}
	return out, nil
}

func refersTo(ctx context.Context, q db.Querier, id string) (bool, error) {
	like := `%"` + likeEscaper.Replace(id) + `"%`
	var n int64
	err := q.QueryRow(ctx, `SELECT (SELECT count(*) FROM (SELECT 1 FROM matters WHERE doc LIKE $1 ESCAPE '\' LIMIT 1) AS d)
		+ (SELECT count(*) FROM (SELECT 1 FROM matter_acts WHERE input LIKE $1 ESCAPE '\' LIMIT 1) AS a)`, like).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("couldn't look for matters of a file: %w", err)
	}
	return n > 0, nil
}
