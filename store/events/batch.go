package events

import (
	"context"
	"sync"
)

// chunk is memory for the bytes of entries. Batches fill as many as they need
// and give them back; those of a burst are freed when nobody wants them again.
type chunk [MaxEntry]byte

var chunks = sync.Pool{New: func() any { return new(chunk) }}

// batch is entries on their way to a log, with their memory, which is used
// again once they are written.
type batch struct {
	entries    []Entry
	durable    []bool // of each entry: does somebody wait for it?
	attributes []Attribute
	chunks     []*chunk
	free       []byte // what is left of the last chunk
	size       int
	outcome    *outcome
}

// outcome is what became of a batch.
type outcome struct {
	known chan struct{} // closed when err is set
	err   error
}

func newBatch() *batch {
	return &batch{outcome: &outcome{known: make(chan struct{})}}
}

func (b *batch) empty() bool { return len(b.entries) == 0 }

// add copies e into the batch. Attributes that have to grow leave what was
// copied before where it is.
func (b *batch) add(e *Entry, durable bool) {
	c := *e
	at := len(b.attributes)
	b.attributes = append(b.attributes, e.Attributes...)
	c.Attributes = b.attributes[at:]
	c.Event = b.copy(e.Event)
	c.Note = b.copy(e.Note)
	b.entries = append(b.entries, c)
	b.durable = append(b.durable, durable)
	b.size += e.size()
}

func (b *batch) copy(p []byte) []byte {
	if len(p) > len(b.free) {
		c := chunks.Get().(*chunk)
		b.chunks = append(b.chunks, c)
		b.free = c[:]
	}
	n := copy(b.free, p)
	copied := b.free[:n:n]
	b.free = b.free[n:]
	return copied
}

// keepPlain adds the entries that nobody waits for to another batch.
func (b *batch) keepPlain(next *batch) {
	for i := range b.entries {
		if !b.durable[i] {
			next.add(&b.entries[i], false)
		}
	}
}

// settle tells who waits for the batch and empties it.
func (b *batch) settle(err error) {
	b.outcome.err = err
	close(b.outcome.known)
	for _, c := range b.chunks {
		chunks.Put(c)
	}
	clear(b.chunks)
	clear(b.entries)
	clear(b.attributes)
	*b = batch{
		entries:    b.entries[:0],
		durable:    b.durable[:0],
		attributes: b.attributes[:0],
		chunks:     b.chunks[:0],
		outcome:    newBatch().outcome,
	}
}

// wait returns the outcome once it is known, or the error of ctx.
func (o *outcome) wait(ctx context.Context) error {
	select {
	case <-o.known:
		return o.err
	case <-ctx.Done():
		return ctx.Err()
	}
}
