package console

import (
	"dancu/internal/console/i18n"
	"dancu/internal/console/ui"
)

func connectionTable(v statusView) ui.TableOf {
	l := v.Lang
	t := ui.TableOf{
		Caption: l.T(i18n.Connections),
		Columns: []ui.Column{
			{Head: l.T(i18n.ColumnAgency)},
			{Head: l.T(i18n.ColumnState)},
			{Head: l.T(i18n.ColumnUsage), Wide: true},
			{Head: l.T(i18n.ColumnCertificate)},
			{Head: l.T(i18n.ColumnAssessment)},
			{Head: l.T(i18n.ColumnGrants), Right: true},
		},
	}
	for _, c := range v.Connections {
		t.Rows = append(t.Rows, ui.Row{
			who(c),
			stateCell(c, l.T(i18n.NearLimit)),
			usageCell(c, l.Percent(c.Gauge.Used, c.Gauge.Limit)),
			termCell(c.Certificate),
			termCell(c.Assessment),
			ui.Number(c.Grants),
		})
	}
	return t
}

func recentTable(v statusView) ui.TableOf {
	l := v.Lang
	t := ui.TableOf{
		Caption: l.T(i18n.Recent),
		Columns: []ui.Column{
			{Head: l.T(i18n.ColumnTime)},
			{Head: l.T(i18n.ColumnKind)},
			{Head: l.T(i18n.ColumnOwner)},
			{Head: l.T(i18n.ColumnResult)},
			{Head: l.T(i18n.ColumnIndex), Right: true},
		},
	}
	for _, e := range v.Recent {
		t.Rows = append(t.Rows, ui.Row{
			ui.Number(e.Time), ui.Text(e.Kind), ui.Text(e.Agency), resultCell(e), ui.Number(e.Index),
		})
	}
	return t
}

func refusalTable(v statusView) ui.TableOf {
	l := v.Lang
	t := ui.TableOf{
		Caption: l.T(i18n.Refusals),
		Columns: []ui.Column{{Head: l.T(i18n.ColumnCode)}, {Head: l.T(i18n.ColumnCount), Right: true}},
	}
	for _, r := range v.Refusals {
		t.Rows = append(t.Rows, ui.Row{refusalCell(r), ui.Number(r.Count)})
	}
	return t
}

// serviceFacts say how the service stands, to everybody.
func serviceFacts(v statusView) []ui.Fact {
	l := v.Lang
	state := ui.Badge(ui.OK, l.T(i18n.OpReady))
	if !v.Ready {
		state = ui.Badge(ui.Bad, l.T(i18n.OpNotReady))
	}
	out := []ui.Fact{{Term: l.T(i18n.OpServing), Is: state}}
	if len(v.Maintenance) == 0 { // what is announced stands above
		out = append(out, ui.Fact{Term: l.T(i18n.MaintenanceTitle), Is: ui.Text(l.T(i18n.OpNoMaintenance))})
	}
	if v.Contacts != "" {
		out = append(out, ui.Fact{Term: l.T(i18n.ContactsTitle), Is: ui.Link(v.Contacts, l.T(i18n.OpContacts))})
	}
	return out
}

func logFacts(v statusView) []ui.Fact {
	l := v.Lang
	return []ui.Fact{
		{Term: l.T(i18n.ColumnState), Is: readyFact(v)},
		{Term: l.T(i18n.LogSize), Is: ui.Number(l.T(i18n.LogSizeOf, l.Int(v.Log.Size)))},
		{Term: l.T(i18n.LogTime), Is: ui.Number(l.Seconds(v.Log.Time))},
		{Term: l.T(i18n.LogOrigin), Is: ui.Code(v.Log.Origin)},
		{Term: l.T(i18n.LogRoot), Is: ui.Key(v.Log.Root)},
		{Term: l.T(i18n.LogKey), Is: ui.Key(v.Log.VerifierKey)},
		{Term: l.T(i18n.LogCheckpoint), Is: checkpointFact(v)},
	}
}
