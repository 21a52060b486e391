package onboarding

import (
	"context"
	"strings"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fold"
)

// Contact is an agency's contact officer, who is published (Decree
// 47/2020/NĐ-CP Art. 7).
type Contact struct {
	Agency string      `json:"agency"`
	Code   string      `json:"code"`
	Name   access.Text `json:"name"` // the agency's
	// Officer, Role, Phone and Email are empty while the agency has named
	// nobody.
	Officer string `json:"officer,omitempty"`
	Role    string `json:"role,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Email   string `json:"email,omitempty"`
}

// ContactList is a page of contact officers.
type ContactList struct {
	Contacts []Contact `json:"contacts"`
	// Next is the cursor of the next page, "" on the last.
	Next string `json:"next,omitempty"`
}

// contactsPage is how many contact officers a page has: everybody may ask.
const contactsPage = 50

// Contacts lists the contact officers of all agencies, in the order of the
// agencies' ids, contactsPage at once. Words are looked for in the
// agency's name, id and code alone, without regard to case and diacritics: who
// looks for an officer by name would leave the name in an address. Anybody may
// ask: it is published.
func (o *Onboarding) Contacts(ctx context.Context, words, after string) (out ContactList, err error) {
	words = fold.Text(strings.TrimSpace(words))
	err = o.main.Read(ctx, func(tx *db.Tx) error {
		out = ContactList{Contacts: []Contact{}}
		dir, err := o.picture(ctx, tx)
		if err != nil {
			return err
		}
		for a := range dir.Agencies() {
			if a.ID <= after && after != "" || words != "" && !strings.Contains(fold.Text(a.Name.VI+" "+a.Name.EN+" "+a.ID+" "+a.Code), words) {
				continue
			}
			if len(out.Contacts) == contactsPage {
				out.Next = out.Contacts[contactsPage-1].Agency
				return nil
			}
			out.Contacts = append(out.Contacts, Contact{Agency: a.ID, Code: a.Code, Name: a.Name})
		}
		return fillContacts(ctx, tx, out.Contacts)
	})
	return out, err
}

// fillContacts adds the officers to a page of agencies.
func fillContacts(ctx context.Context, q db.Querier, page []Contact) error {
	for i := range page {
		c := &page[i]
		m, err := selectMatter(ctx, q, MatterOf(KindAgency, c.Agency))
		if err != nil {
			return err
		}
		if m == nil {
			continue // of a file, and nobody was named since
		}
		v := Values{}
		if _, err := m.read("contact", &v); err != nil {
			return err
		}
		c.Officer, c.Role, c.Phone, c.Email = v.text("name"), v.text("role"), v.text("phone"), v.text("email")
	}
	return nil
}
