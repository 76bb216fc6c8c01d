package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/writ-iam/writ/store/driver"
)

// reader implements driver.Reader in a transaction.
type reader struct {
	ctx     context.Context
	tx      pgx.Tx
	current uint64
}

func (r *reader) Revision() uint64 { return r.current }

func (r *reader) Get(keys ...[]byte) ([][]byte, error) {
	values := make([][]byte, len(keys))
	if len(keys) == 1 {
		err := r.tx.QueryRow(r.ctx, selectValue, keys[0]).Scan(&values[0])
		if errors.Is(err, pgx.ErrNoRows) {
			return values, nil
		}
		return values, err
	}
	pairs, err := r.pairs(selectValues, keys)
	if err != nil {
		return nil, err
	}
	found := make(map[string][]byte, len(pairs))
	for _, pair := range pairs {
		found[string(pair.Key)] = pair.Value
	}
	for i, key := range keys {
		values[i] = found[string(key)]
	}
	return values, nil
}

func (r *reader) Scan(from, to []byte, limit int) ([]driver.Pair, error) {
	if to == nil {
		return r.pairs(selectFrom, from, limit)
	}
	return r.pairs(selectRange, from, to, limit)
}

func (r *reader) pairs(query string, args ...any) ([]driver.Pair, error) {
	rows, err := r.tx.Query(r.ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[driver.Pair])
}
