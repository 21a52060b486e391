package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"dancu/internal/app"
)

func fdatasync(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) }

// server is a process under measurement.
type server struct {
	name string
	addr string
	cmd  *exec.Cmd
}

// stop ends the process as an operator would.
func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
}

// cpu is the CPU time the process and, for PostgreSQL, the server's processes
// have used.
func (s *server) cpu() time.Duration { return processCPU(s.cmd.Process.Pid) }

func processCPU(pid int) time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	if len(f) < 13 {
		return 0
	}
	u, _ := strconv.ParseInt(f[11], 10, 64)
	k, _ := strconv.ParseInt(f[12], 10, 64)
	return time.Duration(u+k) * (time.Second / 100) // USER_HZ
}

// memory is what the process has resident, in bytes: its own, and what it maps
// of files, which is the system's cache of them.
func (s *server) memory() (own, mapped int64) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if len(f) < 2 {
			continue
		}
		n, _ := strconv.ParseInt(f[1], 10, 64)
		switch f[0] {
		case "RssAnon:":
			own += n << 10
		case "RssFile:", "RssShmem:":
			mapped += n << 10
		}
	}
	return own, mapped
}

// watchMemory looks at the memory until stop is called, which returns the
// highest that was seen.
func (s *server) watchMemory() (stop func() (own, mapped int64)) {
	end, done := make(chan struct{}), make(chan struct{})
	var own, mapped int64
	go func() {
		defer close(done)
		for {
			o, m := s.memory()
			own, mapped = max(own, o), max(mapped, m)
			select {
			case <-end:
				return
			case <-time.After(100 * time.Millisecond):
			}
		}
	}()
	return func() (int64, int64) {
		close(end)
		<-done
		return own, mapped
	}
}

// freeAddress returns a loopback address nobody listens on.
func freeAddress() (string, error) {
	ln, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = ln.Close() }()
	return ln.Addr().String(), nil
}

// startReference starts this program again as one of the references.
func startReference(name, dir, answerFile string, journal bool) (*server, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	args := []string{
		"-reference", addr, "-cert", filepath.Join(dir, "keys", "server.crt"), "-key", filepath.Join(dir, "keys", "server.key"),
		"-answer", answerFile,
	}
	if journal {
		args = append(args, "-journal", filepath.Join(dir, "reference.journal"))
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &server{name: name, addr: addr, cmd: exec.Command(self, args...)}
	s.cmd.Stderr = os.Stderr
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		c, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", addr)
		if err == nil {
			_ = c.Close()
			return s, nil
		}
		if time.Now().After(deadline) {
			s.stop()
			return nil, fmt.Errorf("the reference did not start: %w", err)
		}
	}
}

// demo is a running demonstration.
type demo struct {
	server
	dir  string
	info app.DemoInfo
}

// startDemo starts the demonstration in a folder, over PostgreSQL if an address
// is given.
func startDemo(name, binary, dir, postgres string, people int) (*demo, error) {
	api, err := freeAddress()
	if err != nil {
		return nil, err
	}
	console, err := freeAddress()
	if err != nil {
		return nil, err
	}
	if postgres != "" {
		if err := usePostgres(binary, dir, postgres); err != nil {
			return nil, err
		}
	}
	d := &demo{dir: dir, server: server{name: name, addr: api}}
	d.cmd = exec.Command(binary, "demo", "--dir", dir, "--people", strconv.Itoa(people), "--api", api, "--console", console,
		"--quiet", "--limit", "1000000000")
	d.cmd.Stderr = os.Stderr
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := d.cmd.Start(); err != nil {
		return nil, err
	}
	ready := make(chan error, 1)
	go func() {
		sc := bufio.NewScanner(out)
		for sc.Scan() {
			if sc.Text() == "ready" {
				ready <- nil
				_, _ = io.Copy(io.Discard, out)
				return
			}
		}
		ready <- errors.New("the demonstration ended before it was ready")
	}()
	select {
	case err = <-ready:
	case <-time.After(10 * time.Minute):
		err = errors.New("the demonstration did not become ready")
	}
	if err == nil {
		var b []byte
		if b, err = os.ReadFile(filepath.Join(dir, app.DemoFile)); err == nil {
			err = json.Unmarshal(b, &d.info)
		}
	}
	if err != nil {
		d.stop()
		return nil, err
	}
	return d, nil
}

// usePostgres makes a state folder whose data is in PostgreSQL.
func usePostgres(binary, dir, address string) error {
	file := filepath.Join(dir, app.ConfigFile)
	if _, err := os.Stat(file); err == nil {
		return nil
	}
	if out, err := exec.Command(binary, "init", dir, "--origin", "demo.dancu.example/log").CombinedOutput(); err != nil {
		return fmt.Errorf("couldn't make a state folder: %w\n%s", err, out)
	}
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "\ndatabase:\n  address: %q\n", address)
	return errors.Join(err, f.Close())
}

// client is the TLS configuration of a demo system's client.
func (d *demo) client(i int) (*tls.Config, error) {
	pair, err := tls.LoadX509KeyPair(d.info.Systems[i].Cert, d.info.Systems[i].Key)
	if err != nil {
		return nil, err
	}
	ca, err := os.ReadFile(d.info.CA)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(ca)
	return &tls.Config{MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{pair}, RootCAs: pool, ServerName: "localhost"}, nil
}
