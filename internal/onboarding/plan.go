package onboarding

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/onboarding/catalogue"
)

// The kinds of entry that onboarding writes.
const (
	EventAgencyRegistered    = "agency.registered"
	EventAgencyChanged       = "agency.changed"
	EventSystemRegistered    = "system.registered"
	EventSystemChanged       = "system.changed"
	EventCredentialAdded     = "credential.registered"
	EventCredentialChanged   = "credential.changed"
	EventCredentialRetired   = "credential.retired"
	EventConnectionActivated = "connection.activated"
	EventConnectionChanged   = "connection.changed"
	EventConnectionSuspended = "connection.suspended"
	EventConnectionResumed   = "connection.resumed"
	EventConnectionUnlocked  = "connection.unlocked"
	EventConnectionEnded     = "connection.ended"
	EventConnectionSealed    = "connection.sealed"
	EventConnectionUnsealed  = "connection.unsealed"
	EventGrantGiven          = "grant.given"
	EventGrantChanged        = "grant.changed"
	EventGrantEnded          = "grant.ended"

	EventCommitmentOpened     = "commitment.opened"
	EventCommitmentFixed      = "commitment.fixed"
	EventCommitmentReopened   = "commitment.reopened"
	EventCommitmentSigned     = "commitment.signed"
	EventCommitmentAccepted   = "commitment.accepted"
	EventCommitmentReturned   = "commitment.returned"
	EventCommitmentWithdrawn  = "commitment.withdrawn"
	EventCommitmentOutdated   = "commitment.outdated"
	EventAssessmentOrdered    = "assessment.ordered"
	EventAssessmentStarted    = "assessment.started"
	EventAssessmentConcluded  = "assessment.concluded"
	EventFindingCorrected     = "assessment.finding-corrected"
	EventFindingRechecked     = "assessment.finding-rechecked"
	EventAssessmentCertified  = "assessment.certified"
	EventAssessmentExempted   = "assessment.exempted"
	EventAssessmentFailed     = "assessment.failed"
	EventAssessmentCancelled  = "assessment.cancelled"
	EventAssessmentRevoked    = "assessment.revoked"
	EventChangeOpened         = "change.opened"
	EventChangeDeclared       = "change.declared"
	EventChangeOverruled      = "change.overruled"
	EventChangeClosed         = "change.closed"
	EventChangeWithdrawn      = "change.withdrawn"
	EventMatterSaved          = "matter.saved"
	EventCertificateGiven     = "certificate.given"
	EventCSRGiven             = "certificate.requested"
	EventCertificateRevoked   = "certificate.revoked"
	EventApplicationOpened    = "application.opened"
	EventApplicationSubmitted = "application.submitted"
	EventApplicationReturned  = "application.returned"
	EventApplicationRefused   = "application.refused"
	EventApplicationApproved  = "application.approved"
	EventApplicationWithdrawn = "application.withdrawn"
	EventGrantAccepted        = "grant.accepted"
	EventSuspensionNotified   = "suspension.notified"
	EventSuspensionRemedied   = "suspension.remedied"
	EventConnectionEndAsked   = "connection.end-asked"
	EventConnectionEndRefused = "connection.end-declined"

	EventSuspensionProposed   = "suspension.proposed"
	EventSuspensionDecided    = "suspension.decided"
	EventInspectionPlanned    = "inspection.planned"
	EventInspectionReplanned  = "inspection.replanned"
	EventInspectionAnnounced  = "inspection.announced"
	EventInspectionStarted    = "inspection.started"
	EventInspectionLeft       = "inspection.left"
	EventInspectionDrafted    = "inspection.drafted"
	EventInspectionCommented  = "inspection.commented"
	EventInspectionConcluded  = "inspection.concluded"
	EventInspectionFollowedUp = "inspection.followed-up"
	EventInspectionReturned   = "inspection.returned"
	EventInspectionClosed     = "inspection.closed"
	EventInspectionCancelled  = "inspection.cancelled"

	EventMaintenanceAnnounced = "maintenance.announced"
	EventMaintenanceMoved     = "maintenance.moved"
	EventMaintenanceOver      = "maintenance.over"
	EventMaintenanceCancelled = "maintenance.cancelled"

	EventIncidentOpened    = "incident.opened"
	EventIncidentTaken     = "incident.taken"
	EventIncidentExplained = "incident.explained"
	EventIncidentResolved  = "incident.resolved"
	EventIncidentDeclared  = "incident.declared"

	EventUseReportAsked     = "usereport.asked"
	EventUseReportSubmitted = "usereport.submitted"
	EventUseReportReturned  = "usereport.returned"
	EventUseReportRefused   = "usereport.refused"
	EventUseReportAccepted  = "usereport.accepted"
	EventUseReportEscalated = "usereport.escalated"
	EventUseReportClosed    = "usereport.closed"
	EventUseReportWithdrawn = "usereport.withdrawn"

	EventBreachOpened    = "breach.opened"
	EventBreachNotified  = "breach.notified"
	EventBreachTold      = "breach.told"
	EventBreachMinuted   = "breach.minuted"
	EventBreachClosed    = "breach.closed"
	EventBreachDismissed = "breach.dismissed"
)

// step is one change of the standing and the entries that tell of it.
type step struct {
	kind   access.ChangeKind
	id     string
	doc    []byte
	events []event
}

// event is one entry to be.
type event struct {
	kind    string
	what    string // for people: what it is about
	members map[string]any
}

// plan is what a file changes in a standing.
type plan struct {
	now   time.Time
	prune bool
	dir   *access.Directory
	cat   *catalogue.Catalogue
	file  *file
	r     *reader

	agencies    map[string]*access.Agency // of the file
	systems     map[string]*fileSystem
	connections map[string]*fileConnection

	steps []step
	notes []string
}

// newPlan compares a file with the standing. It does no I/O, and planning the
// same file again gives the same plan.
func newPlan(now time.Time, prune bool, dir *access.Directory, cat *catalogue.Catalogue, f *file) *plan {
	p := &plan{
		now: now, prune: prune, dir: dir, cat: cat, file: f, r: newReader(),
		agencies:    map[string]*access.Agency{},
		systems:     map[string]*fileSystem{},
		connections: map[string]*fileConnection{},
	}
	for i := range f.agencies {
		p.agencies[f.agencies[i].ID] = &f.agencies[i].Agency
	}
	for i := range f.systems {
		p.systems[f.systems[i].ID] = &f.systems[i]
	}
	for i := range f.connections {
		p.connections[f.connections[i].ID] = &f.connections[i]
	}
	p.planAgencies()
	p.planSystems()
	p.planConnections()
	if prune {
		p.planEnds()
	}
	return p
}

func (p *plan) note(format string, args ...any) {
	p.notes = append(p.notes, fmt.Sprintf(format, args...))
}

// agency returns an agency as it will be.
func (p *plan) agency(id string) *access.Agency {
	if a := p.agencies[id]; a != nil {
		return a
	}
	return p.dir.Agency(id)
}

// system returns a system as it will be, its credentials apart.
func (p *plan) system(id string) *access.System {
	if s := p.systems[id]; s != nil {
		return &s.System
	}
	return p.dir.System(id)
}

// agencyCode returns the code under which entries about a system are found.
func (p *plan) agencyCode(system string) string {
	if s := p.system(system); s != nil {
		if a := p.agency(s.Agency); a != nil {
			return a.Code
		}
	}
	return ""
}

// live yields the connections that will be there and not ended: id, system
// and via.
func (p *plan) live(yield func(id, system, via string) bool) {
	for c := range p.dir.Connections() {
		if c.State != access.Ended && p.connections[c.ID] == nil && !p.prune && !yield(c.ID, c.System, c.Via) {
			return
		}
	}
	for i := range p.file.connections {
		if c := &p.file.connections[i]; !yield(c.ID, c.System, c.Via) {
			return
		}
	}
}

func (p *plan) planAgencies() {
	acts := map[string][]string{}
	for i := range p.file.connections {
		c := &p.file.connections[i]
		if len(c.actsFor) == 0 {
			continue
		}
		s := p.system(c.System)
		if s == nil {
			continue // a problem of its own
		}
		if p.agencies[s.Agency] == nil {
			p.r.Bad(c.actsForAt, "actsFor changes the agency %q, which this file does not hold: put the agency into this file, too", s.Agency)
			continue
		}
		acts[s.Agency] = append(acts[s.Agency], c.actsFor...)
	}
	for i := range p.file.agencies {
		a := &p.file.agencies[i].Agency
		p.checkBody(&p.file.agencies[i])
		codes := slices.Concat(a.Codes, acts[a.ID])
		slices.Sort(codes)
		a.Codes = slices.DeleteFunc(slices.Compact(codes), func(c string) bool { return c == a.Code })
		if len(a.Codes) == 0 {
			a.Codes = nil
		}
		var before []byte
		if old := p.dir.Agency(a.ID); old != nil {
			before = document(old)
			if a.Body == "" { // the file need not say
				a.Body = old.Body
			}
		}
		after := document(a)
		if bytes.Equal(before, after) {
			continue
		}
		kind := EventAgencyChanged
		if before == nil {
			kind = EventAgencyRegistered
		}
		p.steps = append(p.steps, step{access.ChangeAgency, a.ID, after, []event{
			{kind, "agency " + a.ID, changed(before, after, map[string]any{"id": a.ID, "agency": a.Code})},
		}})
	}
}

// checkBody looks up what sort of body an agency is.
func (p *plan) checkBody(a *fileAgency) {
	if a.Body == "" {
		return
	}
	on := access.DateOf(p.now)
	switch b, ok := p.cat.Body(a.Body, on); {
	case !ok:
		var known []string
		for _, b := range p.cat.Bodies(on) {
			if b.Group != access.GroupCitizens {
				known = append(known, b.ID)
			}
		}
		p.r.Bad(a.bodyAt, "there is no sort of body %q today: write one of %s, or leave it out", a.Body, strings.Join(known, ", "))
	case b.Group != a.Group && a.Group != 0:
		p.r.Bad(a.bodyAt, "the sort of body %q is of group %d, and the agency is said to be of group %d: correct one of them", a.Body, b.Group, a.Group)
	}
}

func (p *plan) planSystems() {
	for i := range p.file.systems {
		s := &p.file.systems[i]
		if s.Agency != "" && p.agency(s.Agency) == nil {
			p.r.Bad(s.agencyAt, "there is no agency %q: add it to this file or apply its file first", s.Agency)
		}
		old := p.dir.System(s.ID)
		next := s.System
		var events []event
		if old != nil {
			next.Credentials, next.Keys = slices.Clone(old.Credentials), old.Keys
		}
		about := func(c *access.Credential) map[string]any {
			m := map[string]any{
				"system": s.ID, "agency": p.agencyCode(s.ID), "sha256": c.SHA256,
				"notBefore": moment(c.NotBefore), "notAfter": moment(c.NotAfter),
			}
			if c.Key != "" {
				m["key"] = c.Key
			}
			if c.Represents != "" {
				m["represents"] = c.Represents
			}
			return m
		}
		for _, c := range s.certificates {
			if c.SHA256 == "" {
				continue // a problem already
			}
			if why := expired(c.Credential, p.now); why != "" {
				p.r.Bad(c.at, "%s", why)
				continue
			}
			if h := p.dir.Standing(c.Thumbprint, "").System; h != nil && h.ID != s.ID {
				p.r.Bad(c.at, "the certificate is or was that of the system %q: a certificate stands for one system, have another issued", h.ID)
				continue
			}
			if c.Represents != "" {
				p.checkRepresents(s, c)
			}
			at := slices.IndexFunc(next.Credentials, func(o access.Credential) bool { return o.Thumbprint == c.Thumbprint })
			if at < 0 {
				next.Credentials = append(next.Credentials, c.Credential)
				continue
			}
			had := &next.Credentials[at]
			had.Key = c.Key
			if p.now.After(had.NotAfter) {
				p.note("the certificate %s of the system %s was retired on %s and stays so: take it out of the file", short(*had), s.ID, stamp(had.NotAfter))
			}
			had.Represents = c.Represents
		}
		var gone []string
		for i := range next.Credentials {
			c := &next.Credentials[i]
			if p.now.After(c.NotAfter) || slices.ContainsFunc(s.certificates, func(f fileCertificate) bool { return f.Thumbprint == c.Thumbprint }) {
				continue
			}
			if !p.prune {
				p.note("kept: the certificate %s of the system %s is not in the file (--prune retires it)", short(*c), s.ID)
				continue
			}
			c.NotAfter = justBefore(p.now)
			gone = append(gone, c.Key)
			events = append(events, event{EventCredentialRetired, "certificate " + short(*c) + " of " + s.ID, about(c)})
		}
		for i := range s.certificates {
			events = p.declare(s, &next, old, s.certificates[i].Credential, events, about)
		}
		forgetKeys(&next, gone, p.now)
		if !s.Intermediary {
			p.live(func(id, _, via string) bool {
				if via == s.ID {
					p.r.Bad(s.at, "the system %q carries the connection %q: it must stay an intermediary (intermediary: true)", s.ID, id)
				}
				return via != s.ID
			})
		}
		var before []byte
		if old != nil {
			before = document(old)
		}
		after := document(&next)
		if bytes.Equal(before, after) {
			continue
		}
		// The certificates and their keys have entries of their own.
		plain := func(doc []byte) []byte { return without(without(doc, "credentials"), "keys") }
		own := changed(plain(before), plain(after), map[string]any{"system": s.ID, "agency": p.agencyCode(s.ID)})
		switch {
		case old == nil:
			events = slices.Insert(events, 0, event{EventSystemRegistered, "system " + s.ID, own})
		case own["before"] != own["after"]:
			events = slices.Insert(events, 0, event{EventSystemChanged, "system " + s.ID, own})
		}
		p.steps = append(p.steps, step{access.ChangeSystem, s.ID, after, events})
	}
}

// declare declares the key of a certificate of the file, and adds to events
// that it is declared now or that something else of it has changed.
func (p *plan) declare(s *fileSystem, next, old *access.System, c access.Credential, events []event,
	about func(*access.Credential) map[string]any,
) []event {
	at := slices.IndexFunc(next.Credentials, func(o access.Credential) bool { return o.Thumbprint == c.Thumbprint })
	if c.SHA256 == "" || at < 0 {
		return events // a problem already
	}
	now := &next.Credentials[at]
	was, wasDeclared := access.Credential{}, false
	if old != nil {
		if i := slices.IndexFunc(old.Credentials, func(o access.Credential) bool { return o.Thumbprint == c.Thumbprint }); i >= 0 {
			was, wasDeclared = old.Credentials[i], slices.Contains(old.Keys, c.Key)
		}
	}
	declared := wasDeclared
	if live(*now, p.now) {
		if declared = declareKey(next, c.Key, p.now); !declared {
			p.note("the keys of the system %s are not checked yet: it has a certificate whose key is not known; put that certificate into the file, or let it run out", s.ID)
		}
	}
	kind := EventCredentialAdded
	if was.SHA256 != "" {
		kind = EventCredentialChanged
		if was.Represents == now.Represents && was.Key == now.Key && wasDeclared == declared {
			return events
		}
	}
	m := about(now)
	m["declared"] = declared
	return append(events, event{kind, "certificate " + short(*now) + " of " + s.ID, m})
}

// checkRepresents: a certificate bound to a represented system.
func (p *plan) checkRepresents(s *fileSystem, c fileCertificate) {
	switch {
	case !s.Intermediary:
		p.r.Bad(c.representsAt, "only an intermediary represents others: set intermediary: true, or leave represents out")
	case p.system(c.Represents) == nil:
		p.r.Bad(c.representsAt, "there is no system %q: add it to this file or apply its file first", c.Represents)
	case c.Represents == s.ID:
		p.r.Bad(c.representsAt, "a system does not represent itself: leave represents out")
	}
}

func (p *plan) planConnections() {
	for i := range p.file.connections {
		c := &p.file.connections[i]
		p.checkConnection(c)
		next := c.Connection
		next.State = access.Active
		old := p.dir.Connection(c.ID)
		var events []event
		var before []byte
		var had []access.Grant
		if old != nil {
			before = document(old)
			had = old.Grants
			if old.State == access.Ended {
				p.r.Bad(c.at, "the connection %q has ended, and an ended connection does not come back: take it out of the file, or give the new one another id", c.ID)
				continue
			}
			next.State, next.SuspendedBy, next.Violation, next.Remedy = old.State, old.SuspendedBy, old.Violation, old.Remedy
			next.Seals = old.Seals            // two people's, and not the file's
			if next.CommittedUntil.IsZero() { // the file need not say
				next.CommittedUntil = old.CommittedUntil
			}
		}
		about := func() map[string]any {
			m := map[string]any{"connection": c.ID, "system": c.System, "agency": p.agencyCode(c.System)}
			if c.Via != "" {
				m["via"] = c.Via
			}
			return m
		}
		next.Grants, events = p.grants(c, had, about)
		after := document(&next)
		if bytes.Equal(before, after) {
			continue
		}
		// The grants have entries of their own.
		own := changed(without(before, "grants"), without(after, "grants"), about())
		switch {
		case old == nil:
			events = slices.Insert(events, 0, event{EventConnectionActivated, "connection " + c.ID, own})
		case own["before"] != own["after"]:
			events = slices.Insert(events, 0, event{EventConnectionChanged, "connection " + c.ID, own})
		}
		p.steps = append(p.steps, step{access.ChangeConnection, c.ID, after, events})
	}
}

// checkConnection finds what of a connection does not fit the rest.
func (p *plan) checkConnection(c *fileConnection) {
	if old := p.dir.Connection(c.ID); old != nil && (old.System != c.System || old.Via != c.Via) {
		p.r.Bad(c.at, "the connection %q is that of the system %q%s and stays so: give the new connection another id", c.ID, old.System, viaText(old.Via))
	}
	s := p.system(c.System)
	if c.System != "" && s == nil {
		p.r.Bad(c.systemAt, "there is no system %q: add it to this file or apply its file first", c.System)
	}
	carried := c.Via == ""
	p.live(func(id, system, via string) bool {
		if id != c.ID && c.System != "" && system == c.System && via == c.Via && p.connections[id] == nil {
			p.r.Bad(c.at, "the system %q has the connection %q%s already: change that one, or end it first", system, id, viaText(via))
		}
		carried = carried || system == c.Via && via == ""
		return true
	})
	switch via := p.system(c.Via); {
	case c.Via == "":
	case via == nil:
		p.r.Bad(c.viaAt, "there is no system %q: add it to this file or apply its file first", c.Via)
	case !via.Intermediary:
		p.r.Bad(c.viaAt, "the system %q is not an intermediary: set intermediary: true there, or leave via out", c.Via)
	case !carried:
		p.r.Bad(c.viaAt, "the intermediary %q has no connection of its own: add one (without grants it only carries)", c.Via)
	}
	if len(c.Grants) == 0 && s != nil && !s.Intermediary {
		p.r.Bad(c.at, "the connection has no grants and could do nothing: add grants")
	}
}

func viaText(via string) string {
	if via == "" {
		return ""
	}
	return fmt.Sprintf(" via %q", via)
}

// grants returns the grants as they will be, in the order of their ids, and
// the entries about them.
func (p *plan) grants(c *fileConnection, had []access.Grant, about func() map[string]any) ([]access.Grant, []event) {
	next := []access.Grant{}
	var events []event
	tell := func(kind string, g *access.Grant, before string) {
		m := about()
		m["grant"] = g.ID
		m["before"], m["after"] = before, g.Hash
		m["document"] = json.RawMessage(grantJSON(*g))
		events = append(events, event{kind, "grant " + g.ID + " of " + c.ID, m})
	}
	find := func(gs []access.Grant, id string) *access.Grant {
		if i := slices.IndexFunc(gs, func(g access.Grant) bool { return g.ID == id }); i >= 0 {
			return &gs[i]
		}
		return nil
	}
	for _, g := range c.Grants {
		g.Hash = GrantHash(g)
		next = append(next, g)
		switch old := find(had, g.ID); {
		case old == nil:
			tell(EventGrantGiven, &g, "")
		case old.Hash != g.Hash:
			tell(EventGrantChanged, &g, old.Hash)
		}
	}
	for _, g := range had {
		if find(c.Grants, g.ID) != nil {
			continue
		}
		if p.now.Before(g.Until) {
			if p.prune {
				before := g.Hash
				g.Until = p.now
				g.Hash = GrantHash(g)
				tell(EventGrantEnded, &g, before)
			} else {
				p.note("kept: the grant %s of the connection %s is not in the file (--prune ends it)", g.ID, c.ID)
			}
		}
		next = append(next, g)
	}
	slices.SortFunc(next, func(a, b access.Grant) int { return cmp.Compare(a.ID, b.ID) })
	return next, events
}

// planEnds ends the connections that the file leaves out.
func (p *plan) planEnds() {
	for c := range p.dir.Connections() {
		if p.connections[c.ID] != nil || c.State == access.Ended {
			continue
		}
		next := *c
		next.State = access.Ended
		before, after := document(c), document(&next)
		p.steps = append(p.steps, step{access.ChangeConnection, c.ID, after, []event{{
			EventConnectionEnded, "connection " + c.ID, changed(without(before, "grants"), without(after, "grants"), map[string]any{
				"connection": c.ID, "system": c.System, "agency": p.agencyCode(c.System), "reason": "not in the applied file (--prune)",
			}),
		}}})
	}
}

// changed adds to m the hashes of a document before and after, and which of
// its members differ.
func changed(before, after []byte, m map[string]any) map[string]any {
	m["before"], m["after"] = hash(before), hash(after)
	if before == nil {
		return m
	}
	was, is := members(before), members(after)
	var names []string
	for _, k := range slices.Sorted(maps.Keys(is)) {
		if !bytes.Equal(was[k], is[k]) {
			names = append(names, k)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(was)) {
		if _, still := is[k]; !still {
			names = append(names, k)
		}
	}
	m["changed"] = names
	return m
}

// hash is the hex SHA-256 of a document, "" of none.
func hash(doc []byte) string {
	if doc == nil {
		return ""
	}
	sum := sha256.Sum256(doc)
	return hex.EncodeToString(sum[:])
}

func members(doc []byte) map[string]json.RawMessage {
	m := map[string]json.RawMessage{}
	if len(doc) > 0 {
		if err := json.Unmarshal(doc, &m); err != nil {
			panic(err) // we have just written it
		}
	}
	return m
}

// without returns a document without one of its members.
func without(doc []byte, name string) []byte {
	if doc == nil {
		return nil
	}
	m := members(doc)
	delete(m, name)
	return document(m)
}

// moment is how times stand in entries.
func moment(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// justBefore is the last moment before t that can be stored: what is valid
// until then, inclusive, is not valid at t.
func justBefore(t time.Time) time.Time { return t.Add(-time.Microsecond) }

// short is how a certificate is named to people.
func short(c access.Credential) string { return c.SHA256[:16] + "…" }
