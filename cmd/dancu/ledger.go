package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"dancu/internal/app"
	"dancu/internal/fault"
	"dancu/internal/ledger"
	"dancu/verify"
)

func newLedger(e *env) *cobra.Command {
	c := &cobra.Command{
		Use:   "ledger",
		Short: "Verify, check, search and export the access log",
		Long: `Ledger works on the log of accesses. "verify" needs nothing but the log's
verifier key and what somebody kept: anyone may run it, anywhere. "fsck" compares
all that is stored with the log. "search" and "export" read entries: who did, and
the reason, are entries of the log themselves.`,
		Args: cobra.NoArgs,
	}
	c.AddCommand(newLedgerVerify(e), newLedgerFsck(e), newLedgerSearch(e), newLedgerExport(e))
	return c
}

// bar returns a function that shows progress on stderr, if that is a
// terminal, and one that ends it.
func bar(e *env, what string) (progress func(done, total int64), end func()) {
	f, ok := e.stderr.(*os.File)
	if !ok {
		return nil, func() {}
	}
	if fi, err := f.Stat(); err != nil || fi.Mode()&os.ModeCharDevice == 0 {
		return nil, func() {}
	}
	var b *progressbar.ProgressBar
	return func(done, total int64) {
			if b == nil {
				b = progressbar.NewOptions64(total, progressbar.OptionSetDescription(what),
					progressbar.OptionSetWriter(f), progressbar.OptionShowCount(), progressbar.OptionThrottle(200*time.Millisecond))
			}
			_ = b.Set64(done) // it is only a picture
		}, func() {
			if b != nil {
				_ = b.Finish()
				fmt.Fprintln(f)
			}
		}
}

// findings prints a report and says by its error whether anything was found.
func findings(e *env, r *verify.Report, asJSON bool, good string) error {
	if asJSON {
		out := *r
		if out.Findings == nil {
			out.Findings = []verify.Finding{}
		}
		if err := printJSON(e.stdout, out); err != nil {
			return err
		}
	} else {
		for _, f := range r.Findings {
			fmt.Fprintln(e.stdout, f)
		}
		if r.More > 0 {
			fmt.Fprintf(e.stdout, "and %d more\n", r.More)
		}
		if r.OK() {
			fmt.Fprintln(e.stdout, good)
		}
	}
	if !r.OK() {
		return errSilent
	}
	return nil
}

func newLedgerVerify(e *env) *cobra.Command {
	var v verification
	c := &cobra.Command{
		Use:   "verify [FILE]",
		Short: "Check an export, a receipt or a published log offline",
		Long: `Verify checks what somebody kept, with the log's verifier key and without the
database or any server of ours:

  an export          dancu ledger verify export.jsonl --key-file log.pub
  a full receipt     dancu ledger verify receipt.json --key-file log.pub
  a short receipt    … and --proof FILE, or --log URL-or-folder
  a published log    dancu ledger verify --log https://log.example.vn/dancu --key-file log.pub
  … since then       … and --checkpoint FILE, a checkpoint kept earlier
  one entry of it    … and --entry INDEX: its leaf, and that it is in the log
  two sizes of it    … and --older SIZE --newer SIZE: the one is the beginning of the other
  a checkpoint       dancu ledger verify --checkpoint FILE --key-file log.pub
  evidence           dancu ledger verify bundle.zip --key-file log.pub, after age -d -o bundle.zip FILE.age

FILE may be "-" for standard input. A receipt may stand in the whole answer of a
call. Everything that does not fit is printed with its place; the status is 1
then.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := v.readKey(); err != nil {
				return err
			}
			if len(args) == 0 {
				switch {
				case v.log == "" && len(v.checkpoints) > 0 && v.entry < 0 && v.older == 0 && v.newer == 0:
					return v.kept(e)
				case v.log == "":
					return usageError{errors.New("name a file, or a log with --log")}
				case v.entry >= 0:
					return v.one(c.Context(), e)
				case v.older != 0 || v.newer != 0:
					return v.sizes(c.Context(), e)
				}
				return v.tree(c.Context(), e)
			}
			in := e.stdin
			if args[0] != "-" {
				f, err := os.Open(args[0])
				if err != nil {
					return fault.Wrap(fault.Invalid, err, "the file cannot be read")
				}
				defer f.Close()
				in = f
			}
			return v.file(c.Context(), e, in)
		},
	}
	f := c.Flags()
	f.StringVar(&v.key, "key", "", "the log's verifier `key` (origin+hash+key)")
	f.StringVar(&v.keyFile, "key-file", "", "`file` with the log's verifier key")
	f.StringVar(&v.log, "log", "", "where the log is published: `URL` or folder")
	f.StringVar(&v.proof, "proof", "", "`file` with the proof (tlog-proof) of a short receipt")
	f.StringArrayVar(&v.checkpoints, "checkpoint", nil, "`file` with a checkpoint kept earlier (repeatable)")
	f.Int64Var(&v.entry, "entry", -1, "check that the entry of this `index` is in the log")
	f.Int64Var(&v.older, "older", 0, "check that the log of `size` entries is the beginning of the newer one")
	f.Int64Var(&v.newer, "newer", 0, "the newer `size` (0: that of the checkpoint)")
	f.BoolVar(&v.asJSON, "json", false, "print JSON")
	return c
}

// verification is what "ledger verify" was asked.
type verification struct {
	key, keyFile, log, proof string
	checkpoints              []string
	entry, older, newer      int64
	asJSON                   bool
}

func (v *verification) readKey() error {
	switch {
	case (v.key == "") == (v.keyFile == ""):
		return usageError{errors.New("give the log's verifier key with --key or --key-file")}
	case v.keyFile != "":
		data, err := readBounded(v.keyFile, 4096)
		if err != nil {
			return err
		}
		v.key = string(data)
	}
	v.key = strings.TrimSpace(v.key)
	return nil
}

// readBounded reads a small file.
func readBounded(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the file cannot be read")
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "the file cannot be read")
	}
	if int64(len(data)) > limit {
		return nil, fault.New(fault.Invalid, "%s has more than %d bytes", name, limit)
	}
	return data, nil
}

// tree checks a published log, and that it goes on from kept checkpoints.
func (v *verification) tree(ctx context.Context, e *env) error {
	src, err := verify.OpenSource(v.log)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the log cannot be read")
	}
	progress, end := bar(e, "entries")
	r, err := verify.CheckTree(ctx, src, v.key, progress)
	end()
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "the log cannot be checked")
	}
	for _, name := range v.checkpoints {
		signed, err := readBounded(name, verify.MaxCheckpoint)
		if err != nil {
			return err
		}
		older, err := verify.OpenCheckpoint(signed, v.key)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "%s cannot be used", name)
		}
		if err := verify.CheckConsistencyTiles(ctx, src, older, r.Checkpoint); err != nil {
			r.Add(fmt.Sprintf("checkpoint of %d entries", older.Size), "%v", err)
		}
	}
	return findings(e, r, v.asJSON, fmt.Sprintf("good: all %d entries are under the checkpoint of %s, root %s", r.Entries, r.Checkpoint.Origin, r.Checkpoint.Root))
}

// file checks an export or a receipt: it sees itself which it is.
func (v *verification) file(ctx context.Context, e *env, in io.Reader) error {
	r := bufio.NewReaderSize(in, 64<<10)
	head, err := r.Peek(32 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return fault.Wrap(fault.Invalid, err, "the file cannot be read")
	}
	// The first line of an export is a whole object; a receipt, on one line or
	// indented, has no format.
	line, _, _ := bytes.Cut(head, []byte{'\n'})
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return v.bundle(e, in, r)
	case bytes.HasPrefix(head, []byte("age-encryption.org/")), bytes.HasPrefix(head, []byte("-----BEGIN AGE")):
		return fault.New(fault.Invalid, "the bundle is encrypted: open it first with \"age -d -o bundle.zip FILE\", then check bundle.zip")
	}
	if m, err := verify.Object(line); err == nil && m["parts"] == nil && m["receipt"] == nil || bytes.Contains(line, []byte(`"format"`)) {
		rep, err := verify.CheckExport(ctx, r, v.key, nil)
		if err != nil {
			return fault.Wrap(fault.Unavailable, err, "the export cannot be read")
		}
		return findings(e, rep, v.asJSON, fmt.Sprintf("good: %d entries are what the log of %s has, under its checkpoint of %d entries", rep.Entries, rep.Checkpoint.Origin, rep.Checkpoint.Size))
	}
	data, err := io.ReadAll(io.LimitReader(r, verify.MaxReceipt+1))
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the file cannot be read")
	}
	return v.receipt(ctx, e, data)
}

func (v *verification) receipt(ctx context.Context, e *env, data []byte) error {
	receipt, err := verify.ParseReceipt(data)
	if err != nil {
		return fault.New(fault.Invalid, "neither an export nor a receipt: %v", err)
	}
	rep := &verify.Report{Entries: 1}
	check := func() (verify.Checkpoint, error) {
		switch {
		case v.proof != "":
			text, err := readBounded(v.proof, verify.MaxProof)
			if err != nil {
				return verify.Checkpoint{}, err
			}
			p, err := verify.ParseProof(text)
			if err != nil {
				return verify.Checkpoint{}, err
			}
			return receipt.VerifyProof(p, v.key)
		case receipt.Proof != nil:
			return receipt.Verify(v.key)
		case v.log != "":
			src, err := verify.OpenSource(v.log)
			if err != nil {
				return verify.Checkpoint{}, err
			}
			c, err := verify.ReadCheckpoint(ctx, src, v.key)
			if err != nil {
				return c, err
			}
			return c, receipt.VerifyTiles(ctx, src, c)
		}
		return verify.Checkpoint{}, usageError{errors.New("the receipt is short: give its proof with --proof, or the log with --log")}
	}
	c, err := check()
	var usage usageError
	if errors.As(err, &usage) {
		return err
	}
	if err != nil {
		rep.Add(verify.Entry(receipt.Index), "%v", err)
	}
	rep.Checkpoint = c
	return findings(e, rep, v.asJSON, fmt.Sprintf("good: entry %d of %s, request %s, %s, under a checkpoint of %d entries",
		receipt.Index, receipt.Origin, receipt.RequestID, receipt.Time.Format(verify.TimeLayout), c.Size))
}

func newLedgerFsck(e *env) *cobra.Command {
	var checkpoints, receipts []string
	var asJSON bool
	c := &cobra.Command{
		Use:   "fsck",
		Short: "Compare everything stored with the log",
		Long: `Fsck computes everything again from the stored entries and compares: every body
with its entry, the entries with every head, the tree's tiles, the search index,
the statistics and the standing with the entries. With checkpoints and receipts
that somebody kept elsewhere it also finds a store that was rewritten as a whole.
It changes nothing, and may run beside a server. Everything that does not fit is
printed with its place; the status is 1 then.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			var kept app.Kept
			for _, list := range []struct {
				names []string
				to    *[][]byte
				limit int64
			}{{checkpoints, &kept.Checkpoints, verify.MaxCheckpoint}, {receipts, &kept.Receipts, verify.MaxReceipt}} {
				for _, name := range list.names {
					data, err := readBounded(name, list.limit)
					if err != nil {
						return err
					}
					*list.to = append(*list.to, data)
				}
			}
			progress, end := bar(e, "entries")
			defer end()
			r, err := fsck(c.Context(), e, kept, progress)
			end()
			if err != nil {
				return err
			}
			return findings(e, r, asJSON, fmt.Sprintf("good: %d entries and all that is derived from them agree", r.Entries))
		},
	}
	c.Flags().StringArrayVar(&checkpoints, "checkpoint", nil, "`file` with a checkpoint that somebody kept (repeatable)")
	c.Flags().StringArrayVar(&receipts, "receipt", nil, "`file` with a receipt that somebody kept (repeatable)")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// fsck asks the server, or looks itself. A log too damaged to be opened is the
// very thing to be looked at.
func fsck(ctx context.Context, e *env, kept app.Kept, progress func(done, total int64)) (r *verify.Report, err error) {
	err = controlled(ctx, e, func(ctl app.Control) error {
		r, err = ctl.Fsck(ctx, kept, progress)
		return err
	})
	if err == nil || r != nil || fault.Is(err, fault.Invalid) || fault.Is(err, fault.Forbidden) || errors.Is(err, app.ErrInUse) {
		return r, err
	}
	cfg, cfgErr := e.config()
	if cfgErr != nil {
		return nil, cfgErr
	}
	stored, storedErr := app.FsckStored(ctx, *cfg, kept, progress)
	if storedErr != nil {
		return nil, err
	}
	fmt.Fprintln(e.stderr, "note: the log cannot be opened, only looked at:", err)
	return stored, nil
}

// momentFlag is a flag with a moment: a date (its start in Vietnam) or RFC 3339.
type momentFlag struct{ time.Time }

func (m *momentFlag) String() string {
	if m.IsZero() {
		return ""
	}
	return m.Format(time.RFC3339)
}

func (m *momentFlag) Type() string { return "time" }

func (m *momentFlag) Set(s string) (err error) {
	if m.Time, err = time.ParseInLocation(time.DateOnly, s, vietnam); err != nil {
		m.Time, err = time.Parse(time.RFC3339, s)
	}
	if err != nil {
		return errors.New("a date (2026-01-31) or a moment (2026-01-31T08:00:00+07:00) was expected")
	}
	return nil
}

func newLedgerSearch(e *env) *cobra.Command {
	kinds := []ledger.TermKind{
		ledger.TermPerson, ledger.TermOfficer, ledger.TermAgency, ledger.TermSystem, ledger.TermConnection,
		ledger.TermProcedure, ledger.TermCase, ledger.TermAddress, ledger.TermRequest, ledger.TermTransaction,
	}
	values := make([][]string, len(kinds))
	var q ledger.Query
	var from, until momentFlag
	var reason string
	var asJSON bool
	c := &cobra.Command{
		Use:   "search",
		Short: "Find entries by citizen, officer, agency, case, time, …",
		Long: `Search prints the newest entries that have all that is asked for. Who searches,
for what and why is an entry of the log itself, written before anything is
printed. "--person -" reads the number from standard input, so that it does not
stand in the list of processes.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			q.From, q.Until = from.Time, until.Time
			stdin := bufio.NewReader(e.stdin)
			for i, kind := range kinds {
				for _, v := range values[i] {
					if v == "-" {
						line, err := stdin.ReadString('\n')
						if err != nil && !errors.Is(err, io.EOF) {
							return err
						}
						v = strings.TrimSpace(line)
					}
					q.Terms = append(q.Terms, ledger.Term{Kind: kind, Value: v})
				}
			}
			return controlled(c.Context(), e, func(ctl app.Control) error {
				res, err := ctl.Search(c.Context(), reason, q)
				if err != nil {
					return err
				}
				if asJSON {
					return printJSON(e.stdout, res)
				}
				return printRecords(e, res)
			})
		},
	}
	f := c.Flags()
	for i, kind := range kinds {
		f.StringArrayVar(&values[i], kind.String(), nil, "only entries with this "+kind.String())
	}
	f.StringVar(&q.Kind, "kind", "", "only entries of this `kind`, such as call.lookup")
	f.StringVar(&q.Code, "code", "", "only refusals with this `code`")
	f.Var(&from, "from", "only entries from here on: a date or RFC 3339")
	f.Var(&until, "until", "only entries before")
	f.Int64Var(&q.Before, "before", 0, "only entries below this `index` (to go on)")
	f.IntVar(&q.Limit, "limit", 50, "at most so many entries")
	f.StringVar(&reason, "reason", "", "why you read the log (required)")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	_ = c.MarkFlagRequired("reason")
	return c
}

func printRecords(e *env, res app.SearchResult) error {
	w := bufio.NewWriter(e.stdout)
	for _, r := range res.Records {
		fmt.Fprintf(w, "entry %d  %s  %s", r.Index, r.Time.In(vietnam).Format("2006-01-02 15:04:05.000000 -07:00"), r.Kind)
		if r.Code != "" {
			fmt.Fprintf(w, "  %s", r.Code)
		}
		fmt.Fprintln(w)
		for _, p := range r.Parts {
			fmt.Fprintf(w, "    %-8s %s\n", p.Name, p.Data)
		}
		if r.Parts == nil {
			fmt.Fprintf(w, "    the body was removed; leaf %s\n", base64.StdEncoding.EncodeToString(r.Leaf))
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(e.stderr, "%d entries; this search is entry %d\n", len(res.Records), res.Entry)
	if res.Next > 0 {
		fmt.Fprintf(e.stderr, "there are more: --before %d\n", res.Next)
	}
	return nil
}

func newLedgerExport(e *env) *cobra.Command {
	var r app.ExportRange
	var from, until momentFlag
	var reason, out string
	c := &cobra.Command{
		Use:   "export",
		Short: "Write entries to a file that verifies by itself",
		Long: `Export writes entries with all that is needed to check them without us: "dancu
ledger verify FILE" does. Who exports, what and why is an entry of the log itself.
Parts can be left out with --omit; the rest still verifies.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			r.From, r.Until = from.Time, until.Time
			return controlled(c.Context(), e, func(ctl app.Control) error {
				if out == "" || out == "-" {
					return ctl.Export(c.Context(), reason, r, e.stdout)
				}
				return writeWhole(out, func(w io.Writer) error { return ctl.Export(c.Context(), reason, r, w) })
			})
		},
	}
	f := c.Flags()
	f.Int64Var(&r.First, "first", 0, "the first entry's `index`")
	f.Int64Var(&r.End, "end", 0, "the `index` after the last entry (0: up to the newest)")
	f.Var(&from, "from", "only entries from here on: a date or RFC 3339")
	f.Var(&until, "until", "only entries before")
	f.StringSliceVar(&r.Omit, "omit", nil, "leave out these `parts`, such as keys,subject")
	f.StringVar(&reason, "reason", "", "why you export the log (required)")
	f.StringVarP(&out, "out", "o", "", "`file` to write (default: standard output)")
	_ = c.MarkFlagRequired("reason")
	return c
}

// writeWhole writes a file that only its owner may read, and that is there
// whole or not at all.
func writeWhole(name string, fn func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".export-*")
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the file cannot be written")
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
		}
	}()
	if err := fn(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
