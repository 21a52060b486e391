package inspector

import (
	"net/http"
	"strconv"
	"strings"

	"dancu/internal/access"
	"dancu/internal/console/agency"
	"dancu/internal/console/i18n"
	"dancu/internal/console/officer"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/ledger"
)

// meView is who looked at a citizen's data.
type meView struct {
	ui.Page
	Rows  []meRow
	Pager ui.PagerOf
}

// meRow is one look, in plain words.
type meRow struct {
	Time, Index      string
	Agency, System   string
	What, Fields     string
	Procedure, Basis string
}

func newMeView(p ui.Page, records []ledger.Record) meView {
	l := p.Lang
	p.Lead = l.T(i18n.MeLead)
	v := meView{Page: p}
	for i := range records {
		r := &records[i]
		// What was refused showed nothing to anybody.
		if !strings.HasPrefix(r.Kind, "call.") || r.Code != "" {
			continue
		}
		c := site.CallOf(r)
		service, _ := access.ParseService(c.Service)
		row := meRow{
			Time: l.Time(r.Time), Index: strconv.FormatInt(r.Index, 10), Agency: c.Agency, System: c.System,
			What: agency.ServiceName(l, service), Procedure: c.Procedure, Basis: c.LegalBasis,
		}
		var names []string
		for _, f := range c.Asked {
			if x, ok := access.ParseField(f); ok {
				names = append(names, officer.FieldName(l, x))
			}
		}
		row.Fields = strings.Join(names, ", ")
		if service == access.Verify {
			row.Fields = l.T(i18n.MeVerifyOnly)
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}

// Mine shows a citizen who looked at their data.
func (p *Pages) Mine(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	pin, err := v.Identity.PersonOf(r.Context(), v.Session.ID)
	if err != nil {
		return err
	}
	before := beforeOf(r.URL.Query().Get("before"))
	res, err := p.log.Search(r.Context(), v.ReaderOf(i18n.VI.T(i18n.MeReason), identity.SeeOwnRecord), ledger.Query{
		Terms: []ledger.Term{{Kind: ledger.TermPerson, Value: pin}}, Before: before, Limit: perPage,
	})
	if err != nil {
		return err
	}
	view := newMeView(v.Page(i18n.MeTitle), res.Records)
	if before > 0 {
		view.Pager.First = "/me"
	}
	if res.Next > 0 {
		view.Pager.Next = site.With("/me", "before", strconv.FormatInt(res.Next, 10))
	}
	return v.Render(w, r, http.StatusOK, mePage(view))
}
