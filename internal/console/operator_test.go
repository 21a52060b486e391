package console_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"dancu/internal/identity"
)

// What whoever runs the register sees of a day with a few calls: the figures are
// those of the log, the list is found in with and without diacritics, a
// connection's page has everything about it, and the queues have their clocks.
func TestOperatorsSeeTheDay(t *testing.T) {
	p := open(t)
	officer := p.signIn(p.account("canbo.songxanh"))
	ask(officer, p, p.Info.People[0])
	ask(officer, p, p.Info.People[1])
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := p.App.Usage.Await(ctx, p.App.Log.Head().Size); err != nil {
		t.Fatal(err)
	}
	admin := p.signIn(p.account("quantri"))
	supervisor := p.staff(admin, identity.Supervisor, "giam.sat", "GS-0001")
	size := p.App.Log.Head().Size

	home := supervisor.get("/operator").is(http.StatusOK, "/operator")
	home.says("Answered today 2", "People disclosed today 2", "Calls by hour on", "Never checked", "Answering", "Open tasks")
	if n := len(home.find("svg", nil)); n == 0 {
		t.Error("there is no picture")
	}
	if pg := admin.get("/operator"); pg.status != http.StatusOK || strings.Contains(pg.body, "/operator/connections") {
		t.Errorf("the administrator, who sees no connections, gets %d and a way to them", pg.status)
	}

	list := supervisor.get("/operator/connections").is(http.StatusOK, "/operator/connections")
	var first string
	for _, n := range list.find("a", nil) {
		if href := at(n, "href"); strings.HasPrefix(href, "/operator/connections/") && !strings.Contains(href, "export") {
			first = href
			break
		}
	}
	if first == "" {
		t.Fatal("the list leads to no connection")
	}
	rows := func(words string) int {
		pg := supervisor.get("/operator/connections?q=" + url.QueryEscape(words))
		return len(pg.find("a", func(n *html.Node) bool {
			return strings.HasPrefix(at(n, "href"), "/operator/connections/") && at(n, "class") == "strong"
		}))
	}
	if plain, marked := rows("song xanh"), rows("Sông XANH"); plain == 0 || plain != marked {
		t.Errorf("%d found without diacritics, %d with them", plain, marked)
	}
	supervisor.get("/operator/connections?q=zzzz").says("There is no such connection")
	supervisor.header.Set("HX-Request", "true")
	part := supervisor.get("/operator/connections?q=zzzz")
	supervisor.header.Del("HX-Request")
	if strings.Contains(part.body, "<html") || !strings.Contains(part.body, `id="connections"`) {
		t.Errorf("a part of the page is %.200s", part.body)
	}
	file := supervisor.get("/operator/connections/export?as=csv")
	if file.status != http.StatusOK || !strings.HasPrefix(file.body, "\ufeffconnection,agency,agencyCode") || strings.Count(file.body, "\n") < 2 {
		t.Errorf("the file is %d, %.120s", file.status, file.body)
	}
	if book := supervisor.get("/operator/connections/export?as=xlsx"); !strings.HasPrefix(book.body, "PK") {
		t.Errorf("the workbook begins with %.4q", book.body)
	}

	one := supervisor.get(first).is(http.StatusOK, first)
	one.says("Use in 7 days", "Conditions and tasks of the life cycle", "Grants", "officers with rights", "Certificates", "Newest log entries", "Plain columns only")
	supervisor.get(first + "?days=30").says("Use in 30 days")
	supervisor.get(first + "?days=31").says("Use in 7 days") // not one of those offered
	if pg := supervisor.get("/operator/connections/nobody"); pg.status != http.StatusNotFound {
		t.Errorf("a connection that is not there answers %d", pg.status)
	}

	supervisor.get("/operator/queues").is(http.StatusOK, "/operator/queues/requests")
	for _, name := range []string{"requests", "changes", "assessments", "inspections", "suspensions", "unlocks", "others"} {
		supervisor.get("/operator/queues/"+name+"?owner=mine&late=1").says("Whose", "Overdue only")
		if file := supervisor.get("/operator/queues/" + name + "/export?as=csv"); !strings.HasPrefix(file.body, "\ufefftask,label") {
			t.Errorf("the file of %s is %.80s", name, file.body)
		}
	}
	if pg := supervisor.get("/operator/queues/nobody"); pg.status != http.StatusNotFound {
		t.Errorf("a queue that is not there answers %d", pg.status)
	}
	supervisor.get("/operator/queues/inspections/calendar?month=2026-02").says("Month 2/2026", "Sunday")
	supervisor.get("/operator/queues/inspections/calendar?month=x").is(http.StatusOK, "/operator/queues/inspections/calendar")

	// A suspension is there at once, in the list, on the page and among the events.
	p.Suspend(strings.TrimPrefix(first, "/operator/connections/"))
	supervisor.get("/operator/connections?state=suspended").says("1 of")
	supervisor.get(first).says("Suspended")
	supervisor.get("/operator/queues/suspensions").says("Notify the agency of the suspension")
	if err := p.App.Usage.Await(ctx, p.App.Log.Head().Size); err != nil {
		t.Fatal(err)
	}
	supervisor.get("/operator").says("Connection events", "Connection suspended")

	// None of it was a reading of the log.
	lines, err := p.App.Log.Recent(t.Context(), int(p.App.Log.Head().Size-size))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		if strings.HasPrefix(l.Kind, "log.") {
			t.Errorf("looking at the day made an entry of kind %s", l.Kind)
		}
	}
}

// What everybody may see of the service names no agency.
func TestTheStatusPageNamesNoAgencyToThePublic(t *testing.T) {
	p := open(t)
	names := map[string]bool{}
	for a := range p.App.Gate.Directory().Agencies() {
		names[a.Name.EN], names[a.Name.VI] = true, true
	}
	if len(names) < 2 {
		t.Fatal("there are no agencies: this test shows nothing")
	}
	for who, v := range map[string]*visitor{"nobody": p.visitor(), "a citizen": p.citizen(0), "an officer": p.signIn(p.account("canbo.songxanh"))} {
		pg := v.get("/").is(http.StatusOK, "/").says("State of the service", "Answering", "No maintenance is announced", "List of contact officers")
		for name := range names {
			if strings.Contains(pg.text(), name) {
				t.Errorf("%s is told of %s", who, name)
			}
		}
	}
	inspector := p.signIn(p.account("kiemtra")).get("/")
	found := false
	for name := range names {
		found = found || strings.Contains(inspector.text(), name)
	}
	if !found {
		t.Error("who runs the register is told of no agency")
	}
}
