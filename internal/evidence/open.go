package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"dancu/internal/db"
)

// MaxHold is how many files can be held at once.
const MaxHold = 100

// Stat returns what is known of a file. Whether the asker may know is the
// caller's to say. There is none: [NotThere].
func (v *Vault) Stat(ctx context.Context, id string) (File, error) {
	r, err := fileByID(ctx, v.db, id)
	if err != nil {
		return File{}, err
	}
	if r == nil {
		return File{}, refuse(NotThere, nil)
	}
	return v.openAbout(r)
}

// Hold returns files of one owner, in the order of ids, and sees to it that
// they are there for at least the vault's term from now. It is called before
// the transaction that is to refer to them, which then records their hashes; if
// that does not come about, they go in time by themselves. A file that is not
// there, or another's, is [NotThere].
func (v *Vault) Hold(ctx context.Context, owner string, ids ...string) ([]File, error) {
	if len(ids) > MaxHold {
		return nil, refuse(TooManyAtOnce, nil, MaxHold)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	var files []File
	err := v.db.Write(ctx, func(tx *db.Tx) error {
		files = make([]File, 0, len(ids))
		until := v.db.Clock().Add(v.cfg.Term)
		for _, id := range ids {
			there, err := prolong(ctx, tx, owner, id, until)
			if err != nil {
				return err
			}
			if !there {
				return refuse(NotThere, nil)
			}
			r, err := fileByID(ctx, tx, id)
			if err != nil {
				return err
			}
			f, err := v.openAbout(r)
			if err != nil {
				return err
			}
			files = append(files, f)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return files, nil
}

// Await puts off the end of uploads of one owner to that time, while somebody
// is still writing what will refer to them. One that is not there, or another's,
// is passed over: whoever refers to it in the end is told by [Vault.Hold].
func (v *Vault) Await(ctx context.Context, owner string, until time.Time, ids ...string) error {
	if len(ids) == 0 {
		return nil
	}
	if len(ids) > MaxHold {
		return refuse(TooManyAtOnce, nil, MaxHold)
	}
	return v.db.Write(ctx, func(tx *db.Tx) error {
		for _, id := range ids {
			if _, err := prolong(ctx, tx, owner, id, until); err != nil {
				return err
			}
		}
		return nil
	})
}

// Open returns a file and its contents. All of it is checked before the first
// byte is given, and every piece again as it is read, so that nobody gets half
// of a file that was tampered with ([Damaged]). One piece is in memory at a
// time. ctx is the reader's, too. Whether the asker may read it is the caller's
// to say.
func (v *Vault) Open(ctx context.Context, id string) (File, io.Reader, error) {
	f, err := v.Stat(ctx, id)
	if err != nil {
		return File{}, nil, err
	}
	h := sha256.New()
	n, err := io.Copy(h, v.reader(ctx, &f))
	if err != nil {
		return File{}, nil, err
	}
	if n != f.Size || hex.EncodeToString(h.Sum(nil)) != f.SHA256 {
		return File{}, nil, refuse(Damaged, errors.New("the contents do not have the recorded hash"))
	}
	return f, v.reader(ctx, &f), nil
}

// Read returns a file and all its contents.
func (v *Vault) Read(ctx context.Context, id string) (File, []byte, error) {
	f, r, err := v.Open(ctx, id)
	if err != nil {
		return File{}, nil, err
	}
	data := bytes.NewBuffer(make([]byte, 0, f.Size+bytes.MinRead))
	if _, err := data.ReadFrom(r); err != nil {
		return File{}, nil, err
	}
	return f, data.Bytes(), nil
}

// reader reads a file piece by piece.
type reader struct {
	v    *Vault
	ctx  context.Context
	id   string
	next int64
	n    int64
	seal int64 // what stands for n in the pieces' seals
	rest []byte
}

func (v *Vault) reader(ctx context.Context, f *File) *reader {
	n := chunksOf(f.Size)
	r := &reader{v: v, ctx: ctx, id: f.ID, n: n, seal: n}
	if f.Made {
		r.seal = madeChunks
	}
	return r
}

func (r *reader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		if r.next == r.n {
			return 0, io.EOF
		}
		sealed, err := chunk(r.ctx, r.v.db, r.id, r.next)
		if err != nil {
			return 0, err
		}
		if sealed == nil {
			return 0, refuse(Damaged, fmt.Errorf("piece %d of %d is missing", r.next, r.n))
		}
		if r.rest, err = r.v.cfg.Box.Open(nil, nil, sealed, aad(r.id, r.next, r.seal)); err != nil {
			return 0, refuse(Damaged, err)
		}
		r.next++
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
