package events

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"fmt"
	"hash/crc32"
	"io"
	"os"
)

// A segment file begins with its kind and version, its salt, and the CRC-32C of
// these.
const (
	kind       = "writevt"
	version    = '1'
	fileHeader = 16
)

func newHeader() (header []byte, salt uint32) {
	header = append([]byte(kind), version, 0, 0, 0, 0)
	rand.Read(header[8:])
	return order.AppendUint32(header, crc32.Checksum(header, castagnoli)), order.Uint32(header[8:])
}

// openHeader returns the salt of the file that data begins with.
func openHeader(data []byte) (salt uint32, err error) {
	if len(data) < fileHeader || order.Uint32(data[12:]) != crc32.Checksum(data[:12], castagnoli) {
		return 0, fmt.Errorf("%w header", errDamaged)
	}
	if string(data[:8]) != kind+string(version) {
		return 0, fmt.Errorf("made by another version of this program: it begins with %q", data[:8])
	}
	return order.Uint32(data[8:]), nil
}

// contents is what a segment file turned out to hold.
type contents struct {
	salt   uint32
	tail   tail
	gaps   []gap
	synced int // how far the file was durable when its last frame was written
	end    int // behind the last frame
	blank  int // where the zeros behind all else begin, if there are any
}

// gap is a stretch of a file that holds no frame.
type gap struct{ from, to int }

func scanFile(path string) (*contents, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return scan(f, int(info.Size()))
}

// scan reads every frame of a segment file, whatever stands between them.
func scan(file io.ReaderAt, size int) (*contents, error) {
	w := &window{file: file, size: size}
	salt, err := openHeader(w.from(0, fileHeader))
	if err != nil {
		return nil, cmp.Or(w.err, err)
	}
	c := &contents{salt: salt, tail: tailFor(size), end: fileHeader, blank: fileHeader}
	for at := fileHeader; at < size; {
		n, ok := c.frame(w, at)
		if ok {
			at += n
			c.end = at
			continue
		}
		next := c.skip(w, at)
		c.gaps = append(c.gaps, gap{at, next})
		at = next
	}
	c.blank = max(c.blank, c.end)
	return c, w.err
}

// frame takes the frame at the offset at, and returns its length.
func (c *contents) frame(w *window, at int) (n int, ok bool) {
	f, err := c.open(w, at)
	if err != nil {
		return 0, false
	}
	c.tail.add(&f.entry, f.place, uint32(at), uint32(f.length))
	c.synced = max(c.synced, f.synced)
	return f.length, true
}

// frame is what stands in one.
type frame struct {
	entry          Entry
	place          place
	synced, length int
}

func (c *contents) open(w *window, at int) (f frame, err error) {
	body, synced, err := openFrame(w.frame(at), c.salt)
	if err != nil {
		return f, err
	}
	f.synced, f.length = int(synced), frameHeader+len(body)
	f.entry, f.place, err = decodeBody(body)
	return f, err
}

// skip returns the offset of the next intact frame from at on.
func (c *contents) skip(w *window, at int) int {
	for at < w.size {
		piece := w.from(at, len(mark))
		if n := len(bytes.TrimRight(piece, "\x00")); n > 0 {
			c.blank = max(c.blank, at+n)
		}
		i := bytes.Index(piece, mark)
		if i < 0 {
			at += max(len(piece)-len(mark)+1, 1)
			continue
		}
		at += i
		if _, err := c.open(w, at); err == nil {
			return at
		}
		at++
	}
	return w.size
}

// torn returns where the torn tail of the last segment begins, or the end of
// the frames. A gap behind all that was ever known to be durable is what a
// crash left of a write that nobody was told had succeeded; it and what
// follows is not missed. A gap before is damage: a later frame testifies that
// the file was once whole up to there.
func (c *contents) torn() int {
	for _, g := range c.gaps {
		if g.from >= c.synced {
			return g.from
		}
	}
	return c.end
}
