package inspector

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"net/http"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/web"
	"dancu/verify"
)

// storyView is every entry of one request, each with its proof checked.
type storyView struct {
	ui.Page
	Entries []storyEntry
	Back    string
}

// storyEntry is one entry of the story.
type storyEntry struct {
	row
	Leaf  string
	Proof string // what checking it gave
	Tone  ui.Tone
	Text  string // the proof, to be checked elsewhere; "" if there is none
	Parts []storyPart
}

// storyPart is one part of an entry as it stands in the log.
type storyPart struct{ Name, Data string }

func newStoryEntry(l i18n.Lang, r *ledger.Record) storyEntry {
	e := storyEntry{row: newRow(l, r), Leaf: hex.EncodeToString(r.Leaf[:])}
	for i := range r.Parts {
		var b bytes.Buffer
		data := string(r.Parts[i].Data)
		if json.Indent(&b, r.Parts[i].Data, "", "  ") == nil {
			data = b.String()
		}
		e.Parts = append(e.Parts, storyPart{r.Parts[i].Name, data})
	}
	return e
}

// Story shows one request's entries. The reason is that of the search it is
// opened from; reading it is an entry of its own.
func (p *Pages) Story(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	id := r.PathValue("search")
	s, ok, err := p.saved(r, v, id)
	if err != nil {
		return err
	}
	request, _, good := web.ParseID(r.PathValue("request"))
	if !good {
		return web.NotFound()
	}
	if !ok {
		return v.Render(w, r, http.StatusNotFound, resultsPage(resultsView{Page: v.Page(i18n.LogResults), Gone: true}))
	}
	res, err := p.log.Search(r.Context(), v.ReaderOf(s.Reason, identity.SearchLog), ledger.Query{
		Terms: []ledger.Term{{Kind: ledger.TermRequest, Value: request}}, Limit: perPage,
	})
	if err != nil {
		return err
	}
	page := v.Page(i18n.StoryTitle)
	page.Lead = v.T(i18n.StoryLead, request)
	view := storyView{Page: page, Back: "/log/" + id}
	for i := range res.Records {
		rec := &res.Records[i]
		e := newStoryEntry(v.Lang, rec)
		if err := p.prove(r, v.Lang, rec, &e); err != nil {
			return err
		}
		view.Entries = append(view.Entries, e)
	}
	return v.Render(w, r, http.StatusOK, storyPage(view))
}

// prove fetches the entry's proof and checks it as anybody may, with the log's
// public key.
func (p *Pages) prove(r *http.Request, l i18n.Lang, rec *ledger.Record, e *storyEntry) error {
	text, err := p.log.Proof(r.Context(), rec.Index)
	if fault.Is(err, fault.Unavailable) || fault.Is(err, fault.NotFound) {
		e.Proof, e.Tone = l.T(i18n.StoryProofLater), ui.Warn
		return nil
	}
	if err != nil {
		return err
	}
	e.Text = string(text)
	proof, err := verify.ParseProof(text)
	if err == nil && proof.Index == rec.Index {
		var c verify.Checkpoint
		if c, err = proof.Verify(rec.Leaf, p.key); err == nil {
			e.Proof, e.Tone = l.T(i18n.StoryProofGood, l.Int(c.Size)), ui.OK
			return nil
		}
	}
	e.Proof, e.Tone = l.T(i18n.StoryProofBad), ui.Bad
	return nil
}
