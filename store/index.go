package store

import (
	"bytes"
	"fmt"
	"iter"

	"github.com/writ-iam/writ/store/driver"
)

// By returns the record with the key K(parts...) in a unique index, or
// ErrNotFound.
func (t *Table[R]) By(tx *Tx, name string, parts ...any) (*R, error) {
	ix := t.index(name)
	if !ix.unique {
		panic(fmt.Sprintf("store: index %s of table %s is not unique", name, t.name))
	}
	if err := t.readable(tx); err != nil {
		return nil, err
	}
	key, err := tx.getOne(ix.prefix.Add(parts...))
	if err != nil {
		return nil, err
	}
	if key == nil {
		return nil, ErrNotFound
	}
	return t.Get(tx, Key(key))
}

// ScanBy yields the records whose keys in an index start with prefix, in the
// order of the index and, where that is equal, of keys. An error ends it.
func (t *Table[R]) ScanBy(tx *Tx, name string, prefix Key) iter.Seq2[*R, error] {
	return func(yield func(*R, error) bool) {
		if err := t.readable(tx); err != nil {
			yield(nil, err)
			return
		}
		entries := make([]driver.Pair, 0, firstChunk)
		for entry, err := range tx.scan(t.index(name).prefix.Add(prefix), nil) {
			if err != nil {
				yield(nil, err)
				return
			}
			if entries = append(entries, entry); len(entries) < firstChunk {
				continue
			}
			if !t.yieldEach(tx, entries, yield) {
				return
			}
			entries = entries[:0]
		}
		t.yieldEach(tx, entries, yield)
	}
}

func (t *Table[R]) yieldEach(tx *Tx, entries []driver.Pair, yield func(*R, error) bool) bool {
	rows, err := t.each(tx, entries)
	if err != nil {
		yield(nil, err)
		return false
	}
	for _, r := range rows {
		if !yield(r, nil) {
			return false
		}
	}
	return true
}

// CountBy returns how many records have keys in an index that start with
// prefix. It looks at all of their entries, unless prefix is one of the groups
// of a Grouped index.
func (t *Table[R]) CountBy(tx *Tx, name string, prefix Key) (int, error) {
	if err := t.readable(tx); err != nil {
		return 0, err
	}
	if ix := t.index(name); ix.groups != nil && prefix != nil && bytes.Equal(ix.group(prefix), prefix) {
		return tx.count(ix.groups.Add(prefix))
	}
	return count(tx.scan(t.index(name).prefix.Add(prefix), nil))
}

func (t *Table[R]) index(name string) *index[R] {
	for _, ix := range t.indexes {
		if ix.name == name {
			return ix
		}
	}
	panic(fmt.Sprintf("store: table %s has no index %s", t.name, name))
}

// each returns the records that index entries point to, in one read.
func (t *Table[R]) each(tx *Tx, entries []driver.Pair) ([]*R, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	keys := make([][]byte, len(entries))
	for i, entry := range entries {
		keys[i] = t.prefix.Add(Key(entry.Value))
	}
	values, err := tx.get(keys...)
	if err != nil {
		return nil, err
	}
	var rows []*R
	for i, stored := range values {
		if len(stored) == 0 {
			continue // deleted by this transaction since the scan began
		}
		r, err := t.decode(tx, keys[i], stored)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// entry is the key of a record's entry in the index; nil if it has none. at is
// the record's own key within its table.
func (ix *index[R]) entry(r *R, at Key) Key {
	if r == nil {
		return nil
	}
	key := ix.key(r)
	switch {
	case key == nil:
		return nil
	case ix.unique:
		return ix.prefix.Add(key)
	}
	return ix.prefix.Add(key, at)
}

// reindex moves the index entries from those of the stored record old to those
// of r. It checks all of them before it writes any.
func (t *Table[R]) reindex(tx *Tx, at Key, old []byte, r *R) error {
	if len(t.indexes) == 0 {
		return nil
	}
	var before *R
	if old != nil {
		var err error
		if before, err = t.decode(tx, at, old); err != nil {
			return err
		}
	}
	row := at[len(t.prefix):]
	moves := map[*index[R]][2]Key{}
	for _, ix := range t.indexes {
		from, to := ix.entry(before, row), ix.entry(r, row)
		if bytes.Equal(from, to) {
			continue
		}
		if ix.unique && to != nil {
			taken, err := tx.getOne(to)
			if err != nil {
				return err
			}
			if taken != nil {
				return fmt.Errorf("%w: index %s of table %s", ErrExists, ix.name, t.name)
			}
		}
		moves[ix] = [2]Key{from, to}
	}
	for ix, move := range moves {
		if err := t.move(tx, move[0], move[1], row); err != nil {
			return err
		}
		if err := t.regroup(tx, ix, move[0], move[1]); err != nil {
			return err
		}
	}
	return nil
}

func (t *Table[R]) move(tx *Tx, from, to, row Key) error {
	if from != nil {
		if err := tx.put(from, write{kind: t.kind(derived)}); err != nil {
			return err
		}
	}
	if to != nil {
		return tx.put(to, write{value: row, kind: t.kind(derived)})
	}
	return nil
}
