package catalogue

import (
	"time"

	"dancu/internal/access"
	"dancu/internal/fault"
	"dancu/internal/onboarding/strict"
)

// The terms the program asks for by name; see data/clocks.yaml for what each
// is. A file that replaces the shipped one must have every one of them.
const (
	ClockApplicationDecision = "application.decision"
	ClockApplicationMore     = "application.more"
	ClockSignAgain           = "commitment.sign-again"
	ClockAssessmentTerm      = "assessment.term"
	ClockCertificateAge      = "assessment.certificate-age"
	ClockReminderFirst       = "assessment.reminder.first"
	ClockReminderSecond      = "assessment.reminder.second"
	ClockReminderLast        = "assessment.reminder.last"
	ClockCorrective          = "assessment.corrective"
	ClockChangeRunOn         = "change.run-on"
	ClockChangeReport        = "change.report"
	ClockChangeDeclare       = "change.declare"
	ClockInspectionPlanSent  = "inspection.plan-sent"
	ClockInspectionPlanAhead = "inspection.plan-ahead"
	ClockInspectionComments  = "inspection.comments"
	ClockInspectionResult    = "inspection.conclusion"
	ClockInspectionFollowUp  = "inspection.follow-up"
	ClockSuspensionNotice    = "suspension.notice"
	ClockLockNotice          = "lock.notice"
	ClockLockReview          = "lock.review"
	ClockMaintenanceNotice   = "maintenance.notice"
	ClockTerminationNotice   = "termination.notice"
	ClockUseReport           = "use-report.answer"
	ClockBreachNotice        = "breach.notice"
	ClockBreachSubjects      = "breach.subjects"
	ClockBreachFile          = "breach.file"
	ClockIncidentReport      = "incident.report"
	ClockSupportAnswer       = "support.answer"
	ClockSupportEscalation   = "support.escalation"
	ClockKeyExpiryFirst      = "key.expiry.first"
	ClockKeyExpiryLast       = "key.expiry.last"
	ClockEIDAppraisal        = "eid.appraisal"
)

var needed = []string{
	ClockApplicationDecision, ClockApplicationMore, ClockSignAgain,
	ClockAssessmentTerm, ClockCertificateAge, ClockReminderFirst, ClockReminderSecond, ClockReminderLast, ClockCorrective,
	ClockChangeRunOn, ClockChangeReport, ClockChangeDeclare,
	ClockInspectionPlanSent, ClockInspectionPlanAhead, ClockInspectionComments, ClockInspectionResult, ClockInspectionFollowUp,
	ClockSuspensionNotice, ClockLockNotice, ClockLockReview, ClockMaintenanceNotice, ClockTerminationNotice, ClockUseReport,
	ClockBreachNotice, ClockBreachSubjects, ClockBreachFile, ClockIncidentReport,
	ClockSupportAnswer, ClockSupportEscalation, ClockKeyExpiryFirst, ClockKeyExpiryLast, ClockEIDAppraisal,
}

// Unit is what a term is counted in.
type Unit string

// The units.
const (
	Hours       Unit = "hour"
	Days        Unit = "day" // calendar days
	WorkingDays Unit = "working-day"
	Months      Unit = "month"
	Years       Unit = "year"
)

var unitNames = map[Unit]access.Text{
	Hours: {VI: "giờ", EN: "hours"}, Days: {VI: "ngày", EN: "days"}, WorkingDays: {VI: "ngày làm việc", EN: "working days"},
	Months: {VI: "tháng", EN: "months"}, Years: {VI: "năm", EN: "years"},
}

// Text returns the unit in words, English in the plural.
func (u Unit) Text() access.Text { return unitNames[u] }

// Clock is a term.
type Clock struct {
	ID     string      `json:"id"`
	Number int         `json:"number"`
	Unit   Unit        `json:"unit"`
	Before bool        `json:"before,omitempty"` // it is counted back from an event ahead
	Name   access.Text `json:"name"`
	Law    []Law       `json:"law,omitempty"`
	Mark   Mark        `json:"mark"`
	Note   access.Text `json:"note,omitzero"`
}

// Calendar counts working days; see package workday.
type Calendar interface {
	// Add returns the end of the n-th working day after the day t lies in.
	Add(t time.Time, n int) time.Time
	// Before returns the start of the n-th working day before the day t lies in.
	Before(t time.Time, n int) time.Time
}

// At returns the clock's moment for an event at t, in UTC. A term that runs
// from the event ends with its last day, at 24:00 in Vietnam, the day of the
// event not counted; a term before the event begins at 0:00 of its first day,
// and what is to be done that long ahead must be done before that moment.
// Hours are counted from the moment itself. A month or year ends on the day of
// the same number, or on the month's last where it has none.
func (c Clock) At(cal Calendar, t time.Time) time.Time {
	n := c.Number
	if c.Before {
		n = -n
	}
	switch c.Unit {
	case Hours:
		return t.Add(time.Duration(n) * time.Hour).UTC()
	case WorkingDays:
		if c.Before {
			return cal.Before(t, c.Number)
		}
		return cal.Add(t, c.Number)
	case Days:
		return c.edge(access.DateOf(t), n)
	case Months, Years:
		if c.Unit == Years {
			n *= 12
		}
		d := access.DateOf(t)
		last := time.Date(d.Year, d.Month+time.Month(n)+1, 0, 0, 0, 0, 0, access.Zone)
		return c.edge(access.Date{Year: last.Year(), Month: last.Month(), Day: min(d.Day, last.Day())}, 0)
	}
	return t.UTC()
}

// edge is the end of the day that many days from d, or its start for a term
// that is counted back.
func (c Clock) edge(d access.Date, days int) time.Time {
	if !c.Before {
		days++
	}
	return time.Date(d.Year, d.Month, d.Day+days, 0, 0, 0, 0, access.Zone).UTC()
}

type clocks struct {
	Header
	Clocks []Clock `json:"clocks"`
}

// Clock returns the term with that id in force on a day, or fault.NotFound.
func (c *Catalogue) Clock(id string, on access.Date) (Clock, error) {
	for _, d := range c.clocks.inForce(on) {
		for _, k := range d.Clocks {
			if k.ID == id {
				return k, nil
			}
		}
	}
	return Clock{}, fault.New(fault.NotFound, "there is no term %q in force on %s: add it to a file of kind clocks", id, on)
}

// Clocks returns every term in force on a day, the operator's first.
func (c *Catalogue) Clocks(on access.Date) (out []Clock) {
	return layer(c.clocks.inForce(on), func(d *clocks) []Clock { return d.Clocks }, func(k Clock) string { return k.ID })
}

// Deadlines counts the terms of a catalogue with a calendar.
type Deadlines struct {
	Catalogue *Catalogue
	Calendar  Calendar
}

// Deadline returns the moment of a clock for an event at from (see
// [Clock.At]), by the rule in force on the day of the event; zero if there is
// no such clock.
func (d Deadlines) Deadline(from time.Time, clock string) time.Time {
	c, err := d.Catalogue.Clock(clock, access.DateOf(from))
	if err != nil {
		return time.Time{}
	}
	return c.At(d.Calendar, from)
}

// layer returns the entries of the documents in their order, of equal ids the
// first.
func layer[D, E any](docs []D, of func(D) []E, id func(E) string) (out []E) {
	seen := ids{}
	for _, d := range docs {
		for _, e := range of(d) {
			if !seen[id(e)] {
				seen[id(e)] = true
				out = append(out, e)
			}
		}
	}
	return out
}

func (p *parser) clocks(root strict.Place) document {
	d := &clocks{}
	seen := ids{}
	p.document(root, &d.Header, need("clocks", func(at strict.Place) {
		p.List(at, maxList, func(at strict.Place) {
			var k Clock
			p.Object(at,
				need("id", func(at strict.Place) { k.ID = p.ID(at); p.once(seen, at, k.ID) }),
				need("number", func(at strict.Place) { k.Number = p.Integer(at, 1, 10_000) }),
				need("unit", func(at strict.Place) {
					k.Unit = Unit(p.OneOf(at, string(Hours), string(Days), string(WorkingDays), string(Months), string(Years)))
				}),
				may("before", func(at strict.Place) { k.Before = p.Boolean(at) }),
				need("name", func(at strict.Place) { k.Name = p.Bilingual(at, maxName) }),
				may("law", func(at strict.Place) { k.Law = p.law(at) }),
				need("mark", func(at strict.Place) { k.Mark = p.mark(at) }),
				may("note", func(at strict.Place) { k.Note = p.Bilingual(at, maxText) }))
			if len(k.Law) == 0 && (k.Mark == Verified || k.Mark == Secondary) {
				p.Bad(at, "law is missing: a term that was read somewhere says where")
			}
			d.Clocks = append(d.Clocks, k)
		})
	}))
	return d
}
