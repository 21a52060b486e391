package api

import (
	"crypto/tls"
)

// TLSConfig returns the TLS configuration of the API's listener: TLS 1.3 only,
// and a client certificate asked for. get returns the server's certificate, and
// is asked at every handshake so that it can be renewed without a restart.
//
// The client's certificate is not held against an authority: what identifies a
// system is the SHA-256 of the very certificate that was registered for it, and
// the handshake proves that the client holds its key. Who shows none, or one
// that nobody registered, gets through the handshake and a problem in answer
// (auth.unknown_credential), so that its people learn what is wrong.
//
// HTTP/1.1 is all that is offered: one call at a time on a connection is what
// the limits and the committing of calls in batches are made for.
func TLSConfig(get func() (*tls.Certificate, error)) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		MaxVersion: tls.VersionTLS13,
		ClientAuth: tls.RequestClientCert,
		NextProtos: []string{"http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return get()
		},
	}
}
