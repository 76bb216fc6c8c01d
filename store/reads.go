package store

import (
	"maps"
	"slices"
	"sort"
	"sync"

	"github.com/writ-iam/writ/store/driver"
)

// reads notes what a value is derived from: keys, and prefixes of whole parts,
// under which anything may have been looked at. A change touches it if it
// touches a key that is or begins with one of them.
type reads struct{ keys map[string]struct{} }

func (r *reads) add(key []byte) {
	if r == nil {
		return
	}
	if r.keys == nil {
		r.keys = map[string]struct{}{}
	}
	r.keys[string(key)] = struct{}{}
}

func (r *reads) addAll(keys []string) {
	if r != nil {
		for _, key := range keys {
			r.add([]byte(key))
		}
	}
}

func (r *reads) list() []string { return slices.Collect(maps.Keys(r.keys)) }

// ring holds which keys the latest changes touched, so that a value that was
// loaded while they were committed can be told to be stale.
type ring struct {
	mu      sync.Mutex // nothing is waited for while it is held
	since   uint64     // changes up to here may be missing
	changes []touch
}

type touch struct {
	revision uint64
	keys     []Key
}

const ringSize = 1024

func (r *ring) add(change Change) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if change.Reset {
		r.since, r.changes = change.Revision, nil
		return
	}
	if !change.logged() {
		return
	}
	if len(r.changes) == ringSize {
		older, newer := r.changes[:ringSize/2], r.changes[ringSize/2:]
		r.since, r.changes = older[len(older)-1].revision, append(make([]touch, 0, ringSize), newer...)
	}
	r.changes = append(r.changes, touch{change.Revision, slices.Collect(change.keys)})
}

// touched tells whether a change after a revision has, or may have, touched
// one of the keys.
func (r *ring) touched(after uint64, keys []string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if after < r.since {
		return true
	}
	first := sort.Search(len(r.changes), func(i int) bool { return r.changes[i].revision > after })
	for _, change := range r.changes[first:] {
		for _, key := range change.keys {
			for head := range key.heads {
				if slices.ContainsFunc(keys, func(key string) bool { return key == string(head) }) {
					return true
				}
			}
		}
	}
	return false
}

// group notes what the updates that share the open commit have written. It is
// used by updates only, which run one at a time.
type group struct {
	reader  driver.Reader // the one that they share
	size    uint64
	touched map[string]struct{} // heads of all keys written
}

func (g *group) add(r driver.Reader, change *Change) {
	if g.reader != r {
		*g = group{reader: r, touched: map[string]struct{}{}}
	}
	g.size++
	for key := range change.keys {
		for head := range key.heads {
			g.touched[string(head)] = struct{}{}
		}
	}
}

// touched tells whether what the transaction sees may differ at some of the
// keys from what this node knew at the revision applied.
func (tx *Tx) touched(applied uint64, keys []string) bool {
	if !tx.writable {
		return tx.Revision() > applied
	}
	if !tx.writes.Empty() {
		return true
	}
	g := &tx.db.group
	if g.reader != tx.reader {
		return tx.Revision() > applied
	}
	if tx.Revision() > applied+g.size {
		return true
	}
	return slices.ContainsFunc(keys, func(key string) bool {
		_, written := g.touched[key]
		return written
	})
}
