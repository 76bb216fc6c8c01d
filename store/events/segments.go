package events

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// Options of a log in segment files. The zero value is good for production.
type Options struct {
	SegmentBytes      int64        // length at which a new file is begun; 0 means 16 MiB, at most 1 GiB
	InstallationBytes int64        // bound of the installation's own entries; 0 means 256 MiB
	Logger            *slog.Logger // told of damage and repairs; nil means slog.Default()
}

// Segments is a Log in files that are only appended to: one directory for the
// entries of all accounts, one for the installation's own. A full file is given
// an index and never touched again, until it is deleted whole.
type Segments struct {
	accounts     *series
	installation *series
	lock         *os.File
}

// OpenSegments opens the log in a directory, which it makes if there is none.
// What a crash left unfinished is cut off. Damage is logged, see Damage, and
// what is intact stays readable. It is an error if another process uses the
// directory or another version of the program made it.
func OpenSegments(dir string, o Options) (*Segments, error) {
	size := min(cmp.Or(o.SegmentBytes, 16<<20), 1<<30)
	bound := cmp.Or(o.InstallationBytes, 256<<20)
	logger := cmp.Or(o.Logger, slog.Default())
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("event log: %w", err)
	}
	file, err := lock(dir)
	if err != nil {
		return nil, fmt.Errorf("event log: %s: %w", dir, err)
	}
	l := &Segments{lock: file}
	if l.accounts, err = openSeries(filepath.Join(dir, "accounts"), size, 0, logger); err == nil {
		l.installation, err = openSeries(filepath.Join(dir, "installation"), min(size, bound/8), bound, logger)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("event log: %w", err), l.Close())
	}
	return l, nil
}

// Append implements Log.
func (l *Segments) Append(_ context.Context, entries []Entry) error {
	if err := checkAll(entries); err != nil {
		return err
	}
	if len(entries) == 0 {
		return errors.Join(l.accounts.probe(), l.installation.probe())
	}
	return errors.Join(
		l.accounts.append(entries, func(e *Entry) bool { return e.Account != "" }),
		l.installation.append(entries, func(e *Entry) bool { return e.Account == "" }),
	)
}

// Lookup implements Log.
func (l *Segments) Lookup(ctx context.Context, q Query) ([]Entry, Position, error) {
	s, err := newSearch(q)
	if err != nil {
		return nil, "", err
	}
	entries, err := l.series(q.Account).find(ctx, s)
	page, next := s.page(entries)
	return page, next, err
}

// Get implements Log.
func (l *Segments) Get(ctx context.Context, account, id string) (Entry, error) {
	page, _, err := l.Lookup(ctx, Query{Account: account, Attribute: &Attribute{EventID, id}, Limit: 1})
	if err != nil {
		return Entry{}, err
	}
	if len(page) == 0 {
		return Entry{}, ErrNotFound
	}
	return page[0], nil
}

// Missing implements Log.
func (l *Segments) Missing(ctx context.Context, account string, ids []string) ([]string, error) {
	wanted := idSet(ids)
	err := l.series(account).strike(ctx, account, wanted)
	return remaining(ids, wanted), err
}

// Trim deletes the files whose entries are all older than before.
func (l *Segments) Trim(_ context.Context, before time.Time) error {
	return errors.Join(l.accounts.trim(before), l.installation.trim(before))
}

// Damage returns what was found to be damaged so far, when the log was opened
// and when entries were read; nil if nothing was.
func (l *Segments) Damage() error {
	return errors.Join(l.accounts.damaged(), l.installation.damaged())
}

// Close waits for what is being written and lets other processes have the log.
func (l *Segments) Close() error {
	var err error
	for _, d := range []*series{l.accounts, l.installation} {
		if d != nil {
			err = errors.Join(err, d.close())
		}
	}
	return errors.Join(err, l.lock.Close())
}

func (l *Segments) series(account string) *series {
	if account == "" {
		return l.installation
	}
	return l.accounts
}
