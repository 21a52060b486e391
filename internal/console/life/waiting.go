package life

import (
	"context"
	"slices"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/identity"
)

// waitingView is an act of two people on a matter that waits for the second.
type waitingView struct {
	What, By, Reason, Until, Href string
	// Own says that the visitor proposed it, Confirm that the visitor may confirm
	// it.
	Own, Confirm bool
}

// maxWaiting is how many a matter's page shows; all are on the page of acts.
const maxWaiting = 5

// waiting are the proposals that wait about a matter, for whoever may propose or
// confirm such acts: to others, the reason of what may never happen is no matter.
func waiting(ctx context.Context, v *site.Visit, matter string) (out []waitingView, _ error) {
	kind := v.Kind()
	if !slices.ContainsFunc(identity.ActsForTwo(), func(a identity.Act) bool { return identity.May(kind, a) }) {
		return nil, nil
	}
	list, _, err := v.Identity.Proposals(ctx, v.Actor(), identity.ProposalFilter{Subject: matter, State: identity.Proposed, Limit: maxWaiting})
	if err != nil {
		return nil, err
	}
	for i := range list {
		out = append(out, newWaitingView(v.Lang, &list[i]))
	}
	return out, nil
}

func newWaitingView(l i18n.Lang, x *identity.Listed) waitingView {
	return waitingView{
		What: l.Text(x.Title), By: x.ByCode + " · " + l.Time(x.Created), Reason: x.Act.Reason, Until: l.Time(x.Expires), Own: x.Own, Confirm: x.MayConfirm,
		Href: site.With("/acts", "kind", x.Act.Kind, "state", string(identity.Proposed)) + "#act-" + x.ID,
	}
}

// sampleWaiting is one for the gallery.
func sampleWaiting(l i18n.Lang) []waitingView {
	x := identity.Listed{
		Proposal: identity.Proposal{
			ID: "01990a5e-8888-7000-8000-000000000001", Act: identity.TwoPersonAct{Kind: "life.connection.unlock", Reason: "Đã rà soát lưu lượng, nguyên nhân do lỗi lặp; cơ quan đã khắc phục"},
			ByCode: "GS-0002", Created: site.SampleTime.Add(-2 * time.Hour), Expires: site.SampleTime.Add(70 * time.Hour),
		},
		Title: access.Text{VI: "Mở khoá kết nối", EN: "Unlock the connection"}, MayConfirm: true,
	}
	return []waitingView{newWaitingView(l, &x)}
}
