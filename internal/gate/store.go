package gate

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
)

// The statements of a batch take lists: arrays on PostgreSQL, one JSON text on
// SQLite (bytes in hex), so that a batch costs the same few statements however
// many calls are in it.

// list is a column of values.
type list struct {
	texts []string
	bytes [][]byte
	ints  []int64
}

// args returns the statement arguments of parallel columns.
func args(e db.Engine, cols ...list) []any {
	if e == db.Postgres {
		out := make([]any, len(cols))
		for i, c := range cols {
			switch {
			case c.texts != nil:
				out[i] = c.texts
			case c.bytes != nil:
				out[i] = c.bytes
			default:
				out[i] = c.ints
			}
		}
		return out
	}
	n := max(len(cols[0].texts), len(cols[0].bytes), len(cols[0].ints))
	b := append(make([]byte, 0, 64*n), '[')
	for r := range n {
		if r > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
		for i, c := range cols {
			if i > 0 {
				b = append(b, ',')
			}
			switch {
			case c.texts != nil:
				q, _ := json.Marshal(c.texts[r]) // a string always encodes
				b = append(b, q...)
			case c.bytes != nil:
				b = append(b, '"')
				b = hex.AppendEncode(b, c.bytes[r])
				b = append(b, '"')
			default:
				b = fmt.Appendf(b, "%d", c.ints[r])
			}
		}
		b = append(b, ']')
	}
	return []any{string(append(b, ']'))}
}

// source is the FROM item of parallel columns: one letter each, t for text, b
// for bytes, i for integer; the columns are called c0, c1, …
func source(e db.Engine, shape string) string {
	var out strings.Builder
	if e == db.Postgres {
		names, casts := make([]string, len(shape)), make([]string, len(shape))
		for i, s := range shape {
			names[i] = fmt.Sprintf("c%d", i)
			casts[i] = fmt.Sprintf("$%d::%s[]", i+1, map[rune]string{'t': "text", 'b': "bytea", 'i': "bigint"}[s])
		}
		fmt.Fprintf(&out, "unnest(%s) AS s(%s)", strings.Join(casts, ", "), strings.Join(names, ", "))
		return out.String()
	}
	out.WriteString("(SELECT ")
	for i, s := range shape {
		if i > 0 {
			out.WriteString(", ")
		}
		format := "value ->> %d AS c%d"
		if s == 'b' {
			format = "unhex(value ->> %d) AS c%d"
		}
		fmt.Fprintf(&out, format, i, i)
	}
	out.WriteString(" FROM json_each($1)) AS s")
	return out.String()
}

// statements are the texts for one engine, made once.
type statements struct {
	replays, counters, cases, people, mismatches  string
	putPeople, putCases, putCounters, putMismatch string
}

func newStatements(e db.Engine) *statements {
	from := func(shape string) string { return source(e, shape) }
	// CROSS JOIN keeps SQLite from scanning the table instead of the list.
	const join = " CROSS JOIN "
	return &statements{
		replays: "SELECT e.call, e.idx, e.code, e.outcome FROM " + from("b") + join + "entries e WHERE e.call = s.c0",
		counters: "SELECT k.connection, k.scope, k.epoch, k.start, k.calls, k.people FROM " + from("ttii") + join +
			"counters k WHERE k.connection = s.c0 AND k.scope = s.c1 AND k.epoch = s.c2 AND k.start = s.c3",
		cases:  "SELECT k.dossier, k.people FROM " + from("t") + join + "cases k WHERE k.dossier = s.c0",
		people: "SELECT k.dossier, k.person FROM " + from("tb") + join + "case_people k WHERE k.dossier = s.c0 AND k.person = s.c1",
		mismatches: "SELECT k.connection, k.person, k.day, k.n FROM " + from("tbi") + join +
			"mismatches k WHERE k.connection = s.c0 AND k.person = s.c1 AND k.day = s.c2",
		putPeople: "INSERT INTO case_people (dossier, person) SELECT c0, c1 FROM " + from("tb") + " WHERE true",
		putCases: "INSERT INTO cases (dossier, people) SELECT c0, c1 FROM " + from("ti") +
			" WHERE true ON CONFLICT (dossier) DO UPDATE SET people = excluded.people",
		putCounters: "INSERT INTO counters (connection, scope, epoch, start, calls, people) SELECT c0, c1, c2, c3, c4, c5 FROM " + from("ttiiii") +
			" WHERE true ON CONFLICT (connection, scope, epoch, start) DO UPDATE SET calls = excluded.calls, people = excluded.people",
		putMismatch: "INSERT INTO mismatches (connection, person, day, n) SELECT c0, c1, c2, c3 FROM " + from("tbii") +
			" WHERE true ON CONFLICT (connection, person, day) DO UPDATE SET n = excluded.n",
	}
}

// scanAll runs a query and calls scan for every row.
func scanAll(ctx context.Context, q db.Querier, query string, args []any, scan func(scan func(...any) error) error) error {
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// earlier is a call that is in the log already.
type earlier struct {
	index  int64
	result string
}

// readReplays adds which of the batch's calls are in the log already.
func (s *statements) readReplays(ctx context.Context, q db.Querier, batch []*proposal, found map[callKey]earlier) error {
	keys := make([][]byte, 0, len(batch))
	for _, p := range batch {
		keys = append(keys, p.key[:])
	}
	return scanAll(ctx, q, s.replays, args(q.Engine(), list{bytes: keys}), func(scan func(...any) error) error {
		var call, outcome []byte
		var code string
		var e earlier
		if err := scan(&call, &e.index, &code, &outcome); err != nil {
			return err
		}
		e.result = resultOf(outcome)
		if code != "" {
			e.result = code
		}
		found[callKey(call)] = e
		return nil
	})
}

// resultOf reads the result out of a stored outcome: 16 bytes of salt, then
// JSON.
func resultOf(outcome []byte) string {
	var o struct {
		Result string `json:"result"`
	}
	if len(outcome) < 16 || json.Unmarshal(outcome[16:], &o) != nil {
		return ""
	}
	return o.Result
}

// readBooks reads the counts that the admissible calls of a batch need and
// that the picture does not hold.
func (s *statements) readBooks(ctx context.Context, q db.Querier, b *books, batch []*proposal, now time.Time) error {
	if err := s.readCounters(ctx, q, b, batch, now); err != nil {
		return err
	}
	if err := s.readCases(ctx, q, b, batch); err != nil {
		return err
	}
	return s.readMismatches(ctx, q, b, batch, now)
}

// readCounters reads the counters of limits and quotas.
func (s *statements) readCounters(ctx context.Context, q db.Querier, b *books, batch []*proposal, now time.Time) error {
	var connections, scopes, epochs, starts list
	var want []counterKey
	ask := func(k counterKey) {
		if b.counters[k] != nil {
			return
		}
		b.counters[k] = &counter{} // unless the database has it: nothing used yet
		want = append(want, k)
		connections.texts, scopes.texts = append(connections.texts, k.connection), append(scopes.texts, k.scope)
		epochs.ints, starts.ints = append(epochs.ints, k.epoch), append(starts.ints, k.start)
	}
	for _, p := range batch {
		if !p.decision.Allowed() {
			continue
		}
		c, g := p.standing.Connection, p.decision.Grant
		ask(limitKey(c, &p.request, now))
		if g.Quota != 0 {
			ask(quotaKey(c, g, now))
		}
	}
	if len(want) == 0 {
		return nil
	}
	return scanAll(ctx, q, s.counters, args(q.Engine(), connections, scopes, epochs, starts), func(scan func(...any) error) error {
		var k counterKey
		n := &counter{}
		if err := scan(&k.connection, &k.scope, &k.epoch, &k.start, &n.calls, &n.people); err != nil {
			return err
		}
		b.counters[k] = n
		return nil
	})
}

// readCases reads how many people the calls' cases have disclosed, and whether
// those of the calls are among them.
func (s *statements) readCases(ctx context.Context, q db.Querier, b *books, batch []*proposal) error {
	cased := func(p *proposal) bool {
		return p.decision.Allowed() && p.decision.Grant.PeoplePerCase != 0 && len(p.tokens) > 0
	}
	var cases list
	for _, p := range batch {
		if !cased(p) {
			continue
		}
		if k := caseOf(p.connection(), p.call.Case); b.cases[k] == nil {
			b.cases[k] = &caseBook{seen: map[[16]byte]bool{}} // unless the database has it: nobody yet
			b.held++
			cases.texts = append(cases.texts, string(k))
		}
	}
	if len(cases.texts) > 0 {
		err := scanAll(ctx, q, s.cases, args(q.Engine(), cases), func(scan func(...any) error) error {
			var k string
			var n int
			if err := scan(&k, &n); err != nil {
				return err
			}
			b.cases[caseKey(k)].people = n
			return nil
		})
		if err != nil {
			return err
		}
	}
	var keys, people list
	for _, p := range batch {
		if !cased(p) {
			continue
		}
		k := caseOf(p.connection(), p.call.Case)
		d := b.cases[k]
		if d.whole() {
			continue // as of most cases: they began since we look
		}
		for i := range p.tokens {
			if !d.seen[p.tokens[i]] {
				keys.texts, people.bytes = append(keys.texts, string(k)), append(people.bytes, p.tokens[i][:])
			}
		}
	}
	if len(keys.texts) == 0 {
		return nil
	}
	return scanAll(ctx, q, s.people, args(q.Engine(), keys, people), func(scan func(...any) error) error {
		var k string
		var person []byte
		if err := scan(&k, &person); err != nil {
			return err
		}
		if len(person) == 16 {
			b.cases[caseKey(k)].seen[[16]byte(person)] = true
			b.held++
		}
		return nil
	})
}

// readMismatches reads how often the people to be verified were not matched.
func (s *statements) readMismatches(ctx context.Context, q db.Querier, b *books, batch []*proposal, now time.Time) error {
	var connections, people, days list
	for _, p := range batch {
		if p.decision.Allowed() && p.call.Service == access.Verify && len(p.tokens) > 0 {
			k := mismatchOf(p, now)
			connections.texts, days.ints = append(connections.texts, k.connection), append(days.ints, k.day)
			people.bytes = append(people.bytes, p.tokens[0][:])
		}
	}
	if len(connections.texts) == 0 {
		return nil
	}
	return scanAll(ctx, q, s.mismatches, args(q.Engine(), connections, people, days), func(scan func(...any) error) error {
		var k mismatchKey
		var person []byte
		var n int
		if err := scan(&k.connection, &person, &k.day, &n); err != nil {
			return err
		}
		if len(person) == 16 {
			k.person = [16]byte(person)
			b.mismatches[k] = n
		}
		return nil
	})
}

// writeBooks writes what a batch changed.
func (s *statements) writeBooks(ctx context.Context, tx *db.Tx, b *books) error {
	e := tx.Engine()
	if len(b.newPeople) > 0 {
		var d, p list
		for i := range b.newPeople {
			d.texts, p.bytes = append(d.texts, string(b.newPeople[i].dossier)), append(p.bytes, b.newPeople[i].person[:])
		}
		if err := tx.Later(ctx, s.putPeople, args(e, d, p)...); err != nil {
			return fmt.Errorf("couldn't write the people of cases: %w", err)
		}
		var cases, n list
		for _, p := range b.newPeople {
			if c := b.cases[p.dossier]; c.dirty {
				cases.texts, n.ints = append(cases.texts, string(p.dossier)), append(n.ints, int64(c.people))
				c.dirty = false // each case once
			}
		}
		if err := tx.Later(ctx, s.putCases, args(e, cases, n)...); err != nil {
			return fmt.Errorf("couldn't write the cases: %w", err)
		}
	}
	var c, sc, ep, st, ca, pe list
	for k, n := range b.counters {
		if n.dirty {
			c.texts, sc.texts = append(c.texts, k.connection), append(sc.texts, k.scope)
			ep.ints, st.ints = append(ep.ints, k.epoch), append(st.ints, k.start)
			ca.ints, pe.ints = append(ca.ints, n.calls), append(pe.ints, n.people)
		}
	}
	if len(c.texts) > 0 {
		if err := tx.Later(ctx, s.putCounters, args(e, c, sc, ep, st, ca, pe)...); err != nil {
			return fmt.Errorf("couldn't write the counters: %w", err)
		}
	}
	if len(b.mismatched) > 0 {
		var mc, mp, md, mn list
		for k := range b.mismatched {
			mc.texts, mp.bytes = append(mc.texts, k.connection), append(mp.bytes, k.person[:])
			md.ints, mn.ints = append(md.ints, k.day), append(mn.ints, int64(b.mismatches[k]))
		}
		if err := tx.Later(ctx, s.putMismatch, args(e, mc, mp, md, mn)...); err != nil {
			return fmt.Errorf("couldn't write the failed verifications: %w", err)
		}
	}
	return nil
}
