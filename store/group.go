package store

import (
	"bytes"
	"iter"
	"strconv"
)

// Group is the records whose keys in an index begin with the same parts.
type Group struct {
	Key   Key // those parts
	Count int // of the records, at least 1
}

// Grouped keeps the number of records in each group of an index that stands
// before it among the options: of those whose keys there have the same first
// parts. CountBy of a group then looks at no entries, and Groups lists the
// groups without looking at their records.
func Grouped[R any](name string, parts int) Option[R] {
	return func(t *Table[R]) {
		ix := t.index(name)
		ix.groups, ix.parts = K(t.name+"#"+name+"#"), parts
	}
}

// Groups yields the groups of a Grouped index whose keys start with prefix and
// lie above after (nil is before all), in the order of keys. An error ends it.
func (t *Table[R]) Groups(tx *Tx, name string, prefix, after Key) iter.Seq2[Group, error] {
	return func(yield func(Group, error) bool) {
		if err := t.readable(tx); err != nil {
			yield(Group{}, err)
			return
		}
		groups := t.index(name).groups
		if bytes.Compare(after, prefix) < 0 {
			after = nil
		}
		if after != nil {
			after = groups.Add(after)
		}
		for pair, err := range tx.scan(groups.Add(prefix), after) {
			var g Group
			if err == nil {
				g.Key = bytes.Clone(pair.Key[len(groups):])
				g.Count, err = strconv.Atoi(string(pair.Value))
			}
			if !yield(g, err) || err != nil {
				return
			}
		}
	}
}

// group is the key of the group that a key in the index belongs to, nil for a
// key of too few parts.
func (ix *index[R]) group(key Key) Key {
	n := 0
	for head := range key.heads {
		if n++; n == ix.parts {
			return head
		}
	}
	return nil
}

// regroup notes that a record's entry in an index has moved; nil is no entry.
func (t *Table[R]) regroup(tx *Tx, ix *index[R], from, to Key) error {
	if ix.groups == nil {
		return nil
	}
	left, joined := ix.groupOf(from), ix.groupOf(to)
	if bytes.Equal(left, joined) {
		return nil
	}
	if left != nil {
		if err := tx.recount(ix.groups.Add(left), false, t.kind(derived)); err != nil {
			return err
		}
	}
	if joined == nil {
		return nil
	}
	return tx.recount(ix.groups.Add(joined), true, t.kind(derived))
}

func (ix *index[R]) groupOf(entry Key) Key {
	if entry == nil {
		return nil
	}
	return ix.group(entry[len(ix.prefix):])
}
