// Package postgres is the driver that keeps everything in PostgreSQL, or what
// speaks its protocol, for several nodes.
//
// Every update first locks the one row that holds the revision, at READ
// COMMITTED: updates of all nodes then run one after another, revisions are
// handed out in the order of commits, and nothing has to be retried for
// having read what another was changing. Updates of one node that arrive
// while the database is busy share a transaction (driver.Group).
//
// Only what every database of this family has is used: plain tables, ON
// CONFLICT, FOR UPDATE; no sequences, triggers, foreign keys, savepoints,
// advisory locks or LISTEN.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/writ-iam/writ/store/driver"
)

const format = 1 // of the tables below

// The tables are made one statement at a time, as some databases demand.
var schema = []string{
	`CREATE TABLE IF NOT EXISTS writ_kv (key bytea PRIMARY KEY, value bytea NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS writ_revision (id bigint PRIMARY KEY, revision bigint NOT NULL)`,
	`CREATE TABLE IF NOT EXISTS writ_mark (id bigint PRIMARY KEY, format bigint NOT NULL, mark bytea NOT NULL)`,
	`INSERT INTO writ_revision (id, revision) VALUES (1, 0) ON CONFLICT (id) DO NOTHING`,
}

const (
	selectMark     = `SELECT format, mark FROM writ_mark WHERE id = 1`
	insertMark     = `INSERT INTO writ_mark (id, format, mark) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING`
	selectRevision = `SELECT revision FROM writ_revision WHERE id = 1`
	lockRevision   = `SELECT revision FROM writ_revision WHERE id = 1 FOR UPDATE`
	updateRevision = `UPDATE writ_revision SET revision = $1 WHERE id = 1`
	selectValue    = `SELECT value FROM writ_kv WHERE key = $1`
	selectValues   = `SELECT key, value FROM writ_kv WHERE key = ANY($1)`
	selectRange    = `SELECT key, value FROM writ_kv WHERE key >= $1 AND key < $2 ORDER BY key LIMIT $3`
	selectFrom     = `SELECT key, value FROM writ_kv WHERE key >= $1 ORDER BY key LIMIT $2`
	upsertValue    = `INSERT INTO writ_kv (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value`
	deleteValue    = `DELETE FROM writ_kv WHERE key = $1`
)

const (
	attempts     = 10               // of an update that the database asks to try again
	updateWithin = 30 * time.Second // how long a transaction may hold the revision's lock
)

// DB is a connected database.
type DB struct {
	group driver.Group
	pool  *pgxpool.Pool
}

// Open connects to the database of a postgres:// URL and makes the tables if
// they are not there.
func Open(ctx context.Context, url string, stamp driver.Stamp) (*DB, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the address is not a valid postgres:// URL") // err may hold the password
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	db := &DB{pool: pool}
	db.group.Begin = db.begin
	if err := db.prepare(ctx, stamp); err != nil {
		pool.Close()
		return nil, err
	}
	return db, nil
}

// prepare makes the tables unless there is a mark to verify. When several nodes
// do so at once one of them makes the mark, and the others verify it.
func (db *DB) prepare(ctx context.Context, stamp driver.Stamp) error {
	err := db.verify(ctx, stamp)
	if !isMissing(err) {
		return err
	}
	for _, statement := range schema {
		if err := db.retry(ctx, func() error { _, err := db.pool.Exec(ctx, statement); return err }); err != nil {
			return err
		}
	}
	if _, err := db.pool.Exec(ctx, insertMark, format, stamp.New()); err != nil {
		return err
	}
	return db.verify(ctx, stamp)
}

func (db *DB) verify(ctx context.Context, stamp driver.Stamp) error {
	var found int
	var mark []byte
	if err := db.pool.QueryRow(ctx, selectMark).Scan(&found, &mark); err != nil {
		return err
	}
	if found > format {
		return fmt.Errorf("%w: it has format %d, this program knows %d", driver.ErrNewer, found, format)
	}
	return stamp.Verify(mark)
}

// View implements driver.DB.
func (db *DB) View(ctx context.Context, fn func(driver.Reader) error) error {
	tx, err := db.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	r := &reader{ctx: ctx, tx: tx}
	if err := tx.QueryRow(ctx, selectRevision).Scan(&r.current); err != nil {
		return err
	}
	return fn(r)
}

// Update implements driver.DB.
func (db *DB) Update(ctx context.Context, fn func(driver.Reader) ([]driver.Write, error), committed func()) error {
	return db.retry(ctx, func() error { return db.group.Update(ctx, fn, committed) })
}

// Revision implements driver.Shared.
func (db *DB) Revision(ctx context.Context) (revision uint64, err error) {
	err = db.pool.QueryRow(ctx, selectRevision).Scan(&revision)
	return revision, err
}

// Close implements driver.DB.
func (db *DB) Close() error {
	db.pool.Close()
	return nil
}

// retry calls fn again while the database asks for it, after a short pause of
// random length that grows.
func (db *DB) retry(ctx context.Context, fn func() error) error {
	for attempt := 1; ; attempt++ {
		err := fn()
		if !isTransient(err) || attempt == attempts {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(rand.N(time.Duration(attempt) * 10 * time.Millisecond)):
		}
	}
}

// isTransient tells whether nothing was committed and a new attempt may do
// (PostgreSQL documentation, appendix A, "PostgreSQL Error Codes").
func isTransient(err error) bool {
	if errors.Is(err, pgx.ErrTxCommitRollback) {
		return true // another update in the same transaction had the failure
	}
	switch code(err) {
	case "40001", "40P01", // serialization_failure, deadlock_detected
		"25P02",          // in_failed_sql_transaction: as ErrTxCommitRollback
		"23505", "42P07": // two nodes make the tables at once
		return true
	}
	return false
}

// isMissing tells whether the database has never been used by us.
func isMissing(err error) bool {
	return errors.Is(err, pgx.ErrNoRows) || code(err) == "42P01" // undefined_table
}

func code(err error) string {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code
	}
	return ""
}
