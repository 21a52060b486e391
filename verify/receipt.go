package verify

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Limits of an entry.
const (
	// MaxParts is the most parts of an entry.
	MaxParts = 255
	// MaxReceipt is the most bytes of a receipt.
	MaxReceipt = MaxJSON
)

// OutcomePart is the name of the part that says what became of the call, and
// where in the log its entry stands. A caller always has it.
const OutcomePart = "outcome"

// TimeLayout is how times stand in receipts and entries: UTC, microseconds.
const TimeLayout = "2006-01-02T15:04:05.000000Z"

// Part is one part of an entry: shown, with its salt and data, or hidden
// behind its digest.
type Part struct {
	Name string
	// Shown says whether Salt and Data are there.
	Shown bool
	Salt  Salt
	Data  []byte // canonical JSON object
	// Digest is what the leaf is made of. Of a shown part it was computed
	// from salt and data.
	Digest Digest
}

// Receipt is what proves one entry: enough of its parts to compute the leaf,
// its place and, in a full receipt, the proof that the leaf is in the log. Its
// JSON members are origin, index, requestId, time, parts and proof; salts are
// in standard base64, hidden parts have name and digest only. Other members
// are passed over.
type Receipt struct {
	Origin    string
	Index     int64
	RequestID string
	Time      time.Time
	Parts     []Part
	// Proof is a C2SP tlog-proof, nil if the receipt is short.
	Proof *Proof
}

// ParseReceipt reads a receipt, or an answer of dancu with a receipt in it
// (member "receipt"). It may be indented: what is hashed is the canonical form
// of each part.
func ParseReceipt(data []byte) (*Receipt, error) {
	m, err := Object(data)
	if err != nil {
		return nil, fmt.Errorf("malformed receipt: %w", err)
	}
	if inner, ok := m["receipt"]; ok && m["parts"] == nil {
		if m, err = Object(inner); err != nil {
			return nil, fmt.Errorf("malformed receipt: %w", err)
		}
	}
	r := &Receipt{}
	if r.Origin, err = String(m["origin"]); err != nil || r.Origin == "" {
		return nil, errors.New("malformed receipt: origin must be the log's name")
	}
	if r.Index, err = Integer(m["index"]); err != nil || r.Index < 0 || r.Index > MaxSize {
		return nil, errors.New("malformed receipt: index must be the entry's place in the log")
	}
	if id, ok := m["requestId"]; ok {
		if r.RequestID, err = String(id); err != nil {
			return nil, errors.New("malformed receipt: requestId must be a string")
		}
	}
	stamp, err := String(m["time"])
	if err == nil {
		r.Time, err = time.Parse(TimeLayout, stamp)
	}
	if err != nil {
		return nil, errors.New("malformed receipt: time must look like " + TimeLayout)
	}
	if r.Parts, err = parseParts(m["parts"]); err != nil {
		return nil, fmt.Errorf("malformed receipt: %w", err)
	}
	if text, ok := m["proof"]; ok {
		s, err := String(text)
		if err != nil {
			return nil, errors.New("malformed receipt: proof must be a string")
		}
		if r.Proof, err = ParseProof([]byte(s)); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// parseParts reads a list of parts.
func parseParts(data []byte) ([]Part, error) {
	list, err := Array(data)
	if err != nil || len(list) == 0 || len(list) > MaxParts {
		return nil, fmt.Errorf("parts must be a list of 1 to %d parts", MaxParts)
	}
	parts := make([]Part, len(list))
	for i, e := range list {
		if parts[i], err = parsePart(e); err != nil {
			return nil, fmt.Errorf("part %d: %w", i, err)
		}
	}
	return parts, nil
}

func parsePart(data []byte) (p Part, err error) {
	m, err := Object(data)
	if err != nil {
		return p, err
	}
	if p.Name, err = String(m["name"]); err != nil || p.Name == "" || len(p.Name) > 255 {
		return p, errors.New("name must be a string of 1 to 255 bytes")
	}
	if digest, hidden := m["digest"]; hidden {
		if m["salt"] != nil || m["data"] != nil {
			return p, errors.New("a part has either salt and data, or a digest")
		}
		s, err := String(digest)
		if err != nil {
			return p, errors.New("digest: 32 bytes in base64 were expected")
		}
		h, err := parseHash(s)
		p.Digest = Digest(h)
		if err != nil {
			return p, fmt.Errorf("digest: %w", err)
		}
		return p, nil
	}
	s, err := String(m["salt"])
	if err != nil {
		return p, errors.New("salt: 16 bytes in base64 were expected")
	}
	salt, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(salt) != len(p.Salt) {
		return p, errors.New("salt: 16 bytes in base64 were expected")
	}
	p.Salt = Salt(salt)
	if p.Data = m["data"]; len(p.Data) == 0 || p.Data[0] != '{' {
		return p, errors.New("data must be a JSON object")
	}
	p.Shown = true
	p.Digest = PartDigest(p.Name, &p.Salt, p.Data)
	return p, nil
}

// AppendPart appends the JSON of a part to b.
func AppendPart(b []byte, p *Part) []byte {
	if !p.Shown {
		b = append(b, `{"digest":"`...)
		b = base64.StdEncoding.AppendEncode(b, p.Digest[:])
		b = append(b, `","name":`...)
		b = AppendString(b, p.Name)
		return append(b, '}')
	}
	b = append(b, `{"data":`...)
	b = append(b, p.Data...)
	b = append(b, `,"name":`...)
	b = AppendString(b, p.Name)
	b = append(b, `,"salt":"`...)
	b = base64.StdEncoding.AppendEncode(b, p.Salt[:])
	return append(b, `"}`...)
}

// JSON returns the receipt as [ParseReceipt] reads it.
func (r *Receipt) JSON() []byte {
	b := append(make([]byte, 0, 1024), `{"index":`...)
	b = strconv.AppendInt(b, r.Index, 10)
	b = append(b, `,"origin":`...)
	b = AppendString(b, r.Origin)
	b = append(b, `,"parts":[`...)
	for i := range r.Parts {
		if i > 0 {
			b = append(b, ',')
		}
		b = AppendPart(b, &r.Parts[i])
	}
	b = append(b, ']')
	if r.Proof != nil {
		b = append(b, `,"proof":`...)
		b = AppendString(b, string(r.Proof.Text()))
	}
	b = append(b, `,"requestId":`...)
	b = AppendString(b, r.RequestID)
	b = append(b, `,"time":"`...)
	b = r.Time.UTC().AppendFormat(b, TimeLayout)
	return append(b, "\"}\n"...)
}

// LeafOf returns the leaf of an entry with these parts.
func LeafOf(parts []Part) [32]byte {
	digests := make([]Digest, len(parts))
	for i := range parts {
		digests[i] = parts[i].Digest
	}
	return Leaf(digests)
}

// Leaf returns the leaf that the receipt's parts give.
func (r *Receipt) Leaf() [32]byte { return LeafOf(r.Parts) }

// checkOutcome checks that the parts' one outcome, if it is shown, says the
// index and time it should.
func checkOutcome(parts []Part, index int64, stamp string) error {
	var found bool
	for _, p := range parts {
		if p.Name != OutcomePart {
			continue
		}
		if found {
			return errors.New("two outcome parts")
		}
		found = true
		if !p.Shown {
			continue
		}
		m, err := Object(p.Data)
		if err != nil { // cannot happen: a shown part's data is an object
			return err
		}
		if i, err := Integer(m["index"]); err != nil || i != index {
			return fmt.Errorf("the outcome part is not of entry %d", index)
		}
		if s, err := String(m["time"]); err != nil || stamp != "" && s != stamp {
			return errors.New("the outcome part has another time")
		}
	}
	if !found {
		return errors.New("no outcome part")
	}
	return nil
}

// Check checks what can be checked of a receipt without any log: that it is
// whole and that its outcome part, which must be shown, says the same index
// and time.
func (r *Receipt) Check() error {
	for _, p := range r.Parts {
		if p.Name == OutcomePart && !p.Shown {
			return errors.New("the receipt hides its outcome part")
		}
	}
	return checkOutcome(r.Parts, r.Index, r.Time.Format(TimeLayout))
}

// Verify checks a full receipt offline: its parts give the leaf that its proof
// proves to be at its index in the log of the verifier key. It returns the
// checkpoint that says so, which is worth keeping: with it, any later change
// of the log up to there can be shown.
func (r *Receipt) Verify(vkey string) (Checkpoint, error) {
	if r.Proof == nil {
		return Checkpoint{}, errors.New("the receipt has no proof: give the log's address or a proof (tlog-proof)")
	}
	return r.VerifyProof(r.Proof, vkey)
}

// VerifyProof checks a receipt against a proof that came apart from it.
func (r *Receipt) VerifyProof(p *Proof, vkey string) (Checkpoint, error) {
	if err := r.Check(); err != nil {
		return Checkpoint{}, err
	}
	if p.Index != r.Index {
		return Checkpoint{}, fmt.Errorf("the proof is of entry %d, the receipt of entry %d", p.Index, r.Index)
	}
	c, err := p.Verify(r.Leaf(), vkey)
	if err != nil {
		return Checkpoint{}, err
	}
	return c, r.checkOrigin(c)
}

// VerifyTiles checks a receipt against the checkpoint c, which the caller
// opened with the log's key, and the tiles of a source.
func (r *Receipt) VerifyTiles(ctx context.Context, src Source, c Checkpoint) error {
	if err := r.Check(); err != nil {
		return err
	}
	if err := r.checkOrigin(c); err != nil {
		return err
	}
	hashes, err := ProveInclusion(ctx, src, c, r.Index)
	if err != nil {
		return err
	}
	return CheckInclusion(hashes, c, r.Index, LeafHash(r.Leaf()))
}

func (r *Receipt) checkOrigin(c Checkpoint) error {
	if c.Origin != r.Origin {
		return fmt.Errorf("the receipt is of the log %q, the checkpoint of %q", r.Origin, c.Origin)
	}
	return nil
}
