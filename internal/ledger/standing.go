package ledger

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
)

// standingKind is the kind of the entry that commits to the documents of a
// standing change. The entries their authors write tell of it in words; this
// one makes a document that was altered in the store show.
const standingKind = "standing.changed"

// changesPerEntry keeps a standing.changed entry well below maxPartData.
const changesPerEntry = 128

// commitStanding appends the entries that commit to what was staged for the
// standing: version, kind, id and SHA-256 of each document.
func (tx *Tx) commitStanding() error {
	for rows := range slices.Chunk(tx.standing, changesPerEntry) {
		changes := make([]any, len(rows))
		for i, r := range rows {
			sum := sha256.Sum256(r.Doc)
			changes[i] = map[string]any{
				"version": r.Version, "kind": r.Kind, "id": r.ID,
				"sha256": base64.StdEncoding.EncodeToString(sum[:]),
			}
		}
		e, err := EventEntry(standingKind, Actor{Kind: "node", ID: tx.log.cfg.Node}, map[string]any{"changes": changes})
		if err != nil {
			return err
		}
		tx.Append(e, Outcome{})
	}
	return tx.err
}
