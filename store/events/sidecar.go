package events

import (
	"cmp"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"slices"
	"sync/atomic"
)

// A sidecar is the index of a segment that will not grow, in a file of its own
// beside it: rows in the order of places, then postings in the order of keys,
// each pointing to a row. It holds nothing that the segment does not tell.
//
//	header   kind and version 8, salt of the segment 4, rows 4, postings 4,
//	         length of the segment 4, oldest and newest place 24 each,
//	         CRC-32C of what follows the header 4, and of the header 4
//	row      time 8, id 16, offset 4, length 4, region mark 4
//	posting  number of the row 4, fold of the key 4: read as one number, the key
//	         stands first
const (
	sidecarKind   = "writidx1"
	sidecarHeader = 80
	rowWidth      = 36
	postingWidth  = 8
)

type sidecar struct {
	path           string
	salt           uint32
	rows, postings int
	length         int64
	oldest, newest place
	crc            uint32
	sound          atomic.Bool // its sum has been checked
}

// posting is a key, folded, in the upper half and the number of a row in the
// lower, so that postings have the order of plain numbers.
type posting uint64

func newPosting(key uint32, row int) posting { return posting(key)<<32 | posting(row) }

func (p posting) key() uint32 { return uint32(p >> 32) }
func (p posting) row() int    { return int(uint32(p)) }

// encodeSidecar makes the sidecar's file from the index of a segment.
func encodeSidecar(t *tail, salt uint32, length int64) []byte {
	sorted, postings := arrange(t)
	b := make([]byte, sidecarHeader, sidecarHeader+len(sorted)*rowWidth+len(postings)*postingWidth)
	for _, r := range sorted {
		b = appendPlace(b, r.place)
		b = order.AppendUint32(b, r.offset)
		b = order.AppendUint32(b, r.length)
		b = order.AppendUint32(b, r.region)
	}
	for _, p := range postings {
		b = order.AppendUint64(b, uint64(p))
	}
	h := append(b[:0], sidecarKind...)
	for _, n := range []int{int(salt), len(sorted), len(postings), int(length)} {
		h = order.AppendUint32(h, uint32(n))
	}
	h = appendPlace(appendPlace(h, t.oldest), t.newest)
	h = order.AppendUint32(h, crc32.Checksum(b[sidecarHeader:], castagnoli))
	order.AppendUint32(h, crc32.Checksum(h, castagnoli))
	return b
}

// arrange brings rows into the order of their places and their keys into the
// order of keys and rows.
func arrange(t *tail) ([]row, []posting) {
	numbers := make([]uint32, len(t.rows))
	for i := range numbers {
		numbers[i] = uint32(i)
	}
	slices.SortFunc(numbers, func(a, b uint32) int { return t.rows[a].compare(t.rows[b]) })
	sorted, postings := make([]row, 0, len(t.rows)), make([]posting, 0, len(t.keys))
	for _, n := range numbers {
		for _, k := range t.keysOf(int(n)) {
			postings = append(postings, newPosting(k, len(sorted)))
		}
		sorted = append(sorted, t.rows[n])
	}
	slices.Sort(postings)
	return sorted, postings
}

func appendPlace(b []byte, p place) []byte {
	return append(order.AppendUint64(b, uint64(p.nanos)), p.id[:]...)
}

func placeIn(b []byte) (p place) {
	p.nanos = int64(order.Uint64(b))
	copy(p.id[:], b[8:24])
	return p
}

// openSidecar reads the header of the file at path.
func openSidecar(path string) (*sidecar, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	h := make([]byte, sidecarHeader)
	if _, err := io.ReadFull(f, h); err != nil {
		return nil, fmt.Errorf("%w index: %w", errDamaged, err)
	}
	c, err := decodeSidecar(h, info.Size())
	if err == nil {
		c.path = path
	}
	return c, err
}

func decodeSidecar(h []byte, size int64) (*sidecar, error) {
	c := &sidecar{
		salt:     order.Uint32(h[8:]),
		rows:     int(order.Uint32(h[12:])),
		postings: int(order.Uint32(h[16:])),
		length:   int64(order.Uint32(h[20:])),
		oldest:   placeIn(h[24:]),
		newest:   placeIn(h[48:]),
		crc:      order.Uint32(h[72:]),
	}
	whole := sidecarHeader + int64(c.rows)*rowWidth + int64(c.postings)*postingWidth
	if string(h[:8]) != sidecarKind || crc32.Checksum(h[:76], castagnoli) != order.Uint32(h[76:]) || size != whole {
		return nil, fmt.Errorf("%w index", errDamaged)
	}
	return c, nil
}

func (c *sidecar) span() (oldest, newest place) { return c.oldest, c.newest }

// find implements index. It returns errDamaged, before it has yielded
// anything, if the file is not what was written.
func (c *sidecar) find(s *search, yield func(row) bool) error {
	f, err := os.Open(c.path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := c.verify(f); err != nil {
		return err
	}
	return c.search(f, s, yield)
}

// strike implements index, with the errors of find.
func (c *sidecar) strike(account string, wanted map[eventID]bool) error {
	for id := range wanted {
		s := &search{key: attributeKey(account, EventID, id.String()), hi: endOfTime}
		err := c.find(s, func(r row) bool {
			if r.id == id {
				delete(wanted, id)
			}
			return r.id != id
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// verify checks the sum over the file, once.
func (c *sidecar) verify(f *os.File) error {
	if c.sound.Load() {
		return nil
	}
	sum := crc32.New(castagnoli)
	if _, err := io.Copy(sum, io.NewSectionReader(f, sidecarHeader, 1<<40)); err != nil {
		return err
	}
	if sum.Sum32() != c.crc {
		return fmt.Errorf("%w index", errDamaged)
	}
	c.sound.Store(true)
	return nil
}

// search goes backwards over the postings of the key whose rows lie within the
// bounds of s.
func (c *sidecar) search(f io.ReaderAt, s *search, yield func(row) bool) error {
	rows := &column{from: f, base: sidecarHeader, width: rowWidth, n: c.rows}
	postings := &column{from: f, base: sidecarHeader + int64(c.rows)*rowWidth, width: postingWidth, n: c.postings}
	first, end := c.bounds(s, rows)
	key := fold(s.key)
	behind := newPosting(key, end)
	i := postings.search(func(b []byte) bool { return postingIn(b) >= behind })
	for i--; i >= 0 && postings.err == nil && rows.err == nil; i-- {
		p := postingIn(postings.record(i))
		if p.key() != key || p.row() < first || p.row() >= end {
			break
		}
		r := rowIn(rows.record(p.row()))
		if rows.err == nil && s.mayBeIn(r.region) && !yield(r) {
			break
		}
	}
	return cmp.Or(rows.err, postings.err)
}

// bounds returns the numbers of the first row within the bounds of s and of the
// first behind them.
func (c *sidecar) bounds(s *search, rows *column) (first, end int) {
	end = c.rows
	if c.oldest.compare(s.lo) < 0 {
		first = rows.search(func(b []byte) bool { return placeIn(b).compare(s.lo) >= 0 })
	}
	if c.newest.compare(s.hi) >= 0 {
		end = rows.search(func(b []byte) bool { return placeIn(b).compare(s.hi) >= 0 })
	}
	return first, end
}

func postingIn(b []byte) posting { return posting(order.Uint64(b)) }

func rowIn(b []byte) row {
	return row{place: placeIn(b), offset: order.Uint32(b[24:]), length: order.Uint32(b[28:]), region: order.Uint32(b[32:])}
}
