package db

import (
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// userTimeout makes a connection fail when what was sent has not been
// confirmed for ten seconds.
func userTimeout(network, _ string, c syscall.RawConn) error {
	if !strings.HasPrefix(network, "tcp") {
		return nil
	}
	var err error
	if cerr := c.Control(func(fd uintptr) {
		err = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, 10_000)
	}); cerr != nil {
		return cerr
	}
	return err
}
