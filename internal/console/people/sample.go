package people

import (
	"fmt"
	"time"

	"github.com/a-h/templ"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
)

// SampleOfficers are made-up officers in every state.
func SampleOfficers() []identity.Account {
	names := []string{"Trần Văn Mẫu", "Lê Thị Thử", "Phạm Đức Ví Dụ", "Đặng Thuỳ Minh Hoạ", "Vũ Hoàng Giả Định"}
	units := []string{"Bộ phận một cửa", "Phòng Tư pháp", "Điểm phục vụ bưu chính công ích số 3", "", "Bộ phận một cửa"}
	var out []identity.Account
	for i, n := range names {
		a := site.SampleAccount(identity.AgencyOfficer)
		a.ID, a.Name, a.Unit = fmt.Sprintf("01990a5e-0000-7000-8000-00000000001%d", i), n, units[i]
		a.Code, a.Login = fmt.Sprintf("CB-%04d", 200+i), fmt.Sprintf("can.bo.%d", i+1)
		switch i {
		case 1:
			a.LockedUntil = site.SampleTime.Add(11 * time.Minute)
		case 2:
			a.LastSignIn, a.TOTP, a.Passkeys = time.Time{}, false, 0
		case 4:
			a.State, a.Reason = identity.Disabled, "Chuyển công tác theo Quyết định số 12/QĐ-MAU"
		}
		out = append(out, a)
	}
	return out
}

func sampleStaff() []identity.Account {
	out := SampleOfficers()[:4]
	kinds := []identity.Kind{identity.Inspector, identity.Administrator, identity.Support, identity.AgencyAdmin}
	for i := range out {
		out[i].Kind, out[i].Agency = kinds[i], ""
	}
	out[3].Agency = "tinh-mau"
	return out
}

// Samples are the pages of this package with made-up data.
func Samples() []site.Sample {
	list := func(s *Scope, accounts []identity.Account) func(p ui.Page) templ.Component {
		return func(p ui.Page) templ.Component {
			p.Act = ui.Entry{Label: p.Lang.T(s.New), Href: s.Base + "/new"}
			v := newListView(p, s, "", "")
			v.fill(accounts, site.SampleTime)
			v.Count = p.Lang.T(i18n.PeopleCount, p.Lang.Int(int64(len(accounts))))
			v.Pager.Next = s.Base + "?after=x"
			return listPage(v)
		}
	}
	return []site.Sample{
		{Name: "officers", Kind: identity.AgencyAdmin, Path: Officers.Base, Title: Officers.Title, Draw: list(Officers, SampleOfficers())},
		{Name: "officers-none", Kind: identity.AgencyAdmin, Path: Officers.Base, Title: Officers.Title, Draw: func(p ui.Page) templ.Component {
			return listPage(newListView(p, Officers, "", ""))
		}},
		{Name: "officer-new", Kind: identity.AgencyAdmin, Path: Officers.Base + "/new", Title: Officers.New, Draw: func(p ui.Page) templ.Component {
			v := newNewView(p, Officers)
			v.Name.Value, v.Login.Value = "Trần Văn Mẫu", "Tran Van Mau"
			v.Login.Error = identity.LoginInvalid.Text(p.Lang.String())
			v.Code.Error = p.Lang.T(i18n.FieldCodeMissing)
			return newPage(v)
		}},
		{Name: "officer-issued", Kind: identity.AgencyAdmin, Path: Officers.Base + "/new", Title: i18n.IssuedTitle, Draw: func(p ui.Page) templ.Component {
			p.Lead = p.Lang.T(i18n.IssuedLead)
			return issuedPage(issuedView{Page: p, Name: "Trần Văn Mẫu", Login: "tran.van.mau", Password: "mau-4K7Q-9TZX-2MNP", Back: Officers.Base})
		}},
		{Name: "staff", Kind: identity.Administrator, Path: Staff.Base, Title: Staff.Title, Draw: list(Staff, sampleStaff())},
		{Name: "staff-new", Kind: identity.Administrator, Path: Staff.Base + "/new", Title: Staff.New, Draw: func(p ui.Page) templ.Component {
			return newPage(newNewView(p, Staff))
		}},
		{Name: "staff-one", Kind: identity.Administrator, Path: Staff.Base + "/x", Title: i18n.OneFacts, Draw: func(p ui.Page) templ.Component {
			return onePage(newAccount(p, Staff, sampleStaff()[0], identity.Administrator, site.SampleTime, ""))
		}},
		{Name: "review", Kind: identity.AgencyAdmin, Path: Officers.Reviews, Title: i18n.ReviewTitle, Draw: func(p ui.Page) templ.Component {
			r := sampleReview(SampleOfficers())
			return reviewPage(newReviewView(p, Officers, []identity.ReviewDue{sampleDue(r.ID)}, &r, site.SampleTime))
		}},
		{Name: "review-register", Kind: identity.Administrator, Path: Staff.Reviews, Title: i18n.ReviewTitle, Draw: func(p ui.Page) templ.Component {
			due := []identity.ReviewDue{sampleDue(""), sampleDue(""), sampleDue("")}
			due[1].Agency, due[2].Agency, due[2].Overdue, due[2].Last = "tinh-mau", "bo-mau", true, time.Time{}
			return reviewPage(newReviewView(p, Staff, due, nil, site.SampleTime))
		}},
	}
}

func sampleReview(accounts []identity.Account) identity.Review {
	r := identity.Review{ID: "01990a5e-0000-7000-8000-0000000000aa", Opened: site.SampleTime.AddDate(0, 0, -3)}
	for i, a := range accounts {
		it := identity.ReviewItem{Account: a}
		switch i {
		case 0:
			it.Verdict = "kept"
		case 4:
			it.Verdict, it.Note = "disabled", "Đã chuyển công tác"
		}
		r.Items = append(r.Items, it)
	}
	return r
}

func sampleDue(open string) identity.ReviewDue {
	return identity.ReviewDue{Last: site.SampleTime.AddDate(0, -3, 4), Due: site.SampleTime.AddDate(0, 0, 6), Open: open}
}

// SampleAccount is a made-up account in a page of another audience.
func SampleAccount(p ui.Page, s *Scope, a identity.Account, by identity.Kind) Account {
	return newAccount(p, s, a, by, site.SampleTime, "")
}
