package events

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
)

const (
	segmentSuffix = ".events"
	sidecarSuffix = ".index"
	draftSuffix   = ".draft" // a sidecar that is not whole yet

	maxRows   = 1 << 15 // entries in a segment: bounds the memory of the last one's index
	maxDamage = 100     // damaged places that are remembered
)

// series is one directory of segments, numbered in the order they were begun.
// Entries are appended to the last; those before it have a sidecar, or are
// about to get one.
type series struct {
	dir          string
	segmentBytes int64
	maxBytes     int64 // the oldest segments are deleted to keep below; 0 means no bound
	logger       *slog.Logger

	writing sync.Mutex     // held to append, begin, seal or remove
	sealing sync.WaitGroup // the sidecar being written, one at a time
	file    *os.File       // the last segment; nil if it cannot be appended to
	next    int            // number of the next segment
	staged  staged

	mu       sync.RWMutex
	segments []*segment // oldest first
	damage   []error
	closed   bool
}

// segment is one file of entries.
type segment struct {
	number int
	salt   uint32
	length int64 // how far it is durable
	index  index // *tail until it has its sidecar; a tail is replaced as it grows
}

func (g *segment) newest() place {
	_, newest := g.index.span()
	return newest
}

func (d *series) path(number int, suffix string) string {
	return filepath.Join(d.dir, fmt.Sprintf("%08d%s", number, suffix))
}

// snapshot returns the segments as they are now.
func (d *series) snapshot() ([]segment, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.closed {
		return nil, ErrClosed
	}
	now := make([]segment, len(d.segments))
	for i, g := range d.segments {
		now[i] = *g
	}
	return now, nil
}

// last is the youngest segment, nil if there is none. Only who holds d.writing
// may ask.
func (d *series) last() *segment {
	if len(d.segments) == 0 {
		return nil
	}
	return d.segments[len(d.segments)-1]
}

// report remembers damage and logs it, once for each place.
func (d *series) report(number int, format string, args ...any) {
	err := fmt.Errorf("event log: %s: %w", d.path(number, segmentSuffix), fmt.Errorf(format, args...))
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, known := range d.damage {
		if known.Error() == err.Error() {
			return
		}
	}
	if len(d.damage) < maxDamage {
		d.damage = append(d.damage, err)
		d.logger.Error("event log is damaged; the rest of it can be read", "error", err)
	}
}

// damaged returns what report was told.
func (d *series) damaged() error {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return errors.Join(d.damage...)
}

func (d *series) isClosed() bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.closed
}

// close waits for what is being written.
func (d *series) close() error {
	d.writing.Lock()
	defer d.writing.Unlock()
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.sealing.Wait()
	return d.finish()
}

// gone says whether err tells of a segment that was removed meanwhile.
func (d *series) gone(number int, err error) bool {
	if !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, g := range d.segments {
		if g.number == number {
			return false
		}
	}
	return true
}
