package dbtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrAbsent is the error of Start where PostgreSQL is not installed.
var ErrAbsent = errors.New("PostgreSQL is not installed: on Debian run `apt-get install postgresql`, or point " + envDSN + " at a server where databases may be created")

// base is where the servers' folders are made. Not os.TempDir: a socket's path
// may have 107 bytes, and the folder must be open to the user postgres. Where
// there is room in memory they are there: the server syncs all the same, and
// does not wait for a disk that other tests use as well.
var base = sync.OnceValue(func() string {
	const memory, room = "/dev/shm", 4 << 30
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err == nil && fs.Bavail*uint64(fs.Bsize) >= room && available() >= 2*room {
		return memory
	}
	return "/tmp"
})

// available is how much memory may still be taken, in bytes; 0 if unknown.
func available() uint64 {
	b, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), "MemAvailable:")
	line, _, _ := strings.Cut(rest, "kB")
	n, err := strconv.ParseUint(strings.TrimSpace(line), 10, 64)
	if err != nil {
		return 0
	}
	return n << 10
}

const prefix = "dancu-postgres-"

// Server is a running PostgreSQL of this process's own.
type Server struct {
	// DSN is the address of its administrative database, as a superuser.
	DSN string
	// Log is the path of its log file.
	Log string
	// From is the database that others are copied from, "" if there is none;
	// see Template.
	From string

	dir    string
	lock   *os.File // held while this process lives; see sweep
	keeper *exec.Cmd
	stdin  io.WriteCloser
}

// keep runs the server and outlives us: when our end of its stdin is closed,
// by Stop or by our death, it stops the server at once and removes the folder.
// A line on it starts the server again after a crash. $1 is the postgres
// program, $2 the folder.
const keep = `
run() {
	"$1" -D "$2/data" -k "$2" >>"$2/log" 2>&1 </dev/null &
	server=$!
}
run "$@"
while read -r _; do run "$@"; done
kill -QUIT "$server"
wait "$server"
cd / && rm -rf "$2"
`

// Start makes a new server in a temporary folder and starts it. As root, the
// server runs as the user postgres, because PostgreSQL refuses root.
func Start() (*Server, error) {
	initdb, postgres, err := programs()
	if err != nil {
		return nil, err
	}
	sweep()
	dir, err := os.MkdirTemp(base(), prefix)
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, Log: filepath.Join(dir, "log")}
	if err := s.start(initdb, postgres); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

func (s *Server) start(initdb, postgres string) error {
	var err error
	if s.lock, err = os.OpenFile(filepath.Join(s.dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return err
	}
	if err := syscall.Flock(int(s.lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	attr := &syscall.SysProcAttr{}
	if os.Geteuid() == 0 {
		uid, gid, err := account()
		if err != nil {
			return err
		}
		attr.Credential = &syscall.Credential{Uid: uid, Gid: gid}
		if err := os.Chown(s.dir, int(uid), int(gid)); err != nil {
			return err
		}
	}
	data := filepath.Join(s.dir, "data")
	// --no-sync is for initdb's own files only; the server syncs.
	c := exec.Command(initdb, "-D", data, "-U", "dancu", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	c.SysProcAttr, c.Dir, c.Env = attr, s.dir, clean()
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	conf := `listen_addresses = ''
max_connections = 300
shared_buffers = 64MB
max_wal_size = 256MB
timezone = 'UTC'
log_timezone = 'UTC'
`
	f, err := os.OpenFile(filepath.Join(data, "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(conf)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}

	s.keeper = exec.Command("/bin/sh", "-c", keep, "sh", postgres, s.dir)
	s.keeper.Dir, s.keeper.Env = s.dir, clean()
	s.keeper.SysProcAttr = &syscall.SysProcAttr{
		Credential: attr.Credential,
		Setpgid:    true, // an interrupt typed at the terminal is ours, not the server's
	}
	// Its output must not be ours: `go test` waits for whoever holds that.
	if s.stdin, err = s.keeper.StdinPipe(); err != nil {
		return err
	}
	if err := s.keeper.Start(); err != nil {
		s.keeper = nil
		return err
	}
	s.DSN = (&url.URL{Scheme: "postgres", User: url.User("dancu"), Path: "/postgres", RawQuery: url.Values{"host": {s.dir}}.Encode()}).String()
	return s.await()
}

// await waits until the server answers.
func (s *Server) await() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		c, err := pgx.Connect(ctx, s.DSN)
		if err == nil {
			return c.Close(ctx)
		}
		select {
		case <-ctx.Done():
			log, _ := os.ReadFile(s.Log)
			return fmt.Errorf("PostgreSQL did not start: %w\n%s", err, log)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Stop stops the server and removes all its files, its log included.
func (s *Server) Stop() {
	if s.stdin != nil {
		_ = s.stdin.Close()
	}
	if s.keeper != nil {
		_ = s.keeper.Wait()
	}
	_ = os.RemoveAll(s.dir)
	if s.lock != nil {
		_ = s.lock.Close()
	}
}

// programs finds initdb and postgres, the highest version of Debian's or
// whatever PATH has.
func programs() (initdb, postgres string, err error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	version := func(p string) int {
		n, _ := strconv.Atoi(strings.Split(p, "/")[4])
		return n
	}
	slices.SortFunc(found, func(a, b string) int { return version(b) - version(a) })
	if p, err := exec.LookPath("postgres"); err == nil {
		found = append(found, p)
	}
	for _, p := range found {
		i := filepath.Join(filepath.Dir(p), "initdb")
		if _, err := os.Stat(i); err == nil {
			return i, p, nil
		}
	}
	return "", "", ErrAbsent
}

// account is the system user that runs the server when we are root.
func account() (uid, gid uint32, err error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, e := user.Lookup(name)
		if e != nil {
			err = e
			continue
		}
		i, e1 := strconv.ParseUint(u.Uid, 10, 32)
		j, e2 := strconv.ParseUint(u.Gid, 10, 32)
		return uint32(i), uint32(j), errors.Join(e1, e2)
	}
	return 0, 0, err
}

// clean is the environment without settings of PostgreSQL's own.
func clean() []string {
	return slices.DeleteFunc(os.Environ(), func(kv string) bool {
		return strings.HasPrefix(kv, "PG") || strings.HasPrefix(kv, "LC_") || strings.HasPrefix(kv, "LANG")
	})
}

// sweep removes what a test process and its keeper left when both were killed:
// folders whose lock nobody holds. Young folders may be about to be locked.
func sweep() {
	dirs, _ := filepath.Glob(filepath.Join(base(), prefix+"*"))
	for _, dir := range dirs {
		fi, err := os.Stat(dir)
		if err != nil || time.Since(fi.ModTime()) < time.Minute {
			continue
		}
		f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR, 0)
		if err != nil {
			if os.IsNotExist(err) {
				_ = os.RemoveAll(dir)
			}
			continue
		}
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			stopStale(dir)
			_ = os.RemoveAll(dir)
		}
		_ = f.Close()
	}
}

// stopStale stops the server that still runs in dir, if the process named in
// its pid file is really that server.
func stopStale(dir string) {
	b, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
	if err != nil {
		return
	}
	first, _, _ := bytes.Cut(b, []byte("\n"))
	pid, err := strconv.Atoi(string(first))
	if err != nil || pid <= 1 {
		return
	}
	cmdline, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if bytes.Contains(cmdline, []byte(dir+"/data")) {
		_ = syscall.Kill(pid, syscall.SIGQUIT)
	}
}
