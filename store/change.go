package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/writ-iam/writ/store/driver"
)

// Change is the record of one commit. Commits that wrote only unlogged tables
// have none, so revisions may be missing in between.
type Change struct {
	Revision uint64          `json:"revision"`
	Time     time.Time       `json:"time"` // of the commit, UTC
	Node     string          `json:"node,omitempty"`
	What     string          `json:"what,omitempty"`  // the node's own work; "" if a call was behind it
	Event    json.RawMessage `json:"event,omitempty"` // what Describe said of the call
	Writes   []Write         `json:"writes,omitempty"`
	Derived  []Key           `json:"derived,omitempty"` // index entries and counts that moved along

	// Reset says that everything may have changed: the store was emptied, or
	// this node was away for longer than history is kept. It is never stored.
	Reset bool `json:"-"`
}

// Write is a record's new value, as JSON with marks in place of secrets; nil if
// the record was deleted. The key's first part is the name of the table.
type Write struct {
	Key   Key             `json:"key"`
	Value json.RawMessage `json:"value,omitempty"`
}

func (c *Change) logged() bool { return len(c.Writes)+len(c.Derived) > 0 }

// keys yields all keys that the change touched.
func (c *Change) keys(yield func(Key) bool) {
	for _, w := range c.Writes {
		if !yield(w.Key) {
			return
		}
	}
	for _, k := range c.Derived {
		if !yield(k) {
			return
		}
	}
}

var (
	changes    = K("writ/change")
	trimmedKey = K("writ/trimmed") // holds the revision up to which history is gone
)

func changeKey(revision uint64) Key { return changes.Add(revision) }

// Changes calls fn with the recorded changes from a revision on, oldest first,
// until fn fails or there are no more. fn may use the store.
func (db *DB) Changes(ctx context.Context, from uint64, fn func(Change) error) error {
	for {
		var page []Change
		err := db.View(ctx, func(tx *Tx) (err error) {
			page, err = tx.changes(from, 256)
			return err
		})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, change := range page {
			if err := fn(change); err != nil {
				return err
			}
		}
		from = page[len(page)-1].Revision + 1
	}
}

// changes returns the first limit changes from a revision on.
func (tx *Tx) changes(from uint64, limit int) (list []Change, err error) {
	pairs, err := tx.reader.Scan(changeKey(from), changes.end(), limit)
	for _, pair := range pairs {
		var change Change
		if err := json.Unmarshal(pair.Value, &change); err != nil {
			return nil, fmt.Errorf("store: change record %v: %w", Key(pair.Key), err)
		}
		list = append(list, change)
	}
	return list, err
}

var errDone = errors.New("done")

// Trim forgets the changes that were made before a time.
func (db *DB) Trim(ctx context.Context, before time.Time) error {
	for {
		err := db.Maintain(ctx, "trim history", func(tx *Tx) error {
			list, err := tx.changes(0, 256)
			if err != nil {
				return err
			}
			return tx.trim(list, before)
		})
		if errors.Is(err, errDone) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (tx *Tx) trim(list []Change, before time.Time) error {
	var last uint64
	for _, change := range list {
		if !change.Time.Before(before) {
			break
		}
		last = change.Revision
		if err := tx.put(changeKey(last), write{kind: unlogged}); err != nil {
			return err
		}
	}
	if last == 0 {
		return errDone
	}
	return tx.put(trimmedKey, write{value: []byte(K(last)), kind: unlogged})
}

// trimmed is the revision up to which history is gone.
func trimmed(r driver.Reader) (revision uint64, err error) {
	values, err := r.Get(trimmedKey)
	if err != nil || values[0] == nil {
		return 0, err
	}
	_, err = fmt.Sscanf(Key(values[0]).Parts()[0], "%016x", &revision)
	return revision, err
}
