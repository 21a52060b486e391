package evidence

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"dancu/internal/fault"
)

// Scanner looks for malware.
type Scanner interface {
	// Scan reads r to its end and returns the name of what it found, "" if
	// nothing. An error means that it does not know, never that the file is
	// clean.
	Scan(ctx context.Context, r io.Reader) (found string, err error)
}

// Clamd asks a ClamAV daemon over its socket (command INSTREAM). The daemon's
// StreamMaxLength must be at least the vault's MaxSize: what is larger it does
// not scan, and so is not taken.
type Clamd struct {
	network, address string
	patience         time.Duration
}

var _ Scanner = (*Clamd)(nil)

// clamdPatience is how long one scan may take unless said otherwise.
const clamdPatience = 30 * time.Second

// NewClamd returns a scanner at an address "unix:/run/clamav/clamd.ctl" or
// "tcp:127.0.0.1:3310". patience bounds one scan; 0 means 30 s. The contents go
// there unsealed, so it should be this machine.
func NewClamd(address string, patience time.Duration) (*Clamd, error) {
	network, at, ok := strings.Cut(address, ":")
	if !ok || at == "" || network != "unix" && network != "tcp" {
		return nil, fault.New(fault.Invalid, "the scanner's address must be like unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310")
	}
	if network == "tcp" {
		if _, _, err := net.SplitHostPort(at); err != nil {
			return nil, fault.New(fault.Invalid, "the scanner's address has no port: write it like tcp:127.0.0.1:3310")
		}
	}
	if patience <= 0 {
		patience = clamdPatience
	}
	return &Clamd{network, at, patience}, nil
}

// maxReply bounds the daemon's answer, in bytes.
const maxReply = 4 << 10

// Scan implements [Scanner].
func (c *Clamd) Scan(ctx context.Context, r io.Reader) (found string, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.patience)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, c.network, c.address)
	if err != nil {
		return "", fmt.Errorf("couldn't reach clamd: %w", err)
	}
	defer func() { _ = conn.Close() }()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	sendErr := send(conn, r)
	if sendErr != nil {
		// It answers and hangs up before it has read everything when the stream
		// is too long for it: then its answer says more than our error.
		_ = conn.SetReadDeadline(time.Now().Add(min(time.Second, c.patience)))
	}
	reply, err := io.ReadAll(io.LimitReader(conn, maxReply))
	if end := strings.IndexByte(string(reply), 0); end >= 0 {
		return verdict(string(reply[:end]), sendErr)
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return "", fmt.Errorf("clamd gave no answer: %w", errors.Join(sendErr, err, io.ErrUnexpectedEOF))
}

// send sends the command and the contents: pieces with their lengths in front,
// and an empty one at the end.
func send(conn net.Conn, r io.Reader) error {
	if _, err := io.WriteString(conn, "zINSTREAM\x00"); err != nil {
		return err
	}
	buf := make([]byte, 4+64<<10)
	for {
		n, err := io.ReadFull(r, buf[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(buf, uint32(n))
			if _, err := conn.Write(buf[:4+n]); err != nil {
				return err
			}
		}
		switch err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			_, err := conn.Write([]byte{0, 0, 0, 0})
			return err
		default:
			return err
		}
	}
}

// verdict reads the daemon's answer. Only its word that all of it was looked at
// and nothing found lets a file pass.
func verdict(reply string, sendErr error) (string, error) {
	answer, ok := strings.CutPrefix(reply, "stream: ")
	switch name, found := strings.CutSuffix(answer, " FOUND"); {
	case ok && found && name != "":
		return printable(name), nil
	case reply == "stream: OK" && sendErr == nil:
		return "", nil
	}
	return "", fmt.Errorf("clamd did not scan: %q: %w", printable(reply), errors.Join(sendErr, errNotScanned))
}

var errNotScanned = errors.New("not scanned")

// printable returns at most 100 bytes of ASCII of what another program said.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s[:min(len(s), 100)])
}
