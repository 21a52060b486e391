package manual

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/mod/sumdb/note"

	"dancu/internal/db"
	"dancu/internal/db/dbtest"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// all are the texts and addresses of blocks.
func all(blocks []Block) (texts, hrefs []string) {
	inline := func(list []Inline) {
		for _, x := range list {
			texts = append(texts, x.Text)
			if x.Href != "" {
				hrefs = append(hrefs, x.Href)
			}
		}
	}
	for i := range blocks {
		b := &blocks[i]
		inline(b.Inline)
		for _, c := range b.Head {
			inline(c)
		}
		for _, r := range b.Rows {
			for _, c := range r {
				inline(c)
			}
		}
		if b.Text != "" {
			texts = append(texts, b.Text)
		}
		for _, item := range b.Items {
			t, h := all(item)
			texts, hrefs = append(texts, t...), append(hrefs, h...)
		}
	}
	return texts, hrefs
}

func TestGuidesAreRead(t *testing.T) {
	blocks, err := Parse("# Một\n\nCâu **đậm**, *nghiêng*, `mã`, [liên kết](/help).\nDòng hai.\n\n1. a\n2. b\n   - c\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n> trích\n\n```\nmã <b>\n```\n")
	if err != nil {
		t.Fatal(err)
	}
	var kinds []BlockKind
	for i := range blocks {
		kinds = append(kinds, blocks[i].Kind)
	}
	if want := []BlockKind{Heading, Paragraph, Ordered, Table, Quote, Code}; !slices.Equal(kinds, want) {
		t.Fatalf("the blocks are %v, want %v", kinds, want)
	}
	if blocks[0].Level != 2 || !blocks[1].Inline[1].Strong || !blocks[1].Inline[3].Em || !blocks[1].Inline[5].Code {
		t.Errorf("the styles are lost: %+v", blocks[1].Inline)
	}
	if len(blocks[2].Items) != 2 || blocks[2].Items[1][1].Kind != List || len(blocks[3].Head) != 2 || len(blocks[3].Rows) != 1 {
		t.Errorf("the structure is lost: %+v", blocks)
	}
	texts, hrefs := all(blocks)
	if !slices.Equal(hrefs, []string{"/help"}) || !slices.Contains(texts, "mã <b>\n") {
		t.Errorf("texts %q, links %q", texts, hrefs)
	}
}

// Nothing of a guide is HTML, and no link leads anywhere but within the site or
// to https: what is such is refused with what to write instead.
func TestNothingIsHTML(t *testing.T) {
	for _, bad := range []string{
		"<script>alert(1)</script>", "câu <b>đậm</b>", "<div>\nx\n</div>", "![ảnh](/x.png)", "[x](javascript:alert(1))", "[x](//evil.example)",
		"[x](http://evil.example)", "[x](/\\evil.example)", "[x](data:text/html,x)", "<javascript:alert(1)>", "[x](https://user@evil.example/)", "[x](help)",
		strings.Repeat("> ", 9) + "x",
	} {
		if _, err := Parse(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q is taken (%v)", bad, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("# a\n\n- [x](/y) <b>\n\n| a |\n|---|\n| b |")
	f.Fuzz(func(t *testing.T, s string) {
		blocks, err := Parse(tidy(s))
		if err != nil {
			return
		}
		_, hrefs := all(blocks)
		for _, h := range hrefs {
			if !strings.HasPrefix(h, "https://") && (!strings.HasPrefix(h, "/") || strings.HasPrefix(h, "//")) {
				t.Errorf("%q leads to %q", s, h)
			}
		}
	})
}

// The program's own guides are whole, in both languages, of the same structure.
func TestShippedGuides(t *testing.T) {
	s, err := NewShelf(nil)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, g := range s.Guides() {
		ids = append(ids, g.ID)
		v := g.Version("")
		count := func(e *Edition) (n [8]int) {
			for i := range e.Blocks {
				n[e.Blocks[i].Kind]++
			}
			return n
		}
		if count(&v.VI) != count(&v.EN) {
			t.Errorf("%s: the languages differ: %v, %v", g.ID, count(&v.VI), count(&v.EN))
		}
		_, vi := all(v.VI.Blocks)
		_, en := all(v.EN.Blocks)
		if !slices.Equal(vi, en) {
			t.Errorf("%s: the links differ: %v, %v", g.ID, vi, en)
		}
	}
	if want := []string{"connection", "officer", "service"}; !slices.Equal(ids, want) {
		t.Errorf("the guides are %v, want %v", ids, want)
	}
}

func TestAnOperatorsFolder(t *testing.T) {
	text := func(guide, version, date, lang, more string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("---\nguide: " + guide + "\nversion: " + version + "\ndate: " + date + "\nlanguage: " + lang + "\ntitle: T " + version + "\nsummary: S\nchange: đổi a\nchange: đổi b\n---\n## x\n" + more)}
	}
	s, err := NewShelf(fstest.MapFS{
		"a.md": text("officer", "1.1", "2027-01-01", "vi", ""), "b.md": text("officer", "1.1", "2027-01-01", "en", ""),
		"c.md": text("service", "1.0", "2026-11-25", "vi", ""), "d.md": text("service", "1.0", "2026-11-25", "en", ""),
		"e.md": text("tinh", "1", "2027-02-01", "vi", ""), "f.md": text("tinh", "1", "2027-02-01", "en", ""),
		"README.txt": {Data: []byte("x")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if g := s.Guide("officer"); g.Version("").Number != "1.1" || len(g.Versions) != 2 || len(g.Version("1.1").VI.Changes) != 2 || g.Version("1.0") == nil {
		t.Errorf("a version was not added: %+v", g.Versions)
	}
	if g := s.Guide("service"); len(g.Versions) != 1 || g.Version("").VI.Title != "T 1.0" {
		t.Error("a version was not replaced")
	}
	if s.Guide("tinh") == nil {
		t.Error("a guide was not added")
	}
	for name, bad := range map[string]fstest.MapFS{
		"one language":    {"a.md": text("x", "1", "2027-01-01", "vi", "")},
		"the other alone": {"a.md": text("x", "1", "2027-01-01", "en", "")},
		"two dates":       {"a.md": text("x", "1", "2027-01-01", "vi", ""), "b.md": text("x", "1", "2027-01-02", "en", "")},
		"twice":           {"a.md": text("x", "1", "2027-01-01", "vi", ""), "b.md": text("x", "1", "2027-01-01", "vi", "")},
		"html":            {"a.md": text("x", "1", "2027-01-01", "vi", "<b>")},
		"a bad word":      {"a.md": text("../x", "1", "2027-01-01", "vi", "")},
		"own":             {"a.md": text("own", "1", "2027-01-01", "vi", "")},
		"no head":         {"a.md": {Data: []byte("## x")}},
		"an unknown name": {"a.md": {Data: []byte("---\nowner: x\n---\nx")}},
	} {
		if _, err := NewShelf(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// desk is a Store over a real database and log.
type desk struct {
	*Store
	t   *testing.T
	ctx context.Context
	log *ledger.Log
}

func (d *desk) writer(agency string) Writer {
	return Writer{Actor: ledger.Actor{Kind: "agency-admin", ID: "QT-1"}, Agency: agency, Code: strings.ToUpper(agency)}
}

func open(t *testing.T, env *dbtest.Env) *desk {
	t.Helper()
	main := env.Open(db.Main)
	signer, _, err := note.GenerateKey(rand.Reader, "log.example/test")
	if err != nil {
		t.Fatal(err)
	}
	log, err := ledger.Open(t.Context(), ledger.Config{
		Main: main, Derived: env.Open(db.Derived, func(c *db.Config) { c.Relaxed = true }), Origin: "log.example/test", SigningKey: signer,
		SealingKey: make([]byte, ledger.KeySize), Node: "test", Version: "test", ClockHold: time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan struct{})
	go func() { defer close(done); _ = log.Run(ctx) }()
	t.Cleanup(func() { stop(); <-done; _ = log.Close() })
	for deadline := time.Now().Add(30 * time.Second); log.Ready() != nil; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the log does not come up")
		}
	}
	shelf, err := NewShelf(nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Config{Main: main, Log: log, Shelf: shelf})
	if err != nil {
		t.Fatal(err)
	}
	return &desk{s, t, t.Context(), log}
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) refused(err error, kind fault.Kind) {
	d.t.Helper()
	if !fault.Is(err, kind) {
		d.t.Fatalf("%v, want %v", err, kind)
	}
}

// Versions are only added, each with its entry; who was overtaken is told.
func TestVersionsAreOnlyAdded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := open(t, env)
		before := d.log.Head().Size
		by := d.writer("a")
		_, err := d.Publish(d.ctx, by, 0, "Hướng dẫn", "- bản đầu\n", "## Một")
		d.must(err)
		_, err = d.Publish(d.ctx, by, 0, "Hướng dẫn", "x", "## Khác")
		d.refused(err, fault.Conflict)
		two, err := d.Publish(d.ctx, by, 1, "Hướng dẫn", "thêm mục\nsửa lỗi", "## Hai")
		d.must(err)
		if two.Version != 2 || d.log.Head().Size != before+2 {
			t.Fatalf("version %d, %d entries", two.Version, d.log.Head().Size-before)
		}
		list, err := d.Versions(d.ctx, "a")
		d.must(err)
		if len(list) != 2 || list[0].Version != 2 || !slices.Equal(list[0].Changes, []string{"thêm mục", "sửa lỗi"}) || !slices.Equal(list[1].Changes, []string{"bản đầu"}) {
			t.Errorf("the versions are %+v", list)
		}
		old, err := d.Version(d.ctx, "a", 1)
		d.must(err)
		if old.Text != "## Một" || old.At.IsZero() {
			t.Errorf("the older version is %+v", old)
		}
		for _, bad := range []string{"", "<b>x</b>", strings.Repeat("x", MaxText+1)} {
			_, err := d.Publish(d.ctx, by, 2, "Hướng dẫn", "x", bad)
			d.refused(err, fault.Invalid)
		}
	})
}

func TestAnothersGuideIsNotThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		d := open(t, env)
		_, err := d.Publish(d.ctx, d.writer("a"), 0, "Hướng dẫn", "x", "## Một")
		d.must(err)
		_, err = d.Version(d.ctx, "b", 0)
		d.refused(err, fault.NotFound)
		if list, err := d.Versions(d.ctx, "b"); err != nil || len(list) != 0 {
			t.Errorf("%v %v", list, err)
		}
		n, err := d.Post(d.ctx, d.writer("a"), "Ngày mai bảo trì", 3)
		d.must(err)
		if list, err := d.Notices(d.ctx, "b"); err != nil || len(list) != 0 {
			t.Errorf("%v %v", list, err)
		}
		d.refused(d.End(d.ctx, d.writer("b"), n.ID), fault.NotFound)
		if list, err := d.Notices(d.ctx, "a"); err != nil || len(list) != 1 || list[0].Text != "Ngày mai bảo trì" || list[0].Until.Sub(list[0].At) != 72*time.Hour {
			t.Errorf("%v %v", list, err)
		}
		d.must(d.End(d.ctx, d.writer("a"), n.ID))
		if list, err := d.Notices(d.ctx, "a"); err != nil || len(list) != 0 {
			t.Errorf("%v %v", list, err)
		}
		d.refused(d.End(d.ctx, d.writer("a"), n.ID), fault.NotFound)
		// Who may no longer is refused in the act's own transaction.
		gone := d.writer("a")
		errGone := errors.New("gone")
		gone.Still = func(context.Context, db.Querier, time.Time) error { return errGone }
		if _, err := d.Post(d.ctx, gone, "x", 1); !errors.Is(err, errGone) {
			t.Error(err)
		}
		for range MaxNotices {
			_, err := d.Post(d.ctx, d.writer("a"), "x", 1)
			d.must(err)
		}
		_, err = d.Post(d.ctx, d.writer("a"), "x", 1)
		d.refused(err, fault.Conflict)
	})
}
