package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"time"
)

// dial connects for one message.
type dial struct {
	sender    *Sender
	ctx       context.Context // bounds the whole exchange, which go-mail does not
	auth      auth
	connected bool
	stop      func() bool
	conn      net.Conn
}

// dial is go-mail's door to the network.
func (d *dial) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	if d.sender.cfg.TLS == None {
		// The name was of this machine; what it led to has to be, too.
		if a, ok := c.RemoteAddr().(*net.TCPAddr); !ok || !a.IP.IsLoopback() {
			_ = c.Close()
			return nil, errors.New("without TLS, mail goes to this machine only")
		}
	}
	d.connected = true
	if end, ok := d.ctx.Deadline(); ok {
		if err := c.SetDeadline(end); err != nil {
			_ = c.Close()
			return nil, err
		}
	}
	d.conn = &bounded{c}
	d.stop = context.AfterFunc(d.ctx, func() { _ = c.Close() })
	if d.sender.cfg.TLS != Implicit {
		return d.conn, nil
	}
	t := tls.Client(d.conn, d.sender.tls())
	if err := t.HandshakeContext(ctx); err != nil {
		_ = c.Close()
		return nil, err
	}
	return t, nil
}

func (d *dial) close() {
	if d.conn != nil {
		d.stop()
		_ = d.conn.Close()
	}
}

// bounded is a connection whose deadline stands: go-mail would move it with
// every command, and a server that answers a byte a minute would hold us for
// ever.
type bounded struct{ net.Conn }

func (*bounded) SetDeadline(time.Time) error      { return nil }
func (*bounded) SetReadDeadline(time.Time) error  { return nil }
func (*bounded) SetWriteDeadline(time.Time) error { return nil }
