// Package memory is the driver that keeps everything in memory and forgets it
// when the process ends. A revision is one persistent map: to look at a
// snapshot is to hold on to it.
package memory

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/writ-iam/writ/store/driver"
	"github.com/writ-iam/writ/store/internal/ordered"
)

// DB is a database in memory.
type DB struct {
	mu     sync.Mutex // held by the one update that runs
	newest atomic.Pointer[snapshot]
}

type snapshot struct {
	revision uint64
	pairs    ordered.Map[[]byte]
}

// New makes an empty database.
func New() *DB {
	db := new(DB)
	db.newest.Store(new(snapshot))
	return db
}

// View implements driver.DB.
func (db *DB) View(ctx context.Context, fn func(driver.Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return fn(db.newest.Load())
}

// Update implements driver.DB.
func (db *DB) Update(ctx context.Context, fn func(driver.Reader) ([]driver.Write, error), committed func()) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	old := db.newest.Load()
	writes, err := fn(old)
	if err != nil || len(writes) == 0 {
		return err
	}
	db.commit(old.revision, old.pairs, writes)
	committed()
	return nil
}

// Reset implements driver.Resetter.
func (db *DB) Reset(writes []driver.Write, committed func(uint64)) error {
	db.mu.Lock()
	defer db.mu.Unlock()
	old := db.newest.Load()
	db.commit(old.revision, ordered.Map[[]byte]{}, writes)
	committed(old.revision + 1)
	return nil
}

func (db *DB) commit(revision uint64, pairs ordered.Map[[]byte], writes []driver.Write) {
	for _, w := range writes {
		if len(w.Value) == 0 {
			pairs.Delete(w.Key)
		} else {
			pairs.Set(w.Key, w.Value)
		}
	}
	db.newest.Store(&snapshot{revision: revision + 1, pairs: pairs})
}

// Close implements driver.DB.
func (db *DB) Close() error { return nil }

// Revision implements driver.Reader.
func (s *snapshot) Revision() uint64 { return s.revision }

// Get implements driver.Reader.
func (s *snapshot) Get(keys ...[]byte) ([][]byte, error) {
	values := make([][]byte, len(keys))
	for i, key := range keys {
		values[i], _ = s.pairs.Get(key)
	}
	return values, nil
}

// Scan implements driver.Reader.
func (s *snapshot) Scan(from, to []byte, limit int) (pairs []driver.Pair, err error) {
	for key, value := range s.pairs.Range(from, to) {
		if len(pairs) == limit {
			break
		}
		pairs = append(pairs, driver.Pair{Key: key, Value: value})
	}
	return pairs, nil
}
