package onboarding

import (
	"context"
	"slices"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// Duty is in what office somebody acts. The register's own are kept apart: who
// takes applications does not assess, and who assesses does not suspend.
type Duty string

// The duties.
const (
	Operator   Duty = "operator"   // takes applications, registers agencies, systems and grants
	Assessor   Duty = "assessor"   // assesses information security
	Supervisor Duty = "supervisor" // suspends, resumes, unlocks
	Inspector  Duty = "inspector"  // inspects connected systems
	Support    Duty = "support"    // sees, changes nothing
	Agency     Duty = "agency"     // an agency's administrator, in the agency's name
	Machine    Duty = "machine"    // whoever has the server's machine: the command line
	Itself     Duty = "dancu"      // dancu itself: what follows from time and from the log
)

// Duties are all duties, in the order in which tables show them.
var Duties = []Duty{Operator, Assessor, Supervisor, Inspector, Support, Agency, Machine, Itself}

// Label is the duty for people.
func (d Duty) Label() access.Text {
	switch d {
	case Operator:
		return access.Text{VI: "Cán bộ tiếp nhận", EN: "Onboarding officer"}
	case Assessor:
		return access.Text{VI: "Cán bộ đánh giá an toàn", EN: "Security assessor"}
	case Supervisor:
		return access.Text{VI: "Cán bộ giám sát", EN: "Supervisor"}
	case Inspector:
		return access.Text{VI: "Cán bộ kiểm tra", EN: "Inspector"}
	case Support:
		return access.Text{VI: "Cán bộ hỗ trợ", EN: "Support"}
	case Agency:
		return access.Text{VI: "Cơ quan khai thác", EN: "Agency"}
	case Machine:
		return access.Text{VI: "Quản trị máy chủ", EN: "Operator at the machine"}
	}
	return access.Text{VI: "Hệ thống", EN: "dancu"}
}

// Person is who acts, as the doors know them.
type Person struct {
	Actor ledger.Actor // as it stands in entries
	// Account is the account's id; "" at the machine and for dancu itself.
	Account string
	Duty    Duty
	// Agency is the id of the agency in whose name an [Agency] acts.
	Agency string
	// Still says, under the lock, whether who acts is still signed in and may
	// still do this; fresh asks for a second factor shown just now, too. nil is
	// only for the machine and for dancu itself.
	Still func(ctx context.Context, q db.Querier, now time.Time, fresh bool) error
}

// itself acts where nobody does: time has come, or the log shows something.
var itself = Person{Actor: ledger.Actor{Kind: "lifecycle", ID: "dancu"}, Duty: Itself}

// stands refuses a person who does not, or no longer, hold the duty.
func (p *Person) stands(ctx context.Context, q db.Querier, now time.Time, fresh bool) error {
	if p.Still != nil {
		return p.Still(ctx, q, now, fresh)
	}
	if p.Duty != Machine && p.Duty != Itself {
		return fault.New(fault.Forbidden, "nobody says that %s is signed in", p.Duty)
	}
	return nil
}

// may reports whether the person holds one of the duties.
func (p *Person) may(duties []Duty) bool { return slices.Contains(duties, p.Duty) }

// FilesOf is whose the person's uploads are: those of an agency's people are
// the agency's, all others the register's.
func (p *Person) FilesOf() string {
	if p.Duty == Agency {
		return "agency:" + p.Agency
	}
	return "register"
}

// sees reports whether the person may see what concerns the agency: the
// register's people see all, an agency its own.
func (p *Person) sees(agency string) bool {
	return p.Duty != Agency || p.Agency != "" && p.Agency == agency
}
