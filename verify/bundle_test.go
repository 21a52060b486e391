package verify

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"
)

// bundle makes a bundle of entries of a log of that size.
func (l *testLog) bundle(t *testing.T, size int, indexes ...int64) []byte {
	t.Helper()
	_, signed := l.checkpoint(size)
	var out bytes.Buffer
	b, err := NewBundleWriter(&out, signed, l.vkey, time.Date(2026, 11, 20, 7, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range indexes {
		r, err := ParseReceipt(l.receipt(i, l.proof(size, i)))
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Entry(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.File("README.vi.txt", []byte("Cách kiểm tra")); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func checkBundle(t *testing.T, data []byte, vkey string) *Report {
	t.Helper()
	r, err := CheckBundle(bytes.NewReader(data), int64(len(data)), vkey)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// repack changes the files of a bundle: change returns the new contents, nil to
// leave the file out; more are added.
func repack(t *testing.T, data []byte, change func(name string, data []byte) []byte, more ...string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	put := func(name string, data []byte) {
		f, err := w.Create(name)
		if err == nil {
			_, err = f.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if body = change(f.Name, body); body != nil {
			put(f.Name, body)
		}
	}
	for i := 0; i+1 < len(more); i += 2 {
		put(more[i], []byte(more[i+1]))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A bundle verifies with the log's key alone, and every change of it shows.
func TestBundle(t *testing.T) {
	l, other := newLog(t, 300), newLog(t, 300)
	data := l.bundle(t, 290, 3, 17, 289)
	if r := checkBundle(t, data, l.vkey+"\n"); !r.OK() || r.Entries != 3 || r.Checkpoint.Size != 290 {
		t.Fatalf("%+v", r)
	}
	if r := checkBundle(t, l.bundle(t, 290), l.vkey); !r.OK() || r.Entries != 0 {
		t.Errorf("a bundle of nothing: %+v", r)
	}
	same := func(_ string, data []byte) []byte { return data }
	at := func(name string, change func([]byte) []byte) func(string, []byte) []byte {
		return func(n string, data []byte) []byte {
			if n == name {
				return change(data)
			}
			return data
		}
	}
	gone := func([]byte) []byte { return nil }
	replace := func(old, with string) func([]byte) []byte {
		return func(data []byte) []byte {
			if !bytes.Contains(data, []byte(old)) {
				t.Fatalf("%.200q does not have %q", data, old)
			}
			return bytes.Replace(data, []byte(old), []byte(with), 1)
		}
	}
	_, older := l.checkpoint(100)
	lone := func(index int64, size int) []byte { return l.receipt(index, l.proof(size, index)) }
	for name, c := range map[string]struct {
		data []byte
		key  string
		want string
	}{
		"another log's key":   {data, other.vkey, "checkpoint"},
		"no checkpoint":       {repack(t, data, at("checkpoint", gone)), l.vkey, "checkpoint"},
		"another checkpoint":  {repack(t, data, at("checkpoint", func([]byte) []byte { return older })), l.vkey, "not under the bundle's checkpoint"},
		"another key inside":  {repack(t, data, at("log.pub", func([]byte) []byte { return []byte(other.vkey) })), l.vkey, "log.pub"},
		"no key":              {repack(t, data, at("log.pub", gone)), l.vkey, "log.pub"},
		"no manifest":         {repack(t, data, at("bundle.json", gone)), l.vkey, "bundle.json"},
		"manifest is no JSON": {repack(t, data, at("bundle.json", func([]byte) []byte { return []byte("{") })), l.vkey, "bundle.json"},
		"another format":      {repack(t, data, at("bundle.json", replace("bundle/1", "bundle/9"))), l.vkey, "format"},
		"an entry missing":    {repack(t, data, at("entries/17.json", gone)), l.vkey, "entries/17.json"},
		"an entry left out":   {repack(t, data, at("bundle.json", replace("17,", ""))), l.vkey, "does not name it"},
		"an entry twice":      {repack(t, data, at("bundle.json", replace("17,", "17,17,"))), l.vkey, "not in order"},
		"an entry changed":    {repack(t, data, at("entries/17.json", replace(`"data":{`, `"data":{"zzz":1,`))), l.vkey, "entry 17"},
		"an entry swapped":    {repack(t, data, at("entries/17.json", func([]byte) []byte { return lone(3, 290) })), l.vkey, "entry 17"},
		"another proof":       {repack(t, data, at("entries/17.json", func([]byte) []byte { return lone(17, 291) })), l.vkey, "entry 17"},
		"no receipt":          {repack(t, data, at("entries/17.json", func([]byte) []byte { return []byte("x") })), l.vkey, "entry 17"},
		"one more entry":      {repack(t, data, same, "entries/018.json", string(lone(18, 290))), l.vkey, "does not name it"},
		"a file twice":        {repack(t, data, same, "checkpoint", "x"), l.vkey, "twice"},
		"a large file":        {repack(t, data, at("log.pub", func([]byte) []byte { return make([]byte, 5000) })), l.vkey, "more than"},
	} {
		r := checkBundle(t, c.data, c.key)
		var all []string
		for _, f := range r.Findings {
			all = append(all, f.String())
		}
		if text := strings.Join(all, "\n"); r.OK() || !strings.Contains(text, c.want) {
			t.Errorf("%s: found %q, want something about %q", name, text, c.want)
		}
	}
	if _, err := CheckBundle(bytes.NewReader([]byte("PK")), 2, l.vkey); err == nil {
		t.Error("what is no archive is checked")
	}
	// Every byte of the archive that is flipped shows or changes nothing of what
	// is checked.
	for i := 0; i < len(data); i += 7 {
		bad := bytes.Clone(data)
		bad[i] ^= 1
		r, err := CheckBundle(bytes.NewReader(bad), int64(len(bad)), l.vkey)
		if err == nil && r.OK() && r.Entries != 3 {
			t.Fatalf("byte %d: %+v", i, r)
		}
	}
}

// What would not verify is not written.
func TestBundleWriterRefuses(t *testing.T) {
	l := newLog(t, 50)
	_, signed := l.checkpoint(40)
	if _, err := NewBundleWriter(io.Discard, signed, newLog(t, 1).vkey, time.Time{}); err == nil {
		t.Error("another log's checkpoint is taken")
	}
	b, err := NewBundleWriter(io.Discard, signed, l.vkey, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	receipt := func(i int64, p *Proof) *Receipt {
		r, err := ParseReceipt(l.receipt(i, p))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if err := b.Entry(receipt(5, l.proof(40, 5))); err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]*Receipt{
		"again": receipt(5, l.proof(40, 5)), "before": receipt(4, l.proof(40, 4)), "short": receipt(6, nil),
		"another checkpoint": receipt(6, l.proof(41, 6)), "another entry's proof": receipt(6, l.proof(40, 7)),
	} {
		if err := b.Entry(r); err == nil {
			t.Errorf("%s: it is written", name)
		}
	}
}

// One entry, and two sizes, against what a log publishes.
func TestPublishedSizes(t *testing.T) {
	l := newLog(t, 700)
	ctx := context.Background()
	c, _ := l.checkpoint(600)
	src := l.files(600)
	for _, i := range []int64{0, 255, 256, 599} {
		leaf, err := ReadLeaf(ctx, src, c, i)
		if err != nil {
			t.Fatal(err)
		}
		r, err := ParseReceipt(l.receipt(i, nil))
		if err != nil || r.Leaf() != leaf {
			t.Errorf("entry %d has another leaf: %v", i, err)
		}
	}
	if _, err := ReadLeaf(ctx, src, c, 600); err == nil {
		t.Error("an entry beyond the checkpoint is found")
	}
	for _, s := range [][2]int64{{1, 1}, {1, 600}, {100, 256}, {256, 257}, {300, 512}, {600, 600}} {
		was, is, err := CheckSizes(ctx, src, c, s[0], s[1])
		older, _ := l.checkpoint(int(s[0]))
		newer, _ := l.checkpoint(int(s[1]))
		if err != nil || was.Text() != older.Text() || is.Text() != newer.Text() {
			t.Errorf("%v: %v, %v, %v", s, was, is, err)
		}
	}
	for _, s := range [][2]int64{{0, 5}, {5, 4}, {1, 601}, {-1, 3}} {
		if _, _, err := CheckSizes(ctx, src, c, s[0], s[1]); err == nil {
			t.Errorf("%v is checked", s)
		}
	}
	// A log that was rewritten is no beginning.
	other := c
	other.Root[0] ^= 1
	if _, _, err := CheckSizes(ctx, src, other, 100, 200); err == nil {
		t.Error("another log's tiles are believed")
	}
}
