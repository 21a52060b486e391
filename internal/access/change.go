package access

// Change is one row of the standing: the newest document of one thing. The
// rows, applied in the order of their versions, make the Directory.
type Change struct {
	Version int64
	Kind    ChangeKind
	ID      string
	Doc     []byte // JSON of the kind's type; empty removes it
}

// ChangeKind says what a change is about.
type ChangeKind string

// The kinds of change, and the type of their documents.
const (
	ChangeAgency      ChangeKind = "agency"      // Agency
	ChangeSystem      ChangeKind = "system"      // System
	ChangeConnection  ChangeKind = "connection"  // Connection
	ChangeLock        ChangeKind = "lock"        // Lock, by connection id
	ChangeMaintenance ChangeKind = "maintenance" // Maintenance
)
