package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
)

// load is a bounded stream of look-ups: each connection sends its next request
// when the last one is answered.
type load struct {
	addr   string
	tls    *tls.Config
	conns  int
	warm   time.Duration
	length time.Duration
	// request appends the body of the n-th request of a connection.
	request func(b []byte, conn, n int) []byte
}

// result is what was measured of one load.
type result struct {
	Requests int
	Failed   int
	Rate     float64 // answered per second
	P50, P99 time.Duration
}

// run sends the load and measures what comes after the warm-up.
func (l *load) run(ctx context.Context) (result, error) {
	ctx, cancel := context.WithTimeout(ctx, l.warm+l.length+30*time.Second)
	defer cancel()
	begin := time.Now().Add(l.warm)
	end := begin.Add(l.length)
	var mu sync.Mutex
	var all []time.Duration
	var failed int
	var errs []error
	var wg sync.WaitGroup
	for i := range l.conns {
		wg.Go(func() {
			took, bad, err := l.one(ctx, i, begin, end)
			mu.Lock()
			defer mu.Unlock()
			all = append(all, took...)
			failed += bad
			errs = append(errs, err)
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return result{}, err
	}
	if len(all) == 0 {
		return result{}, errors.New("nothing was answered")
	}
	slices.Sort(all)
	return result{
		Requests: len(all), Failed: failed, Rate: float64(len(all)) / l.length.Seconds(),
		P50: all[len(all)/2], P99: all[len(all)*99/100],
	}, nil
}

// one is one connection.
func (l *load) one(ctx context.Context, conn int, begin, end time.Time) (took []time.Duration, failed int, err error) {
	raw, err := (&net.Dialer{}).DialContext(ctx, "tcp", l.addr)
	if err != nil {
		return nil, 0, err
	}
	c := tls.Client(raw, l.tls)
	defer func() { _ = c.Close() }()
	if err := c.HandshakeContext(ctx); err != nil {
		return nil, 0, err
	}
	if d, ok := ctx.Deadline(); ok {
		_ = c.SetDeadline(d)
	}
	r := bufio.NewReaderSize(c, 16<<10)
	var head, body []byte
	took = make([]time.Duration, 0, 1<<16)
	for n := 0; ; n++ {
		body = l.request(body[:0], conn, n)
		head = append(head[:0], "POST /v1/lookup HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nDancu-Transaction-Id: "...)
		id, err := uuid.NewV7()
		if err != nil {
			return nil, 0, err
		}
		head = append(head, id.String()...)
		head = append(head, "\r\nContent-Length: "...)
		head = strconv.AppendInt(head, int64(len(body)), 10)
		head = append(head, "\r\n\r\n"...)
		head = append(head, body...)
		sent := time.Now()
		if sent.After(end) {
			return took, failed, nil
		}
		if _, err := c.Write(head); err != nil {
			return nil, 0, err
		}
		ok, err := response(r)
		if err != nil {
			return nil, 0, err
		}
		if sent.Before(begin) {
			continue
		}
		if !ok {
			failed++
			continue
		}
		took = append(took, time.Since(sent))
	}
}

// response reads one answer and reports whether it is a 200.
func response(r *bufio.Reader) (bool, error) {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return false, err
	}
	ok := bytes.HasPrefix(line, []byte("HTTP/1.1 200"))
	length := -1
	for {
		line, err = r.ReadSlice('\n')
		if err != nil {
			return false, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if name, value, _ := bytes.Cut(line, []byte(":")); len(name) == 14 && bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return false, err
			}
		}
	}
	if length < 0 {
		return false, errors.New("an answer without Content-Length")
	}
	if !ok {
		text, err := io.ReadAll(io.LimitReader(r, int64(length)))
		if err != nil {
			return false, err
		}
		failures.Do(func() { fmt.Println("the first failed answer:", string(text)) })
		return false, nil
	}
	_, err = r.Discard(length)
	return true, err
}

// failures prints one failed answer, so that a wrong set-up is seen.
var failures sync.Once
