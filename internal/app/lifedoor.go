package app

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"strings"

	"dancu/internal/access"
	"dancu/internal/api"
	"dancu/internal/console/life"
	"dancu/internal/evidence"
	"dancu/internal/fault"
	"dancu/internal/identity"
	"dancu/internal/ledger"
	"dancu/internal/onboarding"
)

// lifeConfig is what the API of the life cycle is made of, over this node's
// areas.
func (a *App) lifeConfig() api.LifeConfig {
	return api.LifeConfig{Office: a.Onboarding, Notices: a.Notices, NoticeOffice: a.NoticeOffice, Files: doorFiles{a.Evidence}, Bear: a.bear, Said: lifeSaid, Now: a.Main.Clock}
}

// lifeDoor is the API of the life cycle as programs reach it.
func (a *App) lifeDoor() *api.Life {
	cfg := a.lifeConfig()
	cfg.Logger, cfg.Observe = a.Logger.With("listener", listenConsole), a.observe(listenConsole)
	return api.NewLife(cfg)
}

// withLife serves the API of the life cycle beside the pages. What is under
// /api/ is never a page's: no cookie is looked at there.
func withLife(door, pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api" || strings.HasPrefix(r.URL.Path, "/api/") {
			door.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

// bear returns whose a key is, as who acts in the office. That the key holds and
// its account may is asked again in each act's own transaction.
func (a *App) bear(ctx context.Context, key string, from netip.Addr, agent string) (*api.LifeCaller, error) {
	client := identity.Client{Address: from, Agent: agent}
	b, err := a.Identity.Bear(ctx, key, client)
	if err != nil {
		return nil, err
	}
	duty, ok := life.DutyOf(b.Account.Kind)
	if !ok {
		return nil, fault.New(fault.Forbidden, "an account of the kind %s has no part in the life cycle", b.Account.Kind)
	}
	by, may := b.Actor(client), identity.SeeLifecycle
	if duty == onboarding.Agency {
		may = identity.OwnLifecycle
	}
	p := onboarding.Person{
		Actor: ledger.Actor{Kind: string(b.Account.Kind), ID: b.Account.Code, Key: b.Key.ID}, Account: b.Account.ID, Duty: duty,
		Still: onboarding.StillBy(a.Identity.Still(by, may), a.Identity.StillFresh(by, may)),
	}
	if from.IsValid() {
		p.Actor.Address = from.Unmap().WithZone("").String()
	}
	if duty == onboarding.Agency {
		p.Agency = b.Account.Agency
	}
	c := &api.LifeCaller{Person: p, Key: b.Key.ID, Propose: func(ctx context.Context, kind string, x onboarding.Proposed) (string, error) {
		payload, err := json.Marshal(x)
		if err != nil {
			return "", err
		}
		made, err := a.Identity.Propose(ctx, by, identity.TwoPersonAct{Kind: kind, Subject: x.Matter, Payload: payload, Reason: x.Input.Reason})
		return made.ID, err
	}}
	if duty != onboarding.Agency {
		a.two(c, by)
	}
	return c, nil
}

// two lets a caller see and end acts of two people.
func (a *App) two(c *api.LifeCaller, by identity.Actor) {
	c.Proposals = func(ctx context.Context, f api.LifeWaitingFilter) (out []api.LifeWaiting, next string, err error) {
		list, next, err := a.Identity.Proposals(ctx, by, identity.ProposalFilter{
			Kind: f.Kind, State: identity.ProposalState(f.State), Subject: f.Subject, After: f.After, Limit: f.Limit,
		})
		for i := range list {
			out = append(out, waiting(&list[i]))
		}
		return out, next, err
	}
	c.Decline = func(ctx context.Context, id, note string) error { return a.Identity.Decline(ctx, by, id, note) }
}

// waiting is a proposal as the API knows it.
func waiting(x *identity.Listed) api.LifeWaiting {
	w := api.LifeWaiting{
		ID: x.ID, Kind: x.Act.Kind, Title: x.Title, Subject: x.Act.Subject, About: x.Shown.About, Details: []api.LifeDetail{}, Reason: x.Act.Reason,
		State: string(x.State), Proposer: x.ByCode, Created: x.Created, Expires: x.Expires, Own: x.Own, Note: x.Note, Settled: x.Settled,
		Confirmers: []string{},
	}
	if x.State == identity.Failed {
		w.Note = x.Failure.EN
	}
	for _, d := range x.Shown.Details {
		w.Details = append(w.Details, api.LifeDetail{Label: d.Label, Value: d.Value})
	}
	for _, k := range x.Confirmers {
		w.Confirmers = append(w.Confirmers, string(k))
	}
	return w
}

// lifeSaid is what the accounts and the vault say of an error.
func lifeSaid(err error) (string, access.Text) {
	if c := identity.CodeOf(err); c != "" {
		return string(c), access.Text{VI: c.Text("vi"), EN: c.Text("en")}
	}
	if c := evidence.CodeOf(err); c != "" {
		return string(c), evidence.TextOf(err)
	}
	return "", access.Text{}
}

// doorFiles is the vault as the API knows it.
type doorFiles struct{ vault *evidence.Vault }

func doorFile(f evidence.File) api.LifeFile {
	return api.LifeFile{ID: f.ID, Owner: f.Owner, Name: f.Name, Type: f.Type, Size: f.Size, SHA256: f.SHA256, Added: f.Added, Scanned: f.Scanned}
}

func (f doorFiles) MaxSize() int64 { return f.vault.MaxSize() }

func (f doorFiles) Put(ctx context.Context, owner, name string, size int64, r io.Reader) (api.LifeFile, error) {
	file, err := f.vault.Put(ctx, evidence.Upload{Owner: owner, Name: name, Size: size}, r)
	return doorFile(file), err
}

func (f doorFiles) Hold(ctx context.Context, owner string, ids ...string) error {
	_, err := f.vault.Hold(ctx, owner, ids...)
	return err
}

func (f doorFiles) Stat(ctx context.Context, id string) (api.LifeFile, error) {
	file, err := f.vault.Stat(ctx, id)
	return doorFile(file), err
}

func (f doorFiles) Open(ctx context.Context, id string) (api.LifeFile, io.Reader, error) {
	file, r, err := f.vault.Open(ctx, id)
	return doorFile(file), r, err
}
