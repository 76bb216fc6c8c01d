package events

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"hash/crc32"
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
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return scan(data)
}

// scan reads every frame of a segment file, whatever stands between them.
func scan(data []byte) (*contents, error) {
	salt, err := openHeader(data)
	if err != nil {
		return nil, err
	}
	c := &contents{salt: salt, end: fileHeader}
	for at := fileHeader; at < len(data); {
		n, ok := c.frame(data, at)
		if ok {
			at += n
			c.end = at
			continue
		}
		next := c.skip(data, at)
		c.gaps = append(c.gaps, gap{at, next})
		at = next
	}
	c.blank = max(c.end, len(bytes.TrimRight(data, "\x00")))
	return c, nil
}

// frame takes the frame at the offset at, and returns its length.
func (c *contents) frame(data []byte, at int) (n int, ok bool) {
	body, synced, err := openFrame(data[at:], c.salt)
	if err != nil {
		return 0, false
	}
	e, p, err := decodeBody(body)
	if err != nil {
		return 0, false
	}
	n = frameHeader + len(body)
	c.tail.add(&e, p, uint32(at), uint32(n))
	c.synced = max(c.synced, int(synced))
	return n, true
}

// skip returns the offset of the next intact frame behind at.
func (c *contents) skip(data []byte, at int) int {
	for at++; ; at++ {
		i := bytes.Index(data[at:], mark)
		if i < 0 {
			return len(data)
		}
		at += i
		if _, _, err := openFrame(data[at:], c.salt); err == nil {
			return at
		}
	}
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
