package ledger

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"

	"dancu/internal/fault"
	"dancu/verify"
)

// Limits of an entry: what is larger is refused before it comes near the lock.
const (
	maxParts    = 250
	maxPartData = 64 << 10
)

// Part is a piece of an entry that can be shown alone.
type Part struct {
	Name   string
	Salt   verify.Salt
	Data   []byte // canonical JSON
	Digest verify.Digest
	// Withheld keeps the part out of the caller's receipt, which then shows
	// only its digest: it names somebody the caller was not told of.
	Withheld bool
}

// Entry is one record of the log on its way in. It is built and sealed before
// the lock; only its outcome is added under it.
type Entry struct {
	Kind       string
	Connection string // "" if none
	RequestID  string // of calls
	Call       []byte // of calls: what may be in the log only once (CallKey); nil otherwise
	Parts      []Part // all but the outcome
	Terms      []Term // what the entry can be found by

	// Set by Append.
	Index   int64
	Time    time.Time
	Code    string
	Outcome Part
	Leaf    [32]byte

	sealed  []byte
	sealkey string
	salts   [8]verify.Salt
	used    int
}

// CallKey is what may be in the log only once: 8 bytes of the SHA-256 of a
// system's id, so that one system's calls lie together, and the 16 of the
// call's transaction id, a UUID.
func CallKey(system, transaction string) (k [24]byte) {
	sum := sha256.Sum256([]byte(system))
	copy(k[:8], sum[:])
	id, err := uuid.Parse(transaction)
	if err != nil {
		// Ids are checked at the edge; whatever else comes still has one key.
		h := sha256.Sum256([]byte(transaction))
		copy(id[:], h[:])
	}
	copy(k[8:], id[:])
	return k
}

// NewEntry returns an empty entry.
func NewEntry(kind, connection string) *Entry {
	return &Entry{Kind: kind, Connection: connection}
}

// salt returns a fresh random salt; they are drawn eight at a time.
func (e *Entry) salt() verify.Salt {
	i := e.used % len(e.salts)
	if i == 0 {
		var b [len(e.salts) * len(verify.Salt{})]byte
		rand.Read(b[:])
		for j := range e.salts {
			copy(e.salts[j][:], b[j*len(verify.Salt{}):])
		}
	}
	e.used++
	return e.salts[i]
}

// Add appends a part. data must be canonical JSON and stays the entry's.
func (e *Entry) Add(name string, data []byte) *Part {
	s := e.salt()
	e.Parts = append(e.Parts, Part{Name: name, Salt: s, Data: data, Digest: verify.PartDigest(name, &s, data)})
	e.sealed = nil
	return &e.Parts[len(e.Parts)-1]
}

// Find adds something the entry can be found by. Empty values are not added.
func (e *Entry) Find(kind TermKind, value string) {
	if value != "" {
		e.Terms = append(e.Terms, Term{Kind: kind, Value: value})
	}
}

// Actor is who did something that is not a call.
type Actor struct {
	Kind    string `json:"kind"` // "cli", "system", "node"
	ID      string `json:"id"`
	Address string `json:"address,omitempty"`
	Session string `json:"session,omitempty"`
	Key     string `json:"key,omitempty"` // id of the key, where a program acted for its owner
}

// EventEntry returns an entry with one event part: the members given, and the
// actor. Members are strings, integers, booleans, lists or maps of these.
// Members named in the index's table (agency, system, connection, officer,
// address, case, procedure) are found by their values.
func EventEntry(kind string, actor Actor, members map[string]any) (*Entry, error) {
	m := make(map[string]any, len(members)+1)
	for k, v := range members {
		m[k] = v
	}
	m["actor"] = actor
	m["kind"] = kind
	raw, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("couldn't encode the event %s: %w", kind, err)
	}
	data, err := verify.Canonical(raw)
	if err != nil {
		return nil, fmt.Errorf("couldn't encode the event %s: %w", kind, err)
	}
	if len(data) > maxPartData {
		return nil, fault.New(fault.Invalid, "this would make a log entry of %d bytes; at most %d fit: shorten the texts", len(data), maxPartData)
	}
	e := NewEntry(kind, "")
	if c, ok := members["connection"].(string); ok {
		e.Connection = c
	}
	e.Add(PartEvent, data)
	for member, kind := range partTerms[PartEvent] {
		if v, ok := members[member].(string); ok {
			e.Find(kind, v)
		}
	}
	return e, nil
}

// Outcome is what is known of an entry only under the lock. The zero Outcome
// is that of an event.
type Outcome struct {
	Result string // "answered", "empty", "refused"
	Code   string // of a refusal
	Count  int64  // the connection's counted calls in the window, this one included
	Limit  int64
}

// appendOutcome appends the canonical JSON of an outcome.
func appendOutcome(b []byte, o Outcome, index int64, stamp []byte) []byte {
	b = append(b, '{')
	if o.Code != "" {
		b = append(b, `"code":"`...)
		b = append(b, o.Code...)
		b = append(b, `",`...)
	}
	if o.Limit != 0 || o.Count != 0 {
		b = append(b, `"countAfter":`...)
		b = strconv.AppendInt(b, o.Count, 10)
		b = append(b, ',')
	}
	b = append(b, `"index":`...)
	b = strconv.AppendInt(b, index, 10)
	if o.Limit != 0 || o.Count != 0 {
		b = append(b, `,"limit":`...)
		b = strconv.AppendInt(b, o.Limit, 10)
	}
	if o.Result != "" {
		b = append(b, `,"result":"`...)
		b = append(b, o.Result...)
		b = append(b, '"')
	}
	b = append(b, `,"time":"`...)
	b = append(b, stamp...)
	return append(b, `"}`...)
}

// TimeLayout is how times stand in entries and receipts: UTC, microseconds.
const TimeLayout = "2006-01-02T15:04:05.000000Z"

// encodeParts returns the stored form of parts, in b if there is room: for each
// its name, salt and data, the lengths before them.
func encodeParts(b []byte, parts []Part) []byte {
	n := 2
	for i := range parts {
		n += 1 + len(parts[i].Name) + len(parts[i].Salt) + 4 + len(parts[i].Data)
	}
	b = slices.Grow(b[:0], n+40)
	b = append(b, byte(len(parts)))
	for i := range parts {
		p := &parts[i]
		b = append(b, byte(len(p.Name)))
		b = append(b, p.Name...)
		b = append(b, p.Salt[:]...)
		b = binary.AppendUvarint(b, uint64(len(p.Data)))
		b = append(b, p.Data...)
	}
	return b
}

// decodeParts reads the stored form of parts and computes their digests.
func decodeParts(b []byte) ([]Part, error) {
	bad := func(what string) ([]Part, error) { return nil, fmt.Errorf("the body's %s is cut off", what) }
	if len(b) == 0 {
		return bad("count")
	}
	n := int(b[0])
	b = b[1:]
	if n > maxParts {
		return nil, fmt.Errorf("the body has %d parts", n)
	}
	parts := make([]Part, 0, n)
	for range n {
		if len(b) < 1 || len(b) < 1+int(b[0])+len(verify.Salt{}) {
			return bad("part name")
		}
		p := Part{Name: string(b[1 : 1+int(b[0])])}
		b = b[1+int(b[0]):]
		copy(p.Salt[:], b)
		b = b[len(p.Salt):]
		size, k := binary.Uvarint(b)
		if k <= 0 || size > maxPartData || uint64(len(b)-k) < size {
			return bad("part data")
		}
		p.Data = b[k : k+int(size)]
		b = b[k+int(size):]
		p.Digest = verify.PartDigest(p.Name, &p.Salt, p.Data)
		parts = append(parts, p)
	}
	if len(b) != 0 {
		return nil, fmt.Errorf("the body has %d bytes too many", len(b))
	}
	return parts, nil
}

// plains are what seal encodes into, of ordinary size.
var plains = sync.Pool{New: func() any { return new([]byte) }}

// seal encrypts the parts under a month's key.
func (e *Entry) seal(m *monthKey) {
	plain := plains.Get().(*[]byte)
	*plain = encodeParts(*plain, e.Parts)
	e.sealed = m.seal.Seal(nil, nil, *plain, []byte(m.name))
	e.sealkey = m.name
	clear(*plain) // nothing of a person stays behind in the pool
	if cap(*plain) <= 8<<10 {
		plains.Put(plain)
	}
}

// open decrypts what seal made.
func (m *monthKey) open(sealed []byte) ([]Part, error) {
	plain, err := m.seal.Open(nil, nil, sealed, []byte(m.name))
	if err != nil {
		return nil, fmt.Errorf("the body does not open: %w", err)
	}
	return decodeParts(plain)
}

// finish adds the outcome and computes the leaf.
func (e *Entry) finish(o Outcome, index int64, now time.Time, stamp []byte) {
	e.Index, e.Time, e.Code = index, now, o.Code
	s := e.salt()
	data := appendOutcome(make([]byte, 0, 160), o, index, stamp)
	e.Outcome = Part{Name: PartOutcome, Salt: s, Data: data, Digest: verify.PartDigest(PartOutcome, &s, data)}
	var stack [8]verify.Digest
	digests := stack[:0]
	for i := range e.Parts {
		digests = append(digests, e.Parts[i].Digest)
	}
	e.Leaf = verify.Leaf(append(digests, e.Outcome.Digest))
}

// storedOutcome is the outcome's column: its salt and data. It holds nothing
// of a person, so it is not sealed.
func (e *Entry) storedOutcome() []byte {
	return append(append(make([]byte, 0, 16+len(e.Outcome.Data)), e.Outcome.Salt[:]...), e.Outcome.Data...)
}

// AppendReceipt appends the JSON of the entry's receipt: the parts, and of
// those withheld the digests. proof, if not empty, is a tlog-proof text.
func (e *Entry) AppendReceipt(b []byte, origin, proof string) []byte {
	b = append(b, `{"index":`...)
	b = strconv.AppendInt(b, e.Index, 10)
	b = append(b, `,"origin":`...)
	b = verify.AppendString(b, origin)
	b = append(b, `,"parts":[`...)
	for i := range e.Parts {
		b = appendPart(b, &e.Parts[i])
		b = append(b, ',')
	}
	b = appendPart(b, &e.Outcome)
	b = append(b, ']')
	if proof != "" {
		b = append(b, `,"proof":`...)
		b = verify.AppendString(b, proof)
	}
	b = append(b, `,"requestId":`...)
	b = verify.AppendString(b, e.RequestID)
	b = append(b, `,"time":"`...)
	b = e.Time.UTC().AppendFormat(b, TimeLayout)
	return append(b, `"}`...)
}

func appendPart(b []byte, p *Part) []byte {
	if p.Withheld {
		b = append(b, `{"digest":"`...)
		b = base64.StdEncoding.AppendEncode(b, p.Digest[:])
		b = append(b, `","name":"`...)
		b = append(b, p.Name...)
		return append(b, `"}`...)
	}
	b = append(b, `{"data":`...)
	b = append(b, p.Data...)
	b = append(b, `,"name":"`...)
	b = append(b, p.Name...)
	b = append(b, `","salt":"`...)
	b = base64.StdEncoding.AppendEncode(b, p.Salt[:])
	return append(b, `"}`...)
}
