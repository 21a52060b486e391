package people

import (
	"net/http"
	"strings"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/identity"
)

// maxExport is how many accounts a file has at most.
const maxExport = 20_000

// Export gives out exactly the accounts that the list shows, all pages of them.
// What is typed may name a person, so it comes by POST.
func Export(s *Scope) site.Handler {
	return func(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
		f, err := v.Form(r)
		if err != nil {
			return err
		}
		filter := identity.Filter{
			Kind: identity.Kind(f.Raw("kind")), State: identity.State(f.Raw("state")), Text: f.Text("text", maxFind), Limit: found,
		}
		name := s.Base[strings.LastIndexByte(s.Base, '/')+1:]
		t := &site.Table{Name: name + "-" + v.Stamp(), Sheet: v.T(s.Title)}
		for _, c := range []struct {
			name  string
			label i18n.Msg
		}{
			{"name", i18n.ColumnName},
			{"code", i18n.FieldCode},
			{"login", i18n.FieldLogin},
			{"kind", i18n.ColumnKindOf},
			{"unit", i18n.ColumnUnit},
			{"state", i18n.ColumnState},
			{"factor", i18n.ColumnFactor},
			{"lastSignIn", i18n.ColumnLast},
		} {
			t.Columns = append(t.Columns, site.Column{Name: c.name, Label: v.T(c.label)})
		}
		t.Rows = func(add func(...site.Cell) error) error {
			for n := 0; n < maxExport; {
				accounts, next, err := v.Identity.Accounts(r.Context(), v.Actor(), filter)
				if err != nil {
					return err
				}
				for _, a := range accounts {
					x := newRow(v.Lang, a, v.Moment())
					cells := append(site.Texts(x.Name, x.Code, x.Login, x.Kind, x.Unit, x.State, x.Factor), site.Moment(a.LastSignIn))
					if err := add(cells...); err != nil {
						return err
					}
				}
				n += len(accounts)
				if filter.After = next; next == "" {
					return nil
				}
			}
			return nil
		}
		return site.SendTable(w, t, site.FormatOf(f.Raw("as")))
	}
}
