package events

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whatever follows the header of a segment file, reading it ends and every byte
// is part of a frame or of a gap.
func FuzzScan(f *testing.F) {
	header := append([]byte(kind), version, 1, 2, 3, 4)
	header = order.AppendUint32(header, crc(header))
	salt := order.Uint32(header[8:])
	var frames []byte
	for n := range 3 {
		e := entry(alice, n)
		frames = appendFrame(frames, &e, placeOf(&e), salt, uint32(fileHeader+len(frames)))
	}
	f.Add(frames)
	f.Add(frames[:len(frames)-1])
	f.Add(append(bytes.Clone(frames[:60]), frames[50:]...))
	f.Add(append(bytes.Repeat(mark, 9), frames...))
	f.Add(append(bytes.Clone(frames), make([]byte, 99)...))
	f.Fuzz(func(t *testing.T, data []byte) {
		data = append(bytes.Clone(header), data...)
		c, err := scan(bytes.NewReader(data), len(data))
		if err != nil {
			t.Fatal(err)
		}
		if torn := c.torn(); torn > len(data) || torn < fileHeader || c.end > len(data) {
			t.Fatalf("%d of %d bytes", torn, len(data))
		}
		if all := len(bytes.TrimRight(data, "\x00")); c.blank != max(all, c.end) {
			t.Fatalf("zeros alone from %d on, not from %d", all, c.blank)
		}
		covered := fileHeader
		for _, r := range c.tail.rows {
			covered += int(r.length)
		}
		for _, g := range c.gaps {
			covered += g.to - g.from
		}
		if covered != len(data) {
			t.Fatalf("frames and gaps are %d of %d bytes", covered, len(data))
		}
	})
}

func FuzzBody(f *testing.F) {
	e := entry(alice, 1)
	f.Add(appendBody(nil, &e, placeOf(&e)))
	f.Add(appendBody(nil, &Entry{}, place{}))
	f.Fuzz(func(t *testing.T, body []byte) {
		e, p, err := decodeBody(body)
		if err != nil {
			return
		}
		again, q, err := decodeBody(appendBody(nil, &e, p))
		if diff := cmp.Diff(e, again); err != nil || p != q || diff != "" {
			t.Fatalf("%v %s", err, diff)
		}
	})
}

// Rows and postings that the sum of a sidecar would keep out do no harm either.
func FuzzSidecar(f *testing.F) {
	var t0 tail
	for n := range 3 {
		e := entry(alice, n)
		t0.add(&e, placeOf(&e), uint32(100*n), 100)
	}
	file := encodeSidecar(&t0, 1, 400)
	f.Add(file, 3)
	first, last := entry(alice, 1), entry(alice, 2)
	s, err := newSearch(Query{Account: alice, From: first.Time, After: placeOf(&last).position(), Limit: 10})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte, n int) {
		if len(data) < sidecarHeader {
			return
		}
		body := data[sidecarHeader:]
		n = max(0, min(n, len(body)/rowWidth))
		m := (len(body) - n*rowWidth) / postingWidth
		order.PutUint32(data[12:], uint32(n))
		order.PutUint32(data[16:], uint32(m))
		copy(data, sidecarKind)
		order.PutUint32(data[76:], crc(data[:76]))
		data = data[:sidecarHeader+n*rowWidth+m*postingWidth]
		c, err := decodeSidecar(data, int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		err = c.search(bytes.NewReader(data), s, func(row) bool { seen++; return true })
		if seen > m || err != nil {
			t.Fatalf("%d rows of %d postings, %v", seen, m, err)
		}
	})
}

func FuzzPosition(f *testing.F) {
	e := entry(alice, 1)
	f.Add(string(placeOf(&e).position()))
	f.Fuzz(func(t *testing.T, s string) {
		p, err := Position(s).parse()
		if err != nil {
			return
		}
		if q, err := p.position().parse(); err != nil || q != p {
			t.Fatalf("%s: %v, %v, %v", s, p, q, err)
		}
	})
}
