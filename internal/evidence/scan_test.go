package evidence

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dancu/internal/db/dbtest"
)

// eicar is the file by which scanners are tested; in two pieces, so that none
// stops this source.
var eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$` + `EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

// clamd is a daemon that speaks INSTREAM as ClamAV's does: pieces up to an
// empty one, an answer that ends in NUL, and a limit past which it answers at
// once and hangs up.
type clamd struct {
	limit int
	// How it behaves: "" well.
	manner string
	got    chan []byte
}

func (c *clamd) listen(t *testing.T, network string) string {
	t.Helper()
	at := "127.0.0.1:0"
	if network == "unix" {
		at = filepath.Join(t.TempDir(), "clamd.ctl")
	}
	ln, err := net.Listen(network, at)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { close(done); _ = ln.Close() })
	c.got = make(chan []byte, 10)
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go c.serve(conn, done)
		}
	}()
	return network + ":" + ln.Addr().String()
}

func (c *clamd) serve(conn net.Conn, done chan struct{}) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	if command, err := r.ReadString(0); err != nil || command != "zINSTREAM\x00" {
		_, _ = io.WriteString(conn, "UNKNOWN COMMAND\x00")
		return
	}
	var all []byte
	for {
		var n uint32
		if binary.Read(r, binary.BigEndian, &n) != nil {
			return
		}
		if n == 0 {
			break
		}
		if c.manner == "hang up" && len(all) > 0 {
			return
		}
		piece := make([]byte, n)
		if _, err := io.ReadFull(r, piece); err != nil {
			return
		}
		if all = append(all, piece...); c.limit > 0 && len(all) > c.limit {
			_, _ = io.WriteString(conn, "INSTREAM size limit exceeded. ERROR\x00")
			return
		}
	}
	c.got <- all
	switch c.manner {
	case "hang":
		<-done
	case "say nothing":
	case "half an answer":
		_, _ = io.WriteString(conn, "stream: O")
	case "error":
		_, _ = io.WriteString(conn, "stream: Can't allocate memory ERROR\x00")
	case "odd":
		_, _ = io.WriteString(conn, "stream: OK FOUND it all fine\x00")
	case "talk":
		for range 1000 {
			_, _ = io.WriteString(conn, strings.Repeat("stream: OK", 100))
		}
	default:
		if bytes.Contains(all, []byte(eicar)) {
			_, _ = io.WriteString(conn, "stream: Win.Test.EICAR_HDB-1 FOUND\x00")
			return
		}
		_, _ = io.WriteString(conn, "stream: OK\x00")
	}
}

func TestClamd(t *testing.T) {
	for _, network := range []string{"unix", "tcp"} {
		daemon := &clamd{limit: 500_000}
		s, err := NewClamd(daemon.listen(t, network), 0)
		if err != nil {
			t.Fatal(err)
		}
		ctx := context.Background()
		for _, size := range []int{0, 1, 64 << 10, 64<<10 + 1, 500_000} {
			body := bytes.Repeat([]byte("a"), size)
			if found, err := s.Scan(ctx, bytes.NewReader(body)); found != "" || err != nil {
				t.Errorf("%s, %d bytes: %q, %v", network, size, found, err)
			}
			if got := <-daemon.got; !bytes.Equal(got, body) {
				t.Errorf("%s: %d bytes came, %d were sent", network, len(got), size)
			}
		}
		// Also across two pieces.
		for _, before := range []int{0, 64<<10 - 20} {
			found, err := s.Scan(ctx, strings.NewReader(strings.Repeat("a", before)+eicar))
			if found != "Win.Test.EICAR_HDB-1" || err != nil {
				t.Errorf("%s: %q, %v, want the test file found", network, found, err)
			}
		}
		if found, err := s.Scan(ctx, bytes.NewReader(make([]byte, 5_000_000))); found != "" || !errors.Is(err, errNotScanned) || !strings.Contains(err.Error(), "size limit") {
			t.Errorf("%s, too large: %q, %v", network, found, err)
		}
	}
}

// Whatever else happens, the scanner says that it does not know.
func TestClamdFailsClosed(t *testing.T) {
	for _, manner := range []string{"hang", "hang up", "say nothing", "half an answer", "error", "odd", "talk"} {
		daemon := &clamd{manner: manner}
		s, err := NewClamd(daemon.listen(t, "unix"), 300*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		if found, err := s.Scan(context.Background(), bytes.NewReader(make([]byte, 1<<20))); found != "" || err == nil {
			t.Errorf("%s: %q, %v", manner, found, err)
		}
	}
	s, err := NewClamd("unix:"+filepath.Join(t.TempDir(), "nobody"), time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if found, err := s.Scan(context.Background(), strings.NewReader("x")); found != "" || err == nil {
		t.Errorf("nobody there: %q, %v", found, err)
	}
	// What cannot be read is not clean.
	s, _ = NewClamd((&clamd{}).listen(t, "unix"), 0)
	broken := errors.New("broken")
	if found, err := s.Scan(context.Background(), io.MultiReader(strings.NewReader("x"), &failing{broken})); found != "" || !errors.Is(err, broken) {
		t.Errorf("a broken reader: %q, %v", found, err)
	}
	for _, address := range []string{"", "clamd", "unix:", "tcp:localhost", "udp:127.0.0.1:3310", "/run/clamd.ctl"} {
		if _, err := NewClamd(address, 0); err == nil {
			t.Errorf("%q was taken as an address", address)
		}
	}
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

func TestOnlyWhatWasScannedIsTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, env *dbtest.Env) {
		daemon := &clamd{limit: 300_000}
		s, err := NewClamd(daemon.listen(t, "unix"), 0)
		if err != nil {
			t.Fatal(err)
		}
		h := start(t, env, func(c *Config) { c.Scanner = s })
		_, err = h.Put(h.ctx, Upload{Owner: "ward", Name: "a.txt"}, strings.NewReader("thử "+eicar))
		h.refused(err, Malware)
		if !strings.Contains(TextOf(err).VI, "Win.Test.EICAR_HDB-1") {
			t.Errorf("it says %q", TextOf(err).VI)
		}
		_, err = h.Put(h.ctx, Upload{Owner: "ward", Name: "a.txt"}, bytes.NewReader(text(400_000)))
		h.refused(err, ScanMissing)
		h.nothing()
		f := h.put("ward", 1000)
		if f.Scanned.IsZero() || h.db.Clock().Sub(f.Scanned) > time.Minute {
			t.Errorf("it was scanned at %v", f.Scanned)
		}
		if got, err := h.Stat(h.ctx, f.ID); err != nil || got != f {
			t.Errorf("%+v, %v, want %+v", got, err, f)
		}
	})
}
