package evidence

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"

	"dancu/internal/db"
)

// Upload says whose file it is and what it is called.
type Upload struct {
	// Owner is the id of who may attach the file: an agency or an account.
	Owner string
	// Name is the file's name as its sender gave it.
	Name string
	// Size is how many bytes were announced; 0 if that is not known.
	Size int64
}

// Put takes a file from r. On any error nothing of it is kept, but for the
// outcome that nobody knows (db.IsUnknown): then it may be there, nothing refers
// to it, and [Vault.Sweep] removes it.
//
// The file is held in memory while it comes in and is looked at; its writer
// transaction begins when all that is done. Errors carry a code ([CodeOf]).
func (v *Vault) Put(ctx context.Context, u Upload, r io.Reader) (File, error) {
	if u.Owner == "" {
		return File{}, refuse(OwnerMissing, nil)
	}
	name, err := cleanName(u.Name)
	if err != nil {
		return File{}, err
	}
	if u.Size > v.cfg.MaxSize {
		return File{}, refuse(TooLarge, nil, bytesText(v.cfg.MaxSize))
	}
	free, err := v.slots.take(ctx, u.Owner)
	if err != nil {
		return File{}, err
	}
	defer free()
	// Known before a byte is read, and again when it counts.
	if err := v.makeRoom(ctx, u.Owner); err != nil {
		return File{}, err
	}
	data, err := v.receive(u, r)
	if err != nil {
		return File{}, err
	}
	f := File{Owner: u.Owner, Name: name, Size: int64(len(data))}
	if f.Type, err = check(name, data); err != nil {
		return File{}, err
	}
	if f.Scanned, err = v.scan(ctx, data); err != nil {
		return File{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return File{}, err
	}
	sum := sha256.Sum256(data)
	f.ID, f.SHA256, f.Added = id.String(), hex.EncodeToString(sum[:]), db.Time(db.Micros(v.db.Clock()))
	if err := v.store(ctx, f, data); err != nil {
		return File{}, err
	}
	return f, nil
}

// receive reads the whole upload.
func (v *Vault) receive(u Upload, r io.Reader) ([]byte, error) {
	var b bytes.Buffer
	n, err := b.ReadFrom(io.LimitReader(r, v.cfg.MaxSize+1))
	switch {
	case n > v.cfg.MaxSize:
		return nil, refuse(TooLarge, nil, bytesText(v.cfg.MaxSize))
	case err != nil:
		return nil, refuse(CutOff, err)
	case u.Size > 0 && n != u.Size:
		return nil, refuse(CutOff, fmt.Errorf("%d bytes of %d came", n, u.Size))
	case n == 0:
		return nil, refuse(Empty, nil)
	}
	return b.Bytes(), nil
}

// scan asks the scanner; the zero time means that there is none.
func (v *Vault) scan(ctx context.Context, data []byte) (time.Time, error) {
	if v.cfg.Scanner == nil {
		return time.Time{}, nil
	}
	found, err := v.cfg.Scanner.Scan(ctx, bytes.NewReader(data))
	switch {
	case err != nil:
		v.cfg.Logger.Error("an upload was refused: the malware scanner cannot be asked", "error", err)
		return time.Time{}, refuse(ScanMissing, err)
	case found != "":
		v.cfg.Logger.Warn("an upload was refused: the malware scanner found something", "found", found)
		return time.Time{}, refuse(Malware, nil, found)
	}
	return db.Time(db.Micros(v.db.Clock())), nil
}

// room refuses an owner who has too many files waiting.
func (v *Vault) room(ctx context.Context, q db.Querier, owner string) error {
	n, err := countPending(ctx, q, owner)
	if err != nil {
		return err
	}
	if n >= int64(v.cfg.Pending) {
		return refuse(TooMany, nil, v.cfg.Pending)
	}
	return nil
}

// makeRoom is room, after what waits no more was settled.
func (v *Vault) makeRoom(ctx context.Context, owner string) error {
	err := v.room(ctx, v.db, owner)
	if v.cfg.Referred == nil || CodeOf(err) != TooMany {
		return err
	}
	ids, err := pendingOf(ctx, v.db, owner)
	if err != nil {
		return err
	}
	stay, err := v.cfg.Referred(ctx, ids)
	if err != nil {
		return err
	}
	err = v.db.Write(ctx, func(tx *db.Tx) error {
		for _, id := range stay {
			if err := keep(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return v.room(ctx, v.db, owner)
}

// store seals the file and writes it, whole, in one transaction.
func (v *Vault) store(ctx context.Context, f File, data []byte) error {
	n := chunksOf(f.Size)
	about, err := v.sealAbout(&f, n)
	if err != nil {
		return err
	}
	return v.db.Write(ctx, func(tx *db.Tx) error {
		if err := v.room(ctx, tx, f.Owner); err != nil {
			return err
		}
		if err := insertFile(ctx, tx, &row{id: f.ID, owner: f.Owner, chunks: n, added: f.Added, expires: f.Added.Add(v.cfg.Term), about: about}); err != nil {
			return err
		}
		for i := range n {
			if err := ctx.Err(); err != nil {
				return refuse(CutOff, err) // the sender has gone
			}
			piece := data[i*chunkSize : min((i+1)*chunkSize, f.Size)]
			if err := insertChunk(ctx, tx, f.ID, i, v.cfg.Box.Seal(nil, nil, piece, aad(f.ID, i, n))); err != nil {
				return err
			}
		}
		return nil
	})
}

// bytesText says a size in words.
func bytesText(n int64) string {
	switch {
	case n >= 1<<20 && n%(1<<20) == 0:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 1<<10 && n%(1<<10) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d byte", n)
}
