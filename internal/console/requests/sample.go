package requests

import (
	"github.com/a-h/templ"

	"dancu/internal/console/citizen"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/desk"
	"dancu/internal/identity"
)

// Samples are the pages of this package with made-up data.
func Samples() []site.Sample {
	p := New(nil, citizen.SamplePages())
	list := citizen.SampleRequests()
	return []site.Sample{
		{Name: "desk", Kind: identity.Support, Path: "/desk", Title: i18n.WorkTitle, Draw: func(page ui.Page) templ.Component {
			return listPage(p.newListView(page, desk.List{Requests: list, Next: list[3].ID}, desk.Filter{}))
		}},
		{Name: "desk-nothing", Kind: identity.AgencyAdmin, Path: "/desk", Title: i18n.WorkTitle, Draw: func(page ui.Page) templ.Component {
			return listPage(p.newListView(page, desk.List{}, desk.Filter{Open: true}))
		}},
		{Name: "desk-request", Kind: identity.AgencyAdmin, Path: "/desk/x", Title: i18n.WorkOne, Draw: func(page ui.Page) templ.Component {
			return onePage(p.newOneView(page, &list[0], desk.Agency))
		}},
		{Name: "desk-answered", Kind: identity.Support, Path: "/desk/x", Title: i18n.WorkOne, Draw: func(page ui.Page) templ.Component {
			v := p.newOneView(page, &list[2], desk.Register)
			v.Done = page.Lang.T(i18n.WorkDoneAnswered)
			return onePage(v)
		}},
	}
}
