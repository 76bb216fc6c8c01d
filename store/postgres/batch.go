package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/writ-iam/writ/store/driver"
)

// batch is an open transaction that holds the revision's lock. Several updates
// share it, so it has a time limit of its own and not the context of any.
type batch struct {
	*reader
	cancel context.CancelFunc
}

func (db *DB) begin() (driver.Batch, error) {
	ctx, cancel := context.WithTimeout(context.Background(), updateWithin)
	tx, err := db.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	if err != nil {
		cancel()
		return nil, err
	}
	b := &batch{&reader{ctx: ctx, tx: tx}, cancel}
	if err := tx.QueryRow(ctx, lockRevision).Scan(&b.current); err != nil {
		b.Rollback()
		return nil, err
	}
	return b, nil
}

// Apply implements driver.Batch in one round trip.
func (b *batch) Apply(writes []driver.Write) error {
	var statements pgx.Batch
	for _, w := range writes {
		if len(w.Value) == 0 {
			statements.Queue(deleteValue, w.Key)
		} else {
			statements.Queue(upsertValue, w.Key, w.Value)
		}
	}
	statements.Queue(updateRevision, b.current+1)
	if err := b.tx.SendBatch(b.ctx, &statements).Close(); err != nil {
		return err
	}
	b.current++
	return nil
}

// Commit implements driver.Batch.
func (b *batch) Commit() error {
	defer b.cancel()
	return b.tx.Commit(b.ctx)
}

// Rollback implements driver.Batch.
func (b *batch) Rollback() {
	defer b.cancel()
	b.tx.Rollback(b.ctx)
}
