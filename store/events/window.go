package events

import (
	"io"
	"slices"
)

// windowBytes is read at once.
const windowBytes = 256 << 10

// window reads a file from front to back in memory that it uses again: fresh
// memory for a whole segment takes longer to get than all that is done with it.
// After an error, which it keeps, every byte is zero.
type window struct {
	file io.ReaderAt
	size int // of the file
	err  error

	data []byte // stands at base in the file
	base int
}

// from returns what the file has at an offset: n bytes or more, fewer only where
// it ends. They are good until the next call.
func (w *window) from(offset, n int) []byte {
	n = min(n, w.size-offset)
	if offset < w.base || offset+n > w.base+len(w.data) {
		w.load(offset, max(n, min(windowBytes, w.size-offset)))
	}
	return w.data[offset-w.base:]
}

func (w *window) load(offset, n int) {
	w.data, w.base = slices.Grow(w.data[:0], n)[:n], offset
	if w.err == nil {
		_, w.err = w.file.ReadAt(w.data, int64(offset))
	}
	if w.err != nil {
		clear(w.data)
	}
}

// frame returns what the file has at an offset, and all of the frame there if
// it holds one.
func (w *window) frame(offset int) []byte {
	header := w.from(offset, frameHeader)
	if len(header) < frameHeader {
		return header
	}
	return w.from(offset, frameHeader+min(int(order.Uint32(header[4:])), maxBody))
}
