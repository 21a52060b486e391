package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/google/uuid"

	"dancu/internal/app"
	"dancu/internal/db"
	"dancu/internal/ledger"
)

// space says where the bytes of a folder's log are.
func (b *bench) space(ctx context.Context, dir string) error {
	var entries int64
	open := func(tree db.Tree, file string) (*db.DB, error) {
		return db.Open(ctx, db.Config{DSN: "sqlite:" + filepath.Join(dir, file), Tree: tree, AsIs: true})
	}
	main, err := open(db.Main, "dancu.db")
	if err != nil {
		return err
	}
	defer func() { _ = main.Close() }()
	derived, err := open(db.Derived, "derived.db")
	if err != nil {
		return err
	}
	defer func() { _ = derived.Close() }()
	if err := main.QueryRow(ctx, "SELECT COUNT(*) FROM entries").Scan(&entries); err != nil || entries == 0 {
		return errors.Join(err, errors.New("the log is empty"))
	}
	lines := []string{
		fmt.Sprintf("Bytes on disk per entry (SQLite, %d entries of the look-ups above):", entries), "",
		"| what | bytes/entry |", "|---|---|",
	}
	var sum float64
	for _, part := range []struct {
		what   string
		d      *db.DB
		tables []string
	}{
		{"entries: sealed bodies, salts, leaves, outcomes, transaction ids", main, []string{"entries"}},
		{"heads", main, []string{"heads"}},
		{"people per case", main, []string{"cases", "case_people"}},
		{"tiles", derived, []string{"tiles"}},
		{"search index and statistics", derived, []string{"index_runs", "index_pages", "statistics"}},
	} {
		n, err := part.d.Size(ctx, part.tables...)
		if err != nil {
			return err
		}
		per := float64(n) / float64(entries)
		sum += per
		lines = append(lines, fmt.Sprintf("| %s | %.0f |", part.what, per))
	}
	b.report.sizeLines = append(b.report.sizeLines, append(lines, fmt.Sprintf("| sum | %.0f |", sum))...)
	return nil
}

// few are the people of the small system.
const few = 10_000

// sizes compares a small register and a new log with a large register and a
// large log, in turns.
func (b *bench) sizes(ctx context.Context) error {
	large := filepath.Join(b.dir, "sqlite")
	if err := ensureDemo(b.binary, large, b.options.people); err != nil {
		return err
	}
	took, err := fill(ctx, large, b.entries)
	if err != nil {
		return err
	}
	b.filled = true
	small, err := startDemo("dancu, 10,000 people, new log", b.binary, filepath.Join(b.dir, "small"), "", few)
	if err != nil {
		return err
	}
	defer small.stop()
	big, err := startDemo("dancu, large", b.binary, large, "", b.options.people)
	if err != nil {
		return err
	}
	defer big.stop()
	var t table
	for range b.rounds {
		// The same seed makes the same first people, whatever their number.
		s, err := b.measure(ctx, small, &small.server, b.conns, b.people[:few/10])
		if err != nil {
			return err
		}
		t.add("small", s)
		if s, err = b.measure(ctx, big, &big.server, b.conns, b.people); err != nil {
			return err
		}
		t.add("large", s)
	}
	cs, _, _ := t.median("small", cpuOf)
	cl, _, _ := t.median("large", cpuOf)
	rs, _, _ := t.median("small", rate)
	rl, _, _ := t.median("large", rate)
	ms, _, _ := t.median("small", ownMiB)
	ml, _, _ := t.median("large", ownMiB)
	b.report.sizeLines = append(b.report.sizeLines, "",
		fmt.Sprintf("Cost by size (SQLite, %d connections; the large log was filled with %d entries in %v, %.0f a second):",
			b.conns, b.entries, took.Round(time.Second), float64(b.entries)/took.Seconds()), "",
		"| | look-ups/s | server CPU µs/look-up | own memory MiB |", "|---|---|---|---|",
		fmt.Sprintf("| 10,000 people, new log | %.0f | %.1f | %.0f |", rs, cs/1000, ms),
		fmt.Sprintf("| %d people, %d entries | %.0f | %.1f | %.0f |", b.options.people, b.entries, rl, cl/1000, ml),
		fmt.Sprintf("| large ÷ small | %.2f | %.2f | %.2f |", rl/rs, cl/cs, ml/ms))
	return nil
}

// fill appends entries of the size of a look-up's to the log of a folder.
func fill(ctx context.Context, dir string, entries int64) (took time.Duration, err error) {
	loaded, err := app.LoadConfig(filepath.Join(dir, app.ConfigFile), nil)
	if err != nil {
		return 0, err
	}
	cfg := loaded.Config
	cfg.Node = "fill"
	cfg.API.Listen, cfg.Console.Listen, cfg.Log.Listen, cfg.Operations.Listen = "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"
	a, err := app.New(ctx, cfg)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	background, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { _ = a.Log.Run(background) })
	defer wg.Wait()
	defer cancel()
	const batch = 2000
	start := time.Now()
	for n := int64(0); n < entries; n += batch {
		staged := make([]*ledger.Entry, 0, batch)
		for i := range min(batch, entries-n) {
			e, err := filler(n + i)
			if err == nil {
				err = a.Log.Seal(e)
			}
			if err != nil {
				return 0, err
			}
			staged = append(staged, e)
		}
		err := a.Log.Write(ctx, func(tx *ledger.Tx) error {
			for i, e := range staged {
				tx.Append(e, ledger.Outcome{Result: "answered", Count: n + int64(i), Limit: entries})
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
		if n%1_000_000 == 0 {
			fmt.Fprintf(os.Stderr, "filling the log: %d of %d entries\n", n, entries)
		}
	}
	took = time.Since(start)
	// What follows the log is to be done before anything is measured.
	return took, a.Log.WaitPublished(ctx, a.Log.Head().Size-1)
}

// filler is an entry like a look-up's, of some person and case.
func filler(n int64) (*ledger.Entry, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	e := ledger.NewEntry("call.lookup", "fill")
	e.RequestID = id.String()
	dossier, person := fmt.Sprintf("H98-250101-%07d", n/4), fmt.Sprintf("001090%06d", n*7919%1_000_000)
	e.Call = append([]byte("fill----"), id[:]...)
	e.Add(ledger.PartAccess, fmt.Appendf(nil, `{"agency":"H98","asked":["fullName","dateOfBirth","sex","nationality","permanentResidence"],"case":%q,"channel":"api","connection":"fill","credential":"332532365b93820b23f567b789e75a260a41a1e63134d0ceae7149e456a4b0ff","grant":"lookup","grantHash":"e43ca4da0ce55b0a6baf35b36a254f835938938548a3be4f5c1696bd9f35efd7","legalBasis":"Nghị định 70/2024/NĐ-CP Điều 8 khoản 1","procedure":"1.900101.H98","request":%q,"service":"lookup","source":"127.0.0.1","system":"fill","transaction":%q}`,
		dossier, e.RequestID, e.RequestID))
	e.Add(ledger.PartOfficer, []byte(`{"address":"10.0.0.15","id":"CB-0001","session":"phien-demo-0001","verified":false}`))
	e.Add(ledger.PartKeys, fmt.Appendf(nil, `{"dateOfBirth":"1990-01-01","fullName":"Nguyễn Văn An","pin":%q}`, person))
	e.Add(ledger.PartSubject, fmt.Appendf(nil, `{"access":"consult","fields":["fullName","dateOfBirth","sex","nationality","permanentResidence"],"pin":%q}`, person))
	for kind, value := range map[ledger.TermKind]string{
		ledger.TermAgency: "H98", ledger.TermCase: dossier, ledger.TermConnection: "fill", ledger.TermProcedure: "1.900101.H98",
		ledger.TermRequest: e.RequestID, ledger.TermSystem: "fill", ledger.TermTransaction: e.RequestID,
		ledger.TermOfficer: "CB-0001", ledger.TermAddress: "10.0.0.15", ledger.TermPerson: person,
	} {
		e.Find(kind, value)
	}
	return e, nil
}
