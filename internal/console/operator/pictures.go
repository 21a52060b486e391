package operator

import (
	"math"
	"strconv"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
	"dancu/internal/console/site"
	"dancu/internal/console/ui"
	"dancu/internal/watch"
)

// words are the words of every picture of calls.
func chartWords(l i18n.Lang) ui.ChartWords {
	return ui.ChartWords{
		Time: l.T(i18n.ColumnTime), Answered: l.T(i18n.OpAnswered), Refused: l.T(i18n.OpRefused), Usual: l.T(i18n.OpUsual),
		Marks: l.T(i18n.OpMarks), Table: l.T(i18n.OpNumbers),
	}
}

// dayChart is one day by the hour against the usual.
func dayChart(l i18n.Lang, id string, hours []watch.Hour, usual [24]float64, hasUsual bool, now time.Time) ui.ChartOf {
	c := ui.ChartOf{ID: id, Title: l.T(i18n.OpByHour), Usual: hasUsual, Words: chartWords(l)}
	var answered, refused int64
	for i, h := range hours {
		s := step(l, h.Count)
		s.Label = strconv.Itoa(h.From.In(access.Zone).Hour())
		s.Full, s.Later = l.Clock(h.From)+"–"+l.Clock(h.From.Add(time.Hour)), h.From.After(now)
		if hasUsual && i < len(usual) {
			s.Usual, s.UsualNumber = usual[i], l.Int(int64(math.Round(usual[i])))
		}
		answered, refused = answered+h.Answered, refused+h.Refused
		c.Steps = append(c.Steps, s)
	}
	c.Top = l.Int(c.Most())
	c.Describe = l.T(i18n.OpByHourDesc, l.Int(answered), l.Int(refused))
	if hasUsual {
		c.Describe += " " + l.T(i18n.OpByHourUsual, l.Int(int64(math.Round(soFar(usual, now)))))
	}
	return c
}

func step(l i18n.Lang, n watch.Count) ui.ChartStep {
	return ui.ChartStep{N: n.Answered, Refused: n.Refused, Number: l.Int(n.Answered), RefusedNumber: l.Int(n.Refused)}
}

// soFar is what is usual of a day up to now.
func soFar(usual [24]float64, now time.Time) (sum float64) {
	at := now.In(access.Zone)
	for h := range usual {
		switch {
		case h < at.Hour():
			sum += usual[h]
		case h == at.Hour():
			sum += usual[h] * (float64(at.Minute()) / 60)
		}
	}
	return sum
}

// hourlyUpTo is up to how many days are drawn by the hour.
const hourlyUpTo = 2

// rangeChart is what a connection did in some days, with what happened to it
// and, where a step is the limit's window, its limit.
func rangeChart(l i18n.Lang, limit access.Limit, hours []watch.Hour, marks []watch.Mark, days int, now time.Time) ui.ChartOf {
	c := ui.ChartOf{ID: "usage", Title: usageTitle(l, days), Words: chartWords(l)}
	hourly := days <= hourlyUpTo
	if hourly && limit.Window == access.Hour || !hourly && limit.Window == access.Day {
		if limit.Scope == access.PerConnection {
			c.Limit, c.LimitText = limit.Calls, l.T(i18n.OpLimitLine, l.Int(limit.Calls))
		}
	}
	at := map[time.Time]int{}
	var sum watch.Count
	for _, h := range hours {
		start := access.Day.Start(h.From)
		if hourly {
			start = h.From
		}
		i, ok := at[start]
		if !ok {
			i = len(c.Steps)
			at[start] = i
			s := ui.ChartStep{Label: l.DayMonth(start), Full: l.Date(start), Later: start.After(now)}
			if hourly {
				s.Label, s.Full = l.Clock(start), l.Time(start)
			}
			c.Steps = append(c.Steps, s)
		}
		s := &c.Steps[i]
		s.N, s.Refused = s.N+h.Answered, s.Refused+h.Refused
		sum.Answered, sum.Refused = sum.Answered+h.Answered, sum.Refused+h.Refused
	}
	for i := len(marks) - 1; i >= 0; i-- { // the oldest first
		m := marks[i]
		start := access.Day.Start(m.Time)
		if hourly {
			start = m.Time.Truncate(time.Hour).In(access.Zone)
		}
		for when, j := range at {
			if when.Equal(start) {
				text := l.Clock(m.Time) + " " + site.EntryKind(l, m.Kind)
				if c.Steps[j].Mark != "" {
					text = c.Steps[j].Mark + "; " + text
				}
				c.Steps[j].Mark = text
			}
		}
	}
	for i := range c.Steps {
		c.Steps[i].Number, c.Steps[i].RefusedNumber = l.Int(c.Steps[i].N), l.Int(c.Steps[i].Refused)
	}
	c.Top = l.Int(c.Most())
	c.Describe = strings.TrimSpace(l.T(i18n.OpUsageDesc, l.Int(sum.Answered), l.Int(sum.Refused), l.Int(int64(len(marks)))) + " " + c.LimitText)
	return c
}

func usageTitle(l i18n.Lang, days int) string {
	if days == 1 {
		return l.T(i18n.OpUsageToday)
	}
	return l.T(i18n.OpUsageDays, l.Int(int64(days)))
}

// groupRow is one line of a table of calls by something.
type groupRow struct {
	Name, Code, Answered, Refused, People, Share string
}

// groupRows are the first lines of such a table.
func groupRows(l i18n.Lang, groups []watch.Group, most int, name func(key string) (name, code string)) (out []groupRow) {
	var all int64
	for _, g := range groups {
		all += g.Calls
	}
	for _, g := range groups[:min(len(groups), most)] {
		r := groupRow{Answered: l.Int(g.Answered), Refused: l.Int(g.Refused), People: l.Int(g.People), Share: l.Percent(g.Calls, all)}
		r.Name, r.Code = name(g.Key)
		out = append(out, r)
	}
	return out
}

// refusalRows are the refusals of a table by code.
func refusalRows(l i18n.Lang, groups []watch.Group, most int) []groupRow {
	var refused []watch.Group
	for _, g := range groups {
		if g.Key != "" {
			refused = append(refused, g)
		}
	}
	return groupRows(l, refused, most, func(key string) (string, string) { return site.CodeTitle(l, access.Code(key)), key })
}
