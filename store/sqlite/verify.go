package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"github.com/writ-iam/writ/store/driver"
)

// Up to these sizes, in bytes, a file is checked whole before it is opened; in
// larger ones, where that would take more than some 50 ms, damage shows when
// it is read.
const (
	checkValues = 8 << 20  // every value against its checksum
	checkPages  = 64 << 20 // the order of every page
)

// verify looks at a file without touching it and says whether it is there. It
// returns an error unless this program can and may open it.
func verify(ctx context.Context, file string, stamp driver.Stamp) (exists bool, err error) {
	log, err := size(file + "-wal")
	if err != nil {
		return false, err
	}
	length, err := size(file)
	switch {
	case err != nil:
		return false, err
	case length < 0 && log > 0:
		return false, fmt.Errorf("%w: %s is missing beside its write-ahead log", driver.ErrDamaged, file)
	case length < 0:
		return false, nil
	}
	// A log that is left over may hold pages that the file lacks.
	if err := verifyHeader(file, length, log <= 0); err != nil {
		return true, err
	}
	if log > 0 {
		length = math.MaxInt64
	}
	return true, verifyContent(ctx, file, length, stamp)
}

// size is -1 if there is no such file.
func size(file string) (int64, error) {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return -1, nil
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// verifyHeader reads the header (SQLite documentation, "Database File Format",
// section 1.3).
func verifyHeader(file string, length int64, complete bool) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	header := make([]byte, 100)
	if _, err := f.ReadAt(header, 0); err != nil {
		return fmt.Errorf("%w: %s has no header: %w", driver.ErrDamaged, file, err)
	}
	number := func(at int) int64 { return int64(binary.BigEndian.Uint32(header[at:])) }
	pageSize := int64(binary.BigEndian.Uint16(header[16:]))
	if pageSize == 1 {
		pageSize = 1 << 16
	}
	switch {
	case !bytes.HasPrefix(header, []byte("SQLite format 3\x00")):
		return fmt.Errorf("%w: %s does not begin as an SQLite file does", driver.ErrDamaged, file)
	case number(68) != applicationID:
		return fmt.Errorf("%w: %s", driver.ErrForeign, file)
	case number(60) > format:
		return fmt.Errorf("%w: %s has format %d, this program knows %d", driver.ErrNewer, file, number(60), format)
	case complete && length != number(28)*pageSize:
		return fmt.Errorf("%w: %s has %d bytes where its header says %d", driver.ErrDamaged, file, length, number(28)*pageSize)
	}
	return nil
}

// verifyContent opens the file as if it were on a read-only disk: SQLite then
// neither locks it nor makes files beside it. The mark is where it was put when
// the file was made, so it can be read without the log.
func verifyContent(ctx context.Context, file string, length int64, stamp driver.Stamp) error {
	db, err := sql.Open("sqlite", dsn(file, "mode", "ro", "immutable", "1"))
	if err != nil {
		return err
	}
	defer db.Close()
	var mark []byte
	if err := db.QueryRowContext(ctx, `SELECT mark FROM mark`).Scan(&mark); err != nil {
		return fmt.Errorf("%w: %s has no mark: %w", driver.ErrDamaged, file, err)
	}
	err = stamp.Verify(mark)
	if err == nil && length <= checkPages {
		err = verifyPages(ctx, db)
	}
	if err == nil && length <= checkValues {
		err = verifyValues(ctx, db)
	}
	return err
}

func verifyPages(ctx context.Context, db *sql.DB) error {
	var finding string
	if err := db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&finding); err != nil {
		return damaged(err)
	}
	if finding != "ok" {
		return fmt.Errorf("%w: %s", driver.ErrDamaged, finding)
	}
	return nil
}

func verifyValues(ctx context.Context, db *sql.DB) error {
	rows, err := db.QueryContext(ctx, `SELECT key, value FROM kv`)
	if err != nil {
		return damaged(err)
	}
	return damaged(eachPair(rows, func(driver.Pair) {}))
}

// create makes the file under another name first, so that it is there whole or
// not at all.
func create(ctx context.Context, file string, stamp driver.Stamp) error {
	unfinished := file + ".new"
	for _, left := range []string{unfinished, unfinished + "-journal"} {
		if err := os.Remove(left); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	f, err := os.OpenFile(unfinished, os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := fill(ctx, unfinished, stamp); err != nil {
		return err
	}
	if err := os.Rename(unfinished, file); err != nil {
		return err
	}
	return syncDir(filepath.Dir(file))
}

func fill(ctx context.Context, file string, stamp driver.Stamp) error {
	// In pages of this size a change record fits beside others.
	db, err := sql.Open("sqlite", dsn(file, "mode", "rw", "_pragma", "page_size(16384)", "_pragma", "synchronous(FULL)"))
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	_, err = tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d; %s",
		applicationID, format, schema))
	if err == nil {
		_, err = tx.ExecContext(ctx, `INSERT INTO mark VALUES (1, ?)`, stamp.New())
	}
	if err != nil {
		return errors.Join(err, tx.Rollback(), db.Close())
	}
	return errors.Join(tx.Commit(), db.Close())
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
