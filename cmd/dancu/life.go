package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"dancu/internal/app"
	"dancu/internal/fault"
)

// lifeDoor is how the commands of the life cycle reach a system: at the machine
// through its controls, or a server by its API with the key of an account.
type lifeDoor struct {
	e                   *env
	server, keyFile, ca string
	asJSON              bool
}

func newLife(e *env) *cobra.Command {
	d := &lifeDoor{e: e}
	c := &cobra.Command{
		Use:   "life",
		Short: "Requests, undertakings, assessments, changes, inspections: list, show, act",
		Long: `Life works on the life of connections: every kind of matter and every act that
the console has, in one shape. "dancu life kinds" tells what there is.

Without --server it works at the machine, through the control socket of the
server or on the data itself, as the machine: it sees everything and does the
acts that the machine may. With --server and --key-file it asks the API of a
server, at the console's address, as the account whose key it is. Acts that take
two people are then proposed; another person confirms them in the console. What
binds like a signature is done in the console alone.

Results go to stdout. The exit status is 1 when something was refused or could
not be done, and 2 when the command line or a field of a form is wrong.`,
		Args: cobra.NoArgs,
	}
	d.flags(c)
	c.AddCommand(newLifeKinds(d), newLifeList(d), newLifeShow(d), newLifeOpen(d), newLifeSave(d), newLifeAct(d), newLifeAttach(d), newLifeTasks(d))
	return c
}

// flags are those of every command that asks the API.
func (d *lifeDoor) flags(c *cobra.Command) {
	f := c.PersistentFlags()
	f.StringVar(&d.server, "server", "", "ask the server at this `URL` (the console's address), with --key-file")
	f.StringVar(&d.keyFile, "key-file", "", "`file` that holds the API key, mode 0600")
	f.StringVar(&d.ca, "ca", "", "`file` of the authorities of the server's certificate, PEM (default: the system's)")
	f.BoolVar(&d.asJSON, "json", false, "print JSON, as the API answers")
}

// lifeAsk asks the API and decodes the answer; what it refuses is an error.
type lifeAsk func(method, path string, body []byte, file string, into any) error

// run runs fn with the way to the API.
func (d *lifeDoor) run(ctx context.Context, fn func(ask lifeAsk) error) error {
	if d.server == "" {
		if d.keyFile != "" || d.ca != "" {
			return usageError{errors.New("--key-file and --ca go with --server")}
		}
		return controlled(ctx, d.e, func(ctl app.Control) error {
			return fn(d.asking(func(q app.LifeRequest) (app.LifeAnswer, error) { return ctl.Life(ctx, q) }))
		})
	}
	client, key, err := d.remote()
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	return fn(d.asking(func(q app.LifeRequest) (app.LifeAnswer, error) { return app.AskLife(ctx, client, d.server, key, q) }))
}

// remote is the client of a server, and the key. The key goes to nobody who
// could not be told from the server.
func (d *lifeDoor) remote() (*http.Client, string, error) {
	u, err := url.Parse(d.server)
	if err != nil || u.Host == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.User != nil {
		return nil, "", usageError{errors.New("--server must be like https://console.example.vn")}
	}
	ip := net.ParseIP(u.Hostname())
	if u.Scheme != "https" && (u.Scheme != "http" || ip == nil || !ip.IsLoopback()) {
		return nil, "", usageError{errors.New("--server must be https: a key goes nowhere unprotected")}
	}
	if d.keyFile == "" {
		return nil, "", usageError{errors.New("--key-file is needed with --server")}
	}
	key, err := app.ReadSecret(d.keyFile)
	if err != nil {
		return nil, "", err
	}
	t := &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}}
	if d.ca != "" {
		pem, err := os.ReadFile(d.ca)
		if err != nil {
			return nil, "", fault.Wrap(fault.Invalid, err, "the authorities cannot be read")
		}
		t.TLSClientConfig.RootCAs = x509.NewCertPool()
		if !t.TLSClientConfig.RootCAs.AppendCertsFromPEM(pem) {
			return nil, "", fault.New(fault.Invalid, "%s holds no certificate", d.ca)
		}
	}
	return &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}, key, nil
}

func (d *lifeDoor) asking(do func(app.LifeRequest) (app.LifeAnswer, error)) lifeAsk {
	return func(method, path string, body []byte, file string, into any) error {
		a, err := do(app.LifeRequest{Method: method, Path: path, Body: body, File: file})
		if err != nil {
			return err
		}
		if a.Status >= http.StatusBadRequest {
			return lifeRefused(a)
		}
		if err := json.Unmarshal(a.Body, into); err != nil {
			return fault.Wrap(fault.Unavailable, err, "the server's answer cannot be read: is it of another version?")
		}
		return nil
	}
}

// lifeRefused is the error that a problem says.
func lifeRefused(a app.LifeAnswer) error {
	var p struct {
		Title, Detail, Code string
		Names               []string
		Errors              []struct{ Section, Field, EN string }
	}
	if json.Unmarshal(a.Body, &p) != nil || p.Code == "" {
		return fault.New(fault.Unavailable, "the server answered %d, and not as dancu does: is --server the console's address?", a.Status)
	}
	var b strings.Builder
	b.WriteString(p.Detail)
	if p.Detail == "" {
		b.WriteString(p.Title)
	}
	fmt.Fprintf(&b, " (%s)", p.Code)
	for _, n := range p.Names {
		b.WriteString("\n  " + n)
	}
	for _, f := range p.Errors {
		b.WriteString("\n  ")
		if f.Section != "" {
			b.WriteString(f.Section + ".")
		}
		b.WriteString(f.Field + ": " + f.EN)
	}
	kind := fault.Conflict
	switch a.Status {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusRequestURITooLong:
		kind = fault.Invalid
	case http.StatusUnauthorized:
		kind = fault.Unauthenticated
	case http.StatusForbidden:
		kind = fault.Forbidden
	case http.StatusNotFound:
		kind = fault.NotFound
	case http.StatusTooManyRequests:
		kind = fault.Exhausted
	case http.StatusServiceUnavailable, http.StatusInternalServerError:
		kind = fault.Unavailable
	}
	return fault.New(kind, "%s", b.String())
}
