package events

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"time"
)

// begin starts a new segment and seals the one before.
func (d *series) begin() error {
	header, salt := newHeader()
	path := d.path(d.next, segmentSuffix)
	f, err := createDurable(path, header)
	if err != nil {
		os.Remove(path)
		return err
	}
	d.seal()
	d.finish()
	d.file, d.staged = f, stagedFrom(fileHeader, fileHeader)
	d.mu.Lock()
	d.segments = append(d.segments, &segment{d.next, salt, fileHeader, new(tail)})
	d.mu.Unlock()
	d.next++
	return d.shrink()
}

// seal writes the sidecar of the last segment in the background.
func (d *series) seal() {
	d.sealing.Wait()
	last := d.last()
	if last == nil {
		return
	}
	t, ok := last.index.(*tail)
	if !ok {
		return
	}
	length := last.length
	d.sealing.Go(func() {
		if err := d.writeSidecar(last, t, length); err != nil {
			d.logger.Error("event log: index not written, it stays in memory", "segment", last.number, "error", err)
		}
	})
}

// writeSidecar writes the index t of a segment beside it and uses that from then on.
func (d *series) writeSidecar(g *segment, t *tail, length int64) error {
	draft, path := d.path(g.number, draftSuffix), d.path(g.number, sidecarSuffix)
	f, err := createDurable(draft, encodeSidecar(t, g.salt, length))
	if err != nil {
		os.Remove(draft)
		return err
	}
	if err := errors.Join(f.Close(), os.Rename(draft, path), syncDir(d.dir)); err != nil {
		return err
	}
	c, err := openSidecar(path)
	if err != nil {
		return err
	}
	d.mu.Lock()
	g.index = c
	d.mu.Unlock()
	return nil
}

// shrink deletes the oldest segments while all together may grow too long.
func (d *series) shrink() error {
	if d.maxBytes == 0 {
		return nil
	}
	total, keep := d.segmentBytes, len(d.segments)-1
	for keep > 0 && total+d.segments[keep-1].length <= d.maxBytes {
		keep--
		total += d.segments[keep].length
	}
	return d.remove(slices.Clone(d.segments[:keep]))
}

// trim deletes the segments whose entries are all older than before.
func (d *series) trim(before time.Time) error {
	d.writing.Lock()
	defer d.writing.Unlock()
	if d.isClosed() {
		return ErrClosed
	}
	d.sealing.Wait()
	old := slices.Clone(d.segments)
	old = slices.DeleteFunc(old, func(g *segment) bool { return !g.newest().time().Before(before) })
	if slices.Contains(old, d.last()) {
		if d.last().length == fileHeader {
			old = old[:len(old)-1]
		} else if err := d.begin(); err != nil {
			return err
		}
	}
	return d.remove(old)
}

// remove deletes segments, the data before the index: an index alone is known
// for what it is when the directory is opened.
func (d *series) remove(old []*segment) error {
	if len(old) == 0 {
		return nil
	}
	d.sealing.Wait()
	d.mu.Lock()
	d.segments = slices.DeleteFunc(slices.Clone(d.segments), func(g *segment) bool { return slices.Contains(old, g) })
	d.mu.Unlock()
	for _, g := range old {
		for _, suffix := range []string{segmentSuffix, sidecarSuffix} {
			if err := os.Remove(d.path(g.number, suffix)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return syncDir(d.dir)
}
