package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"os"

	"dancu/internal/fault"
	"dancu/verify"
)

// maxPipedBundle is the largest bundle that is read from standard input, in
// bytes: it is in memory, for the end of an archive says what is in it.
const maxPipedBundle = 256 << 20

// bundle checks an opened evidence bundle. in is the file, and r what reads on
// in it.
func (v *verification) bundle(e *env, in io.Reader, r *bufio.Reader) error {
	var at io.ReaderAt
	var size int64
	if f, ok := in.(*os.File); ok {
		if fi, err := f.Stat(); err == nil && fi.Mode().IsRegular() {
			at, size = f, fi.Size()
		}
	}
	if at == nil {
		data, err := io.ReadAll(io.LimitReader(r, maxPipedBundle+1))
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "the bundle cannot be read")
		}
		if len(data) > maxPipedBundle {
			return fault.New(fault.Invalid, "the bundle is too large for standard input: name its file")
		}
		at, size = bytes.NewReader(data), int64(len(data))
	}
	rep, err := verify.CheckBundle(at, size, v.key)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "the bundle cannot be checked")
	}
	return findings(e, rep, v.asJSON, fmt.Sprintf("good: %d entries are what the log of %s has, under its checkpoint of %d entries; a bundle does not show that there are no others",
		rep.Entries, rep.Checkpoint.Origin, rep.Checkpoint.Size))
}

// kept checks the signatures of checkpoints alone.
func (v *verification) kept(e *env) error {
	rep := &verify.Report{}
	for _, name := range v.checkpoints {
		signed, err := readBounded(name, verify.MaxCheckpoint)
		if err != nil {
			return err
		}
		if rep.Checkpoint, err = verify.OpenCheckpoint(signed, v.key); err != nil {
			rep.Add(name, "%v", err)
		}
	}
	return findings(e, rep, v.asJSON, fmt.Sprintf("good: %s signed a checkpoint of %d entries, root %s", rep.Checkpoint.Origin, rep.Checkpoint.Size, rep.Checkpoint.Root))
}

// source opens the published log and its checkpoint.
func (v *verification) source(ctx context.Context) (verify.Source, verify.Checkpoint, error) {
	src, err := verify.OpenSource(v.log)
	if err != nil {
		return nil, verify.Checkpoint{}, fault.Wrap(fault.Invalid, err, "the log cannot be read")
	}
	c, err := verify.ReadCheckpoint(ctx, src, v.key)
	if err != nil {
		return nil, c, fault.Wrap(fault.Unavailable, err, "the log cannot be checked")
	}
	return src, c, nil
}

// one checks that one entry is in the published log.
func (v *verification) one(ctx context.Context, e *env) error {
	src, c, err := v.source(ctx)
	if err != nil {
		return err
	}
	rep := &verify.Report{Checkpoint: c, Entries: 1}
	leaf, err := verify.ReadLeaf(ctx, src, c, v.entry)
	if err != nil {
		rep.Add(verify.Entry(v.entry), "%v", err)
	}
	return findings(e, rep, v.asJSON, fmt.Sprintf("good: entry %d is in the log of %s under its checkpoint of %d entries, leaf %s",
		v.entry, c.Origin, c.Size, base64.StdEncoding.EncodeToString(leaf[:])))
}

// sizes checks that the published log of one size is the beginning of that of
// another.
func (v *verification) sizes(ctx context.Context, e *env) error {
	src, c, err := v.source(ctx)
	if err != nil {
		return err
	}
	if v.newer == 0 {
		v.newer = c.Size
	}
	rep := &verify.Report{Checkpoint: c}
	older, newer, err := verify.CheckSizes(ctx, src, c, v.older, v.newer)
	if err != nil {
		rep.Add(fmt.Sprintf("%d and %d entries", v.older, v.newer), "%v", err)
	}
	return findings(e, rep, v.asJSON, fmt.Sprintf("good: the log of %s with %d entries, root %s, is the beginning of the one with %d entries, root %s, and that of the signed one with %d",
		c.Origin, older.Size, older.Root, newer.Size, newer.Root, c.Size))
}
