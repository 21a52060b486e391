package onboarding

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/google/uuid"
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
		out = append(out, s.Sections[i].Form.Files(parts[s.Sections[i].Name])...)
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
		return kind.Open.Files(d.Input)
	}
	if d.Act == "save" {
		for i := range s.Sections {
			out = append(out, s.Sections[i].Form.Files(d.Input)...)
		}
	}
	for _, r := range rowsOf(kind.Kind, d.Act) {
		out = append(out, r.Form.Files(d.Input)...)
	}
	return out
}

// Files returns the ids of files in answers to a form.
func (f Form) Files(raw json.RawMessage) (out []string) {
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

// Referred returns which of these ids of files stand in a matter or in what was
// done to one. A text that happens to look like an id counts: rather keep a
// file too many.
func (o *Onboarding) Referred(ctx context.Context, ids []string) (out []string, err error) {
	for _, id := range ids {
		if uuid.Validate(id) != nil {
			continue
		}
		there, err := mentioned(ctx, o.main, id)
		if err != nil {
			return nil, err
		}
		if there {
			out = append(out, id)
		}
	}
	return out, nil
}
