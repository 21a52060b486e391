package ui

// KeepOf is what a form holds that is kept while it is filled in.
type KeepOf struct {
	// Action is where the form goes, Title the page's.
	Action, Title string
}

// KeptOf is what was typed into a form and not sent.
type KeptOf struct {
	// Form is the form's page, Title its title; When it was saved, Until when it
	// is kept.
	Form, Title, When, Until string
}
