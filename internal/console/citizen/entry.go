package citizen

import (
	"net/http"
	"strconv"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/ledger"
	"dancu/internal/web"
)

// entryView is one look: what happened, whether it was allowed, the proof, and
// the way to ask.
type entryView struct {
	ui.Page
	Row     row
	Of      string
	Back    string
	Facts   []ui.Fact
	Allowed []string // in sentences
	AskHref string   // "" where there is nothing to ask an agency
	Action  string   // of taking the proof
	Command string   // that checks it
	File    string
	Hidden  string // what the proof leaves out
}

// entryOf finds an entry of the person's by its index. Another's, one under
// seal, and one that is not there, are the same.
func (p *Pages) entryOf(r *http.Request, v *site.Visit, s *subject) (*ledger.Record, error) {
	index, err := strconv.ParseInt(r.PathValue("index"), 10, 64)
	if err != nil || index < 0 || r.PathValue("index") != strconv.FormatInt(index, 10) {
		return nil, web.NotFound()
	}
	res, err := p.c.Log.Search(r.Context(), reader(v, i18n.MeReason), ledger.Query{
		Terms: []ledger.Term{{Kind: ledger.TermPerson, Value: s.pin}}, First: index, Before: index + 1, Limit: 1, Show: s.shows(v.Moment()),
	})
	if err != nil {
		return nil, err
	}
	if len(res.Records) == 0 {
		return nil, web.NotFound()
	}
	return &res.Records[0], nil
}

// receiptName is the name of the file of a proof: it names nobody.
func receiptName(index int64) string { return "bien-nhan-" + strconv.FormatInt(index, 10) + ".json" }

func (p *Pages) newEntryView(page ui.Page, r *ledger.Record, s *subject) entryView {
	l := page.Lang
	x := lookAt(r, s.pin)
	v := entryView{Page: page, Row: p.newRow(l, r, s), Of: s.id}
	v.Up = ui.Entry{Label: l.T(i18n.MeBack), Href: s.path("/me")}
	index := strconv.FormatInt(r.Index, 10)
	v.Action, v.File = "/me/entry/"+index+"/receipt", receiptName(r.Index)
	v.Command = "dancu ledger verify " + v.File + " --key '" + p.c.VerifierKey + "'"
	fact := func(m i18n.Msg, value string) {
		if value != "" {
			v.Facts = append(v.Facts, ui.Fact{Term: l.T(m), Is: ui.Text(value)})
		}
	}
	fact(i18n.MeFactTime, v.Row.Time)
	fact(i18n.MeFactAgency, v.Row.Agency)
	if x.sight == represented {
		v.Hidden = l.T(i18n.MeProofHidesAll)
		return v
	}
	fact(i18n.MeFactWho, v.Row.Who)
	fact(i18n.MeFactSystem, v.Row.System)
	if v.Row.Procedure != v.Row.Code {
		fact(i18n.MeFactProcedure, v.Row.Procedure+" ("+v.Row.Code+")")
	} else {
		fact(i18n.MeFactProcedure, v.Row.Code)
	}
	if x.direct {
		// Of a list's others it is somebody else's case.
		fact(i18n.MeFactCase, x.call.Case)
	}
	fact(i18n.MeFactFields, v.Row.Fields)
	fact(i18n.MeFactLaw, v.Row.Law)
	fact(i18n.MeFactEntry, v.Row.Index)
	v.Allowed = p.allowed(l, r, &x, &v.Row)
	v.AskHref = s.path("/me/entry/" + index + "/ask")
	v.Hidden = l.T(i18n.MeProofHides)
	if !x.direct {
		v.Hidden = l.T(i18n.MeProofHidesCase)
	}
	return v
}

// allowed answers what people ask first: was that allowed?
func (p *Pages) allowed(l i18n.Lang, r *ledger.Record, x *look, row *row) []string {
	if x.sight == refused {
		return []string{l.T(i18n.MeAllowedRefused), row.Refusal}
	}
	out := []string{l.T(i18n.MeAllowedYes, row.Agency, row.Procedure)}
	if row.Law != "" {
		out = append(out, l.T(i18n.MeAllowedLaw, row.Law))
	}
	if x.call.Consent != "" {
		out = append(out, l.T(i18n.MeAllowedConsent))
	}
	switch x.sight {
	case consulted, listed:
		out = append(out, l.T(i18n.MeAllowedFields))
	case matched, mismatched:
		out = append(out, l.T(i18n.MeAllowedVerify))
	}
	return append(out, l.T(i18n.MeAllowedBut))
}

// Entry shows one look.
func (p *Pages) Entry(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	s, err := p.subject(r, v, r.URL.Query().Get("of"))
	if err != nil {
		return err
	}
	rec, err := p.entryOf(r, v, s)
	if err != nil {
		return err
	}
	return v.Render(w, r, http.StatusOK, entryPage(p.newEntryView(v.Page(i18n.MeEntryTitle), rec, s)))
}

// disclosed says which parts of an entry its person takes along: what is about
// them. Officers, other people, and where they merely stood in a list the
// other's case, stay behind their digests.
func disclosed(x *look, pin string) func(*ledger.Part) bool {
	return func(part *ledger.Part) bool {
		switch part.Name {
		case ledger.PartAccess, ledger.PartKeys:
			return x.direct && x.sight != represented
		case ledger.PartSubject:
			var m struct{ PIN string }
			read(part, &m)
			return m.PIN == pin
		}
		return false
	}
}

// Receipt gives the proof of an entry as a file. That it was taken away is an
// entry.
func (p *Pages) Receipt(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	s, err := p.subject(r, v, f.Raw("of"))
	if err != nil {
		return err
	}
	rec, err := p.entryOf(r, v, s)
	if err != nil {
		return err
	}
	if _, err := p.c.Log.Take(r.Context(), reader(v, i18n.MeProofReason), []string{s.pin}, rec.Index); err != nil {
		return err
	}
	x := lookAt(rec, s.pin)
	body, err := p.c.Log.Receipt(r.Context(), rec, disclosed(&x, s.pin))
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Disposition", `attachment; filename="`+receiptName(rec.Index)+`"`)
	h.Set("Cache-Control", "no-store")
	web.Write(w, http.StatusOK, []string{"application/json"}, append(body, '\n'))
	return nil
}
