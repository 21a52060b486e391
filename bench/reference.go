package main

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"
)

// eventSize is the size of the event that the second reference appends for
// every request, in bytes.
const eventSize = 512

// serveReference is the same answer without the work: a bare net/http handler
// over mutual TLS that reads the request and returns fixed bytes; with a
// journal, after one durable append per request, committed in groups.
func serveReference(addr, cert, key, answerFile, journal string) error {
	answer, err := os.ReadFile(answerFile)
	if err != nil {
		return err
	}
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return err
	}
	var j *groupJournal
	if journal != "" {
		if j, err = openJournal(journal); err != nil {
			return err
		}
	}
	length := strconv.Itoa(len(answer))
	s := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if _, err := io.Copy(io.Discard, r.Body); err != nil {
				return
			}
			if j != nil {
				if err := j.append(); err != nil {
					http.Error(w, "journal", http.StatusServiceUnavailable)
					return
				}
			}
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", length)
			_, _ = w.Write(answer)
		}),
		ReadHeaderTimeout: 10 * time.Second,
	}
	ln, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", addr)
	if err != nil {
		return err
	}
	return s.Serve(tls.NewListener(ln, &tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAnyClientCert,
		NextProtos: []string{"http/1.1"},
	}))
}

// groupJournal appends events to a file prepared in advance and syncs once for
// all that wait.
type groupJournal struct {
	mu      sync.Mutex
	waiting int
	wake    chan struct{}
	done    chan struct{} // closed when the group that waits now is durable
	err     error
}

// journalSize is how much of the file is prepared; past it the file begins
// again, since only the speed matters.
const journalSize = 256 << 20

func openJournal(name string) (*groupJournal, error) {
	f, err := os.Create(name)
	if err != nil {
		return nil, err
	}
	zero := make([]byte, 1<<20)
	for range journalSize / len(zero) {
		if _, err := f.Write(zero); err != nil {
			return nil, err
		}
	}
	if err := f.Sync(); err != nil {
		return nil, err
	}
	j := &groupJournal{wake: make(chan struct{}, 1), done: make(chan struct{})}
	go j.run(f)
	return j, nil
}

func (j *groupJournal) append() error {
	j.mu.Lock()
	j.waiting++
	done := j.done
	j.mu.Unlock()
	select {
	case j.wake <- struct{}{}:
	default:
	}
	<-done
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.err
}

func (j *groupJournal) run(f *os.File) {
	event := make([]byte, 4+eventSize)
	binary.BigEndian.PutUint32(event, eventSize)
	var buf []byte
	var at int64
	for range j.wake {
		j.mu.Lock()
		n, done := j.waiting, j.done
		j.waiting, j.done = 0, make(chan struct{})
		j.mu.Unlock()
		if n == 0 {
			continue
		}
		buf = buf[:0]
		for range n {
			buf = append(buf, event...)
		}
		if at+int64(len(buf)) > journalSize {
			at = 0
		}
		_, err := f.WriteAt(buf, at)
		err = errors.Join(err, fdatasync(f))
		at += int64(len(buf))
		if err != nil {
			j.mu.Lock()
			j.err = err
			j.mu.Unlock()
		}
		close(done)
	}
}
