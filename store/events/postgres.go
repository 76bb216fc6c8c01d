package events

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	installationEntries = 100_000 // of the installation's own are kept

	statementRows = 1000             // entries in one INSERT, or deleted at once
	patience      = 10 * time.Second // with a database that does not answer an Append
	attempts      = 5                // of a transaction that others got in the way of
)

// schema is in the portable subset: plain tables without anything that only
// PostgreSQL itself has. An entry stands under each of its keys in event_key,
// whose order is that of lookups. The keys of an entry follow from it, so they
// are found again when it is deleted. Attributes are bytes, since a client of
// the API may have put anything into them, and text holds only UTF-8.
var schema = []string{
	`CREATE TABLE IF NOT EXISTS event (
		account text NOT NULL, id uuid NOT NULL, nanos bigint NOT NULL, region text NOT NULL,
		attributes bytea NOT NULL, event bytea, note bytea,
		PRIMARY KEY (account, id))`,
	`CREATE INDEX IF NOT EXISTS event_nanos ON event (nanos)`,
	`CREATE TABLE IF NOT EXISTS event_key (
		key bigint NOT NULL, nanos bigint NOT NULL, id uuid NOT NULL, region text NOT NULL,
		PRIMARY KEY (key, nanos, id, region))`,
}

// Postgres is a Log in a PostgreSQL database, which several nodes may write to.
// It keeps 100,000 of the installation's own entries, and for a while a tenth
// more from each node.
type Postgres struct {
	pool         *pgxpool.Pool
	installation int64        // how many of the installation's own entries are kept
	flood        atomic.Int64 // how many more may come before they are counted again
}

// OpenPostgres opens the log in the database at an address as libpq takes it,
// and makes its tables if there are none.
func OpenPostgres(ctx context.Context, address string) (*Postgres, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, errors.New("event log: not an address of a PostgreSQL database") // err may show the password
	}
	config.MaxConns = 4
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("event log: %w", err)
	}
	l := &Postgres{pool: pool, installation: installationEntries}
	for _, statement := range schema {
		if err := again(ctx, func() error { _, err := pool.Exec(ctx, statement); return err }); err != nil {
			pool.Close()
			return nil, fmt.Errorf("event log: %w", err)
		}
	}
	return l, nil
}

// Close closes the connections to the database.
func (l *Postgres) Close() error {
	l.pool.Close()
	return nil
}

// transact runs f in a transaction, again if others got in its way.
func (l *Postgres) transact(ctx context.Context, f func(pgx.Tx) error) error {
	return again(ctx, func() error { return pgx.BeginFunc(ctx, l.pool, f) })
}

// passing are the errors (SQLSTATE) that come of what others do at the same
// time: serialization failure, deadlock, the same row, table or its type being made.
var passing = []string{"40001", "40P01", "23505", "42P07", "42710"}

// again runs f until it does not fail with a passing error.
func again(ctx context.Context, f func() error) (err error) {
	for n := range attempts {
		err = f()
		var e *pgconn.PgError
		if !errors.As(err, &e) || !slices.Contains(passing, e.Code) {
			return err
		}
		select {
		case <-time.After(time.Duration(10<<n) * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return err
}
