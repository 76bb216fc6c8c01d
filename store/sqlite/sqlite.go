// Package sqlite is the driver that keeps everything in one SQLite file in a
// directory of its own, for one process.
//
// One connection writes; updates that arrive while it is busy share its next
// transaction and its fsync (driver.Group). Readers have connections of their
// own and see snapshots, thanks to the write-ahead log. Everything that could
// refuse the directory is looked at before anything in it is touched.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "modernc.org/sqlite" // the database/sql driver "sqlite"

	"github.com/writ-iam/writ/store/driver"
)

const (
	fileName      = "writ.db"
	applicationID = 0x57726974 // "Writ", in the file's header
	format        = 1          // of the tables below, in the file's header
	maxReaders    = 8
)

const schema = `
CREATE TABLE kv (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE revision (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL);
CREATE TABLE mark (id INTEGER PRIMARY KEY CHECK (id = 1), mark BLOB NOT NULL);
INSERT INTO revision VALUES (1, 0);`

const (
	selectRevision = `SELECT revision FROM revision`
	updateRevision = `UPDATE revision SET revision = ?`
	selectValue    = `SELECT value FROM kv WHERE key = ?`
	selectRange    = `SELECT key, value FROM kv WHERE key >= ? AND key < ? ORDER BY key LIMIT ?`
	selectFrom     = `SELECT key, value FROM kv WHERE key >= ? ORDER BY key LIMIT ?`
	upsertValue    = `INSERT INTO kv VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`
	deleteValue    = `DELETE FROM kv WHERE key = ?`
)

// DB is an open directory.
type DB struct {
	driver.Group
	lock    *os.File // the directory, locked
	writer  *writer
	readers *sql.DB
	read    statements
}

// Open opens the database in a directory and makes both if they are not there.
func Open(ctx context.Context, dir string, stamp driver.Stamp) (*DB, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	db := &DB{lock: lock}
	if err := db.open(ctx, dir, stamp); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func (db *DB) open(ctx context.Context, dir string, stamp driver.Stamp) error {
	file := filepath.Join(dir, fileName)
	exists, err := verify(ctx, file, stamp)
	if err == nil && !exists {
		err = create(ctx, file, stamp)
	}
	if err != nil {
		return err
	}
	if db.writer, err = openWriter(ctx, file); err != nil {
		return damaged(err)
	}
	db.Begin = db.writer.begin
	if db.readers, err = sql.Open("sqlite", dsn(file, "mode", "ro", "_pragma", "busy_timeout(5000)")); err != nil {
		return err
	}
	db.readers.SetMaxOpenConns(maxReaders)
	db.readers.SetMaxIdleConns(maxReaders)
	db.readers.SetConnMaxIdleTime(time.Minute) // each has a cache of pages
	return damaged(db.read.prepare(ctx, db.readers))
}

// dsn names a file with its settings, given in pairs.
func dsn(file string, settings ...string) string {
	query := url.Values{}
	for i := 0; i < len(settings); i += 2 {
		query.Add(settings[i], settings[i+1])
	}
	absolute, err := filepath.Abs(file)
	if err != nil {
		absolute = file
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(absolute), RawQuery: query.Encode()}
	return u.String()
}

// View implements driver.DB. Statements do not get the context: cancellation
// is looked at between them, which spares each a goroutine that waits for it.
func (db *DB) View(ctx context.Context, fn func(driver.Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	tx, err := db.readers.BeginTx(context.Background(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	r, err := newReader(db.read.in(tx))
	if err != nil {
		return err
	}
	return fn(r)
}

// Close implements driver.DB.
func (db *DB) Close() error {
	var errs []error
	if db.readers != nil {
		errs = append(errs, db.readers.Close())
	}
	if db.writer != nil {
		errs = append(errs, db.writer.close())
	}
	return errors.Join(append(errs, db.lock.Close())...)
}

// damaged marks the errors by which SQLite tells of a broken file.
func damaged(err error) error {
	if code := errorCode(err); code == 11 || code == 26 { // SQLITE_CORRUPT, SQLITE_NOTADB
		return fmt.Errorf("%w: %w", driver.ErrDamaged, err)
	}
	return err
}

func errorCode(err error) int {
	var coded interface{ Code() int }
	if errors.As(err, &coded) {
		return coded.Code() & 0xff // without the extension
	}
	return 0
}
