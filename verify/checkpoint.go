package verify

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// MaxCheckpoint is the most bytes of a signed checkpoint. C2SP asks verifiers
// to take at least 16 signatures, of which a post-quantum one has nearly 5 kB.
const MaxCheckpoint = 128 << 10

// emptyRoot is the root of a log without entries.
var emptyRoot = tlog.Hash(sha256.Sum256(nil))

// Checkpoint is what a log commits to: its size and root (C2SP
// tlog-checkpoint).
type Checkpoint struct {
	// Origin names the log.
	Origin string
	Size   int64
	Root   tlog.Hash
	// Extensions are further lines, opaque; dancu writes none.
	Extensions []string
}

// Text returns the text that is signed.
func (c Checkpoint) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%d\n%s\n", c.Origin, c.Size, base64.StdEncoding.EncodeToString(c.Root[:]))
	for _, e := range c.Extensions {
		b.WriteString(e)
		b.WriteByte('\n')
	}
	return b.String()
}

// Sign returns the checkpoint as a signed note. The signer's name must be the
// origin.
func (c Checkpoint) Sign(signer note.Signer) ([]byte, error) {
	if signer.Name() != c.Origin {
		return nil, fmt.Errorf("key %q cannot sign for the log %q", signer.Name(), c.Origin)
	}
	if _, err := parseCheckpointText(c.Text()); err != nil {
		return nil, err
	}
	return note.Sign(&note.Note{Text: c.Text()}, signer)
}

// ParseCheckpoint reads a signed checkpoint without looking at signatures.
// Nothing in it may be believed before [OpenCheckpoint].
func ParseCheckpoint(signed []byte) (Checkpoint, error) {
	if len(signed) > MaxCheckpoint {
		return Checkpoint{}, fmt.Errorf("checkpoint of %d bytes; the limit is %d", len(signed), MaxCheckpoint)
	}
	// A note's text ends at its last empty line.
	end := strings.LastIndex(string(signed), "\n\n")
	if end < 0 {
		return Checkpoint{}, errors.New("malformed checkpoint: an empty line and signatures must follow the text")
	}
	return parseCheckpointText(string(signed[:end+1]))
}

// OpenCheckpoint reads a signed checkpoint and checks its signature with the
// log's verifier key ("origin+hash+key", C2SP signed-note). The checkpoint's
// origin must be the key's name.
func OpenCheckpoint(signed []byte, vkey string) (Checkpoint, error) {
	c, err := ParseCheckpoint(signed)
	if err != nil {
		return Checkpoint{}, err
	}
	v, err := note.NewVerifier(strings.TrimSpace(vkey))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("malformed verifier key: %w", err)
	}
	if _, err := note.Open(signed, note.VerifierList(v)); err != nil {
		var other *note.UnverifiedNoteError
		if errors.As(err, &other) {
			return Checkpoint{}, fmt.Errorf("the checkpoint is not signed by %s", v.Name())
		}
		return Checkpoint{}, fmt.Errorf("the checkpoint's signature is wrong: %w", err)
	}
	if c.Origin != v.Name() {
		return Checkpoint{}, fmt.Errorf("the checkpoint is of the log %q, the key is of %q", c.Origin, v.Name())
	}
	return c, nil
}

func parseCheckpointText(text string) (Checkpoint, error) {
	bad := func(what string) (Checkpoint, error) {
		return Checkpoint{}, errors.New("malformed checkpoint: " + what)
	}
	text, ok := strings.CutSuffix(text, "\n")
	lines := strings.Split(text, "\n")
	if !ok || len(lines) < 3 {
		return bad("origin, size and root must stand on lines of their own")
	}
	for _, l := range lines {
		if l == "" {
			return bad("empty line")
		}
	}
	size, err := parseSize(lines[1])
	if err != nil {
		return bad("size: " + err.Error())
	}
	root, err := parseHash(lines[2])
	if err != nil {
		return bad("root: " + err.Error())
	}
	if size == 0 && root != emptyRoot {
		return bad("the root of an empty log is SHA-256 of nothing")
	}
	c := Checkpoint{Origin: lines[0], Size: size, Root: root}
	if len(lines) > 3 {
		c.Extensions = lines[3:]
	}
	return c, nil
}

// parseSize reads a decimal of 0 to MaxSize without leading zeroes.
func parseSize(s string) (int64, error) {
	n, err := strconv.ParseUint(s, 10, 63)
	if err != nil || strconv.FormatUint(n, 10) != s {
		return 0, errors.New("a decimal number without leading zeroes was expected")
	}
	if n > MaxSize {
		return 0, fmt.Errorf("beyond %d", int64(MaxSize))
	}
	return int64(n), nil
}

// parseHash reads 32 bytes in standard base64.
func parseHash(s string) (tlog.Hash, error) {
	// Strict refuses a last character with bits that mean nothing, so that a
	// hash has one spelling.
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != tlog.HashSize || strings.ContainsAny(s, "\r\n") {
		return tlog.Hash{}, errors.New("32 bytes in base64 were expected")
	}
	return tlog.Hash(b), nil
}
