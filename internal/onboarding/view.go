package onboarding

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/fold"
	"dancu/internal/onboarding/catalogue"
)

// MaxPage is the most that a list gives at once.
const MaxPage = 200

// Filter says which matters a list shows. What is empty is anything.
type Filter struct {
	Kind       Kind
	State      State
	Agency     string
	System     string
	Connection string
	Parent     string
	Words      string // in title and ids, without regard to case and diacritics
	Open       bool   // only those that are not closed
	Closed     bool   // only those that are
	After      string // cursor of the page before
	Limit      int    // 0: 50; at most MaxPage
}

// List is a page of matters.
type List struct {
	Matters []*Matter `json:"matters"`
	// Next is the cursor of the next page, "" on the last.
	Next string `json:"next,omitempty"`
}

// List returns matters that the person may see, the newest changed first;
// agencies, systems and connections in the order of their ids.
func (o *Onboarding) List(ctx context.Context, by Person, f Filter) (List, error) {
	if f.Limit == 0 {
		f.Limit = 50
	}
	if f.Limit < 0 || f.Limit > MaxPage {
		return List{}, refuse(fault.Invalid, "Một trang có từ 1 đến %d hồ sơ.", "a page has 1 to %d matters", MaxPage)
	}
	if f.Kind != "" && kindOf(f.Kind) == nil {
		return List{}, refuse(fault.NotFound, "Không có loại hồ sơ “%s”.", "there is no kind of matter %q", clip(string(f.Kind)))
	}
	if by.Duty == Agency {
		if f.Agency != "" && f.Agency != by.Agency {
			return List{}, refuse(fault.Forbidden, "Bạn chỉ xem được hồ sơ của cơ quan mình.", "you see your own agency's matters only")
		}
		if f.Agency = by.Agency; f.Agency == "" {
			return List{}, errNoAgency()
		}
	}
	out := List{Matters: []*Matter{}}
	err := o.main.Read(ctx, func(tx *db.Tx) (err error) {
		if err := by.stands(ctx, tx, o.main.Clock().UTC(), false); err != nil {
			return err
		}
		dir, err := o.picture(ctx, tx)
		if err != nil {
			return err
		}
		switch f.Kind {
		case KindAgency, KindSystem, KindConnection:
			out, err = listStanding(ctx, tx, dir, f)
		default:
			out, err = listMatters(ctx, tx, f)
			out.Matters = by.sight(out.Matters)
		}
		return err
	})
	return out, err
}

func listMatters(ctx context.Context, q db.Querier, f Filter) (out List, err error) {
	query := matterQuery{
		kind: string(f.Kind), state: string(f.State), agency: f.Agency, system: f.System, connection: f.Connection, parent: f.Parent,
		words: fold.Text(strings.TrimSpace(f.Words)), open: f.Open, closed: f.Closed, limit: f.Limit + 1,
	}
	if f.After != "" {
		at, id, _ := strings.Cut(f.After, "_")
		if query.beforeAt, err = strconv.ParseInt(at, 10, 64); err != nil {
			return out, errCursor()
		}
		query.beforeID = id
	}
	if out.Matters, err = selectMatters(ctx, q, query); err != nil {
		return out, err
	}
	if len(out.Matters) > f.Limit {
		out.Matters = out.Matters[:f.Limit]
		last := out.Matters[f.Limit-1]
		out.Next = fmt.Sprintf("%d_%s", db.Micros(last.Changed), last.ID)
	}
	return out, nil
}

func errNoAgency() error {
	return refuse(fault.Forbidden, "Tài khoản không thuộc cơ quan nào.", "the account belongs to no agency")
}

func errCursor() error {
	return refuse(fault.Invalid, "Trang này không còn: hãy bắt đầu lại từ trang đầu.", "there is no such page: begin with the first")
}

// listStanding lists what the standing has; rows are read only of the page.
func listStanding(ctx context.Context, q db.Querier, dir *access.Directory, f Filter) (out List, err error) {
	out.Matters = []*Matter{}
	words := fold.Text(strings.TrimSpace(f.Words))
	for id := range standingIDs(dir, f.Kind) {
		m := &Matter{ID: MatterOf(f.Kind, id), Kind: f.Kind, Doc: []byte("{}")}
		standIn(dir, m, f.Kind, id)
		if m.ID <= f.After && f.After != "" || f.Agency != "" && m.Agency != f.Agency || f.System != "" && m.System != f.System ||
			f.Connection != "" && m.Connection != f.Connection || f.State != "" && m.State != f.State || f.Open && m.State == ended || f.Closed && m.State != ended ||
			words != "" && !strings.Contains(fold.Text(m.Title+" "+m.ID+" "+m.Agency), words) {
			continue
		}
		if len(out.Matters) == f.Limit {
			out.Next = out.Matters[f.Limit-1].ID
			break
		}
		if row, err := selectMatter(ctx, q, m.ID); err != nil {
			return out, err
		} else if row != nil {
			m.Doc, m.Version, m.Opened, m.Changed = row.Doc, row.Version, row.Opened, row.Changed
		}
		out.Matters = append(out.Matters, m)
	}
	return out, nil
}

// standingIDs yields the ids of a kind in order.
func standingIDs(dir *access.Directory, k Kind) iter.Seq[string] {
	return func(yield func(string) bool) {
		switch k {
		case KindAgency:
			for a := range dir.Agencies() {
				if !yield(a.ID) {
					return
				}
			}
		case KindSystem:
			for s := range dir.Systems() {
				if !yield(s.ID) {
					return
				}
			}
		case KindConnection:
			for c := range dir.Connections() {
				if !yield(c.ID) {
					return
				}
			}
		}
	}
}

// Sight is a matter as one person sees it.
type Sight struct {
	Now    time.Time `json:"now"`
	Matter *Matter   `json:"matter"`
	// Can are the acts that the person may do now, Edit whether the sections
	// may be saved.
	Can  []*Row `json:"-"`
	Edit bool   `json:"edit"`
	// Sections are all of the matter's.
	Sections []Section `json:"-"`
	// Missing is what the sections lack, section by section.
	Missing []FieldProblem `json:"missing,omitempty"`
	// Gates are a connection's.
	Gates []Gate `json:"gates,omitempty"`
	// Notes are for whoever decides: what stands out.
	Notes []access.Text `json:"notes,omitempty"`
	Done  []Done        `json:"done"` // newest first
	Tasks []Task        `json:"tasks"`
	// Related are the matters that follow from it, or are about the same.
	Related []*Matter `json:"related,omitempty"`
	// Standing is what the path of a call sees: for agencies, systems and
	// connections.
	Agency     *access.Agency     `json:"agency,omitempty"`
	System     *access.System     `json:"system,omitempty"`
	Connection *access.Connection `json:"connection,omitempty"`
	Dir        *access.Directory  `json:"-"`
	cat        *catalogue.Catalogue
}

// See returns a matter with all that belongs to it. What the person may not
// see is fault.NotFound.
func (o *Onboarding) See(ctx context.Context, by Person, id string) (*Sight, error) {
	var out *Sight
	err := o.main.Read(ctx, func(tx *db.Tx) error {
		now := o.main.Clock().UTC()
		if err := by.stands(ctx, tx, now, false); err != nil {
			return err
		}
		dir, err := o.picture(ctx, tx)
		if err != nil {
			return err
		}
		m, err := o.matter(ctx, tx, dir, id)
		if err != nil {
			return err
		}
		if m == nil || !by.seesMatter(m) {
			return errNoMatter(id)
		}
		out, err = o.sight(ctx, tx, dir, now, by, m)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (o *Onboarding) sight(ctx context.Context, q db.Querier, dir *access.Directory, now time.Time, by Person, m *Matter) (*Sight, error) {
	kind := kindOf(m.Kind)
	s := &Sight{Now: now, Matter: m, Done: []Done{}, Tasks: []Task{}, Dir: dir, cat: o.cat}
	s.Agency, s.System, s.Connection = dir.Agency(m.Agency), dir.System(m.System), dir.Connection(m.Connection)
	s.Edit = by.may(kind.EditBy) && slices.Contains(kind.Editable, m.State)
	for i := range lifecycle {
		if r := &lifecycle[i]; r.Kind == m.Kind && by.may(r.By) && slices.Contains(r.From, m.State) {
			s.Can = append(s.Can, r)
		}
	}
	var err error
	if s.Sections, err = o.sectionsOf(kind, m); err != nil {
		return nil, err
	}
	for i := range s.Sections {
		_, problems := m.values(&s.Sections[i], s.Around(), true)
		s.Missing = append(s.Missing, problems...)
	}
	if s.Done, err = selectDone(ctx, q, m.ID, MaxPage); err != nil {
		return nil, err
	}
	if s.Tasks, err = selectTasks(ctx, q, taskQuery{matter: m.ID, limit: MaxPage}); err != nil {
		return nil, err
	}
	about := matterQuery{parent: m.ID, limit: 50}
	switch m.Kind {
	case KindAgency:
		about = matterQuery{agency: m.Agency, limit: 50}
	case KindSystem:
		about = matterQuery{system: m.System, limit: 50}
	case KindConnection:
		about = matterQuery{system: m.System, limit: 50}
		if s.Gates, err = o.gatesOf(ctx, q, dir, now, s.Connection); err != nil {
			return nil, err
		}
	}
	if s.Related, err = selectMatters(ctx, q, about); err != nil {
		return nil, err
	}
	s.Related = by.sight(slices.DeleteFunc(s.Related, func(r *Matter) bool { return r.ID == m.ID }))
	if by.veiled(m) {
		m.veil()
		s.Missing = nil
		s.Done = slices.DeleteFunc(s.Done, func(d Done) bool { return d.Act == actSave })
	}
	if kind.Notes != nil && by.Duty != Agency {
		s.Notes, err = kind.Notes(ctx, q, o, dir, m)
	}
	return s, err
}

// TaskFilter says which tasks a list shows. What is empty is anything.
type TaskFilter struct {
	Owner  Duty
	Agency string
	Matter string
	Kind   TaskKind
	Kinds  []TaskKind // any of these; with Kind, that one
	Done   bool       // those that are done, too
	// DueBy keeps those due before.
	DueBy time.Time
	After string
	Limit int // 0: 50; at most MaxPage
}

// TaskList is a page of tasks, what is due first.
type TaskList struct {
	Now   time.Time `json:"now"`
	Tasks []Task    `json:"tasks"`
	Next  string    `json:"next,omitempty"`
	// Matters are those that the tasks are about, by their ids.
	Matters map[string]*Matter `json:"-"`
}

// Tasks returns tasks. An agency's people see what is theirs to do.
func (o *Onboarding) Tasks(ctx context.Context, by Person, f TaskFilter) (TaskList, error) {
	if f.Limit == 0 {
		f.Limit = 50
	}
	if f.Limit < 0 || f.Limit > MaxPage {
		return TaskList{}, refuse(fault.Invalid, "Một trang có từ 1 đến %d việc.", "a page has 1 to %d tasks", MaxPage)
	}
	q, err := by.tasks(f)
	if err != nil {
		return TaskList{}, err
	}
	q.limit = f.Limit + 1
	if f.After != "" {
		due, id, _ := strings.Cut(f.After, "_")
		if q.afterDue, err = strconv.ParseInt(due, 10, 64); err != nil {
			return TaskList{}, errCursor()
		}
		q.afterID = id
	}
	out := TaskList{Now: o.main.Clock().UTC()}
	err = o.main.Read(ctx, func(tx *db.Tx) (err error) {
		if err := by.stands(ctx, tx, out.Now, false); err != nil {
			return err
		}
		if out.Tasks, err = selectTasks(ctx, tx, q); err != nil {
			return err
		}
		if len(out.Tasks) > f.Limit {
			out.Tasks = out.Tasks[:f.Limit]
			last := out.Tasks[f.Limit-1]
			out.Next = fmt.Sprintf("%d_%s", cmp.Or(db.Micros(last.Due), int64(noClock)), last.ID)
		}
		out.Matters, err = o.mattersOf(ctx, tx, out.Tasks)
		return err
	})
	if err != nil {
		return TaskList{}, err
	}
	if out.Tasks == nil {
		out.Tasks = []Task{}
	}
	return out, nil
}
