package setting

import (
	"time"

	"github.com/a-h/templ"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/identity"
	"dancu/internal/settings"
)

// Samples are the pages of this package with made-up data.
func Samples() []site.Sample {
	return []site.Sample{
		{Name: "settings", Kind: identity.Administrator, Path: "/settings", Title: i18n.SettingsTitle, Draw: func(p ui.Page) templ.Component {
			return listPage(newListView(p, sampleRows(), "", ""))
		}},
		{Name: "settings-none", Kind: identity.Supervisor, Path: "/settings?q=xyz", Title: i18n.SettingsTitle, Draw: func(p ui.Page) templ.Component {
			return listPage(newListView(p, sampleRows(), "xyz", ""))
		}},
		{Name: "settings-one", Kind: identity.Supervisor, Path: "/settings/identity.idle", Title: i18n.SettingsTitle, Draw: func(p ui.Page) templ.Component {
			rows := sampleRows()
			v := newOneView(p, &rows[3], []settings.Change{*rows[3].Changed})
			v.Value.Value, v.Value.Error = "20m", p.Lang.T(i18n.SettingsNewHint, "1m0s", "15m0s")
			v.Waiting = []ui.Entry{{Label: p.Lang.T(i18n.SettingsWaiting, "12m0s", "GS-0001", "Theo kết luận họp ngày 18/11"), Href: "/acts"}}
			return onePage(v)
		}},
	}
}

func sampleRows() []settings.Row {
	one := func(name, value, origin string, run *settings.Run) settings.Row {
		return settings.Row{Item: settings.Item{Name: name, Value: value, Default: value, Origin: origin, Run: run}, InForce: value}
	}
	run := func(vi, en, low, high, law string) *settings.Run {
		return &settings.Run{Label: access.Text{VI: vi, EN: en}, Low: low, High: high, Law: law}
	}
	out := []settings.Row{
		one("state", "/var/lib/dancu", "file /etc/dancu/dancu.yaml", nil), one("api.listen", "0.0.0.0:8443", "file /etc/dancu/dancu.yaml", nil),
		one("gate.queue", "2048", "default", nil),
		one("identity.idle", "15m0s", "default", run("Phiên tự kết thúc khi không thao tác", "A session ends without a request after", "1m0s", "15m0s", "QCVN 12:2026/BCA, 3.7.2")),
		one("identity.failures", "5", "environment DANCU_IDENTITY_FAILURES", run("Số lần sai liên tiếp thì khoá tài khoản", "Failures in a row that lock an account", "1", "5", "QCVN 12:2026/BCA, 3.7.2")),
		one("notify.longest_wait", "6h0m0s", "default", run("Chờ lâu nhất giữa hai lần gửi", "The longest wait between attempts", "1m0s", "168h0m0s", "")),
	}
	out[3].InForce, out[3].Changed = "10m0s", &settings.Change{
		Version: 1, Name: "identity.idle", Was: "15m0s", Value: "10m0s", Proposer: "QT-0001", Confirmer: "GS-0001", Reason: "Máy dùng chung tại bộ phận một cửa", Made: site.SampleTime.Add(-72 * time.Hour),
	}
	out[5].Out = "notify.longest_wait: must be between 7h0m0s and 168h0m0s"
	return out
}
