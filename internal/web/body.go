package web

import (
	"errors"
	"io"
	"net/http"
	"os"
)

// ReadBody reads the whole body into buf, which it grows as needed, and
// returns what it read. More than limit bytes, a body that comes too slowly
// and one that ends early are problems, after which the connection is closed.
func ReadBody(w http.ResponseWriter, r *http.Request, buf []byte, limit int64) ([]byte, error) {
	buf = buf[:0]
	if r.ContentLength > limit {
		return buf, TooLarge(limit)
	}
	if n := int(r.ContentLength); n >= 0 {
		if cap(buf) < n {
			buf = make([]byte, n)
		}
		buf = buf[:n]
		if _, err := io.ReadFull(r.Body, buf); err != nil {
			return buf[:0], bodyError(err)
		}
		return buf, nil
	}
	// Chunked: the length shows while reading.
	body := http.MaxBytesReader(w, r.Body, limit)
	for {
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
		n, err := body.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return buf[:0], bodyError(err)
		}
	}
}

func bodyError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) || errors.Is(err, os.ErrDeadlineExceeded) {
		return ProblemOf(err)
	}
	return &Problem{
		Status: http.StatusBadRequest, Code: codeInvalid, Title: titleOf(codeInvalid), Close: true,
		Detail: Text{
			VI: "Nội dung yêu cầu bị ngắt giữa chừng.",
			EN: "The request's body ended early.",
		},
	}
}
