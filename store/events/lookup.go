package events

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
)

// hit is an entry that a lookup found in a segment.
type hit struct {
	Entry
	place   place
	segment int
	offset  uint32
}

// compare orders newest first and, of one entry appended twice, the first one first.
func (h hit) compare(o hit) int {
	return cmp.Or(o.place.compare(h.place), cmp.Compare(h.segment, o.segment), cmp.Compare(h.offset, o.offset))
}

// find returns the newest entries that match s, one more than its limit if
// there are. Segments overlap in time only a little, so hardly more are
// searched than the entries come from.
func (d *series) find(ctx context.Context, s *search) ([]Entry, error) {
	segments, err := d.snapshot()
	if err != nil {
		return nil, err
	}
	slices.SortFunc(segments, func(a, b segment) int { return b.newest().compare(a.newest()) })
	var found []hit
	for i := range segments {
		g := &segments[i]
		if len(found) > s.Limit && found[s.Limit].place.compare(g.newest()) > 0 {
			break
		}
		more, err := d.findIn(ctx, g, s)
		if err != nil {
			return nil, err
		}
		found = merge(found, more, s.Limit+1)
	}
	entries := make([]Entry, len(found))
	for i := range found {
		entries[i] = found[i].Entry
	}
	return entries, nil
}

func merge(found, more []hit, limit int) []hit {
	if len(more) == 0 {
		return found
	}
	found = append(found, more...)
	slices.SortFunc(found, hit.compare)
	found = slices.CompactFunc(found, func(a, b hit) bool { return a.place == b.place })
	return found[:min(len(found), limit)]
}

// findIn searches one segment.
func (d *series) findIn(ctx context.Context, g *segment, s *search) ([]hit, error) {
	oldest, newest := g.index.span()
	if newest.compare(s.lo) < 0 || oldest.compare(s.hi) >= 0 {
		return nil, nil
	}
	r := reader{series: d, segment: g, search: s, ctx: ctx}
	defer r.close()
	err := d.consult(g, func(i index) error { return i.find(s, r.take) })
	return r.hits, cmp.Or(r.err, err)
}

// consult has ask look into the index of a segment; into one made anew if that
// is damaged, into none if the segment was removed meanwhile.
func (d *series) consult(g *segment, ask func(index) error) error {
	err := ask(g.index)
	if d.gone(g.number, err) {
		return nil
	}
	if errors.Is(err, errDamaged) || errors.Is(err, fs.ErrNotExist) {
		if g.index, err = d.reindex(g.number); err == nil {
			err = ask(g.index)
		}
	}
	return err
}

// strike takes out of wanted what the account has an entry of, the youngest
// segments first: what is asked for is mostly there.
func (d *series) strike(ctx context.Context, account string, wanted map[eventID]bool) error {
	segments, err := d.snapshot()
	for i := len(segments) - 1; i >= 0 && len(wanted) > 0 && err == nil; i-- {
		err = cmp.Or(ctx.Err(), d.consult(&segments[i], func(x index) error { return x.strike(account, wanted) }))
	}
	return err
}

// reindex reads a segment whose sidecar is damaged and gives it a new one.
func (d *series) reindex(number int) (index, error) {
	d.writing.Lock()
	defer d.writing.Unlock()
	d.logger.Warn("event log: index is damaged, making it anew", "file", d.path(number, sidecarSuffix))
	c, err := scanFile(d.path(number, segmentSuffix))
	if err != nil {
		return nil, err
	}
	d.reportGaps(number, c, c.end)
	for _, g := range d.segments {
		if g.number == number {
			return &c.tail, d.writeSidecar(g, &c.tail, int64(c.end))
		}
	}
	return &c.tail, nil
}

// reader reads the entries of one segment that its index points to.
type reader struct {
	series  *series
	segment *segment
	search  *search
	ctx     context.Context
	file    *os.File
	seen    int
	hits    []hit
	err     error
}

// take reads the entry of one row and says whether to go on.
func (r *reader) take(w row) bool {
	if r.seen++; r.seen%1024 == 0 && r.ctx.Err() != nil {
		r.err = r.ctx.Err()
		return false
	}
	if n := len(r.hits); n > 0 && r.hits[n-1].place == w.place {
		return true
	}
	e, err := r.read(w)
	if errors.Is(err, errDamaged) {
		r.series.report(r.segment.number, "%w: entry at byte %d", err, w.offset)
		return true
	}
	if err != nil {
		if !r.series.gone(r.segment.number, err) {
			r.err = err
		}
		return false
	}
	if r.search.matches(&e) {
		r.hits = append(r.hits, hit{e, w.place, r.segment.number, w.offset})
	}
	return len(r.hits) <= r.search.Limit
}

func (r *reader) read(w row) (e Entry, err error) {
	if r.file == nil {
		if r.file, err = os.Open(r.series.path(r.segment.number, segmentSuffix)); err != nil {
			return e, err
		}
	}
	if w.length > frameHeader+maxBody {
		return e, errDamaged
	}
	frame := make([]byte, w.length)
	if _, err := r.file.ReadAt(frame, int64(w.offset)); err != nil {
		return e, errors.Join(errDamaged, err)
	}
	body, _, err := openFrame(frame, r.segment.salt)
	if err != nil {
		return e, err
	}
	e, p, err := decodeBody(body)
	if err == nil && p != w.place {
		err = errDamaged
	}
	return e, err
}

func (r *reader) close() {
	if r.file != nil {
		r.file.Close()
	}
}
