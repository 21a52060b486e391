package citizen

import (
	"net/http"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
)

// totalsView is the published months.
type totalsView struct {
	ui.Page
	Rows []totalRow
}

type totalRow struct{ Month, Answered, Refused string }

func newTotalsView(page ui.Page, months []Month) totalsView {
	l := page.Lang
	v := totalsView{Page: page}
	v.Lead = l.T(i18n.TotalsLead)
	for _, m := range months {
		v.Rows = append(v.Rows, totalRow{l.T(i18n.MeMonth, m.From.In(access.Zone).Format("01/2006")), l.Int(m.Answered), l.Int(m.Refused)})
	}
	return v
}

// Totals shows how many calls there were each month, those under seal among
// them. It is for everybody, and names nobody.
func (p *Pages) Totals(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	months, err := p.c.Totals(r.Context())
	if err != nil {
		return err
	}
	return v.Render(w, r, http.StatusOK, totalsPage(newTotalsView(v.Page(i18n.TotalsTitle), months)))
}
