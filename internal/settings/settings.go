// Package settings keeps what was changed of the configuration while the system
// runs: by whom, when, from what to what and why.
//
// A change is an act of two people (whoever wires the areas registers it). It is
// one row and one entry of the log in the confirmation's own transaction
// (TestAChangeHasItsEntry), and every node goes by it within a second, because
// each looks for a newer version that often (TestASecondNodeSeesIt). The
// configuration's file stays what holds where nothing was changed; what is
// changed outlives a restart (TestAChangeOutlivesARestart) until it is taken back.
//
// A value that is out of its bounds, or does not go together with the others, is
// refused when it is proposed and again when it is confirmed. What was right once
// and is so no longer, because the configuration under it or the program has
// changed, is left out and shown as such; nothing refuses to start for it.
package settings

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
	"dancu/internal/fault"
	"dancu/internal/ledger"
)

// The kinds of this area's entries.
const (
	EventChanged = "settings.changed"
	EventLoaded  = "settings.loaded" // the configuration is another than at the last start
)

// Act is the kind of proposal by which two people change a setting.
const Act = "settings.change"

// Item is a setting as the configuration of this node has it.
type Item struct {
	Name    string // "identity.idle"
	Value   string // as it is written in the configuration: "15m0s", "5"
	Default string
	Origin  string // "default", "file PATH", "environment NAME"
	// Run says what is to know of one that can be changed at run time; nil: it
	// cannot.
	Run *Run
}

// Run is a setting that can be changed while the system runs.
type Run struct {
	Label access.Text
	// Low and High are the bounds, as values are written.
	Low, High string
	// Law is the provision from which they come, "" for none.
	Law string
}

// Config says what a Store is made of.
type Config struct {
	Main *db.DB
	Log  *ledger.Log
	// Node is this node's name: each has a configuration of its own.
	Node string
	// Items are all settings of this node, in order.
	Items []Item
	// Normal returns a value as the configuration would write it, or why it is
	// none of that setting, with kind fault.Invalid.
	Normal func(name, value string) (string, error)
	// Check refuses values that are out of bounds or do not hold together, with
	// kind fault.Invalid. Settings that are not among them are as configured.
	Check func(values map[string]string) error
	// Apply puts values that were checked into force on this node.
	Apply func(values map[string]string)
	// Every is how often is looked for changes; default half a second.
	Every  time.Duration
	Logger *slog.Logger
}

// Store is the settings of one node. Its methods may be called from many
// goroutines.
type Store struct {
	cfg   Config
	state atomic.Pointer[state]
}

// state is what this node goes by.
type state struct {
	version int64
	changed map[string]Change // the newest of each name, in force or not
	out     map[string]string // what is left out, and why
}

// New returns the settings of a node. Nothing is read before [Store.Load].
func New(cfg Config) *Store {
	if cfg.Every == 0 {
		cfg.Every = 500 * time.Millisecond
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Store{cfg: cfg}
	s.state.Store(&state{changed: map[string]Change{}, out: map[string]string{}})
	return s
}

// Change is one change of a setting.
type Change struct {
	Version int64
	Name    string
	Was     string // what held before
	// Value is what holds since; "": what the configuration says.
	Value     string
	Proposer  string // code of who proposed it
	Confirmer string // code of who confirmed it
	Proposal  string
	Reason    string
	Made      time.Time
}

// Row is a setting as it stands.
type Row struct {
	Item
	// InForce is what this node goes by.
	InForce string
	// Changed is the newest change, if that is what holds; nil otherwise.
	Changed *Change
	// Out says why the newest change is left out, "" if it is not.
	Out string
}

// List returns all settings as they stand on this node.
func (s *Store) List() []Row {
	st := s.state.Load()
	out := make([]Row, len(s.cfg.Items))
	for i, it := range s.cfg.Items {
		out[i] = s.row(st, it)
	}
	return out
}

func (s *Store) row(st *state, it Item) Row {
	r := Row{Item: it, InForce: it.Value}
	c, ok := st.changed[it.Name]
	if !ok || c.Value == "" {
		return r
	}
	if r.Out = st.out[it.Name]; r.Out == "" {
		r.InForce, r.Changed = c.Value, &c
	}
	return r
}

// Find returns one setting as it stands.
func (s *Store) Find(name string) (Row, error) {
	i := slices.IndexFunc(s.cfg.Items, func(it Item) bool { return it.Name == name })
	if i < 0 {
		return Row{}, errNone
	}
	return s.row(s.state.Load(), s.cfg.Items[i]), nil
}

// History returns the changes of a setting, the newest first, as many as limit.
func (s *Store) History(ctx context.Context, name string, limit int) ([]Change, error) {
	return changesOf(ctx, s.cfg.Main, name, limit)
}

// Refusal is why a change is not taken, in both languages.
type Refusal struct {
	kind fault.Kind
	text access.Text
}

// Error is the English text.
func (r *Refusal) Error() string { return r.text.EN }

// Words are the text in both languages.
func (r *Refusal) Words() access.Text { return r.text }

// Unwrap gives the refusal its kind.
func (r *Refusal) Unwrap() error { return fault.New(r.kind, "%s", r.text.EN) }

func refuse(kind fault.Kind, vi, en string) error {
	return &Refusal{kind, access.Text{VI: vi, EN: en}}
}

var (
	errNone  = refuse(fault.NotFound, "Không có thiết lập này.", "there is no such setting")
	errFixed = refuse(fault.Invalid, "Thiết lập này chỉ đổi được trong tệp cấu hình.", "this setting is changed in the configuration's file alone")
	errSame  = refuse(fault.Conflict, "Thiết lập đang có giá trị này.", "the setting has this value already")
)

// Proposed is a change that somebody proposes.
type Proposed struct {
	Name string `json:"name"`
	// Value is the new one; "" gives the configuration's back.
	Value string `json:"value"`
	// Was is what held when it was proposed; what the confirmer sees.
	Was string `json:"was"`
}

// Propose makes a proposal of a change: its value is written as the
// configuration would, within its bounds, and goes together with the others.
func (s *Store) Propose(ctx context.Context, q db.Querier, name, value string) (Proposed, error) {
	p, _, err := s.propose(ctx, q, name, value)
	return p, err
}

// Draft is [Store.Propose] on what holds now, before anything is written.
func (s *Store) Draft(ctx context.Context, name, value string) (Proposed, error) {
	return s.Propose(ctx, s.cfg.Main, name, value)
}

func (s *Store) propose(ctx context.Context, q db.Querier, name, value string) (Proposed, map[string]Change, error) {
	i := slices.IndexFunc(s.cfg.Items, func(it Item) bool { return it.Name == name })
	switch {
	case i < 0:
		return Proposed{}, nil, errNone
	case s.cfg.Items[i].Run == nil:
		return Proposed{}, nil, errFixed
	}
	it := &s.cfg.Items[i]
	if value != "" {
		var err error
		if value, err = s.cfg.Normal(name, value); err != nil {
			return Proposed{}, nil, s.bounds(it)
		}
	}
	changed, err := newest(ctx, q)
	if err != nil {
		return Proposed{}, nil, err
	}
	was := it.Value
	if c := changed[name]; c.Value != "" {
		was = c.Value
	}
	p := Proposed{Name: name, Value: value, Was: was}
	if value == changed[name].Value || value == was {
		return p, nil, errSame
	}
	values := valuesOf(changed)
	if values[name] = value; value == "" {
		delete(values, name)
	}
	if err := s.cfg.Check(values); err != nil {
		if !fault.Is(err, fault.Invalid) {
			return p, nil, err
		}
		return p, nil, s.bounds(it)
	}
	return p, changed, nil
}

// bounds is the refusal of a value that is no good.
func (s *Store) bounds(it *Item) error {
	return refuse(fault.Invalid,
		"Giá trị phải viết như trong cấu hình, từ "+it.Run.Low+" đến "+it.Run.High+", và hợp với các thiết lập liên quan.",
		"the value must be written as in the configuration, from "+it.Run.Low+" to "+it.Run.High+", and go together with the settings it belongs to")
}

// By is who makes a change: two people.
type By struct {
	Actor                         ledger.Actor // of the confirmer
	Proposer, Confirmer, Proposal string
	Reason                        string
}

// Change makes a change in the transaction of its confirmation. What held when
// it was proposed must hold still: of two changes the second is decided again.
// It is in force on every node a moment after the commit.
func (s *Store) Change(ctx context.Context, tx *ledger.Tx, p Proposed, by By) error {
	now, _, err := s.propose(ctx, tx, p.Name, p.Value)
	if err != nil {
		return err
	}
	if now.Was != p.Was {
		return refuse(fault.Conflict,
			"Thiết lập đã được đổi thành "+now.Was+" sau khi có đề xuất: hãy đề xuất lại.",
			"the setting was changed to "+now.Was+" since this was proposed: propose it again")
	}
	version, err := latest(ctx, tx)
	if err != nil {
		return err
	}
	c := Change{
		Version: version + 1, Name: p.Name, Was: p.Was, Value: now.Value, Proposer: by.Proposer, Confirmer: by.Confirmer,
		Proposal: by.Proposal, Reason: by.Reason, Made: tx.Now,
	}
	if err := insertChange(ctx, tx.Tx, &c); err != nil {
		return err
	}
	members := map[string]any{
		"setting": c.Name, "was": c.Was, "value": c.Value, "proposer": c.Proposer, "confirmer": c.Confirmer, "proposal": c.Proposal, "reason": c.Reason,
	}
	if c.Value == "" {
		members["value"] = "configuration"
	}
	if by.Actor.Address != "" {
		members["address"] = by.Actor.Address
	}
	e, err := ledger.EventEntry(EventChanged, by.Actor, members)
	if err != nil {
		return err
	}
	tx.Append(e, ledger.Outcome{})
	return nil
}

// Load puts into force what was changed at run time.
func (s *Store) Load(ctx context.Context) error { return s.follow(ctx) }

// Run notes how this node's configuration differs from that of its last start,
// and follows changes until ctx ends. A database that does not answer is waited
// for.
func (s *Store) Run(ctx context.Context) error {
	tick := time.NewTicker(s.cfg.Every)
	defer tick.Stop()
	for noted := false; ; {
		err := s.follow(ctx)
		if err == nil && !noted {
			err = s.loaded(ctx)
			noted = err == nil
		}
		if err != nil && ctx.Err() == nil {
			s.cfg.Logger.Warn("couldn't look for changed settings", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// follow goes by the newest changes.
func (s *Store) follow(ctx context.Context) error {
	version, err := latest(ctx, s.cfg.Main)
	if err != nil || version == s.state.Load().version {
		return err
	}
	st := &state{out: map[string]string{}}
	if st.changed, err = newest(ctx, s.cfg.Main); err != nil {
		return err
	}
	for _, c := range st.changed {
		st.version = max(st.version, c.Version)
	}
	values := valuesOf(st.changed)
	if err := s.cfg.Check(values); err != nil {
		if !fault.Is(err, fault.Invalid) {
			return err
		}
		values = s.sound(st)
	}
	s.cfg.Apply(values)
	s.state.Store(st)
	s.cfg.Logger.Info("settings changed", "version", st.version)
	return nil
}

// sound are those of the changes that hold together, the older first; the rest
// is left out.
func (s *Store) sound(st *state) map[string]string {
	order := slices.SortedFunc(maps.Values(st.changed), func(a, b Change) int { return int(a.Version - b.Version) })
	values := map[string]string{}
	for _, c := range order {
		if c.Value == "" {
			continue
		}
		values[c.Name] = c.Value
		if err := s.cfg.Check(values); err != nil {
			delete(values, c.Name)
			st.out[c.Name] = fault.Text(err)
			s.cfg.Logger.Error("a changed setting no longer holds and is left out", "setting", c.Name, "error", err)
		}
	}
	return values
}

// valuesOf are the values that changes set.
func valuesOf(changed map[string]Change) map[string]string {
	out := map[string]string{}
	for name, c := range changed {
		if c.Value != "" {
			out[name] = c.Value
		}
	}
	return out
}

// maxLoaded is how many settings one entry tells of.
const maxLoaded = 100

// loaded compares the configuration with that of the node's last start.
func (s *Store) loaded(ctx context.Context) error {
	now := map[string]string{}
	for _, it := range s.cfg.Items {
		now[it.Name] = it.Value
	}
	before, err := fileOf(ctx, s.cfg.Main, s.cfg.Node)
	if err != nil {
		return err
	}
	if maps.Equal(now, before) {
		return nil
	}
	return s.cfg.Log.Write(ctx, func(tx *ledger.Tx) error {
		before, err := fileOf(ctx, tx, s.cfg.Node)
		if err != nil {
			return err
		}
		if err := saveFile(ctx, tx.Tx, s.cfg.Node, now); err != nil {
			return err
		}
		if len(before) == 0 {
			return nil // the node's first start: there is nothing to compare with
		}
		var changes []any
		for _, name := range slices.Sorted(maps.Keys(union(now, before))) {
			if now[name] != before[name] {
				changes = append(changes, map[string]any{"setting": name, "was": before[name], "value": now[name]})
			}
		}
		for part := range slices.Chunk(changes, maxLoaded) {
			e, err := ledger.EventEntry(EventLoaded, ledger.Actor{Kind: "node", ID: s.cfg.Node}, map[string]any{"changes": part})
			if err != nil {
				return errors.Join(errors.New("couldn't tell of the configuration"), err)
			}
			tx.Append(e, ledger.Outcome{})
		}
		return nil
	})
}

func union(a, b map[string]string) map[string]string {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}
