package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the database/sql driver "sqlite"
)

// commit is the rows of one transaction.
type commit []pair

type pair struct{ key, value []byte }

// written reads, from a data directory, what each CreateUser has committed: the
// record, the index entries and the count, and the change record.
func written(data string) (commits []commit, err error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, "writ.db")+"?mode=ro")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err := readAll(db)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if !strings.HasPrefix(string(row.key), "writ/change\x00") {
			continue
		}
		c, err := committed(row, rows)
		if err != nil {
			return nil, err
		}
		if c != nil {
			commits = append(commits, c)
		}
	}
	if len(commits) == 0 {
		return nil, errors.New("no change record of CreateUser was found")
	}
	return commits, nil
}

func readAll(db *sql.DB) (all map[string]pair, err error) {
	rows, err := db.Query(`SELECT key, value FROM kv`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all = map[string]pair{}
	for rows.Next() {
		var p pair
		if err := rows.Scan(&p.key, &p.value); err != nil {
			return nil, err
		}
		all[string(p.key)] = p
	}
	return all, rows.Err()
}

// committed finds the rows that a change record names; nil if it is no CreateUser's.
func committed(change pair, rows map[string]pair) (commit, error) {
	var c struct {
		Event   struct{ EventName string }
		Writes  []struct{ Key string }
		Derived []string
	}
	// A checksum follows the JSON.
	if err := json.NewDecoder(bytes.NewReader(change.value)).Decode(&c); err != nil {
		return nil, fmt.Errorf("change record: %w", err)
	}
	if c.Event.EventName != "CreateUser" {
		return nil, nil
	}
	all := commit{change}
	for _, w := range c.Writes {
		c.Derived = append(c.Derived, w.Key)
	}
	for _, text := range c.Derived {
		row, ok := rows[plainKey(text)]
		if !ok {
			return nil, fmt.Errorf("no row %s", text)
		}
		all = append(all, row)
	}
	return all, nil
}

// plainKey undoes the form that keys have in change records.
func plainKey(text string) string {
	key, err := url.PathUnescape(strings.ReplaceAll(text, "|", "\x00"))
	if err != nil {
		return text
	}
	return key
}

// bare commits the rows through the bare driver to a new file, so many commits
// to a transaction, as durable as Writ's.
func bare(dir string, commits []commit, together int) (took time.Duration, err error) {
	file := filepath.Join(dir, "bare.db")
	defer func() {
		for _, suffix := range []string{"", "-wal", "-shm"} {
			os.Remove(file + suffix)
		}
	}()
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=page_size(16384)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // SQLite has one writer; more connections would only wait for each other
	if _, err := db.Exec(`CREATE TABLE kv (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
		CREATE TABLE revision (id INTEGER PRIMARY KEY, revision INTEGER NOT NULL); INSERT INTO revision VALUES (1, 0)`); err != nil {
		return 0, err
	}
	put, err := db.Prepare(`INSERT INTO kv VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`)
	if err != nil {
		return 0, err
	}
	count, err := db.Prepare(`UPDATE revision SET revision = ?`)
	if err != nil {
		return 0, err
	}
	start := time.Now()
	for i := 0; i < len(commits); i += together {
		if err := transaction(db, put, count, commits[i:min(i+together, len(commits))], i); err != nil {
			return 0, err
		}
	}
	return time.Since(start), nil
}

func transaction(db *sql.DB, put, count *sql.Stmt, commits []commit, revision int) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	write, number := tx.Stmt(put), tx.Stmt(count)
	for _, c := range commits {
		for _, row := range c {
			if _, err := write.Exec(row.key, row.value); err != nil {
				return errors.Join(err, tx.Rollback())
			}
		}
	}
	if _, err := number.Exec(revision); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
