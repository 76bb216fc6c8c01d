package store

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"

	"github.com/writ-iam/writ/store/driver"
	"github.com/writ-iam/writ/store/internal/ordered"
)

// Tx is a transaction: a snapshot and, in an Update, what was written so far on
// top of it. It is used by one goroutine, and not after the function that it
// was given to has returned.
type Tx struct {
	ctx      context.Context
	db       *DB
	reader   driver.Reader // nil once the transaction has ended
	writable bool
	writes   ordered.Map[write]
	reads    *reads   // what a cache's load has read; nil if nobody asks
	recalls  bool     // it stands on no snapshot, see Recall
	recalled []string // what the values were derived from that caches have told it
	after    []func() // run when a View has given its snapshot back
}

// write is a key's new value, empty if it is deleted.
type write struct {
	value  []byte
	public []byte // the value as the change record shows it
	kind   kind
}

type kind int

const (
	record   kind = iota // in the change record with its value
	derived              // index entries and counts: in the change record by key
	unlogged             // not in the change record
)

// Revision is the revision of the snapshot that the transaction stands on.
func (tx *Tx) Revision() uint64 {
	if tx.reader == nil {
		return 0
	}
	return tx.reader.Revision()
}

func (tx *Tx) end() { tx.reader = nil }

// check says why the transaction cannot go on.
func (tx *Tx) check() error {
	if tx.reader == nil {
		return errEnded
	}
	return tx.ctx.Err()
}

// get returns the value of each key, nil where there is none.
func (tx *Tx) get(keys ...[]byte) ([][]byte, error) {
	if err := tx.check(); err != nil {
		return nil, err
	}
	for _, key := range keys {
		tx.reads.add(key)
	}
	values, err := tx.reader.Get(keys...)
	if err != nil || tx.writes.Empty() {
		return values, err
	}
	for i, key := range keys {
		if w, ok := tx.writes.Get(key); ok {
			values[i] = w.value
		}
	}
	return values, nil
}

func (tx *Tx) getOne(key []byte) ([]byte, error) {
	values, err := tx.get(key)
	if err != nil || len(values[0]) == 0 {
		return nil, err
	}
	return values[0], nil
}

func (tx *Tx) put(key []byte, w write) error {
	if err := tx.check(); err != nil {
		return err
	}
	if !tx.writable {
		return errReadOnly
	}
	tx.writes.Set(key, w)
	return nil
}

// The first chunk of a scan is small, for most scans are; the next are large.
const firstChunk, nextChunk = 64, 1024

// scan yields the pairs whose keys start with prefix and lie above after (if
// it is not nil), as they are when the scan begins.
func (tx *Tx) scan(prefix, after Key) iter.Seq2[driver.Pair, error] {
	return func(yield func(driver.Pair, error) bool) {
		tx.reads.add(prefix.whole())
		from := []byte(prefix)
		if after != nil {
			from = append(bytes.Clone(after), 0)
		}
		written, stop := iter.Pull2(tx.writes.Range(from, prefix.end()))
		defer stop()
		key, w, more := written()
		for stored, err := range tx.stored(from, prefix.end()) {
			if err != nil {
				yield(stored, err)
				return
			}
			for more && bytes.Compare(key, stored.Key) < 0 {
				if len(w.value) > 0 && !yield(driver.Pair{Key: key, Value: w.value}, nil) {
					return
				}
				key, w, more = written()
			}
			if more && bytes.Equal(key, stored.Key) {
				continue // what was written comes in its place, or nothing
			}
			if !yield(stored, nil) {
				return
			}
		}
		for more {
			if len(w.value) > 0 && !yield(driver.Pair{Key: key, Value: w.value}, nil) {
				return
			}
			key, w, more = written()
		}
	}
}

// stored yields what the snapshot holds in a range, read in chunks so that
// other reads may come between.
func (tx *Tx) stored(from, to []byte) iter.Seq2[driver.Pair, error] {
	return func(yield func(driver.Pair, error) bool) {
		for limit := firstChunk; ; limit = nextChunk {
			if err := tx.check(); err != nil {
				yield(driver.Pair{}, err)
				return
			}
			pairs, err := tx.reader.Scan(from, to, limit)
			if err != nil {
				yield(driver.Pair{}, err)
				return
			}
			for _, pair := range pairs {
				if !yield(pair, nil) {
					return
				}
			}
			if len(pairs) < limit {
				return
			}
			from = append(bytes.Clone(pairs[limit-1].Key), 0)
		}
	}
}

// commit returns what to write: all that the transaction has written and, if
// any of it is logged, the change record.
func (tx *Tx) commit(change *Change, describe func(*Change)) ([]driver.Write, error) {
	if err := tx.ctx.Err(); err != nil {
		return nil, err
	}
	*change = Change{Revision: tx.Revision() + 1}
	var writes []driver.Write
	for key, w := range tx.writes.Range(nil, nil) {
		writes = append(writes, driver.Write{Key: key, Value: w.value})
		switch w.kind {
		case record:
			change.Writes = append(change.Writes, Write{Key: key, Value: w.public})
		case derived:
			change.Derived = append(change.Derived, key)
		}
	}
	if !change.logged() {
		return writes, nil
	}
	change.Time, change.Node = tx.db.options.Now().UTC(), tx.db.options.Node
	describe(change)
	value, err := json.Marshal(change)
	if err != nil {
		return nil, err
	}
	return append(writes, driver.Write{Key: changeKey(change.Revision), Value: value}), nil
}
