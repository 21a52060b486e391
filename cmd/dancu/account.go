package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"dancu/internal/app"
)

func newAccount(e *env) *cobra.Command {
	c := &cobra.Command{
		Use:   "account",
		Short: "Make the first administrator's account, show and disable accounts",
		Long: `Account is for what cannot be done in the console: the first administrator, an
administrator who lost every second factor, an account that must go at once.
Every act has an entry in the log that names the account of this machine it was
done from. Passwords it prints are good once, within the time set, and are
nowhere to be had again.`,
		Args: cobra.NoArgs,
	}
	c.AddCommand(newAccountCreateAdmin(e), newAccountList(e),
		newAccountAct(e, "disable", "Disable an account and end its sessions",
			"Disable takes effect at once: the account's next request fails.",
			func(c *cobra.Command, ctl app.Control, login, reason string) error {
				if err := ctl.DisableAccount(c.Context(), login, reason); err != nil {
					return err
				}
				return did(e, "%s is disabled", login)
			}),
		newAccountAct(e, "enable", "Make a disabled account usable again, with a one-time password",
			"Enable gives the account a new one-time password. Its second factors stay.",
			func(c *cobra.Command, ctl app.Control, login, reason string) error {
				i, err := ctl.EnableAccount(c.Context(), login, reason)
				if err != nil {
					return err
				}
				return handOver(e, i)
			}),
		newAccountAct(e, "unlock", "End a lock that failed sign-ins set",
			"Unlock ends a lock before its time.",
			func(c *cobra.Command, ctl app.Control, login, reason string) error {
				if err := ctl.UnlockAccount(c.Context(), login, reason); err != nil {
					return err
				}
				return did(e, "%s is unlocked", login)
			}),
		newAccountAct(e, "reset-factors", "Take all second factors from an account",
			`Reset-factors takes all second factors and recovery codes from an account, ends its
sessions and gives it a one-time password; the person enrols again. In the
console this takes two people for staff: use it where there are no two.`,
			func(c *cobra.Command, ctl app.Control, login, reason string) error {
				i, err := ctl.ResetFactors(c.Context(), login, reason)
				if err != nil {
					return err
				}
				return handOver(e, i)
			}))
	return c
}

// handOver prints an account's one-time password.
func handOver(e *env, i app.Issued) error {
	return did(e, "login: %s\none-time password: %s", i.Account.Login, i.Password)
}

func newAccountCreateAdmin(e *env) *cobra.Command {
	var a app.NewAccount
	c := &cobra.Command{
		Use:   "create-admin",
		Short: "Make the account of one of the first two administrators and print its one-time password",
		Long: `Create-admin makes the account of the register's first administrator, and of a
second: one alone could not confirm what takes two people. Where there are two
active ones it makes none: another takes two people, in the console.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return controlled(c.Context(), e, func(ctl app.Control) error {
				i, err := ctl.CreateAdmin(c.Context(), a)
				if err != nil {
					return err
				}
				return handOver(e, i)
			})
		},
	}
	c.Flags().StringVar(&a.Login, "login", "", "what is typed to sign in (3 to 64 small letters, digits, . - _ @)")
	c.Flags().StringVar(&a.Code, "code", "", "the person's code in the log (up to 20 letters, digits, . - _)")
	c.Flags().StringVar(&a.Name, "name", "", "the person's full name")
	c.Flags().StringVar(&a.Unit, "unit", "", "the person's unit")
	return needFlags(c, "login", "code", "name")
}

// accountLine is an account as the command prints it.
type accountLine struct {
	Login      string    `json:"login"`
	Code       string    `json:"code"`
	Kind       string    `json:"kind"`
	Agency     string    `json:"agency,omitempty"`
	Name       string    `json:"name"`
	State      string    `json:"state"`
	Reason     string    `json:"reason,omitempty"`
	LastSignIn time.Time `json:"lastSignIn,omitzero"`
	Locked     time.Time `json:"lockedUntil,omitzero"`
	TOTP       bool      `json:"totp"`
	Passkeys   int       `json:"passkeys"`
	Recovery   int       `json:"recoveryCodes"`
}

func newAccountList(e *env) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "list",
		Short: "Show all accounts",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return controlled(c.Context(), e, func(ctl app.Control) error {
				all, err := ctl.Accounts(c.Context())
				if err != nil {
					return err
				}
				lines := make([]accountLine, len(all))
				for i, a := range all {
					lines[i] = accountLine{
						a.Login, a.Code, string(a.Kind), a.Agency, a.Name, string(a.State), a.Reason, a.LastSignIn, a.LockedUntil, a.TOTP, a.Passkeys, a.Recovery,
					}
				}
				if asJSON {
					return printJSON(e.stdout, lines)
				}
				return printAccounts(e, lines)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func printAccounts(e *env, lines []accountLine) error {
	if len(lines) == 0 {
		_, err := fmt.Fprintln(e.stderr, `there are no accounts yet: "dancu account create-admin" makes the first`)
		return err
	}
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "LOGIN\tCODE\tKIND\tAGENCY\tSTATE\tLAST SIGN-IN\tNAME")
	for _, l := range lines {
		last, state, agency := "never", l.State, l.Agency
		if !l.LastSignIn.IsZero() {
			last = moment(l.LastSignIn)
		}
		if l.Locked.After(time.Now()) {
			state += ", locked"
		}
		if agency == "" {
			agency = "-"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", l.Login, l.Code, l.Kind, agency, state, last, oneLine(l.Name))
	}
	return w.Flush()
}

// newAccountAct is a command that does something to one account, with a reason.
func newAccountAct(e *env, name, short, long string, do func(c *cobra.Command, ctl app.Control, login, reason string) error) *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use:   name + " LOGIN",
		Short: short,
		Long:  long,
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return controlled(c.Context(), e, func(ctl app.Control) error { return do(c, ctl, args[0], reason) })
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why, for the log (10 characters or more)")
	return needFlags(c, "reason")
}
