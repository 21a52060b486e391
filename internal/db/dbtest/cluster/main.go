// Command cluster runs a command with a PostgreSQL server of its own beside
// it, so that the tests of many packages share one:
//
//	go run ./internal/db/dbtest/cluster -- go test ./...
//
// The command finds the server in DANCU_TEST_POSTGRES, a database with all
// tables to copy in DANCU_TEST_POSTGRES_FROM and the server's log in
// DANCU_TEST_POSTGRES_LOG. The server is gone when the command ends, whose exit
// status is passed on. Where PostgreSQL is not installed the command runs
// without, unless DANCU_REQUIRE_POSTGRES is 1.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"dancu/internal/db/dbtest"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "cluster: say which command to run: cluster -- go test ./...")
		return 2
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = os.Environ()
	if os.Getenv("DANCU_TEST_POSTGRES") == "" {
		s, err := dbtest.Start()
		if err == nil {
			defer s.Stop()
			err = s.Template(context.Background())
		}
		switch {
		case err == nil:
			cmd.Env = append(cmd.Env, "DANCU_TEST_POSTGRES="+s.DSN, "DANCU_TEST_POSTGRES_FROM="+s.From, "DANCU_TEST_POSTGRES_LOG="+s.Log)
		case errors.Is(err, dbtest.ErrAbsent) && os.Getenv("DANCU_REQUIRE_POSTGRES") != "1":
			fmt.Fprintln(os.Stderr, "cluster: going on without:", err)
		default:
			fmt.Fprintln(os.Stderr, "cluster:", err)
			return 1
		}
	}
	// An interrupt typed at the terminal reaches the command too; we wait for
	// it to end. Other signals are passed on.
	sig := make(chan os.Signal, 4)
	signal.Notify(sig, syscall.SIGINT, syscall.SIGTERM)
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		return 1
	}
	go func() {
		for s := range sig {
			if s != syscall.SIGINT {
				_ = cmd.Process.Signal(s)
			}
		}
	}()
	err := cmd.Wait()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit) && exit.ExitCode() > 0:
		return exit.ExitCode()
	default:
		fmt.Fprintln(os.Stderr, "cluster:", err)
		return 1
	}
}
