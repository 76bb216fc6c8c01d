package events

import "context"

// keptBytes is how much memory a batch keeps for the next time: enough for a
// busy second, not for the worst one.
const keptBytes = 4 * enough

// batch is entries on their way to a log, with their memory, which is used
// again once they are written.
type batch struct {
	entries    []Entry
	durable    []bool // of each entry: does somebody wait for it?
	attributes []Attribute
	bytes      []byte
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

// add copies e into the batch. Memory that has to grow leaves what was copied
// before where it is.
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
	at := len(b.bytes)
	b.bytes = append(b.bytes, p...)
	return b.bytes[at:]
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
	clear(b.entries)
	clear(b.attributes)
	next := newBatch()
	if cap(b.bytes) <= keptBytes {
		next.entries, next.durable = b.entries[:0], b.durable[:0]
		next.attributes, next.bytes = b.attributes[:0], b.bytes[:0]
	}
	*b = *next
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
