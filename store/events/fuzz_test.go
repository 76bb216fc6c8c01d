package events

import (
	"bytes"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whatever a segment file holds, reading it ends, stays within it, and what is
// read is encoded the same way again.
func FuzzScan(f *testing.F) {
	header, salt := newHeader()
	whole := bytes.Clone(header)
	for n := range 3 {
		e := entry(alice, n)
		whole = appendFrame(whole, &e, placeOf(&e), salt, fileHeader)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)-1])
	f.Add(append(bytes.Clone(whole[:60]), whole[50:]...))
	f.Add(header)
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := scan(data)
		if err != nil {
			return
		}
		if torn := c.torn(); torn > len(data) || torn < fileHeader || c.end > len(data) {
			t.Fatalf("%d of %d bytes", torn, len(data))
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

func FuzzSidecar(f *testing.F) {
	var t0 tail
	for n := range 3 {
		e := entry(alice, n)
		t0.add(&e, placeOf(&e), uint32(100*n), 100)
	}
	f.Add(encodeSidecar(&t0, 1, 400))
	s, err := newSearch(Query{Account: alice, Limit: 10})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := t.TempDir() + "/index"
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := openSidecar(path)
		if err != nil {
			return
		}
		c.sound.Store(true) // what the sum keeps out is to do no harm either
		seen := 0
		c.find(s, func(row) bool { seen++; return true })
		if seen > c.postings {
			t.Fatalf("%d rows of %d postings", seen, c.postings)
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
