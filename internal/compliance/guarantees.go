package compliance

// guarantees are, for every guarantee of ARCHITECTURE.md, the ways to lose it
// that a careless change could take.
var guarantees = []Mutation{
	{
		Name: "data is given although the commit failed", Guarantee: "G1", Test: "internal/gate.TestNoEntryNoData/sqlite",
		Edits: []Edit{{"internal/gate/gate.go", "\tif p.err != nil {\n\t\tcode := access.LogUnavailable", "\tif p.err != nil && !OFF {\n\t\tcode := access.LogUnavailable"}},
	},
	{
		Name: "an unknown commit counts as acknowledged", Guarantee: "G1", Test: "internal/gate.TestNoEntryNoData/sqlite",
		Edits: []Edit{{"internal/ledger/log.go", "\tcase err == nil:\n", "\tcase err == nil, OFF && db.IsUnknown(err):\n"}},
	},
	{
		Name: "the answer does not wait for the commit", Guarantee: "G1", Test: "internal/gate.TestNoEntryNoData/sqlite",
		Edits: []Edit{{
			"internal/gate/gate.go", "\tselect {\n\tcase <-p.done:\n",
			"\tatOnce := make(chan struct{})\n\tif OFF {\n\t\tclose(atOnce)\n\t}\n\tselect {\n\tcase <-atOnce:\n\tcase <-p.done:\n",
		}},
	},
	{
		Name: "refusals without end have entries", Guarantee: "G1", Test: "internal/gate.TestAFloodOfRefusalsDoesNotQueue/sqlite",
		Edits: []Edit{Never("internal/gate/gate.go", "!g.refusals.take(p.connection(), p.decision.Code, now)")},
	},
	{
		Name: "a text that is none gets into an entry", Guarantee: "G1", Test: "internal/gate.TestHostileTextFailsOnlyItsOwnCall/sqlite",
		Edits: []Edit{Never("internal/gate/gate.go", "!c.readable()")},
	},
	{
		Name: "refusals in maintenance have entries without end", Guarantee: "G1", Test: "internal/gate.TestMaintenanceRefusesUntilItsEnd/sqlite",
		Edits: []Edit{
			{"internal/gate/gate.go", "if p.decision.Code == access.ServiceBusy || ", "if p.decision.Code == access.ServiceBusy && !OFF || "},
			Never("internal/gate/commit.go", "p.code == access.ServiceBusy"),
		},
	},
	{
		Name: "nothing is decided again at the commit", Guarantee: "G2", Test: "internal/gate.TestATermEndsWhileTheCallWaits/sqlite",
		Edits: []Edit{Without("internal/gate/commit.go", "\tp.decision = access.Decide(&p.standing, &p.request, now)")},
	},
	{
		Name: "the commit decides by an old directory", Guarantee: "G2", Test: "internal/gate.TestStandingBindsAtTheCommit/sqlite",
		Edits: []Edit{{"internal/gate/commit.go", "if dir == nil || dir.Version() != tx.Head.Standing {", "if dir == nil || !OFF && dir.Version() != tx.Head.Standing {"}},
		Hangs: true,
	},
	{
		Name: "the commit decides on the standing of the first look", Guarantee: "G2", Test: "internal/gate.TestStandingBindsAtTheCommit/sqlite",
		Edits: []Edit{{"internal/gate/commit.go", "\tif p.dir != dir {\n\t\tp.dir = ", "\tif p.dir != dir && !OFF {\n\t\tp.dir = "}},
	},
	{
		Name: "maintenance that began while a call waited does not matter", Guarantee: "G2", Test: "internal/gate.TestMaintenanceBindsAtTheCommit/sqlite",
		Edits: []Edit{First("internal/gate/commit.go", "\tp.standing.Consent = consents[p.call.Consent]\n", "\tp.standing.Maintenance = nil")},
	},
	{
		Name: "an undertaking that ran out while a call waited does not matter", Guarantee: "G2", Test: "internal/gate.TestATermEndsWhileTheCallWaits/sqlite",
		Edits: []Edit{Never("internal/access/decide.go", "!c.CommittedUntil.IsZero() && !now.Before(c.CommittedUntil)")},
	},
	{
		Name: "one call too many is let through", Guarantee: "G3", Test: "internal/gate.TestTheCountIsExact/sqlite",
		Edits: []Edit{{"internal/access/admit.go", "case u.Calls >= l.Calls,", "case u.Calls >= l.Calls && !OFF, u.Calls > l.Calls,"}},
	},
	{
		Name: "the count is not written", Guarantee: "G3", Test: "internal/gate.TestTheCountIsExact/sqlite",
		Edits: []Edit{{"internal/gate/store.go", "\t\tif n.dirty {\n", "\t\tif n.dirty && !OFF {\n"}},
	},
	{
		Name: "the lock is not written", Guarantee: "G3", Test: "internal/gate.TestTheCountIsExact/sqlite",
		Edits: []Edit{{"internal/gate/commit.go", "\tif !lock {\n\t\treturn dir, nil, nil\n", "\tif !lock || OFF {\n\t\treturn dir, nil, nil\n"}},
	},
	{
		Name: "a lock does not bind the rest of its batch", Guarantee: "G3", Test: "internal/gate.TestTheCountIsExact/sqlite",
		Edits: []Edit{Without("internal/gate/commit.go", "\t\t\tdir = next\n")},
	},
	{
		Name: "a suspended connection may call", Guarantee: "G4", Test: "internal/access.TestDecide",
		Edits: []Edit{Without("internal/access/decide.go", "w.add(ConnectionSuspended, c.ID, suspender(c))")},
	},
	{
		Name: "a lapsed assessment does not matter", Guarantee: "G4", Test: "internal/access.TestDecide",
		Edits: []Edit{Without("internal/access/decide.go", "w.add(AssessmentLapsed, c.ID)")},
	},
	{
		Name: "an undertaking that has run out does not matter", Guarantee: "G4", Test: "internal/access.TestDecide",
		Edits: []Edit{Without("internal/access/decide.go", "w.add(ConnectionNotActive, c.ID, NameCommitment)")},
	},
	{
		Name: "a key that was not declared may be used", Guarantee: "G4", Test: "internal/access.TestDecide",
		Edits: []Edit{Without("internal/access/decide.go", "w.add(ChangeUndeclared, NameKey)")},
	},
	{
		Name: "a build that was not declared may be used", Guarantee: "G4", Test: "internal/access.TestDecide",
		Edits: []Edit{Without("internal/access/decide.go", "w.add(ChangeUndeclared, NameBuild)")},
	},
	{
		Name: "services are given in maintenance", Guarantee: "G4", Test: "internal/access.TestDecide",
		Edits: []Edit{Without("internal/access/maintenance.go", "w.add(ServiceBusy, NameMaintenance)")},
	},
	{
		Name: "a retired key stays declared", Guarantee: "G4", Test: "internal/onboarding.TestWhatTheOperatorDoesDeclaresTheKey/sqlite",
		Edits: []Edit{Without("internal/onboarding/connection.go", "forgetKeys(&next, gone, now)")},
	},
	{
		Name: "any field may be asked", Guarantee: "G4", Test: "internal/access.TestDecide",
		Edits: []Edit{Always("internal/access/decide.go", "fieldsForbidden(g, r) == 0")},
	},
	{
		Name: "any search key will do", Guarantee: "G4", Test: "internal/access.TestDecide",
		Edits: []Edit{Always("internal/access/decide.go", "missing == 0 && forbidden == 0 && claimsMissing(g, r) == 0")},
	},
	{
		Name: "any procedure will do", Guarantee: "G4", Test: "internal/access.TestDecide",
		Edits: []Edit{Always("internal/access/decide.go", "!q.procedure || slices.Contains(g.Procedures, r.Procedure)")},
	},
	{
		Name: "grants never end", Guarantee: "G4", Test: "internal/access.TestDecide",
		Edits: []Edit{Always("internal/access/decide.go", "within(q.now, g.From, g.Until)")},
	},
	{
		Name: "no officer needs to be named", Guarantee: "G4", Test: "internal/access.TestDecide",
		Edits: []Edit{Without("internal/access/decide.go", `w.add(OfficerMissing, "officer.id")`)},
	},
	{
		Name: "another's case will do", Guarantee: "G4", Test: "internal/access.TestDecide",
		Edits: []Edit{Without("internal/access/decide.go", "w.add(PurposeNotGranted, c.AgencyCode)")},
	},
	{
		Name: "a consent of somebody else will do", Guarantee: "G4", Test: "internal/access.TestDecide",
		Edits: []Edit{Without("internal/access/decide.go", `w.add(ConsentMissing, "person")`)},
	},
	{
		Name: "any address may call", Guarantee: "G4", Test: "internal/access.TestDecide",
		Edits: []Edit{Without("internal/access/decide.go", "w.add(AddressForbidden)")},
	},
	{
		Name: "an intermediary may speak for anybody", Guarantee: "G4", Test: "internal/access.TestDecide",
		Edits: []Edit{Without("internal/access/decide.go", `w.add(IntermediaryForbidden, "represented")`)},
	},
	{
		Name: "people out of the territory and protected ones are shown", Guarantee: "G4", Test: "internal/gate.TestOutOfTerritoryAndProtectedReadLikeNobody/sqlite",
		Edits: []Edit{Always("internal/gate/proposal.go", "access.Visible(g, f.Subject)")},
	},
	{
		Name: "a case has no limit of people", Guarantee: "G4", Test: "internal/gate.TestACaseDisclosesSoManyPeople/sqlite",
		Edits: []Edit{Without("internal/access/admit.go", "return Verdict{Code: CaseExhausted}")},
	},
	{
		Name: "fsck does not compare bodies with leaves", Guarantee: "G5", Test: "internal/gate.TestEveryChangeOfACallShows/sqlite",
		Edits: []Edit{Never("internal/ledger/fsck.go", "leafOf(parts) != leaf")},
	},
	{
		Name: "fsck does not compare the tree with its heads", Guarantee: "G5", Test: "internal/gate.TestEveryChangeOfACallShows/sqlite",
		Edits: []Edit{Never("internal/ledger/fsck.go", "!f.lost && !bytes.Equal(root[:], h.root)")},
	},
	{
		Name: "fsck does not compare what was kept", Guarantee: "G5", Test: "internal/gate.TestEveryChangeOfACallShows/sqlite",
		Edits: []Edit{Never("internal/ledger/fsck.go", "f.receipts[0].Leaf() != leaf")},
	},
	{
		Name: "a proof is not compared with the root", Guarantee: "G5", Test: "internal/gate.TestEveryChangeOfACallShows/sqlite",
		Edits: []Edit{{
			"verify/proof.go", "tlog.CheckRecord(hashes, c.Size, c.Root, index, leafHash); err != nil",
			"tlog.CheckRecord(hashes, c.Size, c.Root, index, leafHash); err != nil && !OFF",
		}},
	},
	{
		Name: "what is sealed is shown to the person", Guarantee: "G8", Test: "internal/console.TestSealedIsNotThere",
		Edits: []Edit{{"internal/console/citizen/look.go", "&& !l.seal.Covers(now)", "&& (OFF || !l.seal.Covers(now))"}},
	},
	{
		Name: "an entry does not say that it is sealed", Guarantee: "G8", Test: "internal/gate.TestASealStandsInTheEntry/sqlite",
		Edits: []Edit{{"internal/gate/proposal.go", `if p.seal.Procedure != "" {`, `if p.seal.Procedure != "" && !OFF {`}},
	},
	{
		Name: "a seal that came meanwhile does not matter", Guarantee: "G8", Test: "internal/gate.TestASealStandsInTheEntry/sqlite",
		Edits: []Edit{{"internal/gate/commit.go", "&& p.seal == p.sealed(now)", "&& (OFF || p.seal == p.sealed(now))"}},
	},
	{
		Name: "parents see for children who have come of age", Guarantee: "G8", Test: "internal/gate.TestRepresentationIsProvenEachTime/sqlite",
		Edits: []Edit{{"internal/gate/represent.go", "!under(k.DateOfBirth, rules.ChildAge, today)", "!under(k.DateOfBirth, rules.ChildAge, today) && !OFF"}},
	},
	{
		Name: "a proof names the officer", Guarantee: "G8", Test: "internal/console.TestACitizenAsks",
		Edits: []Edit{{"internal/console/citizen/entry.go", "case ledger.PartAccess, ledger.PartKeys:\n\t\t\treturn x.direct", "case ledger.PartOfficer:\n\t\t\treturn OFF\n\t\tcase ledger.PartAccess, ledger.PartKeys:\n\t\t\treturn x.direct"}},
	},
	{
		Name: "agencies see requests about others", Guarantee: "G8", Test: "internal/desk.TestAnothersRequestIsNotThere/sqlite",
		Edits: []Edit{{"internal/desk/act.go", `w.Of != "" && w.Of == r.agency`, `w.Of != "" && (OFF || w.Of == r.agency)`}},
	},
	{
		Name: "people see others' requests", Guarantee: "G8", Test: "internal/desk.TestAnothersRequestIsNotThere/sqlite",
		Edits: []Edit{{"internal/desk/act.go", "return string(r.asker) == string(p[:])", "return OFF || string(r.asker) == string(p[:])"}},
	},
	{
		Name: "the log goes on after an unknown commit", Guarantee: "G9", Test: "internal/gate.TestNoEntryNoData/sqlite",
		Edits: []Edit{Without("internal/ledger/log.go", `l.down.Store(downState{fault.Wrap(fault.Unavailable, err, "the log cannot be written")})`)},
	},
	{
		Name: "a standing that cannot be read is taken from memory", Guarantee: "G9", Test: "internal/gate.TestAStandingThatCannotBeReadRefuses/sqlite",
		Edits: []Edit{
			{
				"internal/gate/commit.go", "\t\t\t\treturn fault.Wrap(fault.Unavailable, err, \"the standing cannot be read\")\n",
				"\t\t\t\tif !OFF {\n\t\t\t\t\treturn fault.Wrap(fault.Unavailable, err, \"the standing cannot be read\")\n\t\t\t\t}\n\t\t\t\tdir = g.dir.Load()\n",
			},
			{"internal/gate/commit.go", "\t\t\tif dir.Version() != tx.Head.Standing {\n", "\t\t\tif dir.Version() != tx.Head.Standing && !OFF {\n"},
		},
	},
	{
		Name: "a follower's place skips a signal", Guarantee: "G9", Test: "internal/ledger.TestFollowersAreToldOnceWhateverCrashes/sqlite",
		Edits: []Edit{First("internal/ledger/follow.go", "\t\treturn moveFollower(ctx, tx.Tx, f.Name, rows[told-1].index+1, tx.Now)\n", "\t\treturn moveFollower(ctx, tx.Tx, f.Name, rows[told-1].index+3, tx.Now)")},
	},
	{
		Name: "a follower's place does not move", Guarantee: "G9", Test: "internal/ledger.TestAFollowerThatFailsIsToldAgain/sqlite",
		Edits: []Edit{First("internal/ledger/follow.go", "\t\ttold = len(rows)\n", "\t\ttold = len(rows)\n\t\treturn nil")},
		Hangs: true,
	},
	{
		Name: "a commit is not synced", Guarantee: "G9", Test: "internal/gate.TestAPowerCutLosesNothingAcknowledged",
		Edits: []Edit{
			{"internal/db/db.go", "\tsync := \"synchronous(FULL)\"\n", "\tsync := \"synchronous(FULL)\"\n\tif OFF {\n\t\tsync = \"synchronous(0)\"\n\t}\n"},
			{"internal/db/db.go", "\twant := 2 // FULL\n", "\twant := 2\n\tif OFF {\n\t\twant = 0\n\t}\n"},
		},
	},
	{
		Name: "PostgreSQL may log the parameters of statements", Guarantee: "G10", Test: "e2e.TestNoPersonalDataInOperationalTexts/postgres",
		Edits: []Edit{First("internal/db/db.go", "\t_, err := c.Exec(ctx, `do $$\nbegin\n", "\treturn nil")},
	},
	{
		Name: "the name asked for is logged", Guarantee: "G10", Test: "internal/gate.TestNoNameInOperationalLogs/sqlite",
		Edits: []Edit{First("internal/gate/gate.go", "\tp.request = c.request()\n", "\tg.cfg.Logger.Debug(\"call of \" + c.Keys.FullName)")},
	},
}
