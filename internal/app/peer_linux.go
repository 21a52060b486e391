package app

import (
	"errors"
	"net"
	"os"

	"golang.org/x/sys/unix"

	"dancu/internal/ledger"
)

// peer returns the account on the other end of a Unix socket, as the kernel
// says. Only the server's own account and root are let in; the socket's mode
// says the same.
func peer(conn net.Conn) (actor ledger.Actor, err error) {
	u, ok := conn.(*net.UnixConn)
	if !ok {
		return actor, errors.New("not a Unix socket")
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return actor, err
	}
	var cred *unix.Ucred
	cerr := raw.Control(func(fd uintptr) {
		cred, err = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	})
	if err = errors.Join(err, cerr); err != nil {
		return actor, err
	}
	if uid := int(cred.Uid); uid != 0 && uid != os.Geteuid() {
		return actor, errors.New("another account")
	}
	return account(int(cred.Uid)), nil
}
