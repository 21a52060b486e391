package access

import (
	"cmp"
	"slices"
	"time"
)

// Maintenance is a time in which services are not given, announced before. A
// call in it is refused with [ServiceBusy], by the time of its entry and with
// no job that has to run.
type Maintenance struct {
	ID string `json:"id"`
	// From and Until are the window; Until is not in it.
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	// Services are those not given; empty means all of them.
	Services []Service `json:"services,omitempty"`
	// Text says what is done and what it means for agencies, as announced.
	Text Text `json:"text"`
}

// Stops reports whether the window is one of the service's. [NoService] is
// stopped only by a window of all services.
func (m *Maintenance) Stops(s Service) bool {
	return len(m.Services) == 0 || slices.Contains(m.Services, s)
}

// Reopens returns when the service is given again: the end of the windows that
// now lies in, those included that follow without a gap. It returns the zero
// time if the service is given now. The windows must be in the order of their
// ends, as a [Directory] holds them. It does not allocate.
func Reopens(windows []Maintenance, s Service, now time.Time) (at time.Time) {
	t := now
	for _, m := range notOver(windows, now) {
		// One pass is enough: a window with an earlier end cannot lengthen what
		// a later one covers.
		if m.Stops(s) && within(t, m.From, m.Until) {
			t, at = m.Until, m.Until
		}
	}
	return at
}

// notOver returns the windows that have not ended at now: the last ones, since
// they are in the order of their ends.
func notOver(windows []Maintenance, now time.Time) []Maintenance {
	first, _ := slices.BinarySearchFunc(windows, now, func(m Maintenance, now time.Time) int {
		if m.Until.After(now) {
			return 1
		}
		return -1
	})
	return windows[first:]
}

// judgeMaintenance: whether the service is given at all at this time.
func judgeMaintenance(w *reasons, windows []Maintenance, r *Request, now time.Time) {
	if !Reopens(windows, r.Service, now).IsZero() {
		w.add(ServiceBusy, NameMaintenance)
	}
}

// Maintenance returns the windows that now lies in, and those announced for
// later, each in the order of their beginnings. The slices are the caller's.
func (d *Directory) Maintenance(now time.Time) (running, announced []Maintenance) {
	if d == nil {
		return nil, nil
	}
	for _, m := range notOver(d.windows, now) {
		if m.From.After(now) {
			announced = append(announced, m)
		} else {
			running = append(running, m)
		}
	}
	begin := func(a, b Maintenance) int { return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.ID, b.ID)) }
	slices.SortFunc(running, begin)
	slices.SortFunc(announced, begin)
	return running, announced
}

// arrange puts the windows into the order of their ends.
func (d *Directory) arrange() {
	d.windows = make([]Maintenance, 0, len(d.maintenance))
	for _, m := range d.maintenance {
		d.windows = append(d.windows, *m)
	}
	slices.SortFunc(d.windows, func(a, b Maintenance) int { return cmp.Or(a.Until.Compare(b.Until), cmp.Compare(a.ID, b.ID)) })
}

func readMaintenance(c Change) (*Maintenance, error) {
	v := new(Maintenance)
	if err := readDoc(c, v); err != nil {
		return nil, err
	}
	return v, ownID(&v.ID, c.ID)
}
