package evidence

import (
	"encoding/binary"
	"encoding/json"
	"errors"
)

// chunkSize is how many bytes of a file are sealed and stored together:
// neither engine moves large values well, and a reader holds one at a time.
const chunkSize = 256 << 10

// aboutPiece is the number under which a file's description is sealed.
const aboutPiece = -1

// chunksOf returns in how many pieces a file of this size is kept.
func chunksOf(size int64) int64 { return (size + chunkSize - 1) / chunkSize }

// aad ties a sealed piece to its file and its place among n of them, so that
// none can be moved, swapped or left out.
func aad(id string, i, n int64) []byte {
	b := append(make([]byte, 0, 64), "dancu/evidence/1\x00"...)
	b = append(b, id...)
	b = append(b, 0)
	b = binary.BigEndian.AppendUint64(b, uint64(i))
	return binary.BigEndian.AppendUint64(b, uint64(n))
}

func (v *Vault) sealAbout(f *File, n int64) ([]byte, error) {
	b, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	return v.cfg.Box.Seal(nil, nil, b, aad(f.ID, aboutPiece, n)), nil
}

// openAbout returns the file a row describes. The sealed description is what
// holds: a row that says otherwise was changed.
func (v *Vault) openAbout(r *row) (File, error) {
	if len(r.about) == 0 {
		return File{}, refuse(NotThere, nil) // being made, or never made whole
	}
	b, err := v.cfg.Box.Open(nil, nil, r.about, aad(r.id, aboutPiece, r.chunks))
	if err != nil {
		return File{}, refuse(Damaged, err)
	}
	var f File
	if err := json.Unmarshal(b, &f); err != nil {
		return File{}, refuse(Damaged, err)
	}
	if f.ID != r.id || f.Owner != r.owner || chunksOf(f.Size) != r.chunks {
		return File{}, refuse(Damaged, errors.New("the row is not the one that was written"))
	}
	return f, nil
}
