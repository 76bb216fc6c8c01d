package events

import (
	"context"
	"errors"
	"os"
	"sync"
	"testing"
	"time"
)

// broken makes the accounts' part of a log fail to write, as a full disk would,
// until mended.
func broken(t *testing.T, l *Segments) (mend func()) {
	t.Helper()
	d := l.accounts
	if err := l.Append(t.Context(), []Entry{entry(alice, 0)}); err != nil {
		t.Fatal(err)
	}
	readOnly, err := os.Open(d.file.Name())
	if err != nil {
		t.Fatal(err)
	}
	d.writing.Lock()
	defer d.writing.Unlock()
	whole, dir, good := d.file, d.dir, d.staged.synced
	d.file = readOnly
	d.mu.Lock()
	d.dir += "/gone" // so that no new segment can be begun instead
	d.mu.Unlock()
	return func() {
		d.writing.Lock()
		defer d.writing.Unlock()
		d.mu.Lock()
		defer d.mu.Unlock()
		d.dir, d.file = dir, whole
		d.staged = staged{at: good, synced: good}
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 500 {
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal(what)
}

func TestWriterReadsItsWrites(t *testing.T) {
	eachLog(t, func(t *testing.T, l Log) {
		w := NewWriter(l)
		for n := range 30 {
			e := entry(alice, n)
			if err := w.Write(e); err != nil {
				t.Fatal(err)
			}
			clear(e.Event) // the Writer has its own
			clear(e.Note)
			clear(e.Attributes)
			if got, err := w.Get(t.Context(), alice, e.ID); err != nil || got.ID != e.ID {
				t.Fatalf("%d: %v", n, err)
			}
		}
		got, _, err := w.Lookup(t.Context(), Query{Account: alice, Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, got, everything(entries(alice, 0, 30)))
		if err := w.Trim(t.Context(), maxTime); err != nil {
			t.Fatal(err)
		}
		if got, _, err := w.Lookup(t.Context(), Query{Account: alice, Limit: 50}); err != nil || len(got) > 0 {
			t.Fatalf("after Trim: %d entries, %v", len(got), err)
		}
	})
}

func TestWriterWritesInTheBackground(t *testing.T) {
	l := NewMemory(1000, 1<<20)
	w := NewWriter(l)
	defer closeWriter(t, w)
	for n := range 5 {
		if err := w.Write(entry(alice, n)); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the log never got the entry", func() bool { return len(lookup(t, l, Query{Account: alice, Limit: 9})) == n+1 })
	}
}

func closeWriter(t *testing.T, w *Writer) {
	t.Helper()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestWriteDurable(t *testing.T) {
	dir := t.TempDir()
	l := openSegments(t, dir, Options{})
	w := NewWriter(l)
	var writers sync.WaitGroup
	for writer := range 16 {
		writers.Go(func() {
			for n := range 20 {
				e := entry(alice, writer*20+n)
				if err := w.WriteDurable(t.Context(), e); err != nil {
					t.Error(err)
				}
				if _, err := l.Get(t.Context(), alice, e.ID); err != nil { // the log, not the Writer
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	closeWriter(t, w)
	l = openSegments(t, dir, Options{})
	equal(t, lookup(t, l, Query{Account: alice, Limit: 100}), everything(entries(alice, 0, 320)))
	closeLog(t, l)
}

func TestWriterClosed(t *testing.T) {
	dir := t.TempDir()
	w := NewWriter(openSegments(t, dir, Options{}))
	for n := range 10 {
		if err := w.Write(entry(alice, n)); err != nil {
			t.Fatal(err)
		}
	}
	closeWriter(t, w)
	_, _, lookupErr := w.Lookup(t.Context(), Query{Limit: 1})
	for _, err := range []error{w.Write(entry(alice, 1)), w.WriteDurable(t.Context(), entry(alice, 1)), w.Flush(t.Context()), w.Close(), lookupErr} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
	}
	l := openSegments(t, dir, Options{})
	equal(t, lookup(t, l, Query{Account: alice, Limit: 100}), everything(entries(alice, 0, 10)))
	closeLog(t, l)
}

func TestWriterRefusesInvalid(t *testing.T) {
	w := NewWriter(NewMemory(10, 1<<20))
	defer closeWriter(t, w)
	if err := w.Write(Entry{}); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
	if err := w.WriteDurable(t.Context(), Entry{}); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
	if err := w.Healthy(); err != nil {
		t.Error(err)
	}
}

// A log that cannot be written: who wants durability is told, plain entries
// wait, and when it can be written again they are there.
func TestWriterOutlivesFailure(t *testing.T) {
	l := openSegments(t, t.TempDir(), Options{})
	w := NewWriter(l)
	mend := broken(t, l)
	if err := w.WriteDurable(t.Context(), entry(alice, 1)); err == nil {
		t.Fatal("an entry is durable in a log that cannot be written")
	}
	if w.Healthy() == nil {
		t.Fatal("a log that cannot be written is healthy")
	}
	for n := 2; n < 50; n++ {
		if err := w.Write(entry(alice, n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(t.Context()); err == nil {
		t.Fatal("flushed to a log that cannot be written")
	}
	if _, _, err := w.Lookup(t.Context(), Query{Account: alice, Limit: 1}); err == nil {
		t.Fatal("a lookup passes over what could not be written")
	}
	mend()
	eventually(t, "the log does not get healthy", func() bool { return w.Healthy() == nil })
	got, _, err := w.Lookup(t.Context(), Query{Account: alice, From: noon.Add(2 * time.Second), Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, got, everything(entries(alice, 2, 50)))
	if err := w.WriteDurable(t.Context(), entry(alice, 50)); err != nil {
		t.Fatal(err)
	}
	closeWriter(t, w)
}

// With nothing to write, health comes back all the same.
func TestWriterProbes(t *testing.T) {
	l := openSegments(t, t.TempDir(), Options{})
	w := NewWriter(l)
	mend := broken(t, l)
	if err := w.WriteDurable(t.Context(), entry(alice, 1)); err == nil {
		t.Fatal("an entry is durable in a log that cannot be written")
	}
	time.Sleep(3 * retry)
	if w.Healthy() == nil {
		t.Fatal("healthy before the log is")
	}
	mend()
	eventually(t, "the log does not get healthy", func() bool { return w.Healthy() == nil })
	equal(t, lookup(t, l, Query{Account: alice, Limit: 5}), entries(alice, 0, 1))
	closeWriter(t, w)
}

// A sick log fills the Writer up to its bound and no further.
func TestWriterIsBounded(t *testing.T) {
	l := openSegments(t, t.TempDir(), Options{})
	w := NewWriter(l)
	mend := broken(t, l)
	w.WriteDurable(t.Context(), entry(alice, 1))
	e := entry(alice, 2)
	e.Event = make([]byte, MaxEntry/2)
	n, held := 0, 0
	for ; ; n++ {
		e.ID = id(10 + n)
		if err := w.Write(e); err != nil {
			break
		}
		if held += e.size(); held > maxHeld+2*MaxEntry {
			t.Fatalf("%d bytes are held of a log that cannot be written", held)
		}
	}
	mend()
	if err := w.Flush(t.Context()); err != nil {
		eventually(t, "the log does not get healthy", func() bool { return w.Flush(t.Context()) == nil })
	}
	if got := lookup(t, l, Query{Account: alice, Limit: 1000}); len(got) != n+1 {
		t.Errorf("%d of %d entries taken were written", len(got)-1, n)
	}
	closeWriter(t, w)
}

// A log that is slow makes Write wait, and loses nothing.
func TestWriterBlocks(t *testing.T) {
	l := openSegments(t, t.TempDir(), Options{})
	w := NewWriter(l)
	l.accounts.writing.Lock() // as a disk that does not answer
	e := entry(alice, 2)
	e.Event = make([]byte, MaxEntry/2)
	count := 3 * maxHeld / len(e.Event)
	written := make(chan struct{})
	go func() {
		defer close(written)
		for n := range count {
			e.ID = id(n)
			if err := w.Write(e); err != nil {
				t.Error(err)
			}
		}
	}()
	select {
	case <-written:
		t.Error("more than the bound was taken without blocking")
	case <-time.After(300 * time.Millisecond):
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := w.WriteDurable(ctx, entry(alice, 1)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("WriteDurable outlasts its context: %v", err)
	}
	l.accounts.writing.Unlock()
	<-written
	if err := w.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := lookup(t, l, Query{Account: alice, Attribute: &Attribute{"EventName", "ListUsers"}, Limit: 50}); len(got) != count {
		t.Errorf("%d of %d entries were written", len(got), count)
	}
	closeWriter(t, w)
}
