package guides

import (
	"time"

	"github.com/a-h/templ"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/manual"
)

// sampleOwn is a made-up guide of an agency's own, in three versions.
func sampleOwn() (all []manual.Own) {
	for i, changes := range [][]string{{"Thêm mục tra cứu hộ gia đình", "Sửa số điện thoại hỗ trợ"}, {"Bổ sung cách xử lý khi kết nối bị khoá"}, {"Bản đầu tiên"}} {
		all = append(all, manual.Own{
			Version: int64(3 - i), At: site.SampleTime.AddDate(0, -i, -2), Writer: "QT-H98", Title: "Hướng dẫn tra cứu tại bộ phận một cửa tỉnh Mẫu", Changes: changes,
			Text: "## Trước khi tra cứu\n\nChỉ tra cứu khi **đang giải quyết hồ sơ**.\n\n1. Mở hồ sơ trên hệ thống một cửa.\n2. Sao chép mã hồ sơ.\n\n## Hỗ trợ\n\nGọi *bộ phận một cửa*, hoặc xem [danh bạ](/contacts).\n",
		})
	}
	return all
}

// SampleNotices are made-up notices of an agency.
func SampleNotices() []manual.Notice {
	now := site.SampleTime
	return []manual.Notice{
		{ID: "01990a5e-6666-7000-8000-000000000002", Text: "Từ ngày 01/12 dùng mẫu mã hồ sơ mới. Xem mục 2 của hướng dẫn.", At: now.AddDate(0, 0, -1), Until: now.AddDate(0, 0, 6), Writer: "QT-H98"},
		{ID: "01990a5e-6666-7000-8000-000000000001", Text: "Thứ Bảy bảo trì hệ thống một cửa.", At: now.AddDate(0, 0, -3), Until: now.Add(26 * time.Hour), Writer: "QT-H98"},
	}
}

// Samples are the pages of this package with made-up data.
func Samples() []site.Sample {
	shelf, err := manual.NewShelf(nil)
	if err != nil {
		panic(err) // a test reads them
	}
	officer := shelf.Guide("officer")
	return []site.Sample{
		{Name: "guides", Kind: identity.AgencyAdmin, Path: "/guides", Title: i18n.GuidesTitle, Draw: func(p ui.Page) templ.Component {
			return listPage(newListView(p, identity.AgencyAdmin, shelf, nil))
		}},
		{Name: "guide", Kind: identity.AgencyOfficer, Path: "/guides/officer", Title: i18n.GuidesTitle, Draw: func(p ui.Page) templ.Component {
			return guidePage(newShelfView(p, officer, officer.Version("")))
		}},
		{Name: "guide-old", Kind: identity.AgencyAdmin, Path: "/guides/own", Title: i18n.GuidesTitle, Draw: func(p ui.Page) templ.Component {
			all := sampleOwn()
			v, err := newOwnView(p, identity.AgencyAdmin, all[1], all)
			if err != nil {
				panic(err) // the text above is at fault
			}
			return guidePage(v)
		}},
		{Name: "guide-write", Kind: identity.AgencyAdmin, Path: "/agency/guide", Title: i18n.GuideWriteTitle, Draw: func(p ui.Page) templ.Component {
			v := newWriteView(p, &sampleOwn()[0])
			v.Changes.Error = p.Lang.T(i18n.GuideChangesMissing)
			v.Mistakes = ui.Mistakes(v.Title, v.Changes, v.Text)
			v.keeping(&ui.KeepOf{Action: "/agency/guide"})
			v.Kept = &ui.KeptOf{Form: "/agency/guide", When: p.Lang.Time(site.SampleTime.Add(-time.Hour)), Until: p.Lang.Date(site.SampleTime.AddDate(0, 0, 30))}
			return writePage(v)
		}},
		{Name: "board", Kind: identity.AgencyAdmin, Path: "/agency/board", Title: i18n.BoardTitle, Draw: func(p ui.Page) templ.Component {
			return noticesPage(newNoticesView(p, SampleNotices()))
		}},
	}
}
