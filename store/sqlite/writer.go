package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"github.com/writ-iam/writ/store/driver"
)

// writer is the one connection that writes.
type writer struct {
	db                                             *sql.DB
	conn                                           *sql.Conn
	read                                           statements
	start, end, undo, setRevision, upsert, discard *sql.Stmt
}

func openWriter(ctx context.Context, file string) (*writer, error) {
	// FULL makes a commit durable before it is answered; the write-ahead log
	// lets readers go on meanwhile.
	db, err := sql.Open("sqlite", dsn(file, "mode", "rw",
		"_pragma", "busy_timeout(5000)", "_pragma", "journal_mode(WAL)", "_pragma", "synchronous(FULL)"))
	if err != nil {
		return nil, err
	}
	w := &writer{db: db}
	if err := w.prepare(ctx); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

func (w *writer) prepare(ctx context.Context) (err error) {
	if w.conn, err = w.db.Conn(ctx); err != nil {
		return err
	}
	for _, each := range []struct {
		stmt  **sql.Stmt
		query string
	}{
		{&w.start, "BEGIN IMMEDIATE"}, {&w.end, "COMMIT"}, {&w.undo, "ROLLBACK"},
		{&w.setRevision, updateRevision}, {&w.upsert, upsertValue}, {&w.discard, deleteValue},
	} {
		if *each.stmt, err = w.conn.PrepareContext(ctx, each.query); err != nil {
			return err
		}
	}
	return w.read.prepare(ctx, w.conn)
}

// close closes the statements first: with one of them open SQLite would put
// off closing the file, and leave the write-ahead log behind.
func (w *writer) close() error {
	for _, stmt := range []*sql.Stmt{w.start, w.end, w.undo, w.setRevision, w.upsert, w.discard,
		w.read.revision, w.read.value, w.read.span, w.read.from} {
		if stmt != nil {
			stmt.Close()
		}
	}
	if w.conn != nil {
		w.conn.Close() // the pool reports what fails
	}
	return w.db.Close()
}

// batch is an open transaction of the writer.
type batch struct {
	*reader
	w *writer
}

func (w *writer) begin() (driver.Batch, error) {
	if _, err := w.start.Exec(); err != nil {
		return nil, damaged(err)
	}
	r, err := newReader(w.read)
	if err != nil {
		w.undo.Exec()
		return nil, err
	}
	return &batch{r, w}, nil
}

// Apply implements driver.Batch.
func (b *batch) Apply(writes []driver.Write) (err error) {
	for _, write := range writes {
		if len(write.Value) == 0 {
			_, err = b.w.discard.Exec(write.Key)
		} else {
			_, err = b.w.upsert.Exec(write.Key, addSum(write.Key, write.Value))
		}
		if err != nil {
			return damaged(err)
		}
	}
	b.current++
	return nil
}

// Commit implements driver.Batch.
func (b *batch) Commit() error {
	_, err := b.w.setRevision.Exec(b.current)
	if err == nil {
		_, err = b.w.end.Exec()
	}
	if err != nil {
		b.Rollback()
	}
	return damaged(err)
}

// Rollback implements driver.Batch. After an error that has ended the
// transaction already there is nothing to roll back.
func (b *batch) Rollback() { b.w.undo.Exec() }
