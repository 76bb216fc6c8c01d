package events

import (
	"io"
	"sort"
)

// blockBytes is read at once: neighbours are often wanted next.
const blockBytes = 4 << 10

// column reads records of one width from a file. After an error, which it
// keeps, every record is zero.
type column struct {
	from  io.ReaderAt
	base  int64
	width int
	n     int
	err   error

	block []byte
	first int // number of the first record in block
}

// record returns the record numbered i; it is good until the next call.
func (c *column) record(i int) []byte {
	at := (i - c.first) * c.width
	if at < 0 || at >= len(c.block) {
		c.load(i)
		at = (i - c.first) * c.width
	}
	return c.block[at : at+c.width]
}

// load reads the block that the record numbered i is part of.
func (c *column) load(i int) {
	each := blockBytes / c.width
	c.first = i / each * each
	if c.block == nil {
		c.block = make([]byte, each*c.width)
	}
	c.block = c.block[:min(each, c.n-c.first)*c.width]
	if c.err == nil {
		_, c.err = c.from.ReadAt(c.block, c.base+int64(c.first)*int64(c.width))
	}
	if c.err != nil {
		clear(c.block)
	}
}

// search returns the number of the first record for which ok holds, if it holds
// for all behind it too.
func (c *column) search(ok func([]byte) bool) int {
	return sort.Search(c.n, func(i int) bool { return ok(c.record(i)) })
}
