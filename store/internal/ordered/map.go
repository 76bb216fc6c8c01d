// Package ordered is a persistent ordered map: a change copies the path to the
// changed place and leaves every earlier Map as it was, so a copy of the
// struct is a snapshot.
//
// It is a treap whose priorities are hashes of the keys. The same keys always
// make the same tree, whatever order they came in, so depth stays logarithmic
// and no rotation is needed: a key whose hash outranks a node cannot be below
// that node.
package ordered

import (
	"bytes"
	"hash/maphash"
	"iter"
)

var seed = maphash.MakeSeed()

// Map is an ordered map from byte keys to values. The zero Map is empty. Keys
// that were put into a Map must not be changed.
type Map[V any] struct{ root *node[V] }

type node[V any] struct {
	key         []byte
	rank        uint64
	value       V
	left, right *node[V]
}

// Empty tells whether the map has no keys.
func (m Map[V]) Empty() bool { return m.root == nil }

// Get returns the value of a key, and whether there is one.
func (m Map[V]) Get(key []byte) (value V, ok bool) {
	for n := m.root; n != nil; {
		switch c := bytes.Compare(key, n.key); {
		case c == 0:
			return n.value, true
		case c < 0:
			n = n.left
		default:
			n = n.right
		}
	}
	return value, false
}

// Set gives a key its value.
func (m *Map[V]) Set(key []byte, value V) {
	m.root = m.root.set(&node[V]{key: key, rank: maphash.Bytes(seed, key), value: value})
}

// Delete removes a key if it is there.
func (m *Map[V]) Delete(key []byte) {
	if _, ok := m.Get(key); ok {
		m.root = m.root.delete(key)
	}
}

// Range yields the keys with from <= key < to in order; a nil to has no end.
func (m Map[V]) Range(from, to []byte) iter.Seq2[[]byte, V] {
	return func(yield func([]byte, V) bool) { m.root.walk(from, to, yield) }
}

func (n *node[V]) set(new *node[V]) *node[V] {
	if n == nil {
		return new
	}
	if new.rank > n.rank {
		new.left, new.right = n.split(new.key)
		return new
	}
	c := *n
	switch order := bytes.Compare(new.key, n.key); {
	case order == 0:
		c.value = new.value
	case order < 0:
		c.left = n.left.set(new)
	default:
		c.right = n.right.set(new)
	}
	return &c
}

// split parts a tree that does not hold key into what is below it and above.
func (n *node[V]) split(key []byte) (below, above *node[V]) {
	if n == nil {
		return nil, nil
	}
	c := *n
	if bytes.Compare(n.key, key) < 0 {
		c.right, above = n.right.split(key)
		return &c, above
	}
	below, c.left = n.left.split(key)
	return below, &c
}

func (n *node[V]) delete(key []byte) *node[V] {
	order := bytes.Compare(key, n.key)
	if order == 0 {
		return merge(n.left, n.right)
	}
	c := *n
	if order < 0 {
		c.left = n.left.delete(key)
	} else {
		c.right = n.right.delete(key)
	}
	return &c
}

// merge joins two trees, every key of a being below every key of b.
func merge[V any](a, b *node[V]) *node[V] {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	if a.rank > b.rank {
		c := *a
		c.right = merge(a.right, b)
		return &c
	}
	c := *b
	c.left = merge(a, b.left)
	return &c
}

func (n *node[V]) walk(from, to []byte, yield func([]byte, V) bool) bool {
	if n == nil {
		return true
	}
	above, below := bytes.Compare(n.key, from) >= 0, to == nil || bytes.Compare(n.key, to) < 0
	if above && !n.left.walk(from, to, yield) {
		return false
	}
	if above && below && !yield(n.key, n.value) {
		return false
	}
	return !below || n.right.walk(from, to, yield)
}
