package inspector

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"dancu/internal/console/site"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/web"
)

// columns are those of the export; they are words for programs and the same in
// both languages.
var columns = []string{
	"index", "time", "kind", "code", "result", "agency", "system", "represented", "connection", "officer", "officer_verified",
	"officer_address", "session", "procedure", "case", "service", "person", "people", "request", "transaction", "actor", "reason",
}

// CSV exports exactly the rows of one page of a search. That they were taken
// away is an entry of the log, acknowledged before the file is given out.
func (p *Pages) CSV(w http.ResponseWriter, r *http.Request, v *site.Visit) error {
	f, err := v.Form(r)
	if err != nil {
		return err
	}
	s, ok := p.saved(v, r.PathValue("search"))
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
	body, err := table(records)
	if err != nil {
		return err
	}
	site.SendCSV(w, "log-"+v.Moment().UTC().Format("20060102-150405")+".csv", body)
	return nil
}

// table writes entries as CSV.
func table(records []ledger.Record) ([]byte, error) {
	lines := make([][]string, 0, len(records))
	for i := range records {
		r := &records[i]
		c, e := site.CallOf(r), site.EventOf(r)
		verified := ""
		if c.Officer != "" {
			verified = strconv.FormatBool(c.Verified)
		}
		or := func(a, b string) string {
			if a != "" {
				return a
			}
			return b
		}
		lines = append(lines, []string{
			strconv.FormatInt(r.Index, 10), r.Time.UTC().Format(time.RFC3339Nano), r.Kind, r.Code, c.Result,
			or(c.Agency, e.Agency), c.System, c.Represented, or(r.Connection, c.Connection), or(c.Officer, e.Officer), verified,
			or(c.OfficerAddress, e.Address), or(c.Session, e.Session), c.Procedure, c.Case, c.Service, c.Number, strings.Join(c.People, " "),
			c.Request, c.Transaction, e.Actor, e.Reason,
		})
	}
	return site.CSV(columns, lines)
}
