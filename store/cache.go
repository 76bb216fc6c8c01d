package store

import (
	"context"
	"errors"
	"hash/maphash"
	"strings"
	"sync"
)

// Cache keeps values that are derived from records: a compiled policy, a user
// with all that is attached to it. What the load function reads is noted, and
// a commit on any node that touches any of it drops the value. There is
// nothing to invalidate by hand.
//
// Values are shared: nobody may change them.
type Cache[K comparable, V any] struct {
	db     *DB
	load   func(*Tx, K) (V, error)
	seed   maphash.Seed
	shards [cacheShards]shard[K, V]

	// readers has, for each key and each prefix of keys that a value was
	// derived from, the entries that did so. Guarded by db.feed.mu.
	readers map[string]map[K]struct{}
}

const (
	cacheShards = 16
	shardSize   = 4096 // entries; one makes room for the next
	maxCacheKey = 1024 // bytes; what is longer names nothing, and is not kept
)

// Cloner is a key of a Cache that is made of texts which a request may have
// brought.
type Cloner[K any] interface {
	// Clone returns the key with texts of its own.
	Clone() K
	// Len is how long the texts are together.
	Len() int
}

// own frees a key from the request whose text it is a part of: that would be kept
// as long as the key, all of it.
func own[K comparable](key K) K {
	switch k := any(key).(type) {
	case string:
		return any(strings.Clone(k)).(K)
	case Cloner[K]:
		return k.Clone()
	}
	return key
}

func tooLong[K comparable](key K) bool {
	switch k := any(key).(type) {
	case string:
		return len(k) > maxCacheKey
	case Cloner[K]:
		return k.Len() > maxCacheKey
	}
	return false
}

type shard[K comparable, V any] struct {
	mu      sync.RWMutex
	entries map[K]*entry[V]
}

// entry is a value as of a revision. While it is in the cache no commit that
// the feed has delivered since has touched what it was derived from.
type entry[V any] struct {
	value    V
	err      error // nil or ErrNotFound
	revision uint64
	reads    []string
}

// NewCache makes a cache of what load derives from the records of a store. load
// may be called at any time, by any goroutine, more than once; it must read
// only through its transaction, and no unlogged tables. Its ErrNotFound is
// kept like a value; other errors are not kept.
func NewCache[K comparable, V any](db *DB, load func(tx *Tx, key K) (V, error)) *Cache[K, V] {
	c := &Cache[K, V]{db: db, load: load, seed: maphash.MakeSeed(), readers: map[string]map[K]struct{}{}}
	for i := range c.shards {
		c.shards[i].entries = map[K]*entry[V]{}
	}
	db.feed.mu.Lock()
	defer db.feed.mu.Unlock()
	db.feed.caches = append(db.feed.caches, c)
	return c
}

// Get returns the value of a key and a revision that it is right for: the
// newest that this node knows of, or a newer one. A value that is there is
// returned without allocating.
func (c *Cache[K, V]) Get(ctx context.Context, key K) (V, uint64, error) {
	c.db.behind.catchUp()
	applied := c.db.feed.applied.Load() // first: the entry is then at least as new
	if e := c.lookup(key); e != nil {
		return e.value, max(applied, e.revision), e.err
	}
	return c.fill(ctx, key)
}

func (c *Cache[K, V]) fill(ctx context.Context, key K) (value V, revision uint64, err error) {
	err = c.db.View(ctx, func(tx *Tx) (err error) {
		value, err = c.GetTx(tx, key)
		revision = tx.Revision()
		return err
	})
	return value, revision, err
}

// GetTx returns the value of a key as of a transaction, what the transaction
// has written included.
func (c *Cache[K, V]) GetTx(tx *Tx, key K) (V, error) {
	if tx.recalls {
		return c.recall(tx, key)
	}
	e := c.entry(tx, key)
	tx.reads.addAll(e.reads)
	return e.value, e.err
}

func (c *Cache[K, V]) entry(tx *Tx, key K) *entry[V] {
	applied := c.db.feed.applied.Load()
	e := c.lookup(key)
	if e == nil || e.revision > tx.Revision() || tx.touched(applied, e.reads) {
		e = c.read(tx, key)
		if !tx.writable && (e.err == nil || errors.Is(e.err, ErrNotFound)) {
			tx.after = append(tx.after, func() { c.keep(key, e) })
		}
	}
	return e
}

func (c *Cache[K, V]) shard(key K) *shard[K, V] {
	return &c.shards[maphash.Comparable(c.seed, key)%cacheShards]
}

func (c *Cache[K, V]) lookup(key K) *entry[V] {
	s := c.shard(key)
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.entries[key]
}

// read derives a value, noting what it reads apart from what the transaction
// was noting before.
func (c *Cache[K, V]) read(tx *Tx, key K) *entry[V] {
	outer := tx.reads
	defer func() { tx.reads = outer }()
	tx.reads = new(reads)
	e := &entry[V]{revision: tx.Revision()}
	e.value, e.err = c.load(tx, key)
	e.reads = tx.reads.list()
	return e
}

// keep puts an entry into the cache, unless a commit since has touched what it
// was derived from. It waits for the feed, which may itself be waiting for a
// connection to the database, so it is called when the View has ended.
func (c *Cache[K, V]) keep(key K, e *entry[V]) {
	if tooLong(key) {
		return
	}
	key = own(key)
	f := &c.db.feed
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.recent.touched(e.revision, e.reads) {
		return
	}
	s := c.shard(key)
	c.forget(s, key) // another load may have come first
	if len(s.entries) >= shardSize {
		for other := range s.entries { // any: maps begin anywhere
			c.forget(s, other)
			break
		}
	}
	for _, read := range e.reads {
		if c.readers[read] == nil {
			c.readers[read] = map[K]struct{}{}
		}
		c.readers[read][key] = struct{}{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries[key] = e
}

// forget takes an entry out of the cache. feed.mu is held.
func (c *Cache[K, V]) forget(s *shard[K, V], key K) {
	e := s.entries[key] // only written under feed.mu
	if e == nil {
		return
	}
	for _, read := range e.reads {
		delete(c.readers[read], key)
		if len(c.readers[read]) == 0 {
			delete(c.readers, read)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.entries, key)
}

// drop implements dropper.
func (c *Cache[K, V]) drop(change Change) {
	if change.Reset {
		c.clear()
		return
	}
	for key := range change.keys {
		for head := range key.heads {
			for reader := range c.readers[string(head)] {
				c.forget(c.shard(reader), reader)
			}
		}
	}
}

func (c *Cache[K, V]) clear() {
	clear(c.readers)
	for i := range c.shards {
		s := &c.shards[i]
		s.mu.Lock()
		clear(s.entries)
		s.mu.Unlock()
	}
}
