package sqlite

import (
	"context"
	"database/sql"

	"github.com/writ-iam/writ/store/driver"
)

// statements are those that read.
type statements struct{ revision, value, span, from *sql.Stmt }

type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

func (s *statements) prepare(ctx context.Context, p preparer) (err error) {
	for _, each := range []struct {
		stmt  **sql.Stmt
		query string
	}{{&s.revision, selectRevision}, {&s.value, selectValue}, {&s.span, selectRange}, {&s.from, selectFrom}} {
		if *each.stmt, err = p.PrepareContext(ctx, each.query); err != nil {
			return err
		}
	}
	return nil
}

// in returns the statements as they run in a transaction.
func (s statements) in(tx *sql.Tx) statements {
	return statements{tx.Stmt(s.revision), tx.Stmt(s.value), tx.Stmt(s.span), tx.Stmt(s.from)}
}

// reader implements driver.Reader with statements in a transaction.
type reader struct {
	statements
	current uint64
}

// newReader reads the revision, which is also what fixes the snapshot.
func newReader(s statements) (*reader, error) {
	r := &reader{statements: s}
	return r, damaged(s.revision.QueryRow().Scan(&r.current))
}

func (r *reader) Revision() uint64 { return r.current }

func (r *reader) Get(keys ...[]byte) ([][]byte, error) {
	values := make([][]byte, len(keys))
	for i, key := range keys {
		var stored []byte
		err := r.value.QueryRow(key).Scan(&stored)
		if err == sql.ErrNoRows {
			continue
		}
		if err == nil {
			values[i], err = checkSum(key, stored)
		}
		if err != nil {
			return nil, damaged(err)
		}
	}
	return values, nil
}

func (r *reader) Scan(from, to []byte, limit int) ([]driver.Pair, error) {
	stmt, args := r.span, []any{from, to, limit}
	if to == nil {
		stmt, args = r.from, []any{from, limit}
	}
	rows, err := stmt.Query(args...)
	if err != nil {
		return nil, damaged(err)
	}
	var pairs []driver.Pair
	err = eachPair(rows, func(pair driver.Pair) { pairs = append(pairs, pair) })
	return pairs, damaged(err)
}

// eachPair calls fn with the rows, each a key and its stored value, and closes
// them.
func eachPair(rows *sql.Rows, fn func(driver.Pair)) error {
	defer rows.Close()
	for rows.Next() {
		var pair driver.Pair
		err := rows.Scan(&pair.Key, &pair.Value)
		if err == nil {
			pair.Value, err = checkSum(pair.Key, pair.Value)
		}
		if err != nil {
			return err
		}
		fn(pair)
	}
	return rows.Err()
}
