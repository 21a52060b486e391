package agency

import (
	"net/http"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/onboarding"
)

// certificatesView is what the agency's systems call with.
type certificatesView struct {
	ui.Page
	Systems []systemView
	// Steps are how a certificate is replaced without a stop.
	Steps []string
}

// systemView is one system's certificates.
type systemView struct {
	Name, Note string
	Table      ui.TableOf
	Ways       []ui.Entry
}

// Certificates shows what the agency's systems call with: what holds now, what
// overlaps, what has ended; and leads to replacing it.
func (p *Pages) Certificates(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	who, err := p.cfg.Person(v)
	if err != nil {
		return err
	}
	return v.Render(w, r, http.StatusOK, certificatesPage(newCertificatesView(v.Page(i18n.CertificatesTitle), p.cfg.Standing.Directory(), who.Agency, v.Moment())))
}

func newCertificatesView(page ui.Page, dir *access.Directory, agency string, now time.Time) certificatesView {
	l := page.Lang
	page.Lead = l.T(i18n.CertificatesLead)
	page.Up = ui.Entry{Label: l.T(i18n.MenuAgency), Href: "/agency"}
	v := certificatesView{Page: page, Steps: []string{l.T(i18n.CertificateStep1), l.T(i18n.CertificateStep2), l.T(i18n.CertificateStep3), l.T(i18n.CertificateStep4)}}
	for s := range dir.Systems() {
		if s.Agency == agency {
			v.Systems = append(v.Systems, newSystemView(l, s, now))
		}
	}
	return v
}

func newSystemView(l i18n.Lang, s *access.System, now time.Time) systemView {
	base := matterHref(onboarding.KindSystem, s.ID)
	v := systemView{
		Name: l.Text(s.Name),
		Table: ui.TableOf{
			Caption: l.Text(s.Name), Empty: l.T(i18n.CertificatesNone),
			Columns: []ui.Column{{Head: l.T(i18n.CertificatePrint), Wide: true}, {Head: l.T(i18n.CertificateFrom)}, {Head: l.T(i18n.CertificateUntil)}, {Head: l.T(i18n.ColumnState)}, {Head: l.T(i18n.CertificateWay)}},
		},
		Ways: []ui.Entry{{Label: l.T(i18n.CertificateAdd), Href: base + "/act/certificate"}, {Label: l.T(i18n.CertificateCSR), Href: base + "/act/csr"}, {Label: l.T(i18n.CertificateSystem), Href: base}},
	}
	hold := 0
	for i := range s.Credentials {
		c := &s.Credentials[i]
		word, tone := l.T(i18n.CertificateHolds), ui.OK
		way := ui.Text("")
		switch days := daysTo(now, c.NotAfter); {
		case now.After(c.NotAfter):
			word, tone = l.T(i18n.CertificateOver), ui.Plain
		case now.Before(c.NotBefore):
			word, tone = l.T(i18n.CertificateNotYet), ui.Plain
		case days <= endUrgent:
			word, tone = l.T(i18n.HomeEndsIn, l.Int(int64(days))), ui.Bad
		case days <= endSoon:
			word, tone = l.T(i18n.HomeEndsIn, l.Int(int64(days))), ui.Warn
		}
		if !now.After(c.NotAfter) {
			hold++
			way = ui.Link(site.With(base+"/act/revoke", "sha256", c.SHA256), l.T(i18n.CertificateRevoke))
		}
		v.Table.Rows = append(v.Table.Rows, ui.Row{ui.Key(c.SHA256), ui.Number(l.Date(c.NotBefore)), ui.Number(l.Time(c.NotAfter)), ui.Badge(tone, word), way})
	}
	switch hold {
	case 0:
		v.Note = l.T(i18n.CertificatesNoneHold)
	case 1:
		v.Note = l.T(i18n.CertificatesOne)
	default:
		v.Note = l.T(i18n.CertificatesOverlap, l.Int(int64(hold)))
	}
	return v
}
