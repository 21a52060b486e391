package ui

import (
	"strconv"
	"strings"
)

// ChartOf is the content of a [Chart]: what was answered and refused in some
// steps of time, against what is usual and against a limit.
type ChartOf struct {
	// Title and Describe say in words what the picture shows; ID is the
	// picture's on its page.
	ID, Title, Describe string
	Steps               []ChartStep
	// Usual draws the line of what is usual.
	Usual bool
	// Limit is the line of what may be answered in one step; 0: none.
	Limit int64
	// LimitText names it in the legend.
	LimitText string
	// Top is the largest number as people write it; see [ChartOf.Most].
	Top   string
	Words ChartWords
}

// ChartStep is one step of time.
type ChartStep struct {
	Label string // below the picture
	Full  string // in the table
	// N were answered, Refused refused; Usual is what is usual.
	N, Refused int64
	Usual      float64
	// Later says that the step has not begun: it has no numbers yet.
	Later bool
	// The numbers as people write them.
	Number, RefusedNumber, UsualNumber string
	// Mark says what happened then; "" for nothing.
	Mark string
}

// ChartWords are the words of legend and table.
type ChartWords struct {
	Time, Answered, Refused, Usual, Marks, Table string
}

// The picture's own units.
const (
	chartWidth = 480
	chartRoom  = 150 // for the bars
	chartTop   = 18  // above them, for the number of the top line
	chartFoot  = 20  // below, for labels
	// chartLabels is how many labels fit; of more steps every so many have one.
	chartLabels = 8
	// chartOpen is up to how many steps the table stands open.
	chartOpen = 8
)

func (c ChartOf) viewBox() string {
	return "0 0 " + strconv.Itoa(chartWidth) + " " + strconv.Itoa(chartTop+chartRoom+chartFoot)
}

// Most is the largest number in the picture, at least one.
func (c ChartOf) Most() int64 {
	most := max(int64(1), c.Limit)
	for _, s := range c.Steps {
		most = max(most, s.N+s.Refused)
		if c.Usual {
			most = max(most, int64(s.Usual))
		}
	}
	return most
}

// bar is one drawn step.
type bar struct {
	x, width            string
	y, height           string // answered
	refusedY, refusedHt string
	center              string
	label, mark         string
	refused             bool
}

// units is a number of the picture's units, with one digit.
func units(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// up is how high a number stands; something always shows.
func up(n, most int64) float64 {
	if n <= 0 {
		return 0
	}
	return max(1.5, float64(n)/float64(most)*chartRoom)
}

// bars are the drawn steps.
func (c ChartOf) bars() []bar {
	most := c.Most()
	step := float64(chartWidth) / float64(max(1, len(c.Steps)))
	every := (len(c.Steps) + chartLabels - 1) / chartLabels
	out := make([]bar, len(c.Steps))
	for i, s := range c.Steps {
		h, r := up(s.N, most), up(s.Refused, most)
		b := bar{
			x: units(float64(i)*step + step*0.12), width: units(step * 0.76),
			y: units(chartTop + chartRoom - h), height: units(h),
			refusedY: units(max(0, chartTop+chartRoom-h-r)), refusedHt: units(r), refused: s.Refused > 0,
			center: units((float64(i) + 0.5) * step), mark: s.Mark,
		}
		if every <= 1 || i%every == 0 {
			b.label = s.Label
		}
		out[i] = b
	}
	return out
}

// usual are the points of the line of what is usual.
func (c ChartOf) usual() string {
	most := float64(c.Most())
	step := float64(chartWidth) / float64(max(1, len(c.Steps)))
	var b strings.Builder
	for i, s := range c.Steps {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(units((float64(i)+0.5)*step) + "," + units(chartTop+chartRoom-s.Usual/most*chartRoom))
	}
	return b.String()
}

// limit is where the line of the limit stands.
func (c ChartOf) limit() string {
	return units(chartTop + chartRoom - float64(c.Limit)/float64(c.Most())*chartRoom)
}

func (c ChartOf) marked() bool {
	for _, s := range c.Steps {
		if s.Mark != "" {
			return true
		}
	}
	return false
}

// rows are the steps that have something to tell, for the table.
func (c ChartOf) rows() (out []ChartStep) {
	for _, s := range c.Steps {
		if !s.Later && (s.N > 0 || s.Refused > 0 || s.Usual > 0 || s.Mark != "") {
			out = append(out, s)
		}
	}
	return out
}

// cellOr is a cell of the table; an empty one is a dash.
func cellOr(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
