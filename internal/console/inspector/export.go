package inspector

import (
	"net/http"
	"strconv"
	"strings"

	"dancu/internal/console/site"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/web"
)

// columns are those of the export; they are words for programs and the same in
// both languages.
var columns = site.Columns(
	"index", "time", "kind", "code", "result", "agency", "system", "represented", "connection", "officer", "officer_verified",
	"officer_address", "session", "procedure", "case", "service", "person", "people", "request", "transaction", "actor", "reason",
)

// Export exports exactly the rows of one page of a search. That they were taken
// away is an entry of the log, acknowledged before the file is given out.
func (p *Pages) Export(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	s, ok, err := p.saved(r, v, r.PathValue("search"))
	if err != nil {
		return err
	}
	if !ok {
		return web.NotFound()
	}
	s.Query.Before = beforeOf(f.Raw("before"))
	found, err := p.log.Search(r.Context(), v.ReaderOf(s.Reason, identity.ExportLog), s.Query)
	if err != nil {
		return err
	}
	records := found.Records
	if len(records) > 0 {
		indexes := make([]int64, len(records))
		for i := range records {
			indexes[i] = records[i].Index
		}
		var people []string
		for _, t := range s.Query.Terms {
			if t.Kind == ledger.TermPerson {
				people = append(people, t.Value)
			}
		}
		taken, err := p.log.Take(r.Context(), v.ReaderOf(s.Reason, identity.ExportLog), people, indexes...)
		if err != nil {
			return err
		}
		records = taken.Records
	}
	return site.SendTable(w, tableOf("log-"+v.Stamp(), records), site.FormatOf(f.Raw("as")))
}

// tableOf is entries as a table.
func tableOf(name string, records []ledger.Record) *site.Table {
	return &site.Table{Name: name, Columns: columns, Rows: func(add func(...site.Cell) error) error {
		for i := range records {
			if err := add(cellsOf(&records[i])...); err != nil {
				return err
			}
		}
		return nil
	}}
}

// cellsOf is an entry as a row of columns.
func cellsOf(r *ledger.Record) []site.Cell {
	c, e := site.CallOf(r), site.EventOf(r)
	verified := ""
	if c.Officer != "" {
		verified = strconv.FormatBool(c.Verified)
	}
	return append([]site.Cell{site.Number(r.Index), site.Moment(r.Time)}, site.Texts(
		r.Kind, r.Code, c.Result,
		or(c.Agency, e.Agency), c.System, c.Represented, or(r.Connection, c.Connection), or(c.Officer, e.Officer), verified,
		or(c.OfficerAddress, e.Address), or(c.Session, e.Session), c.Procedure, c.Case, c.Service, c.Number, strings.Join(c.People, " "),
		c.Request, c.Transaction, e.Actor, e.Reason,
	)...)
}
