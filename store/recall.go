package store

import "context"

// Recall runs fn on what the caches hold, which spares it a snapshot: all that its
// transaction is good for is GetTx. Each value is right for the revision that this
// node knew of when Recall was called, or for a newer one. reads is what the values
// were derived from, see Unchanged.
func (db *DB) Recall(ctx context.Context, fn func(*Tx) error) (reads []string, err error) {
	db.behind.catchUp()
	tx := &Tx{ctx: ctx, db: db, recalls: true}
	err = fn(tx)
	tx.recalls = false
	return tx.recalled, err
}

// recall is GetTx in a Recall. What a cache holds of another store, which a lagging
// one follows, may be too new.
func (c *Cache[K, V]) recall(tx *Tx, key K) (value V, err error) {
	e := c.lookup(key)
	if e == nil || c.db != tx.db {
		err = tx.db.View(tx.ctx, func(snapshot *Tx) error {
			e = c.entry(snapshot, key)
			return nil
		})
	}
	if err != nil {
		return value, err
	}
	tx.recalled = append(tx.recalled, e.reads...)
	return e.value, e.err
}

// Unchanged says whether what a Recall has read is, as far as an Update sees, what
// it was at a revision that was known before the Recall: whether no commit since,
// of any node, and no other update of the open one has touched it. What can't be
// told any more may have changed, and so may what is nothing.
func (tx *Tx) Unchanged(since uint64, reads []string) bool {
	applied := tx.db.feed.applied.Load() // first: what it counts is then among the recent changes
	return len(reads) > 0 && since <= tx.Revision() &&
		!tx.db.feed.recent.touched(since, reads) && !tx.touched(applied, reads)
}
