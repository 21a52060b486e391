// Command dancu is the access gateway of a population register: server,
// tools, and the demonstration, in one program.
//
// Results go to stdout, everything else to stderr. The exit status is 0 when
// the command did what it was asked, 1 when it could not or when the answer is
// no (a proof that does not verify, a finding of the doctor), and 2 when the
// command line or the configuration is wrong.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
)

// What a node keeps in memory is small and does not grow, so garbage may pile
// up to several times as much before it is collected; the limit keeps the whole
// under a quarter of a gigabyte. GOGC and GOMEMLIMIT set otherwise.
const (
	gcPercent   = 400
	memoryLimit = 128 << 20
)

func main() {
	if os.Getenv("GOMAXPROCS") == "" {
		// The commit waits for the disk most of the time, and the scheduler
		// notices late that it does: one more than the cores keeps them busy.
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	os.Exit(run(os.Args[1:], &env{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, environ: os.Environ(),
	}))
}

// run executes one command line and returns its exit status.
func run(args []string, e *env) int {
	// The first signal asks for a clean end; a second one ends the process at
	// once, because the handler is gone by then.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	root := newRoot(e)
	root.SetArgs(args)
	return report(e, root.ExecuteContext(ctx))
}
