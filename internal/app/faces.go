package app

import (
	"log/slog"
	"strings"

	"dancu/internal/api"
	"dancu/internal/console"
	"dancu/internal/identity/oidc"
	"dancu/internal/web"
)

// faces lists what is served, and where.
func (a *App) faces() ([]*listener, error) {
	c := &a.Config
	limits := web.Limits{
		BodyBytes: int64(c.API.MaxBody), HeaderBytes: int(c.API.MaxHeader),
		ReadHeader: c.API.HeaderTimeout, Read: c.API.ReadTimeout, Write: c.API.WriteTimeout, Idle: c.API.IdleTimeout,
		Connections: c.API.MaxConnections, ConnectionsPerAddress: c.API.MaxConnectionsPerAddress,
	}
	apiTLS, err := a.apiTLS()
	if err != nil {
		return nil, err
	}
	consoleTLS, err := a.consoleTLS()
	if err != nil {
		return nil, err
	}
	logger := func(name string) *slog.Logger { return a.Logger.With("listener", name) }
	pages, err := console.New(console.Config{
		Source: newStatus(a), Operator: operatorSource{a}, Log: logger(listenConsole), Observe: a.observe(listenConsole),
		Identity: a.Identity, Rules: c.Identity.settings(), Desk: a.Gate, Office: a.Onboarding, Notices: a.Notices, NoticeOffice: a.NoticeOffice, Settings: a.Settings, Files: pageFiles{a.Evidence}, Drafts: a.Drafts, Usage: a.Usage, Manual: a.Manual, Ledger: a.Log, VerifierKey: a.VerifierKey, Now: a.Main.Clock,
		People: people{a.Gate, c.Citizen.representation()}, Requests: a.Desk, Procedure: a.Onboarding.Procedure, Totals: (&totals{log: a.Log, clock: a.Main.Clock}).Months,
		Searches: a.Searches, Jobs: a.Jobs, Imports: imports{a},
		// Over plain HTTP, which only an address of this machine may serve, a
		// browser would not keep a cookie that is for HTTPS alone.
		Secure: consoleTLS != nil || !strings.HasPrefix(c.Identity.Origin, "http://"),
		Door: oidc.New(oidc.Config{
			Store: a.Identity, Callback: strings.TrimSuffix(c.Identity.Origin, "/") + "/sign-in/return", Now: a.Main.Clock,
		}),
	})
	if err != nil {
		return nil, err
	}
	return []*listener{
		{
			name: listenAPI, address: c.API.Listen, key: "api.listen", tls: apiTLS, limits: limits,
			handler: api.New(api.Config{
				Gate: a.Gate, Log: a.Log, Logger: logger(listenAPI),
				// A record for each call would cost more than the call, and the
				// log has its entry: metrics count them.
				Level: slog.LevelDebug, Limits: limits, Observe: a.observe(listenAPI), Now: a.Main.Clock,
			}),
		},
		{
			name: listenLog, address: c.Log.Listen, key: "log.listen",
			handler: api.LogHandler(a.Log, &web.Kit{Log: logger(listenLog), Level: slog.LevelDebug, Observe: a.observe(listenLog)}),
		},
		{name: listenConsole, address: c.Console.Listen, key: "console.listen", tls: consoleTLS, handler: withLife(a.lifeDoor(), pages)},
		{
			name: listenOperations, address: c.Operations.Listen, key: "operations.listen",
			handler: a.Metrics.Handler(a.Ready),
			limits:  web.Limits{Connections: 64},
		},
	}, nil
}
