package access

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
)

// Directory is an immutable picture of everybody's standing at one version.
// [Directory.Apply] makes the next picture; what a Directory hands out is
// shared and must not be changed. The nil Directory is empty: it knows nobody,
// so everybody is refused. All methods may be called from many goroutines.
type Directory struct {
	version     int64
	agencies    map[string]*Agency
	systems     map[string]*System
	connections map[string]*Connection // Lock merged in
	locks       map[string]Lock        // also of connections not seen yet
	maintenance map[string]*Maintenance

	// Derived from systems and connections whenever those change.
	holders map[Thumbprint]holder
	routes  map[route]*Connection
	windows []Maintenance // the maintenance, in the order of its ends
}

// holder is whose certificate a thumbprint is. The zero holder is nobody.
type holder struct {
	system     *System
	credential *Credential
}

// route is how a system reaches the register: by itself (via "") or through
// an intermediary.
type route struct{ system, via string }

// Version returns the version of the last row applied; 0 for an empty
// Directory.
func (d *Directory) Version() int64 {
	if d == nil {
		return 0
	}
	return d.version
}

// Apply returns the picture after the changes, which must come in ascending
// order of versions, all newer than d's; rows of one act may share a version.
// Without changes it returns d. d itself stays as it is, and shares with the
// new picture whatever did not change.
//
// References are not checked: rows may come in any order, and a connection
// whose system or agency is missing has no standing. A document that cannot be
// read whole, unknown members and kinds included, is an error that names the
// kind and the id: it may hold a restriction that this program does not know,
// so the caller must refuse everybody rather than go on without it.
func (d *Directory) Apply(changes []Change) (*Directory, error) {
	if len(changes) == 0 {
		return d, nil
	}
	next := &Directory{}
	if d != nil {
		*next = *d
	}
	var touched struct{ agencies, systems, connections, locks, maintenance bool }
	for _, c := range changes {
		if c.Version <= d.Version() || c.Version < next.version {
			return nil, fmt.Errorf("%s %q has version %d after version %d: apply rows in ascending order, newer than the directory",
				c.Kind, c.ID, c.Version, next.version)
		}
		if c.ID == "" {
			return nil, fmt.Errorf("a change of kind %q at version %d has no id", c.Kind, c.Version)
		}
		var err error
		switch c.Kind {
		case ChangeAgency:
			err = change(&next.agencies, &touched.agencies, c, readAgency)
		case ChangeSystem:
			err = change(&next.systems, &touched.systems, c, readSystem)
		case ChangeConnection:
			err = change(&next.connections, &touched.connections, c, readConnection)
		case ChangeLock:
			err = change(&next.locks, &touched.locks, c, readLock)
		case ChangeMaintenance:
			err = change(&next.maintenance, &touched.maintenance, c, readMaintenance)
		default:
			err = errors.New("unknown kind: this program is older than the standing, upgrade it")
		}
		if err != nil {
			return nil, fmt.Errorf("couldn't read %s %q (version %d): %w", c.Kind, c.ID, c.Version, err)
		}
		next.version = c.Version
	}
	if touched.systems {
		next.index()
	}
	if touched.maintenance {
		next.arrange()
	}
	if touched.connections || touched.locks {
		// The connections map may still be d's when only locks came.
		if !touched.connections {
			next.connections = maps.Clone(next.connections)
		}
		next.merge()
	}
	return next, nil
}

// change puts the document of c into m, or takes it out, copying m first if it
// is still shared with the picture before.
func change[T any](m *map[string]T, touched *bool, c Change, read func(Change) (T, error)) error {
	if !*touched {
		if *m = maps.Clone(*m); *m == nil {
			*m = make(map[string]T)
		}
		*touched = true
	}
	if len(c.Doc) == 0 {
		delete(*m, c.ID)
		return nil
	}
	v, err := read(c)
	if err != nil {
		return err
	}
	(*m)[c.ID] = v
	return nil
}

func readAgency(c Change) (*Agency, error) {
	v := new(Agency)
	if err := readDoc(c, v); err != nil {
		return nil, err
	}
	return v, ownID(&v.ID, c.ID)
}

func readSystem(c Change) (*System, error) {
	v := new(System)
	if err := readDoc(c, v); err != nil {
		return nil, err
	}
	for i := range v.Credentials {
		t, err := ParseThumbprint(v.Credentials[i].SHA256)
		if err != nil {
			return nil, fmt.Errorf("credential %d: %w", i+1, err)
		}
		v.Credentials[i].Thumbprint = t
		if err := readKey(&v.Credentials[i].Key); err != nil {
			return nil, fmt.Errorf("the key of credential %d: %w", i+1, err)
		}
	}
	for i := range v.Keys {
		if err := readKey(&v.Keys[i]); err != nil {
			return nil, fmt.Errorf("key %d: %w", i+1, err)
		}
		if v.Keys[i] == "" {
			return nil, fmt.Errorf("key %d is empty", i+1)
		}
	}
	return v, ownID(&v.ID, c.ID)
}

// readKey brings the hash of a key, if there is one, into the form in which
// hashes are compared.
func readKey(s *string) error {
	if *s == "" {
		return nil
	}
	t, err := ParseThumbprint(*s)
	*s = t.String()
	return err
}

func readConnection(c Change) (*Connection, error) {
	v := new(Connection)
	if err := readDoc(c, v); err != nil {
		return nil, err
	}
	return v, ownID(&v.ID, c.ID)
}

func readLock(c Change) (Lock, error) {
	var v Lock
	err := readDoc(c, &v)
	return v, err
}

// readDoc reads one JSON object, whole.
func readDoc(c Change, v any) error {
	if !bytes.HasPrefix(bytes.TrimLeft(c.Doc, " \t\r\n"), []byte("{")) {
		return errors.New("the document is not a JSON object")
	}
	dec := json.NewDecoder(bytes.NewReader(c.Doc))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("something follows the document")
	}
	return nil
}

// ownID checks that a document is about the thing its row names; a document
// that names none is about that thing.
func ownID(id *string, row string) error {
	if *id == "" {
		*id = row
	}
	if *id != row {
		return fmt.Errorf("the document is about %q", *id)
	}
	return nil
}

// ParseThumbprint reads a SHA-256 in hex: 64 digits, in either case.
func ParseThumbprint(s string) (t Thumbprint, err error) {
	if len(s) != hex.EncodedLen(len(t)) {
		return t, fmt.Errorf("a SHA-256 has %d hex digits, not %d", hex.EncodedLen(len(t)), len(s))
	}
	if _, err := hex.Decode(t[:], []byte(s)); err != nil {
		return Thumbprint{}, fmt.Errorf("not a SHA-256 in hex: %w", err)
	}
	return t, nil
}

// String returns the thumbprint in lower-case hex, as in [Credential].SHA256.
func (t Thumbprint) String() string { return hex.EncodeToString(t[:]) }

// index finds the holder of each certificate. A certificate that two claim is
// nobody's, whatever the order they came in.
func (d *Directory) index() {
	d.holders = make(map[Thumbprint]holder, len(d.systems))
	for _, s := range d.systems {
		for i := range s.Credentials {
			c := &s.Credentials[i]
			h := holder{s, c}
			if _, taken := d.holders[c.Thumbprint]; taken {
				h = holder{}
			}
			d.holders[c.Thumbprint] = h
		}
	}
}

// merge puts the locks into the connections and finds each route's connection.
func (d *Directory) merge() {
	d.routes = make(map[route]*Connection, len(d.connections))
	for id, c := range d.connections {
		if lock := d.locks[id]; c.Lock != lock {
			locked := *c
			locked.Lock = lock
			c = &locked
			d.connections[id] = c
		}
		r := route{c.System, c.Via}
		if o := d.routes[r]; o == nil || before(c, o) {
			d.routes[r] = c
		}
	}
}

// before reports whether c, rather than o, is the connection of a route that
// both have: the one in use and, of several in use, the most restricted one,
// so that a second connection is no way around a suspension or a lock. What is
// left is settled by id.
func before(c, o *Connection) bool {
	if a, b := useRank(c), useRank(o); a != b {
		return a < b
	}
	return c.ID < o.ID
}

func useRank(c *Connection) int {
	switch {
	case c.State == Ended:
		return 4
	case c.State == Draft:
		return 3
	case c.State != Active:
		return 0
	case c.Lock.By != Unlocked:
		return 1
	}
	return 2
}

// Standing returns the standing of the caller whose certificate has the
// thumbprint, for a call on behalf of the represented system ("" for a direct
// call). A certificate bound to a represented system stands for that one
// alone. What cannot be found is nil in the Standing, and [Decide] refuses it.
// It does not allocate.
func (d *Directory) Standing(t Thumbprint, represented string) Standing {
	var s Standing
	if d == nil {
		return s
	}
	s.Maintenance = d.windows
	h := d.holders[t]
	if h.system == nil {
		return s
	}
	s.System, s.Credential = h.system, h.credential
	own := d.routes[route{system: s.System.ID}]
	bound := s.Credential.Represents
	if represented == "" {
		represented = bound
	}
	if represented == "" {
		d.stand(&s, own)
		return s
	}
	// The intermediary's own standing counts only if its own agency is known.
	if own != nil && d.agencies[s.System.Agency] != nil {
		s.Carrier = own
	}
	if bound == "" || represented == bound {
		d.stand(&s, d.routes[route{represented, s.System.ID}])
	}
	return s
}

// stand fills in the connection, if its system and agency are known.
func (d *Directory) stand(s *Standing, c *Connection) {
	if c == nil {
		return
	}
	owner := d.systems[c.System]
	if owner == nil {
		return
	}
	agency := d.agencies[owner.Agency]
	if agency == nil {
		return
	}
	s.Connection, s.Owner, s.Agency = c, owner, agency
}

// StandingOf returns the standing of a connection for calls that come through
// dancu's own console: no certificate and no carrier take part in them.
func (d *Directory) StandingOf(connectionID string) Standing {
	var s Standing
	if d == nil {
		return s
	}
	s.Maintenance = d.windows
	d.stand(&s, d.connections[connectionID])
	s.System = s.Owner
	return s
}

// Connection returns the connection with that id, or nil.
func (d *Directory) Connection(id string) *Connection {
	if d == nil {
		return nil
	}
	return d.connections[id]
}

// System returns the system with that id, or nil.
func (d *Directory) System(id string) *System {
	if d == nil {
		return nil
	}
	return d.systems[id]
}

// Agency returns the agency with that id, or nil.
func (d *Directory) Agency(id string) *Agency {
	if d == nil {
		return nil
	}
	return d.agencies[id]
}

// Grant returns that grant of that connection, or nil.
func (d *Directory) Grant(connectionID, grantID string) *Grant {
	c := d.Connection(connectionID)
	if c == nil {
		return nil
	}
	for i := range c.Grants {
		if c.Grants[i].ID == grantID {
			return &c.Grants[i]
		}
	}
	return nil
}

// Connections yields every connection, in the order of their ids.
func (d *Directory) Connections() iter.Seq[*Connection] {
	return func(yield func(*Connection) bool) {
		if d == nil {
			return
		}
		for _, id := range slices.Sorted(maps.Keys(d.connections)) {
			if !yield(d.connections[id]) {
				return
			}
		}
	}
}

// Agencies returns all agencies, in the order of their ids.
func (d *Directory) Agencies() iter.Seq[*Agency] {
	if d == nil {
		return func(func(*Agency) bool) {}
	}
	return inOrder(d.agencies)
}

// Systems returns all systems, in the order of their ids.
func (d *Directory) Systems() iter.Seq[*System] {
	if d == nil {
		return func(func(*System) bool) {}
	}
	return inOrder(d.systems)
}

func inOrder[T any](m map[string]T) iter.Seq[T] {
	return func(yield func(T) bool) {
		for _, id := range slices.Sorted(maps.Keys(m)) {
			if !yield(m[id]) {
				return
			}
		}
	}
}
