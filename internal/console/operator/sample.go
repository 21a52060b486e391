package operator

import (
	"encoding/json"
	"time"

	"github.com/a-h/templ"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
)

// Samples are the pages of this package with made-up data.
func Samples() []site.Sample {
	return []site.Sample{
		{Name: "acts", Kind: identity.Administrator, Path: "/acts", Title: i18n.ActsTitle, Draw: func(p ui.Page) templ.Component {
			payload, _ := json.Marshal(identity.NewAccount{Name: "Hoàng Văn Mẫu", Login: "hoang.van.mau"})
			at := site.SampleTime
			return listPage(newListView(p, "me", []identity.Proposal{
				{ID: "a", Act: identity.TwoPersonAct{Kind: identity.NewAdministrator, Payload: payload, Reason: "Bổ sung quản trị theo Công văn số 15/MAU"}, State: identity.Proposed, By: "other", ByCode: "QT-0001", Created: at.Add(-time.Hour), Expires: at.Add(71 * time.Hour)},
				{ID: "b", Act: identity.TwoPersonAct{Kind: identity.FactorReset, Reason: "Cán bộ mất điện thoại, đã xác minh trực tiếp"}, State: identity.Proposed, By: "me", ByCode: "QT-0002", Created: at.Add(-2 * time.Hour), Expires: at.Add(70 * time.Hour)},
				{ID: "c", Act: identity.TwoPersonAct{Kind: identity.FactorReset, Reason: "Yêu cầu qua điện thoại"}, State: identity.Declined, By: "me", ByCode: "QT-0002", Created: at.AddDate(0, 0, -4), Expires: at.AddDate(0, 0, -1), Note: "Chưa xác minh được người yêu cầu"},
				{ID: "d", Act: identity.TwoPersonAct{Kind: identity.NewAdministrator, Payload: payload, Reason: "Thay người nghỉ chế độ"}, State: identity.Executed, By: "other", ByCode: "QT-0001", Created: at.AddDate(0, 0, -9), Expires: at.AddDate(0, 0, -6)},
			}))
		}},
		{Name: "acts-propose", Kind: identity.Administrator, Path: "/acts/administrator", Title: i18n.PeopleAdminPropose, Draw: func(p ui.Page) templ.Component {
			return proposePage(newProposeView(p))
		}},
		{Name: "acts-secret", Kind: identity.Administrator, Path: "/acts", Title: i18n.ActsSecretTitle, Draw: func(p ui.Page) templ.Component {
			p.Lead = p.Lang.T(i18n.IssuedLead)
			return secretPage(secretView{Page: p, Secret: "mau-4K7Q-9TZX-2MNP"})
		}},
	}
}
