package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"time"

	"github.com/google/uuid"

	"dancu/internal/db"
)

// Making says what a file is that the program itself makes.
type Making struct {
	// Owner is what the file belongs to, such as the id of a job. The files of
	// people who hand some in are counted by owner, so it is none of those.
	Owner string
	// Name is the file's name, Type its media type. Nothing of either is decided
	// by the contents, and nothing is scanned: they are the program's own.
	Name, Type string
	// Keep is how long the file stays after it is whole; then [Vault.Sweep]
	// removes it. It is more than 0.
	Keep time.Duration
	// Limit is the most bytes; 0 means no limit.
	Limit int64
}

// madeChunks stands for the number of pieces in the seal of a piece of a file
// that is made: how many there will be is not known when it is written. The
// sealed description has their number, the size and the hash, and all three are
// checked before a byte is given out.
const madeChunks = -1

// Maker takes the contents of a file that the program makes, piece by piece and
// of any length: a piece is in memory at a time. Nobody finds the file before
// Close. What is not closed, because the process ended, is removed by
// [Vault.Sweep] when the time it was to be kept is over.
type Maker struct {
	v     *Vault
	ctx   context.Context
	m     Making
	file  File
	hash  hash.Hash
	piece []byte
	n     int64
	err   error
}

// Make begins a file. ctx is that of the whole making.
func (v *Vault) Make(ctx context.Context, m Making) (*Maker, error) {
	if m.Owner == "" {
		return nil, refuse(OwnerMissing, nil)
	}
	if m.Keep <= 0 || m.Type == "" {
		return nil, errors.New("a file that is made has a type and a time to be kept")
	}
	name, err := cleanName(m.Name)
	if err != nil {
		return nil, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, err
	}
	k := &Maker{
		v: v, ctx: ctx, m: m, hash: sha256.New(), piece: make([]byte, 0, chunkSize),
		file: File{ID: id.String(), Owner: m.Owner, Name: name, Type: m.Type, Made: true},
	}
	k.file.Added = db.Time(db.Micros(v.db.Clock()))
	// Under the seal of nothing: a file that is not whole does not open.
	err = v.db.Write(ctx, func(tx *db.Tx) error {
		return insertFile(ctx, tx, &row{id: k.file.ID, owner: m.Owner, added: k.file.Added, expires: k.file.Added.Add(m.Keep), about: []byte{}})
	})
	return k, err
}

// Write takes more of the contents.
func (k *Maker) Write(p []byte) (n int, err error) {
	for len(p) > 0 && k.err == nil {
		room := min(len(p), chunkSize-len(k.piece))
		k.piece = append(k.piece, p[:room]...)
		p, n = p[room:], n+room
		if len(k.piece) == chunkSize {
			k.flush()
		}
	}
	return n, k.err
}

// flush seals and stores the piece under way.
func (k *Maker) flush() {
	if k.file.Size += int64(len(k.piece)); k.m.Limit > 0 && k.file.Size > k.m.Limit {
		k.err = refuse(TooLarge, nil, bytesText(k.m.Limit))
		return
	}
	k.hash.Write(k.piece)
	sealed := k.v.cfg.Box.Seal(nil, nil, k.piece, aad(k.file.ID, k.n, madeChunks))
	k.err = k.v.db.Write(k.ctx, func(tx *db.Tx) error { return insertChunk(k.ctx, tx, k.file.ID, k.n, sealed) })
	k.n++
	k.piece = k.piece[:0]
}

// Close ends the file and returns it. After an error there is none.
func (k *Maker) Close() (File, error) {
	if k.err == nil && len(k.piece) > 0 {
		k.flush()
	}
	if k.err != nil {
		return File{}, k.err
	}
	k.file.SHA256 = hex.EncodeToString(k.hash.Sum(nil))
	about, err := k.v.sealAbout(&k.file, k.n)
	if err != nil {
		return File{}, err
	}
	k.err = errors.New("the file is closed")
	err = k.v.db.Write(k.ctx, func(tx *db.Tx) error {
		return finishFile(k.ctx, tx, &row{id: k.file.ID, chunks: k.n, expires: k.v.db.Clock().Add(k.m.Keep), about: about})
	})
	if err != nil {
		return File{}, err
	}
	return k.file, nil
}

// Discard removes a file of an owner's that the program made, whole or not, at
// once. One that is not there is no error.
func (v *Vault) Discard(ctx context.Context, owner, id string) error {
	return v.db.Write(ctx, func(tx *db.Tx) error { return removeOf(ctx, tx, owner, id) })
}

// ID is the file's, from its beginning on.
func (k *Maker) ID() string { return k.file.ID }

var _ io.Writer = (*Maker)(nil)
