package dbtest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// CrashServer kills all processes of the Env's server at once, as when the
// power goes but without the loss of what was not synced. The Env must be one
// of PostgresAlone.
func (e *Env) CrashServer() {
	e.t.Helper()
	if e.alone == nil {
		e.t.Fatal("only a server of PostgresAlone can be crashed: others use the shared one")
	}
	if err := e.alone.crash(); err != nil {
		e.t.Fatal(err)
	}
}

// StartServer starts the server again after CrashServer, and waits until it
// answers.
func (e *Env) StartServer() {
	e.t.Helper()
	if _, err := e.alone.stdin.Write([]byte("again\n")); err != nil {
		e.t.Fatal(err)
	}
	if err := e.alone.await(); err != nil {
		e.t.Fatal(err)
	}
}

func (s *Server) crash() error {
	b, err := os.ReadFile(filepath.Join(s.dir, "data", "postmaster.pid"))
	if err != nil {
		return err
	}
	line, _, _ := strings.Cut(string(b), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		return err
	}
	// The postmaster first, so that it starts no other.
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		return err
	}
	victims := append([]int{pid}, childrenOf(pid)...)
	for _, v := range victims {
		if err := syscall.Kill(v, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
	}
	// The next one refuses to start while one of them lives.
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		alive := 0
		for _, v := range victims {
			if running(v) {
				alive++
			}
		}
		if alive == 0 {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%d processes of PostgreSQL do not end", alive)
		}
	}
}

// stat returns a process's state and parent.
func stat(pid int) (state string, parent int, ok bool) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", 0, false
	}
	// "pid (name) state parent …"; the name may hold anything.
	f := strings.Fields(string(b)[strings.LastIndexByte(string(b), ')')+1:])
	parent, err = strconv.Atoi(f[1])
	return f[0], parent, err == nil
}

func running(pid int) bool {
	state, _, ok := stat(pid)
	return ok && state != "Z"
}

func childrenOf(pid int) (children []int) {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, d := range dirs {
		p, err := strconv.Atoi(filepath.Base(d))
		if err != nil {
			continue
		}
		if _, parent, ok := stat(p); ok && parent == pid {
			children = append(children, p)
		}
	}
	return children
}
