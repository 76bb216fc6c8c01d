package iam

import (
	"maps"
	"sync"
)

// notes remember the newest value of each key until it is written into the
// store: to write each at once would make every read a write. The zero notes
// are empty.
type notes[K comparable, V any] struct {
	mu      sync.Mutex
	last    map[K]V
	writing map[K]V // on their way into the store
}

func (n *notes[K, V]) note(key K, v V) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.last == nil {
		n.last = map[K]V{}
	}
	n.last[key] = v
}

// take returns what is to be written.
func (n *notes[K, V]) take() map[K]V {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.writing, n.last = n.last, nil
	return n.writing
}

// written takes note that what was taken has been written or, if there is an
// error, puts it back, but for what was noted again since.
func (n *notes[K, V]) written(taken map[K]V, err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.writing = nil
	if err == nil || taken == nil {
		return
	}
	maps.Copy(taken, n.last)
	n.last = taken
}

// of returns what was noted last and is not yet in the store.
func (n *notes[K, V]) of(key K) (V, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	v, ok := n.last[key]
	if !ok {
		v, ok = n.writing[key]
	}
	return v, ok
}

// all returns everything that was noted and is not yet in the store.
func (n *notes[K, V]) all() map[K]V {
	n.mu.Lock()
	defer n.mu.Unlock()
	all := make(map[K]V, len(n.writing)+len(n.last))
	maps.Copy(all, n.writing)
	maps.Copy(all, n.last)
	return all
}

// drop forgets what was noted of some keys and not taken.
func (n *notes[K, V]) drop(these func(K) bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	maps.DeleteFunc(n.last, func(key K, _ V) bool { return these(key) })
}

// forget drops what was noted and not written.
func (n *notes[K, V]) forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.last, n.writing = nil, nil
}
