package gate

import (
	"context"
	"fmt"
	"time"

	"dancu/internal/access"
	"dancu/internal/db"
)

// A call through dancu's own console is a call like any other, but that the
// officer's live session stands in the certificate's place. Session, account
// and rights are read again under the lock, so that ending a session, disabling
// an account or taking a right away binds at the commit as a suspension does.

// stand takes the caller's standing from the proposal's picture.
func (p *proposal) stand() {
	if p.call.Channel != access.ChannelPortal {
		p.standing = p.dir.Standing(p.call.Thumbprint, p.call.Represented)
		return
	}
	p.standing = p.dir.StandingOf(p.call.Connection)
	p.standOfficer()
}

// admitOfficer notes whose session a call through the console is.
func (p *proposal) admitOfficer(officers map[string]*access.OfficerStanding) {
	if p.call.Channel != access.ChannelPortal {
		// What a system says of its officer is a claim, whoever says it.
		p.request.Officer.Verified = false
		return
	}
	p.officer = officers[p.call.Officer.Session]
	if p.officer != nil && p.officer.ID != p.call.Officer.ID {
		p.officer = nil // another's session
	}
	p.request.Officer.Verified = p.officer != nil
	p.standOfficer()
}

// standOfficer puts the officer's rights on the connection into the standing.
func (p *proposal) standOfficer() {
	p.standing.OfficerGrants = nil
	if o, s := p.officer, &p.standing; o != nil && s.Agency != nil && s.Agency.ID == o.Agency {
		s.OfficerGrants = o.Grants[p.call.Connection]
	}
}

// known reports whether whoever calls is known: the certificate registered and
// within its term, or the session live. Whoever is not known is not decided
// upon: there is nobody to decide about.
func (p *proposal) known(now time.Time) bool {
	if p.call.Channel == access.ChannelPortal {
		return p.officer != nil
	}
	return known(&p.standing, now)
}

// readOfficer reads whose session a call through the console is, for the first
// look.
func (g *Gate) readOfficer(ctx context.Context, p *proposal, now time.Time) error {
	found, err := g.readOfficers(ctx, g.cfg.Main, []*proposal{p}, now)
	if err != nil {
		return err
	}
	p.admitOfficer(found)
	return nil
}

// readOfficers reads whose sessions the batch's calls through the console are.
func (g *Gate) readOfficers(ctx context.Context, q db.Querier, batch []*proposal, now time.Time) (map[string]*access.OfficerStanding, error) {
	var sessions []string
	for _, p := range batch {
		if p.call.Channel == access.ChannelPortal {
			sessions = append(sessions, p.call.Officer.Session)
		}
	}
	if len(sessions) == 0 || g.cfg.Officers == nil {
		return nil, nil
	}
	found, err := g.cfg.Officers.FindOfficers(ctx, q, sessions, now)
	if err != nil {
		return nil, fmt.Errorf("couldn't read the officers' sessions: %w", err)
	}
	return found, nil
}
