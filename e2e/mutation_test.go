package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dancu/internal/db/dbtest"
)

// edit is one literal change of a source file.
type edit struct{ file, from, to string }

// mutation switches one rule off, and names the test that must notice.
type mutation struct {
	guarantee, rule string
	pkg, test       string // test is a -run pattern; its first element must fail
	edits           []edit
	// hangs says that the test then waits for a refusal that never comes.
	hangs bool
}

// mutations: for every guarantee the ways to lose it that a careless change
// could take. Each is compiled into the tests only, by a source overlay; there
// is no switch in the program.
var mutations = []mutation{
	{
		"G1", "data is given although the commit failed", "gate", "TestNoEntryNoData/sqlite",
		[]edit{{"gate/gate.go", "\tif p.err != nil {\n\t\tcode := access.LogUnavailable", "\tif false {\n\t\tcode := access.LogUnavailable"}},
		false,
	},
	{
		"G1", "an unknown commit counts as acknowledged", "gate", "TestNoEntryNoData/sqlite",
		[]edit{{"ledger/log.go", "\tcase err == nil:\n", "\tcase err == nil, db.IsUnknown(err):\n"}},
		false,
	},
	{
		"G1", "the answer does not wait for the commit", "gate", "TestNoEntryNoData/sqlite",
		[]edit{{"gate/gate.go", "\tselect {\n\tcase <-p.done:\n\tcase <-ctx.Done():", "\tselect {\n\tdefault:\n\tcase <-ctx.Done():"}},
		false,
	},
	{
		"G2", "nothing is decided again at the commit", "gate", "TestATermEndsWhileTheCallWaits/sqlite",
		[]edit{{"gate/commit.go", "\tp.decision = access.Decide(&p.standing, &p.request, now)\n", ""}},
		false,
	},
	{
		"G2", "the commit decides by an old directory", "gate", "TestStandingBindsAtTheCommit/sqlite",
		[]edit{
			{"gate/commit.go", "if dir == nil || dir.Version() != tx.Head.Standing {", "if dir == nil {"},
		},
		true,
	},
	{
		"G2", "the commit decides on the standing of the first look", "gate", "TestStandingBindsAtTheCommit/sqlite",
		[]edit{{"gate/commit.go", "\tif p.dir != dir {\n\t\tp.dir = ", "\tif false {\n\t\tp.dir = "}},
		false,
	},
	{
		"G2", "maintenance that began while a call waited does not matter", "gate", "TestMaintenanceBindsAtTheCommit/sqlite",
		[]edit{{"gate/commit.go", "\tp.decision = access.Decide(&p.standing, &p.request, now)\n", "\tp.standing.Maintenance = nil\n\tp.decision = access.Decide(&p.standing, &p.request, now)\n"}},
		false,
	},
	{
		"G2", "an undertaking that ran out while a call waited does not matter", "gate", "TestATermEndsWhileTheCallWaits/sqlite",
		[]edit{{"access/decide.go", "\t\tw.add(ConnectionNotActive, c.ID, NameCommitment)\n", ""}},
		false,
	},
	{
		"G1", "refusals in maintenance have entries without end", "gate", "TestMaintenanceRefusesUntilItsEnd/sqlite",
		[]edit{{"gate/gate.go", "p.decision.Code == access.ServiceBusy || ", ""}, {"gate/commit.go", "\tif p.code == access.ServiceBusy {", "\tif false {"}},
		false,
	},
	{
		"G3", "one call too many is let through", "gate", "TestTheCountIsExact/sqlite",
		[]edit{{"access/admit.go", "case u.Calls >= l.Calls,", "case u.Calls > l.Calls,"}},
		false,
	},
	{
		"G3", "the count is not written", "gate", "TestTheCountIsExact/sqlite",
		[]edit{{"gate/store.go", "\t\tif n.dirty {\n", "\t\tif false {\n"}},
		false,
	},
	{
		"G3", "the lock is not written", "gate", "TestTheCountIsExact/sqlite",
		[]edit{{"gate/commit.go", "\tif !lock {\n\t\treturn dir, nil, nil\n", "\tif true {\n\t\treturn dir, nil, nil\n"}},
		false,
	},
	{
		"G3", "a lock does not bind the rest of its batch", "gate", "TestTheCountIsExact/sqlite",
		[]edit{{"gate/commit.go", "\t\t\tdir = next\n", "\t\t\t_ = next\n"}},
		false,
	},
	{
		"G1", "refusals without end have entries", "gate", "TestAFloodOfRefusalsDoesNotQueue/sqlite",
		[]edit{{"gate/gate.go", "\t\tif !g.refusals.take(p.connection(), p.decision.Code, now) {\n", "\t\tif false {\n"}},
		false,
	},
	{
		"G1", "a text that is none gets into an entry", "gate", "TestHostileTextFailsOnlyItsOwnCall/sqlite",
		[]edit{{"gate/gate.go", "\tif !c.readable() {\n", "\tif false {\n"}},
		false,
	},
	{
		"G4", "a suspended connection may call", "access", "TestDecide",
		[]edit{{"access/decide.go", "\t\tw.add(ConnectionSuspended, c.ID)\n", ""}},
		false,
	},
	{
		"G4", "a lapsed assessment does not matter", "access", "TestDecide",
		[]edit{{"access/decide.go", "\t\tw.add(AssessmentLapsed, c.ID)\n", ""}},
		false,
	},
	{
		"G4", "an undertaking that has run out does not matter", "access", "TestDecide",
		[]edit{{"access/decide.go", "\t\tw.add(ConnectionNotActive, c.ID, NameCommitment)\n", ""}},
		false,
	},
	{
		"G4", "a key that was not declared may be used", "access", "TestDecide",
		[]edit{{"access/decide.go", "\t\tw.add(ChangeUndeclared, NameKey)\n", ""}},
		false,
	},
	{
		"G4", "a build that was not declared may be used", "access", "TestDecide",
		[]edit{{"access/decide.go", "\t\tw.add(ChangeUndeclared, NameBuild)\n", ""}},
		false,
	},
	{
		"G4", "services are given in maintenance", "access", "TestDecide",
		[]edit{{"access/maintenance.go", "\t\tw.add(ServiceBusy, NameMaintenance)\n", ""}},
		false,
	},
	{
		"G4", "a retired key stays declared", "onboarding", "TestWhatTheOperatorDoesDeclaresTheKey/sqlite",
		[]edit{{"onboarding/lifecycle.go", "\t\tforgetKeys(&next, gone, now)\n", "\t\t_ = gone\n"}},
		false,
	},
	{
		"G4", "any field may be asked", "access", "TestDecide",
		[]edit{{"access/decide.go", "\t\treturn fieldsForbidden(g, r) == 0\n", "\t\treturn true\n"}},
		false,
	},
	{
		"G4", "any search key will do", "access", "TestDecide",
		[]edit{{"access/decide.go", "\t\treturn missing == 0 && forbidden == 0 && claimsMissing(g, r) == 0\n", "\t\treturn missing|forbidden|AllKeys != 0\n"}},
		false,
	},
	{
		"G4", "any procedure will do", "access", "TestDecide",
		[]edit{{"access/decide.go", "\t\treturn !q.procedure || slices.Contains(g.Procedures, r.Procedure)\n", "\t\treturn true\n"}},
		false,
	},
	{
		"G4", "grants never end", "access", "TestDecide",
		[]edit{{"access/decide.go", "\t\treturn within(q.now, g.From, g.Until)\n", "\t\treturn true\n"}},
		false,
	},
	{
		"G4", "no officer needs to be named", "access", "TestDecide",
		[]edit{{"access/decide.go", "\t\tw.add(OfficerMissing, \"officer.id\")\n", ""}},
		false,
	},
	{
		"G4", "another's case will do", "access", "TestDecide",
		[]edit{{"access/decide.go", "\t\tw.add(PurposeNotGranted, c.AgencyCode)\n", ""}},
		false,
	},
	{
		"G4", "a consent of somebody else will do", "access", "TestDecide",
		[]edit{{"access/decide.go", "\t\tw.add(ConsentMissing, \"person\")\n", ""}},
		false,
	},
	{
		"G4", "any address may call", "access", "TestDecide",
		[]edit{{"access/decide.go", "\tw.add(AddressForbidden)\n", ""}},
		false,
	},
	{
		"G4", "an intermediary may speak for anybody", "access", "TestDecide",
		[]edit{{"access/decide.go", "\t\t\tw.add(IntermediaryForbidden, \"represented\")\n", ""}},
		false,
	},
	{
		"G4", "people out of the territory and protected ones are shown", "gate", "TestOutOfTerritoryAndProtectedReadLikeNobody/sqlite",
		[]edit{{"gate/proposal.go", "access.Visible(g, f.Subject) && ", ""}},
		false,
	},
	{
		"G4", "a case has no limit of people", "gate", "TestACaseDisclosesSoManyPeople/sqlite",
		[]edit{{"access/admit.go", "\t\treturn Verdict{Code: CaseExhausted}\n", ""}},
		false,
	},
	{
		"G5", "fsck does not compare bodies with leaves", "gate", "TestEveryChangeOfACallShows/sqlite",
		[]edit{{"ledger/fsck.go", "\tif leafOf(parts) != leaf {\n", "\tif false {\n"}},
		false,
	},
	{
		"G5", "fsck does not compare the tree with its heads", "gate", "TestEveryChangeOfACallShows/sqlite",
		[]edit{{"ledger/fsck.go", "\tif root := f.tree.root(); !f.lost && !bytes.Equal(root[:], h.root) {\n", "\tif false {\n"}},
		false,
	},
	{
		"G5", "fsck does not compare what was kept", "gate", "TestEveryChangeOfACallShows/sqlite",
		[]edit{{"ledger/fsck.go", "\t\tif f.receipts[0].Leaf() != leaf {\n", "\t\tif false {\n"}},
		false,
	},
	{
		"G5", "a proof is not compared with the root", "gate", "TestEveryChangeOfACallShows/sqlite",
		[]edit{{"../verify/proof.go", "\tif err := tlog.CheckRecord(hashes, c.Size, c.Root, index, leafHash); err != nil {\n", "\tif err := error(nil); err != nil {\n"}},
		false,
	},
	{
		"G9", "the log goes on after an unknown commit", "gate", "TestNoEntryNoData/sqlite",
		[]edit{{"ledger/log.go", "\tl.down.Store(downState{fault.Wrap(fault.Unavailable, err, \"the log cannot be written\")})\n", ""}},
		false,
	},
	{
		"G9", "a standing that cannot be read is taken from memory", "gate", "TestAStandingThatCannotBeReadRefuses/sqlite",
		[]edit{
			{"gate/commit.go", "\t\t\t\treturn fault.Wrap(fault.Unavailable, err, \"the standing cannot be read\")\n", "\t\t\t\tdir = g.dir.Load()\n"},
			{"gate/commit.go", "\t\t\tif dir.Version() != tx.Head.Standing {\n", "\t\t\tif false {\n"},
		},
		false,
	},
	{
		"G9", "a commit is not synced", "gate", "TestAPowerCutLosesNothingAcknowledged",
		[]edit{
			{"db/db.go", "\tsync := \"synchronous(FULL)\"\n", "\tsync := \"synchronous(OFF)\"\n"},
			{"db/db.go", "\twant := 2 // FULL\n", "\twant := 0\n"},
		},
		false,
	},
	{
		"G9", "a follower's place skips a signal", "ledger", "TestFollowersAreToldOnceWhateverCrashes/sqlite",
		[]edit{{"ledger/follow.go", "rows[told-1].index+1, tx.Now)", "rows[told-1].index+3, tx.Now)"}},
		false,
	},
	{
		"G9", "a follower's place does not move", "ledger", "TestAFollowerThatFailsIsToldAgain/sqlite",
		[]edit{{"ledger/follow.go", "\t\treturn moveFollower(ctx, tx.Tx, f.Name, rows[told-1].index+1, tx.Now)\n", "\t\treturn nil\n"}},
		true,
	},
	{
		"G10", "PostgreSQL may log the parameters of statements", "../e2e", "TestNoPersonalDataInOperationalTexts/postgres",
		[]edit{
			{"db/db.go", "\tperform set_config('log_parameter_max_length', '0', false);\n", ""},
			{"db/db.go", "\tperform set_config('log_error_verbosity', 'terse', false);\n", ""},
		},
		false,
	},
	{
		"G10", "the name asked for is logged", "gate", "TestNoNameInOperationalLogs/sqlite",
		[]edit{{"gate/gate.go", "\tp.request = c.request()\n", "\tp.request = c.request()\n\tg.cfg.Logger.Debug(\"call of \" + c.Keys.FullName)\n"}},
		false,
	},
}

// Every guarantee has tests that fail when its rule is switched off.
func TestEveryRuleSwitchedOffIsNoticed(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes: the packages are compiled once per rule")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	// Without a change they pass, or the rest would say nothing.
	tests := map[string][]string{}
	for _, m := range mutations {
		name, _, _ := strings.Cut(m.test, "/")
		tests[m.pkg] = append(tests[m.pkg], name)
	}
	for pkg, names := range tests {
		run := "^(" + strings.Join(names, "|") + ")$"
		if pkg == "gate" || pkg == "ledger" || pkg == "onboarding" {
			run += "/^sqlite$"
		}
		if pkg == "../e2e" {
			continue // too slow to be run twice; "make test" runs it
		}
		if out, err := goTest(t, root, "", pkg, run, "3m"); err != nil {
			t.Fatalf("%s fails as it is: %v\n%s", pkg, err, out)
		}
	}
	for _, m := range mutations {
		t.Run(m.guarantee+" "+m.rule, func(t *testing.T) {
			name, sub, _ := strings.Cut(m.test, "/")
			if sub == "postgres" {
				dbtest.Postgres(t) // skips where there is none
			}
			run := "^" + name + "$"
			if sub != "" {
				run += "/^" + sub + "$"
			}
			timeout := "2m"
			if m.hangs {
				timeout = "20s"
			}
			out, err := goTest(t, root, overlay(t, root, m.edits), m.pkg, run, timeout)
			switch {
			case err == nil:
				t.Errorf("%s passes with the rule switched off", m.test)
			case strings.Contains(out, "panic: test timed out") && !m.hangs:
				t.Errorf("%s did not end with the rule switched off", m.test)
			case !strings.Contains(out, "--- FAIL: "+name) && !strings.Contains(out, "panic: "):
				t.Errorf("%s did not run with the rule switched off: %v\n%s", m.test, err, out)
			}
		})
	}
}

// overlay writes the changed files aside and returns the overlay's file.
func overlay(t *testing.T, root string, edits []edit) string {
	t.Helper()
	dir := t.TempDir()
	replace := map[string]string{}
	for _, e := range edits {
		path := filepath.Join(root, "internal", e.file)
		from := replace[path]
		if from == "" {
			from = path
		}
		b, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(b), e.from); n != 1 {
			t.Fatalf("the mutation no longer applies: %q stands %d times in %s", e.from, n, e.file)
		}
		to := filepath.Join(dir, strings.NewReplacer("/", "_", "..", "").Replace(e.file))
		if err := os.WriteFile(to, []byte(strings.Replace(string(b), e.from, e.to, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		replace[path] = to
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// goTest runs tests of one package in a process of their own.
func goTest(t *testing.T, root, overlay, pkg, run, timeout string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, "go", "test", "-vet=off", "-short", "-run", run, "-timeout", timeout, "./"+path.Join("internal", pkg))
	c.Dir = root
	if overlay != "" {
		// In the environment, so that a test that builds the program builds it so.
		c.Env = append(os.Environ(), "GOFLAGS="+strings.TrimSpace(os.Getenv("GOFLAGS")+" -overlay="+overlay))
	}
	out, err := c.CombinedOutput()
	if ctx.Err() != nil {
		err = errors.Join(err, ctx.Err())
	}
	return string(out), err
}
