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
	"syscall"
)

func main() {
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
