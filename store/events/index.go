package events

import (
	"cmp"
	"slices"
)

// row says where in its segment an entry is, and what decides whether to read it.
type row struct {
	place
	offset, length uint32
	region         uint32 // regionMark
	keys           uint32 // end of its keys in the tail
}

// compare orders by place and, of one entry appended twice, takes the first
// one for the newer, so that walking from the newest meets it first.
func (r row) compare(o row) int {
	return cmp.Or(r.place.compare(o.place), cmp.Compare(o.offset, r.offset))
}

// index finds the entries of one segment.
type index interface {
	// span returns the places of the oldest and the newest entry.
	span() (oldest, newest place)

	// find calls yield with what may match s, newest first, until it returns false.
	find(s *search, yield func(row) bool) error

	// strike takes out of wanted what the account has an entry of.
	strike(account string, wanted map[eventID]bool) error
}

// tail is the index of a segment that is being written: rows and their keys, as
// they were appended. It only grows, so a copy of it stays as it is.
type tail struct {
	rows           []row
	keys           []uint32 // folded
	oldest, newest place
}

// tailFor returns an empty index with room for what a file of that size holds of
// usual entries.
func tailFor(size int) tail {
	const entry, keys = 640, 14
	return tail{rows: make([]row, 0, size/entry), keys: make([]uint32, 0, size/entry*keys)}
}

func (t *tail) add(e *Entry, p place, offset, length uint32) {
	for _, k := range appendKeys(make([]uint64, 0, 16), e) {
		t.keys = append(t.keys, fold(k))
	}
	t.note(row{p, offset, length, regionMark(e.Region), uint32(len(t.keys))})
}

func (t *tail) note(r row) {
	if len(t.rows) == 0 || r.place.compare(t.oldest) < 0 {
		t.oldest = r.place
	}
	if r.place.compare(t.newest) > 0 {
		t.newest = r.place
	}
	t.rows = append(t.rows, r)
}

// append adds what another tail holds.
func (t *tail) append(o *tail) {
	base := uint32(len(t.keys))
	for _, r := range o.rows {
		r.keys += base
		t.note(r)
	}
	t.keys = append(t.keys, o.keys...)
}

// cut forgets the rows from an offset on.
func (t *tail) cut(offset uint32) {
	kept := t.rows
	*t = tail{keys: t.keys}
	for _, r := range kept {
		if r.offset < offset {
			t.note(r)
		}
	}
	t.keys = t.keys[:t.keysEnd(len(t.rows))]
}

// keysOf returns the keys of the row numbered i.
func (t *tail) keysOf(i int) []uint32 { return t.keys[t.keysEnd(i):t.rows[i].keys] }

// keysEnd is the end of the keys of the first n rows.
func (t *tail) keysEnd(n int) uint32 {
	if n == 0 {
		return 0
	}
	return t.rows[n-1].keys
}

func (t *tail) span() (oldest, newest place) { return t.oldest, t.newest }

func (t *tail) find(s *search, yield func(row) bool) error {
	key := fold(s.key)
	var found []row
	for i, r := range t.rows {
		if s.within(r.place) && s.mayBeIn(r.region) && slices.Contains(t.keysOf(i), key) {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, row.compare)
	for _, r := range slices.Backward(found) {
		if !yield(r) {
			break
		}
	}
	return nil
}

func (t *tail) strike(account string, wanted map[eventID]bool) error {
	key := fold(accountKey(account))
	for i, r := range t.rows {
		if wanted[r.id] && slices.Contains(t.keysOf(i), key) {
			delete(wanted, r.id)
		}
	}
	return nil
}
