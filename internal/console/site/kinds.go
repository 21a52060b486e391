package site

import (
	"slices"

	"dancu/internal/access"
	"dancu/internal/console/i18n"
)

// CodeTitle is the published title of a code, or the code itself.
func CodeTitle(l i18n.Lang, c access.Code) string {
	if info, ok := c.Info(); ok {
		return l.Text(info.Title)
	}
	return string(c)
}

// EntryKind is the name of a kind of entry, or the kind's own word.
func EntryKind(l i18n.Lang, kind string) string {
	if m, ok := entryKinds[kind]; ok {
		return l.T(m)
	}
	if text, ok := i18n.LifeEntries[kind]; ok {
		return l.Text(text)
	}
	return kind
}

// entryKinds names the kinds of entry that people meet; others show their own
// word.
var entryKinds = map[string]i18n.Msg{
	"call.verify":              i18n.KindVerify,
	"call.lookup":              i18n.KindLookup,
	"call.search":              i18n.KindSearch,
	"call.household":           i18n.KindHousehold,
	"calls.refused":            i18n.KindSummary,
	"consent.given":            i18n.KindConsent,
	"node.started":             i18n.KindNodeStarted,
	"node.resumed":             i18n.KindNodeResumed,
	"standing.changed":         i18n.KindStanding,
	"agency.registered":        i18n.KindAgencyNew,
	"agency.changed":           i18n.KindAgencyChanged,
	"system.registered":        i18n.KindSystemNew,
	"system.changed":           i18n.KindSystemChanged,
	"credential.registered":    i18n.KindCredentialNew,
	"credential.changed":       i18n.KindCredentialChanged,
	"credential.retired":       i18n.KindCredentialRetired,
	"connection.activated":     i18n.KindActivated,
	"connection.changed":       i18n.KindConnectionChanged,
	"connection.locked":        i18n.KindLocked,
	"connection.unlocked":      i18n.KindUnlocked,
	"connection.suspended":     i18n.KindSuspended,
	"connection.resumed":       i18n.KindResumed,
	"connection.ended":         i18n.KindEnded,
	"grant.given":              i18n.KindGrantNew,
	"grant.changed":            i18n.KindGrantChanged,
	"grant.ended":              i18n.KindGrantEnded,
	"log.search":               i18n.KindLogSearch,
	"log.read":                 i18n.KindLogRead,
	"log.export":               i18n.KindLogExport,
	"register.import_begun":    i18n.EntryImportBegun,
	"register.imported":        i18n.EntryImported,
	"account.created":          i18n.EntryAccountCreated,
	"account.changed":          i18n.EntryAccountChanged,
	"account.disabled":         i18n.EntryAccountDisabled,
	"account.enabled":          i18n.EntryAccountEnabled,
	"account.locked":           i18n.EntryAccountLocked,
	"account.unlocked":         i18n.EntryAccountUnlocked,
	"account.factor_added":     i18n.EntryFactorAdded,
	"account.factor_removed":   i18n.EntryFactorRemoved,
	"account.factors_reset":    i18n.EntryFactorsReset,
	"account.password_changed": i18n.EntryPasswordChanged,
	"account.password_reset":   i18n.EntryPasswordReset,
	"account.recovery_made":    i18n.EntryRecoveryMade,
	"account.recovery_used":    i18n.EntryRecoveryUsed,
	"account.rights_changed":   i18n.EntryRightsChanged,
	"proposal.made":            i18n.EntryProposalMade,
	"proposal.executed":        i18n.EntryProposalExecuted,
	"proposal.declined":        i18n.EntryProposalDeclined,
	"proposal.lapsed":          i18n.EntryProposalLapsed,
	"proposal.failed":          i18n.EntryProposalFailed,
	"key.made":                 i18n.EntryKeyMade,
	"key.ended":                i18n.EntryKeyEnded,
	"key.used":                 i18n.EntryKeyUsed,
	"keys.refused":             i18n.EntryKeysRefused,
	"provider.set":             i18n.EntryProviderSet,
	"provider.removed":         i18n.EntryProviderRemoved,
	"guide.published":          i18n.EntryGuidePublished,
	"notice.posted":            i18n.EntryNoticePosted,
	"notice.ended":             i18n.EntryNoticeEnded,
	"review.opened":            i18n.EntryReviewOpened,
	"review.decided":           i18n.EntryReviewDecided,
	"review.signed":            i18n.EntryReviewSigned,
	"session.opened":           i18n.EntrySessionOpened,
	"session.closed":           i18n.EntrySessionClosed,
	"session.ended":            i18n.EntrySessionEnded,
	"session.timed_out":        i18n.EntrySessionTimedOut,
	"session.factor":           i18n.EntrySessionFactor,
	"signin.failed":            i18n.EntrySignInFailed,
	"signin.abandoned":         i18n.EntrySignInAbandoned,
	"request.opened":           i18n.EntryRequestOpened,
	"request.seen":             i18n.EntryRequestSeen,
	"request.answered":         i18n.EntryRequestAnswered,
	"request.closed":           i18n.EntryRequestClosed,
	"request.read":             i18n.EntryRequestRead,
	"representation.read":      i18n.EntryRepresentation,
	"signins.failed":           i18n.EntrySignInsFailed,
}

// Kinds are the kinds of entry that have a name, in the order of the words.
func Kinds() []string {
	return slices.Sorted(func(yield func(string) bool) {
		for kind := range entryKinds {
			if !yield(kind) {
				return
			}
		}
		for kind := range i18n.LifeEntries {
			if !yield(kind) {
				return
			}
		}
	})
}
