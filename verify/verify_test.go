package verify

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const origin = "log.test/dancu"

// testLog is a log in memory.
type testLog struct {
	t      testing.TB
	vkey   string
	signer note.Signer
	parts  [][]Part
	leaves [][32]byte
	hashes []tlog.Hash // x/mod's hash storage
}

func newLog(t testing.TB, size int) *testLog {
	t.Helper()
	skey, vkey, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		t.Fatal(err)
	}
	l := &testLog{t: t, vkey: vkey}
	if l.signer, err = note.NewSigner(skey); err != nil {
		t.Fatal(err)
	}
	for range size {
		l.add()
	}
	return l
}

func (l *testLog) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		out[i] = l.hashes[x]
	}
	return out, nil
}

// add adds an entry of two parts.
func (l *testLog) add() {
	i := int64(len(l.leaves))
	parts := []Part{
		{Name: "access", Shown: true, Data: []byte(fmt.Sprintf(`{"case":"c-%d","system":"s"}`, i))},
		{Name: OutcomePart, Shown: true, Data: []byte(fmt.Sprintf(`{"index":%d,"time":"2026-01-02T03:04:05.000006Z"}`, i))},
	}
	for j := range parts {
		parts[j].Salt[0], parts[j].Salt[1], parts[j].Salt[2] = byte(i), byte(i>>8), byte(j)
		parts[j].Digest = PartDigest(parts[j].Name, &parts[j].Salt, parts[j].Data)
	}
	leaf := LeafOf(parts)
	hs, err := tlog.StoredHashes(i, leaf[:], l)
	if err != nil {
		l.t.Fatal(err)
	}
	l.parts, l.leaves, l.hashes = append(l.parts, parts), append(l.leaves, leaf), append(l.hashes, hs...)
}

func (l *testLog) checkpoint(size int) (Checkpoint, []byte) {
	l.t.Helper()
	root, err := tlog.TreeHash(int64(size), l)
	if err != nil {
		l.t.Fatal(err)
	}
	if size == 0 {
		root = emptyRoot
	}
	c := Checkpoint{Origin: origin, Size: int64(size), Root: root}
	signed, err := c.Sign(l.signer)
	if err != nil {
		l.t.Fatal(err)
	}
	return c, signed
}

func (l *testLog) proof(size int, index int64) *Proof {
	l.t.Helper()
	hashes, err := tlog.ProveRecord(int64(size), index, l)
	if err != nil {
		l.t.Fatal(err)
	}
	_, signed := l.checkpoint(size)
	return &Proof{Index: index, Hashes: hashes, Checkpoint: signed}
}

// files are the log as it is published, by path.
func (l *testLog) files(size int) memory {
	l.t.Helper()
	m := memory{}
	_, m["checkpoint"] = l.checkpoint(size)
	for level := 0; size>>(level*8) > 0; level++ {
		for n := int64(0); TileWidthAt(level, n, int64(size)) > 0; n++ {
			t := Tile{Level: level, N: n, Width: TileWidthAt(level, n, int64(size))}
			data, err := tlog.ReadTileData(tlog.Tile{H: 8, L: level, N: n, W: t.Width}, l)
			if err != nil {
				l.t.Fatal(err)
			}
			m[t.Path()] = data
			if level == 0 {
				t.Entries = true
				m[t.Path()] = BuildBundle(l.leaves[n*256 : n*256+int64(t.Width)])
			}
		}
	}
	return m
}

// memory is a source in memory.
type memory map[string][]byte

func (m memory) Read(_ context.Context, path string, limit int64) ([]byte, error) {
	data, ok := m[path]
	if !ok {
		return nil, ErrNotFound
	}
	return readAll(bytes.NewReader(data), limit)
}

func (m memory) clone() memory {
	c := memory{}
	for k, v := range m {
		c[k] = v
	}
	return c
}

func (l *testLog) receipt(index int64, proof *Proof, hide ...string) []byte {
	b := []byte(fmt.Sprintf(`{"origin":%q,"index":%d,"requestId":"r","time":"2026-01-02T03:04:05.000006Z","parts":[`, origin, index))
	for i, p := range l.parts[index] {
		if i > 0 {
			b = append(b, ',')
		}
		for _, h := range hide {
			p.Shown = p.Shown && p.Name != h
		}
		b = AppendPart(b, &p)
	}
	b = append(b, ']')
	if proof != nil {
		b = append(b, `,"proof":`...)
		b = AppendString(b, string(proof.Text()))
	}
	return append(b, '}')
}

// TestReceipt: a receipt verifies offline, also indented, inside an answer, and
// with parts hidden; and nothing in it can be changed.
func TestReceipt(t *testing.T) {
	l := newLog(t, 70)
	for _, hide := range [][]string{nil, {"access"}} {
		text := l.receipt(33, l.proof(70, 33), hide...)
		var indented bytes.Buffer
		if err := json.Indent(&indented, text, "", "  "); err != nil {
			t.Fatal(err)
		}
		for _, form := range [][]byte{text, indented.Bytes(), []byte(`{"person":{},"receipt":` + string(text) + `}`)} {
			r, err := ParseReceipt(form)
			if err != nil {
				t.Fatal(err)
			}
			c, err := r.Verify(l.vkey)
			if err != nil || c.Size != 70 || r.RequestID != "r" {
				t.Fatalf("%+v, %v", c, err)
			}
		}
	}
	text := l.receipt(33, l.proof(70, 33))
	whole, err := ParseReceipt(text)
	if err != nil {
		t.Fatal(err)
	}
	for i := range text {
		for _, flip := range []byte{1, 0x20} {
			changed := bytes.Clone(text)
			changed[i] ^= flip
			r, err := ParseReceipt(changed)
			if err != nil {
				continue
			}
			if _, err := r.Verify(l.vkey); err == nil && !reflect.DeepEqual(r.Parts, whole.Parts) {
				t.Fatalf("byte %d: a changed receipt verifies: %s", i, changed)
			}
		}
	}
}

func TestReceiptRefuses(t *testing.T) {
	l := newLog(t, 20)
	good := string(l.receipt(3, l.proof(20, 3)))
	if _, err := ParseReceipt([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`{"origin"`, `{"origin":"x","origin"`},
		{`"origin":"log.test/dancu"`, `"origin":""`},
		{`"origin":"log.test/dancu"`, `"origin":1`},
		{`"index":3,"req`, `"index":-3,"req`},
		{`"index":3,"req`, `"index":"3","req`},
		{`"index":3,"req`, `"index":300000000000000,"req`},
		{`"requestId":"r"`, `"requestId":4`},
		{`"time":"2026-01-02T03:04:05.000006Z","parts"`, `"time":"yesterday","parts"`},
		{`"time":"2026-01-02T03:04:05.000006Z","parts"`, `"parts"`},
		{`"parts":[`, `"parts":[{},`},
		{`"parts":[`, `"parts":[4,`},
		{`"parts":[`, `"x":[`},
		{`"name":"access"`, `"name":""`},
		{`"name":"access"`, `"name":5`},
		{`"name":"access"`, `"name":"` + strings.Repeat("n", 256) + `"`},
		{`"salt":"`, `"salt":"x`},
		{`"salt":"`, `"salt":5,"s":"`},
		{`"data":{"case":"c-3","system":"s"}`, `"data":"c"`},
		{`"data":{"case":"c-3","system":"s"},`, ``},
		{`"name":"access"`, `"digest":"","name":"access"`},
		{`"proof":"`, `"proof":"x`},
		{`"proof":"`, `"proof":5,"x":"`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Fatalf("%s is not in %s", change[0], good)
		}
		if _, err := ParseReceipt([]byte(bad)); err == nil {
			t.Errorf("accepted with %s", change[1])
		}
	}
	for _, bad := range []string{
		`{"receipt":4}`, `{"receipt":{}}`, "x",
		`{"origin":"o","index":1,"time":"2026-01-02T03:04:05.000006Z","parts":[]}`,
		`{"origin":"o","index":1,"time":"2026-01-02T03:04:05.000006Z","parts":[{"name":"a","digest":5}]}`,
		`{"origin":"o","index":1,"time":"2026-01-02T03:04:05.000006Z","parts":[{"name":"a","digest":"eA=="}]}`,
		`{"origin":"o","index":1,"time":"2026-01-02T03:04:05.000006Z","parts":[` + strings.Repeat(`{},`, MaxParts) + `{}]}`,
	} {
		if _, err := ParseReceipt([]byte(bad)); err == nil {
			t.Errorf("accepted: %.100s", bad)
		}
	}

	parse := func(text []byte) *Receipt {
		t.Helper()
		r, err := ParseReceipt(text)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	fails := func(what string, r *Receipt, vkey string) {
		t.Helper()
		if _, err := r.Verify(vkey); err == nil {
			t.Errorf("%s verifies", what)
		}
	}
	other := newLog(t, 1)
	fails("a short receipt", parse(l.receipt(3, nil)), l.vkey)
	fails("another log's key", parse([]byte(good)), other.vkey)
	fails("the proof of another entry", parse(l.receipt(3, l.proof(20, 4))), l.vkey)
	fails("a hidden outcome", parse(l.receipt(3, l.proof(20, 3), OutcomePart)), l.vkey)
	fails("another time", parse([]byte(strings.Replace(good, `05.000006Z","parts`, `06.000006Z","parts`, 1))), l.vkey)
	r := parse([]byte(good))
	r.Origin = "elsewhere"
	fails("another origin", r, l.vkey)
	for what, outcome := range map[string][]Part{
		"no outcome":           r.Parts[:1],
		"two outcomes":         {r.Parts[0], r.Parts[1], r.Parts[1]},
		"outcome of another":   {{Name: OutcomePart, Shown: true, Data: []byte(`{"index":4}`)}},
		"outcome without one":  {{Name: OutcomePart, Shown: true, Data: []byte(`{"index":3}`)}},
		"outcome that is none": {{Name: OutcomePart, Shown: true, Data: []byte(`{`)}},
	} {
		r := parse([]byte(good))
		r.Parts = outcome
		fails(what, r, l.vkey)
	}

	// Against tiles.
	files, ctx := l.files(20), t.Context()
	c, err := ReadCheckpoint(ctx, files, l.vkey)
	if err != nil {
		t.Fatal(err)
	}
	short := parse(l.receipt(3, nil))
	if err := short.VerifyTiles(ctx, files, c); err != nil {
		t.Error(err)
	}
	for what, change := range map[string]func(*Receipt){
		"another origin": func(r *Receipt) { r.Origin = "x" }, "another place": func(r *Receipt) { r.Index = 4 },
		"beyond the log": func(r *Receipt) {
			r.Index = 20
			r.Parts[1].Data = []byte(`{"index":20,"time":"2026-01-02T03:04:05.000006Z"}`)
		},
		"other data": func(r *Receipt) { r.Parts[0].Digest[0] ^= 1 },
	} {
		r := parse(l.receipt(3, nil))
		change(r)
		if r.VerifyTiles(ctx, files, c) == nil {
			t.Errorf("%s verifies", what)
		}
	}
}

func TestCheckpoint(t *testing.T) {
	l := newLog(t, 5)
	c, signed := l.checkpoint(5)
	got, err := OpenCheckpoint(signed, l.vkey+"\n")
	if err != nil || !reflect.DeepEqual(got, c) {
		t.Fatalf("%+v, %v", got, err)
	}
	empty, signed0 := l.checkpoint(0)
	if got, err := OpenCheckpoint(signed0, l.vkey); err != nil || !reflect.DeepEqual(got, empty) {
		t.Fatalf("%+v, %v", got, err)
	}
	ext := c
	ext.Extensions = []string{"more", "lines"}
	signedExt, err := ext.Sign(l.signer)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := OpenCheckpoint(signedExt, l.vkey); err != nil || !reflect.DeepEqual(got, ext) {
		t.Fatalf("%+v, %v", got, err)
	}
	// The example of the C2SP specification has a signature we cannot check,
	// and a form we can.
	example := "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
	if c, err := ParseCheckpoint([]byte(example)); err != nil || c.Size != 20852163 {
		t.Errorf("%+v, %v", c, err)
	}
	for _, bad := range []string{
		"", "a\n", "a\n1\n", strings.Replace(example, "20852163", "020852163", 1), strings.Replace(example, "20852163", "-1", 1),
		strings.Replace(example, "20852163", "281474976710657", 1), strings.Replace(example, "CsUY", "Cs", 1), strings.Replace(example, "q2I=", "q2J=", 1),
		strings.Replace(example, "20852163", "0", 1), "\n" + example, strings.Replace(example, "\n\n", "\n\n\n", 1),
		strings.Replace(example, "q2I=\n", "q2I=\r\n", 1), example + strings.Repeat("x", MaxCheckpoint),
	} {
		if c, err := ParseCheckpoint([]byte(bad)); err == nil {
			t.Errorf("%.60q read as %+v", bad, c)
		}
	}
	for i := range signed {
		changed := bytes.Clone(signed)
		changed[i] ^= 1
		if got, err := OpenCheckpoint(changed, l.vkey); err == nil {
			t.Errorf("byte %d changed, still signed: %+v", i, got)
		}
	}
	other := newLog(t, 1)
	if _, err := OpenCheckpoint(signed, other.vkey); err == nil {
		t.Error("another key of the same name will do")
	}
	if _, err := OpenCheckpoint(signed, "nonsense"); err == nil {
		t.Error("nonsense is a key")
	}
	c.Origin = "elsewhere"
	if _, err := c.Sign(l.signer); err == nil {
		t.Error("signed for another log")
	}
	foreign, err := note.Sign(&note.Note{Text: c.Text()}, l.signer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenCheckpoint(foreign, l.vkey); err == nil {
		t.Error("another log's checkpoint, signed by this one's key, is taken for this one's")
	}
	c.Origin, c.Extensions = origin, []string{""}
	if _, err := c.Sign(l.signer); err == nil {
		t.Error("an empty extension line was signed")
	}
}

func TestTilePaths(t *testing.T) {
	for path, want := range map[string]Tile{
		"tile/0/000":                {Width: 256},
		"tile/0/x001/x234/067":      {N: 1234067, Width: 256},
		"tile/63/001.p/1":           {Level: 63, N: 1, Width: 1},
		"tile/1/x001/000.p/255":     {Level: 1, N: 1000, Width: 255},
		"tile/entries/x123/456.p/9": {Entries: true, N: 123456, Width: 9},
	} {
		got, err := ParseTile(path)
		if err != nil || got != want || got.Path() != path {
			t.Errorf("%s: %+v, %v, %s", path, got, err, got.Path())
		}
	}
	for _, bad := range []string{
		"", "tile", "tile/", "tile/0", "tile/0/", "tile/0/0", "tile/0/0000", "tile/64/000", "tile/00/000", "tile/-1/000", "tile/+1/000", "tile/a/000", "tile//000",
		"tile/0/x000/000", "tile/0/001/000", "tile/0/x001", "tile/0/x001/x000", "tile/0/00a", "tile/0/x00a/000", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01",
		"tile/0/000.p/", "tile/0/000.p", "tile/0/000.p/1/2", "tile/8/0/000", "tile/data/000", "/tile/0/000", "tile/0/000/", "tile/0/../000", "tile/0/000.p/1000",
		"tile/0/x999/x999/x999/x999/x999/999", "tile/0/x281/x474/x976/x710/657", "tile/0/" + strings.Repeat("x001/", 20) + "000",
	} {
		if got, err := ParseTile(bad); err == nil {
			t.Errorf("%s read as %+v", bad, got)
		}
	}
	for _, c := range []struct {
		level   int
		n, size int64
		want    int
	}{{0, 0, 0, 0}, {0, 0, 255, 255}, {0, 0, 256, 256}, {0, 1, 256, 0}, {1, 0, 256, 1}, {1, 0, 70000, 256}, {1, 1, 70000, 17}, {2, 0, 70000, 1}, {0, 273, 70000, 112}, {8, 0, 9, 0}, {-1, 0, 9, 0}, {0, -1, 9, 0}, {0, 0, -9, 0}} {
		if got := TileWidthAt(c.level, c.n, c.size); got != c.want {
			t.Errorf("tile %d/%d of %d entries has %d hashes, want %d", c.level, c.n, c.size, got, c.want)
		}
	}
	if _, err := ParseBundle(make([]byte, 34), 1); err == nil {
		t.Error("an entry of 0 bytes")
	}
	for _, w := range []int{0, 2, 257} {
		if _, err := ParseBundle(make([]byte, 34), w); err == nil {
			t.Errorf("width %d", w)
		}
	}
	if root, err := TileRoot(make([]byte, 64)); err != nil || root != tlog.NodeHash(tlog.Hash{}, tlog.Hash{}) {
		t.Errorf("%v, %v", root, err)
	}
	for _, n := range []int{0, 31, 257 * 32} {
		if _, err := TileRoot(make([]byte, n)); err == nil {
			t.Errorf("a tile of %d bytes", n)
		}
	}
}

func TestProofsOfEveryEntryOfEveryTree(t *testing.T) {
	const most = 300
	l := newLog(t, most)
	var all Range
	for size := 1; size <= most; size++ {
		all.Add(LeafHash(l.leaves[size-1]))
		c, signed := l.checkpoint(size)
		if all.Root() != c.Root {
			t.Fatalf("root of %d", size)
		}
		if r, err := NewRange(all.Size(), all.Frontier()); err != nil || r.Root() != c.Root {
			t.Fatalf("frontier of %d: %v", size, err)
		}
		for i := range int64(size) {
			hashes, err := tlog.ProveRecord(int64(size), i, l)
			if err != nil {
				t.Fatal(err)
			}
			if err := CheckInclusion(hashes, c, i, LeafHash(l.leaves[i])); err != nil {
				t.Fatal(err)
			}
			if CheckInclusion(hashes, c, i, LeafHash(l.leaves[(i+1)%most])) == nil {
				t.Fatalf("size %d: entry %d is another", size, i)
			}
			if (i+int64(size))%97 != 0 {
				continue
			}
			p := &Proof{Index: i, Hashes: hashes, Checkpoint: signed}
			if size%2 == 0 {
				p.Extra = []byte("extra")
			}
			back, err := ParseProof(p.Text())
			if err != nil || !bytes.Equal(back.Text(), p.Text()) {
				t.Fatalf("%v", err)
			}
			if _, err := back.Verify(l.leaves[i], l.vkey); err != nil {
				t.Fatal(err)
			}
		}
		for n := range tilesIn(int64(size)) {
			proof, err := ProveTile(int64(size), n, l)
			if err != nil {
				t.Fatal(err)
			}
			width := TileWidthAt(0, n, int64(size))
			data, err := tlog.ReadTileData(tlog.Tile{H: 8, N: n, W: width}, l)
			if err != nil {
				t.Fatal(err)
			}
			if err := CheckTile(c, n, data, proof); err != nil {
				t.Fatalf("size %d: %v", size, err)
			}
		}
	}
	c, _ := l.checkpoint(most)
	for _, i := range []int64{-1, most} {
		if CheckInclusion(nil, c, i, tlog.Hash{}) == nil {
			t.Errorf("entry %d is in", i)
		}
	}
	if _, err := NewRange(3, nil); err == nil {
		t.Error("a frontier of nothing for 3")
	}
	var none Range
	if none.Root() != tlog.Hash(sha256.Sum256(nil)) {
		t.Error("root of nothing")
	}
	for _, n := range []int64{-1, 2} {
		if _, err := ProveTile(most, n, l); err == nil {
			t.Errorf("tile %d", n)
		}
	}
	if err := CheckTile(c, 7, nil, nil); err == nil {
		t.Error("tile 7 of 300 entries")
	}
	if _, err := ProveTile(most, 0, tlog.HashReaderFunc(func([]int64) ([]tlog.Hash, error) { return nil, io.ErrNoProgress })); err == nil {
		t.Error("an unreadable tree")
	}
}

func TestTilesOfLargeTrees(t *testing.T) {
	l := newLog(t, 1500)
	for _, size := range []int{255, 256, 257, 511, 512, 513, 767, 768, 769, 1024, 1025, 1280, 1281, 1500} {
		c, _ := l.checkpoint(size)
		for n := range tilesIn(int64(size)) {
			proof, err := ProveTile(int64(size), n, l)
			if err != nil {
				t.Fatal(err)
			}
			data, _ := tlog.ReadTileData(tlog.Tile{H: 8, N: n, W: TileWidthAt(0, n, int64(size))}, l)
			if err := CheckTile(c, n, data, proof); err != nil {
				t.Fatalf("size %d: %v", size, err)
			}
			data[0] ^= 1
			if CheckTile(c, n, data, proof) == nil {
				t.Fatalf("size %d: a changed tile fits", size)
			}
		}
	}
}

func TestProofRefuses(t *testing.T) {
	l := newLog(t, 9)
	good := string(l.proof(9, 4).Text())
	for _, change := range [][2]string{
		{"proof@v1", "proof@v2"},
		{"index 4", "index 04"},
		{"index 4", "index -4"},
		{"index 4", "idx 4"},
		{"index 4\n", ""},
		{"index 4", "extra x\nindex 4"},
		{"index 4", "extra eA==\r\nindex 4"},
		{"index 4", "extra eA==\n"},
		{"\n\n", "\n"},
		{"index 4\n", "index 4\nAAAA\n"},
		{"index 4\n", "index 4\n" + strings.Repeat(strings.Repeat("A", 43)+"=\n", MaxProofHashes)},
		{"log.test/dancu\n9\n", "log.test/dancu\n"},
		{"index 4\n", "index 4\n" + strings.Repeat("A", MaxProof)},
		{good, "c2sp.org/tlog-proof@v1"},
		{good, "c2sp.org/tlog-proof@v1\nindex 4"},
		{good, "c2sp.org/tlog-proof@v1\nindex 4\n"},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		if bad == good {
			t.Fatalf("%q is not in it", change[0])
		}
		if _, err := ParseProof([]byte(bad)); err == nil {
			t.Errorf("accepted with %.60q", change[1])
		}
	}
	p, err := ParseProof([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Verify(l.leaves[4], newLog(t, 1).vkey); err == nil {
		t.Error("verifies with another key")
	}
}

func TestConsistency(t *testing.T) {
	l := newLog(t, 300)
	files := l.files(300)
	newer, _ := l.checkpoint(300)
	forged := newLog(t, 0)
	forged.t = t
	for i := range 300 {
		l2 := forged
		l2.add()
		if i == 17 { // one entry of the past is another
			leaf := [32]byte{1}
			hs, _ := tlog.StoredHashes(17, leaf[:], l2)
			l2.hashes = append(l2.hashes[:tlog.StoredHashCount(17)], hs...)
		}
	}
	rewritten, _ := forged.checkpoint(300)
	rewrittenFiles := forged.files(300)
	for older := 0; older <= 300; older++ {
		c, _ := l.checkpoint(older)
		hashes, err := ProveConsistency(t.Context(), files, newer, int64(older))
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckConsistency(c, newer, hashes); err != nil {
			t.Fatalf("from %d: %v", older, err)
		}
		if err := CheckConsistencyTiles(t.Context(), files, c, newer); err != nil {
			t.Fatalf("from %d: %v", older, err)
		}
		if older > 17 && CheckConsistencyTiles(t.Context(), rewrittenFiles, c, rewritten) == nil {
			t.Fatalf("a rewritten log goes on from %d", older)
		}
	}
	older, _ := l.checkpoint(100)
	if CheckConsistency(newer, older, nil) == nil {
		t.Error("a log may shrink")
	}
	older.Origin = "x"
	if CheckConsistency(older, newer, nil) == nil {
		t.Error("another log")
	}
	if _, err := ProveConsistency(t.Context(), files, newer, 301); err == nil {
		t.Error("a larger log is part of it")
	}
	older.Origin = origin
	if CheckConsistencyTiles(t.Context(), memory{}, older, newer) == nil {
		t.Error("consistent without tiles")
	}
}

// TestCheckTree changes every file that a log publishes, one at a time: each
// change is found, and the report names the place.
func TestCheckTree(t *testing.T) {
	l := newLog(t, 600)
	for _, size := range []int{0, 1, 255, 256, 257, 512, 600} {
		var last int64
		r, err := CheckTree(t.Context(), l.files(size), l.vkey, func(done, _ int64) { last = done })
		if err != nil || !r.OK() || r.Entries != int64(size) || last != int64(size) {
			t.Fatalf("size %d: %+v, %v", size, r, err)
		}
	}
	good := l.files(600)
	finds := func(m memory, what string, places ...string) {
		t.Helper()
		r, err := CheckTree(t.Context(), m, l.vkey, nil)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		for _, f := range r.Findings {
			for _, p := range places {
				if f.Place == p {
					return
				}
			}
		}
		t.Errorf("%s: %v, none of %v", what, r.Findings, places)
	}
	for path, data := range good {
		if path == "checkpoint" {
			continue
		}
		tile, err := ParseTile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []int{0, len(data) / 2, len(data) - 1} {
			each := 32
			if tile.Entries {
				each = 34
			}
			m := good.clone()
			m[path] = bytes.Clone(data)
			m[path][at] ^= 1
			places := []string{path}
			if tile.Level == 0 {
				places = append(places, Entry(tile.N*256+int64(at/each)))
			} else { // the tiles below no longer fit, or the root
				places = append(places, Tile{N: int64(at / each), Width: 256}.Path(), "root")
			}
			finds(m, fmt.Sprintf("%s, byte %d", path, at), places...)
		}
		m := good.clone()
		delete(m, path)
		finds(m, path+" dropped", path)
		m[path] = data[:len(data)-1]
		finds(m, path+" cut off", path)
		m[path] = append(bytes.Clone(data), 0)
		finds(m, path+" longer", path)
		if tile.N == 1 {
			m := good.clone()
			before := tile
			before.N = 0
			m[path], m[before.Path()] = m[before.Path()], m[path]
			finds(m, path+" swapped", path, Entry(256))
		}
	}
	_, other := newLog(t, 600).checkpoint(600)
	m := good.clone()
	m["checkpoint"] = other
	if _, err := CheckTree(t.Context(), m, l.vkey, nil); err == nil {
		t.Error("another log's checkpoint")
	}
	delete(m, "checkpoint")
	if _, err := CheckTree(t.Context(), m, l.vkey, nil); err == nil {
		t.Error("no checkpoint")
	}
	wrong := Checkpoint{Origin: origin, Size: 600}
	m["checkpoint"], _ = wrong.Sign(l.signer)
	finds(m, "a root that is not the tree's", "root")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := CheckTree(ctx, good, l.vkey, nil); err == nil {
		t.Error("goes on after being cancelled")
	}
	r := &Report{}
	for range MaxFindings + 5 {
		r.Add("x", "y")
	}
	if len(r.Findings) != MaxFindings || r.More != 5 || r.Findings[0].String() != "x: y" {
		t.Error("findings are not bounded")
	}
}

func TestSources(t *testing.T) {
	l := newLog(t, 300)
	files := l.files(300)
	dir := t.TempDir()
	for path, data := range files {
		name := filepath.Join(dir, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// A log may drop partial tiles once the full ones are there.
	earlier := files.clone()
	_, earlier["checkpoint"] = l.checkpoint(100)
	if r, err := CheckTree(t.Context(), earlier, l.vkey, nil); err != nil || !r.OK() {
		t.Errorf("%+v, %v", r, err)
	}
	mux := http.NewServeMux()
	mux.Handle("/log/", http.StripPrefix("/log/", http.FileServer(http.Dir(dir))))
	mux.HandleFunc("/broken/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	mux.HandleFunc("/huge/", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, MaxCheckpoint+1)) })
	mux.HandleFunc("/cut/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write(make([]byte, 10))
	})
	srv := httptest.NewServer(mux)
	defer srv.Close()
	for _, where := range []string{dir, srv.URL + "/log", srv.URL + "/log/"} {
		src, err := OpenSource(where)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := CheckTree(t.Context(), src, l.vkey, nil); err != nil || !r.OK() {
			t.Errorf("%s: %+v, %v", where, r, err)
		}
		if _, err := src.Read(t.Context(), "tile/5/000", 10); !errors.Is(err, ErrNotFound) {
			t.Errorf("%s: %v", where, err)
		}
		if _, err := src.Read(t.Context(), "checkpoint", 10); err == nil {
			t.Errorf("%s: more than the limit was read", where)
		}
		if _, err := src.Read(t.Context(), "tile/0/000/x", 10); err == nil {
			t.Errorf("%s: a file is a folder", where)
		}
		if _, err := src.Read(t.Context(), "a\x00b", 10); err == nil {
			t.Errorf("%s: a path with a NUL", where)
		}
	}
	for _, where := range []string{srv.URL + "/broken", srv.URL + "/huge", srv.URL + "/cut", "http://127.0.0.1:1/"} {
		src, err := OpenSource(where)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ReadCheckpoint(t.Context(), src, l.vkey); err == nil {
			t.Errorf("%s is a log", where)
		}
	}
	for _, where := range []string{"http://%zz", filepath.Join(dir, "checkpoint"), filepath.Join(dir, "nowhere")} {
		if _, err := OpenSource(where); err == nil {
			t.Errorf("%s is a source", where)
		}
	}
	c, _ := l.checkpoint(300)
	if _, err := ProveInclusion(t.Context(), files, c, 300); err == nil {
		t.Error("entry 300 of 300")
	}
	if _, err := ProveInclusion(t.Context(), memory{}, c, 1); err == nil {
		t.Error("proved without tiles")
	}
}

// export writes entries first up to end under a checkpoint of size.
func (l *testLog) export(first, end int64, size int, bare func(i int64) bool) []byte {
	l.t.Helper()
	_, signed := l.checkpoint(size)
	var b bytes.Buffer
	w, err := NewExportWriter(&b, signed, first, end)
	if err != nil {
		l.t.Fatal(err)
	}
	for w.Next() < end {
		i := w.Next()
		if i == first || i%256 == 0 {
			n := i / 256
			data, err := tlog.ReadTileData(tlog.Tile{H: 8, N: n, W: TileWidthAt(0, n, int64(size))}, l)
			if err != nil {
				l.t.Fatal(err)
			}
			proof, err := ProveTile(int64(size), n, l)
			if err != nil {
				l.t.Fatal(err)
			}
			if err := w.Tile(n, data, proof); err != nil {
				l.t.Fatal(err)
			}
		}
		if bare(i) {
			err = w.Leaf(l.leaves[i])
		} else {
			err = w.Entry(l.parts[i])
		}
		if err != nil {
			l.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		l.t.Fatal(err)
	}
	return b.Bytes()
}

func checkExport(t *testing.T, data []byte, vkey string) *Report {
	t.Helper()
	r, err := CheckExport(t.Context(), iotest.HalfReader(bytes.NewReader(data)), vkey, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func never(int64) bool { return false }

func TestExport(t *testing.T) {
	l := newLog(t, 600)
	for _, c := range []struct {
		first, end int64
		size       int
	}{{0, 600, 600}, {0, 0, 600}, {0, 0, 0}, {17, 18, 600}, {255, 257, 600}, {256, 512, 513}, {590, 600, 600}, {0, 1, 1}} {
		data := l.export(c.first, c.end, c.size, func(i int64) bool { return i%3 == 0 })
		var got int64
		r, err := CheckExport(t.Context(), bytes.NewReader(data), l.vkey, func(e ExportedEntry) error {
			if e.Index != c.first+got || e.Leaf != l.leaves[e.Index] || (e.Parts == nil) != (e.Index%3 == 0) {
				t.Errorf("entry %d is %+v", c.first+got, e)
			}
			got++
			return nil
		})
		if err != nil || !r.OK() || got != c.end-c.first || r.Entries != got {
			t.Fatalf("%v: %+v, %v", c, r, err)
		}
	}
	// Parts can be left out, the outcome too.
	for i := range 5 {
		l.parts[i] = []Part{{Name: "access", Digest: l.parts[i][0].Digest}, {Name: OutcomePart, Digest: l.parts[i][1].Digest}}
	}
	if r := checkExport(t, l.export(0, 9, 600, never), l.vkey); !r.OK() || r.Entries != 9 {
		t.Errorf("with parts left out: %+v", r)
	}
	stop := errors.New("stop")
	if _, err := CheckExport(t.Context(), bytes.NewReader(l.export(0, 2, 2, never)), l.vkey, func(ExportedEntry) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v", err)
	}
}

// TestEveryChangeOfAnExportShows flips every byte, drops, repeats and swaps
// every line, and cuts everywhere; each is found, with the line or entry.
func TestEveryChangeOfAnExportShows(t *testing.T) {
	l := newLog(t, 262)
	data := l.export(254, 258, 262, func(i int64) bool { return i == 255 })
	lines := bytes.SplitAfter(data, []byte{'\n'})
	lines = lines[:len(lines)-1] // after the last end there is nothing
	offset := 0
	for n, line := range lines {
		for i := range line {
			{
				changed := bytes.Clone(data)
				changed[offset+i] ^= []byte{1, 0x80, 0x20}[i%3]
				r := checkExport(t, changed, l.vkey)
				if r.OK() {
					t.Fatalf("byte %d of line %d flipped, nothing found: %s", i, n+1, line)
				}
				// What line 1 promises shows where it is not kept.
				if p := r.Findings[0].Place; n > 0 && !strings.HasPrefix(p, fmt.Sprintf("line %d", n+1)) && !strings.HasPrefix(p, "entry") && !strings.HasPrefix(p, fmt.Sprintf("line %d", n+2)) {
					t.Errorf("byte %d of line %d flipped: %v", i, n+1, r.Findings)
				}
			}
		}
		offset += len(line)
	}
	join := func(lines ...[]byte) []byte { return bytes.Join(lines, nil) }
	for n := range lines {
		without := join(append(bytes.Join(lines[:n], nil), bytes.Join(lines[n+1:], nil)...))
		if checkExport(t, without, l.vkey).OK() {
			t.Errorf("line %d dropped, nothing found", n+1)
		}
		if checkExport(t, join(bytes.Join(lines[:n+1], nil), bytes.Join(lines[n:], nil)), l.vkey).OK() {
			t.Errorf("line %d repeated, nothing found", n+1)
		}
		if n+1 < len(lines) {
			if checkExport(t, join(bytes.Join(lines[:n], nil), lines[n+1], lines[n], bytes.Join(lines[n+2:], nil)), l.vkey).OK() {
				t.Errorf("lines %d and %d swapped, nothing found", n+1, n+2)
			}
		}
	}
	for n := 0; n < len(data); n += 1 + n%7 {
		if r := checkExport(t, data[:n], l.vkey); r.OK() {
			t.Fatalf("cut after %d of %d bytes, nothing found", n, len(data))
		}
	}
	if r := checkExport(t, bytes.Replace(data, []byte(`c-254`), []byte(`c-255`), 1), l.vkey); r.Findings[0].Place != "line 3, entry 254" {
		t.Errorf("%v", r.Findings)
	}
	if !bytes.Contains(data, []byte(`"leaf"`)) {
		t.Error("no bare leaf was tried")
	}
}

func TestExportRefuses(t *testing.T) {
	l := newLog(t, 20)
	good := string(l.export(3, 6, 20, func(i int64) bool { return i == 4 }))
	leaf := base64.StdEncoding.EncodeToString(l.leaves[4][:])
	for _, c := range [][3]string{
		{`"format":"dancu`, `"format":"x`, "line 1"},
		{`"origin":"log`, `"origin":"x`, "line 1"},
		{`"first":3`, `"first":-1`, "line 1"},
		{`"end":6,"first"`, `"end":21,"first"`, "line 1"},
		{`{"checkpoint"`, `{"x"`, "line 1"},
		{`"tile":0`, `"tile":1`, "line 2"},
		{`"hashes":"`, `"hashes":"*`, "line 2, tile/0/000.p/20"},
		{`"hashes":"`, `"hashes":1,"x":"`, "line 2, tile/0/000.p/20"},
		{`"proof":[]`, `"proof":5`, "line 2, tile/0/000.p/20"},
		{`"proof":[]`, `"proof":[5]`, "line 2, tile/0/000.p/20"},
		{`"proof":[]`, `"proof":["x"]`, "line 2, tile/0/000.p/20"},
		{`"proof":[]`, `"proof":["` + leaf + `"]`, "line 2, tile/0/000.p/20"},
		{`{"index":3,"parts"`, `{"x":3,"parts"`, "line 3"},
		{`{"index":3,"parts"`, `{"index":30,"parts"`, "line 3"},
		{`{"index":3,"parts"`, `{"index":"x","parts"`, "line 3"},
		{`"index":3,"parts":[`, `"index":3,"parts":[5,`, "line 3, entry 3"},
		{`"leaf":"` + leaf, `"leaf":"x`, "line 4, entry 4"},
		{`"leaf":"` + leaf + `"`, `"leaf":5`, "line 4, entry 4"},
		{`"leaf":`, `"parts":[],"leaf":`, "line 4, entry 4"},
		{`"entries":3`, `"entries":4`, "line 6"},
		{`"sha256":"`, `"sha256":"0`, "line 6"},
	} {
		bad := strings.Replace(good, c[0], c[1], 1)
		if bad == good {
			t.Fatalf("%s is not in %s", c[0], good)
		}
		if r := checkExport(t, []byte(bad), l.vkey); r.OK() || r.Findings[0].Place != c[2] {
			t.Errorf("%s: %v, want %s", c[1], r.Findings, c[2])
		}
	}
	for what, bad := range map[string]string{
		"something after the end": good + "{}\n", "an endless line": good[:len(good)-1] + strings.Repeat("x", MaxJSON), "an endless first line": strings.Repeat("x", MaxJSON+1) + "\n",
		"nothing": "",
	} {
		if r := checkExport(t, []byte(bad), l.vkey); r.OK() {
			t.Errorf("%s: nothing found", what)
		}
	}
	// Entries whose parts give the leaf, but whose outcome is of another place.
	odd := newLog(t, 4)
	odd.parts[2], odd.leaves[2] = odd.parts[1], odd.leaves[1]
	odd.hashes = nil
	for i, leaf := range odd.leaves {
		h, err := tlog.StoredHashes(int64(i), leaf[:], odd)
		if err != nil {
			t.Fatal(err)
		}
		odd.hashes = append(odd.hashes, h...)
	}
	if r := checkExport(t, odd.export(0, 4, 4, never), odd.vkey); r.OK() || r.Findings[0].Place != "line 5, entry 2" {
		t.Errorf("%v", r.Findings)
	}
	if _, err := CheckExport(t.Context(), iotest.ErrReader(io.ErrClosedPipe), l.vkey, nil); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := CheckExport(ctx, strings.NewReader(good), l.vkey, nil); err == nil {
		t.Error("goes on after being cancelled")
	}

	_, signed := l.checkpoint(20)
	for _, c := range [][2]int64{{-1, 2}, {3, 2}, {0, 21}} {
		if _, err := NewExportWriter(io.Discard, signed, c[0], c[1]); err == nil {
			t.Errorf("entries %v of 20", c)
		}
	}
	if _, err := NewExportWriter(io.Discard, []byte("x"), 0, 1); err == nil {
		t.Error("no checkpoint")
	}
	w, err := NewExportWriter(io.Discard, signed, 0, 2)
	if err != nil {
		t.Fatal(err)
	}
	if w.Close() == nil {
		t.Error("closed before the last entry")
	}
	w, _ = NewExportWriter(failing{}, signed, 0, 1)
	_ = w.Tile(0, make([]byte, 100<<10), nil)
	if w.Leaf([32]byte{}) == nil || w.Close() == nil {
		t.Error("a full disk goes unnoticed")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func FuzzReceipt(f *testing.F) {
	l := newLog(f, 9)
	f.Add(l.receipt(3, l.proof(9, 3)))
	f.Add(l.receipt(3, nil, "access"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		if r, err := ParseReceipt(data); err == nil {
			_ = r.Check()
			_, _ = r.Verify(l.vkey)
		}
	})
}

func FuzzCheckpoint(f *testing.F) {
	l := newLog(f, 9)
	_, signed := l.checkpoint(9)
	f.Add(signed)
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := ParseCheckpoint(data); err == nil && !bytes.HasPrefix(data, []byte(c.Text())) {
			t.Fatalf("%q read as %q", data, c.Text())
		}
		if c, err := OpenCheckpoint(data, l.vkey); err == nil && c.Size != 9 {
			t.Fatalf("signed: %+v", c)
		}
	})
}

func FuzzTile(f *testing.F) {
	f.Add("tile/0/x001/234.p/5")
	f.Add("tile/entries/000")
	f.Fuzz(func(t *testing.T, path string) {
		if tile, err := ParseTile(path); err == nil && tile.Path() != path {
			t.Fatalf("%q became %q", path, tile.Path())
		}
	})
}

func FuzzProof(f *testing.F) {
	l := newLog(f, 9)
	f.Add(l.proof(9, 3).Text())
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ParseProof(data)
		if err == nil && p.Extra == nil && !bytes.Equal(p.Text(), data) {
			t.Fatalf("%q became %q", data, p.Text())
		}
	})
}

func FuzzExport(f *testing.F) {
	l := newLog(f, 9)
	f.Add(l.export(2, 5, 9, never))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := CheckExport(context.Background(), bytes.NewReader(data), l.vkey, func(e ExportedEntry) error {
			if e.Index >= 9 || e.Leaf != l.leaves[e.Index] {
				t.Fatalf("an entry that is not in the log: %+v", e)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
