package events

import (
	"context"
	"sync"
	"time"
)

const (
	gather  = 100 * time.Millisecond // how long a plain entry may wait for company
	retry   = 100 * time.Millisecond // pause after the log refused a batch
	enough  = 1 << 20                // bytes that are written without waiting for more
	maxHeld = 8 << 20                // bytes held in memory before Write blocks
)

// Writer takes entries from many goroutines and writes them to a Log in
// batches, one at a time: while one batch is on its way to the disk the next
// gathers, so that all who wait share a sync. What it is given it copies.
//
// If the log cannot be written the Writer keeps plain entries, up to its
// bound, and tries again until it can; those who asked for durability are told.
type Writer struct {
	log  Log
	wake chan struct{} // write now
	late *time.Timer   // write what has gathered
	quit chan struct{} // closed by Close
	done chan struct{} // closed when run has returned

	mu      sync.Mutex
	pending *batch // gathers; never nil
	writing *batch // with the log; nil if none
	spare   *batch // written and empty, its memory kept for the next
	sick    error  // what the log said last
	closed  bool
}

// NewWriter starts a Writer in front of log, which it closes when it is closed.
func NewWriter(log Log) *Writer {
	w := &Writer{
		log:     log,
		wake:    make(chan struct{}, 1),
		late:    time.NewTimer(gather),
		quit:    make(chan struct{}),
		done:    make(chan struct{}),
		pending: newBatch(),
	}
	go w.run()
	return w
}

// Write takes e and returns at once; e is durable a moment later. When the log
// falls behind, Write blocks until there is room again. It returns an error,
// and has not taken e, if e is invalid, the Writer is closed, or there is no
// room and the log cannot be written.
func (w *Writer) Write(e Entry) error {
	_, err := w.add(context.Background(), &e, false)
	return err
}

// WriteDurable returns nil when e is durable. On an error, that of ctx
// included, e may be in the log or not.
func (w *Writer) WriteDurable(ctx context.Context, e Entry) error {
	written, err := w.add(ctx, &e, true)
	if err != nil {
		return err
	}
	return written.wait(ctx)
}

// Flush returns nil when everything written before is durable.
func (w *Writer) Flush(ctx context.Context) error {
	w.mu.Lock()
	b := w.pending
	if b.empty() && w.sick == nil {
		b = w.writing
	}
	var written *outcome
	if b != nil {
		written = b.outcome
	}
	closed := w.closed
	w.mu.Unlock()
	if closed {
		return ErrClosed
	}
	if written == nil {
		return nil
	}
	w.hurry()
	return written.wait(ctx)
}

// Healthy returns nil, or why the log could not be written when last tried. A
// log that could not is tried again all the time.
func (w *Writer) Healthy() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sick
}

// Lookup is the log's Lookup, of everything written before.
func (w *Writer) Lookup(ctx context.Context, q Query) ([]Entry, Position, error) {
	if err := w.Flush(ctx); err != nil {
		return nil, "", err
	}
	return w.log.Lookup(ctx, q)
}

// Get is the log's Get, of everything written before.
func (w *Writer) Get(ctx context.Context, account, id string) (Entry, error) {
	if err := w.Flush(ctx); err != nil {
		return Entry{}, err
	}
	return w.log.Get(ctx, account, id)
}

// Missing is the log's Missing, of everything written before.
func (w *Writer) Missing(ctx context.Context, account string, ids []string) ([]string, error) {
	if err := w.Flush(ctx); err != nil {
		return nil, err
	}
	return w.log.Missing(ctx, account, ids)
}

// Trim is the log's Trim, of everything written before.
func (w *Writer) Trim(ctx context.Context, before time.Time) error {
	if err := w.Flush(ctx); err != nil {
		return err
	}
	return w.log.Trim(ctx, before)
}

// Close writes what is pending, once, and closes the log. Its error says if
// entries were lost.
func (w *Writer) Close() error {
	w.mu.Lock()
	again := w.closed
	w.closed = true
	w.mu.Unlock()
	if again {
		return ErrClosed
	}
	close(w.quit)
	<-w.done
	lost := w.Healthy()
	if err := w.log.Close(); lost == nil {
		return err
	}
	return lost
}

// add puts e into the pending batch, waiting for room, and returns what will
// become of it.
func (w *Writer) add(ctx context.Context, e *Entry, durable bool) (*outcome, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	for {
		o, full, err := w.offer(e, durable)
		if err != nil || !full {
			return o, err
		}
		select {
		case <-o.known:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// offer puts e into the pending batch and returns the outcome of that; if
// there is no room, the outcome that will make some.
func (w *Writer) offer(e *Entry, durable bool) (o *outcome, full bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return nil, false, ErrClosed
	}
	if b := w.writing; b != nil && b.size+w.pending.size > maxHeld {
		return b.outcome, true, w.sick
	}
	if b := w.pending; b.size > maxHeld {
		return b.outcome, true, w.sick
	}
	return w.take(e, durable), false, nil
}

func (w *Writer) take(e *Entry, durable bool) *outcome {
	b := w.pending
	first := b.empty()
	b.add(e, durable)
	if durable || b.size > enough {
		w.hurry()
	} else if first {
		w.late.Reset(gather)
	}
	return b.outcome
}

// hurry wakes run. One wake-up does for all who call before it is heard.
func (w *Writer) hurry() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// run writes batch after batch until the Writer is closed.
func (w *Writer) run() {
	defer close(w.done)
	for again := true; again; {
		select {
		case <-w.wake:
		case <-w.late.C:
		case <-w.quit:
			again = false
		}
		for !w.write() && again {
			select {
			case <-time.After(retry):
			case <-w.quit:
				again = false
			}
		}
	}
}

// write writes the pending batch and says whether the log is well. To a log
// that was not, it writes even an empty one.
func (w *Writer) write() bool {
	w.mu.Lock()
	b, sick := w.pending, w.sick
	w.writing, w.pending, w.spare = b, w.spare, nil
	if w.pending == nil {
		w.pending = newBatch()
	}
	w.mu.Unlock()
	var err error
	if !b.empty() || sick != nil {
		err = w.log.Append(context.Background(), b.entries)
	}
	w.settle(b, err)
	return err == nil
}

// settle tells those who wait for b what became of it and makes ready to use
// its memory again. Plain entries that could not be written wait once more.
func (w *Writer) settle(b *batch, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.writing, w.sick = nil, err
	if err != nil {
		b.keepPlain(w.pending)
	}
	b.settle(err)
	w.spare = b
}
