package life

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/onboarding"
)

// contactsView is the published list of contact officers.
type contactsView struct {
	ui.Page
	Words ui.Field
	Rows  []onboarding.Contact
	Pager ui.PagerOf
}

// Contacts publishes each agency's contact officer (Decree 47/2020/NĐ-CP Art.
// 7). Whoever looks for one names the agency: a person's name would stand in
// the address.
func (p *Pages) Contacts(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	q := r.URL.Query()
	words := strings.TrimSpace(strings.ToValidUTF8(q.Get("q"), ""))
	if utf8.RuneCountInString(words) > maxWords {
		words = string([]rune(words)[:maxWords])
	}
	list, err := p.office.Contacts(r.Context(), words, q.Get("after"))
	if err != nil {
		return err
	}
	how := site.Shared
	if v.Session != nil {
		how = site.Private // the shell names who is signed in
	}
	return site.Send(w, r, http.StatusOK, v.Lang, how, contactsPage(newContactsView(v.Page(i18n.ContactsTitle), words, q.Get("after"), list)))
}

func newContactsView(page ui.Page, words, after string, list onboarding.ContactList) contactsView {
	page.Lead = page.Lang.T(i18n.ContactsLead)
	return contactsView{
		Page: page, Rows: list.Contacts, Pager: pager("/contacts", list.Next, after, "q", words),
		Words: ui.Field{Name: "q", ID: "words", Label: page.Lang.T(i18n.ContactsWords), Value: words, Max: maxWords, Type: "search", More: searchMark},
	}
}
