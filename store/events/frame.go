package events

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
)

// A segment file is a header and frames, one for each entry:
//
//	mark    4 bytes, the same in every frame
//	length  4 bytes, of the body
//	crc     4 bytes, CRC-32C of synced and the body, begun with the file's salt
//	synced  4 bytes, how far the file was durable when the frame was written
//	body    time 8, id 16, length of event 4, length of note 4, event, note, and
//	        words: account, region, then name and value of each attribute, each
//	        word preceded by its length as a uvarint
//
// All numbers are little-endian. The salt, drawn for each file, keeps bytes
// that a client chose, or that an older file left behind, from passing for a
// frame. What synced tells is in scan.go.
const (
	frameHeader = 16
	bodyHeader  = 32
	maxBody     = bodyHeader + MaxEntry + MaxEntry // words cost a length beside their bytes
)

var (
	mark       = []byte{0xf7, 'e', 'v', 0xfe} // never part of UTF-8
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	order      = binary.LittleEndian

	errDamaged = errors.New("damaged")
)

// appendFrame appends the frame of an entry that passed check.
func appendFrame(b []byte, e *Entry, p place, salt, synced uint32) []byte {
	start := len(b)
	b = append(b, mark...)
	b = append(b, 0, 0, 0, 0, 0, 0, 0, 0)
	b = order.AppendUint32(b, synced)
	b = appendBody(b, e, p)
	frame := b[start:]
	order.PutUint32(frame[4:], uint32(len(frame)-frameHeader))
	order.PutUint32(frame[8:], crc32.Update(salt, castagnoli, frame[12:]))
	return b
}

func appendBody(b []byte, e *Entry, p place) []byte {
	b = order.AppendUint64(b, uint64(p.nanos))
	b = append(b, p.id[:]...)
	b = order.AppendUint32(b, uint32(len(e.Event)))
	b = order.AppendUint32(b, uint32(len(e.Note)))
	b = append(b, e.Event...)
	b = append(b, e.Note...)
	b = appendWord(b, e.Account)
	b = appendWord(b, e.Region)
	return appendAttributes(b, e.Attributes)
}

func appendAttributes(b []byte, attributes []Attribute) []byte {
	for i := range attributes {
		b = appendWord(b, attributes[i].Name)
		b = appendWord(b, attributes[i].Value)
	}
	return b
}

func appendWord(b []byte, word string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(word))), word...)
}

// openFrame returns the body of the frame that data begins with.
func openFrame(data []byte, salt uint32) (body []byte, synced uint32, err error) {
	if len(data) < frameHeader || !bytes.Equal(data[:4], mark) {
		return nil, 0, errDamaged
	}
	length := uint64(order.Uint32(data[4:]))
	if length < bodyHeader || length > maxBody || length > uint64(len(data)-frameHeader) {
		return nil, 0, errDamaged
	}
	frame := data[:frameHeader+length]
	if crc32.Update(salt, castagnoli, frame[12:]) != order.Uint32(frame[8:]) {
		return nil, 0, errDamaged
	}
	return frame[frameHeader:], order.Uint32(frame[12:]), nil
}

// decodeBody reads a body. The entry's Event and Note are parts of it.
func decodeBody(body []byte) (e Entry, p place, err error) {
	if len(body) < bodyHeader {
		return e, p, errDamaged
	}
	p.nanos = int64(order.Uint64(body))
	copy(p.id[:], body[8:])
	event, note := uint64(order.Uint32(body[24:])), uint64(order.Uint32(body[28:]))
	rest := body[bodyHeader:]
	if event+note > uint64(len(rest)) || p.nanos < 0 || p.nanos > maxTime.UnixNano() {
		return e, p, errDamaged
	}
	e = Entry{Time: p.time(), ID: p.id.String(), Event: some(rest[:event]), Note: some(rest[event : event+note])}
	words := words{rest: string(rest[event+note:])}
	e.Account, e.Region = words.next(), words.next()
	e.Attributes = words.attributes()
	return e, p, words.err
}

// some is p, or nil if it is empty.
func some(p []byte) []byte {
	if len(p) == 0 {
		return nil
	}
	return p[:len(p):len(p)]
}

// words takes words from the front of rest.
type words struct {
	rest string
	err  error
}

func (w *words) next() string {
	var length uint64
	for shift := 0; len(w.rest) > 0 && shift < 35; shift += 7 {
		c := w.rest[0]
		w.rest = w.rest[1:]
		length |= uint64(c&0x7f) << shift
		if c < 0x80 {
			return w.cut(length)
		}
	}
	w.err = errDamaged
	return ""
}

func (w *words) cut(length uint64) string {
	if length > uint64(len(w.rest)) {
		w.err = errDamaged
		return ""
	}
	word := w.rest[:length]
	w.rest = w.rest[length:]
	return word
}

func (w *words) attributes() (a []Attribute) {
	for len(w.rest) > 0 && w.err == nil {
		if a == nil {
			a = make([]Attribute, 0, 8)
		}
		a = append(a, Attribute{w.next(), w.next()})
	}
	return a
}
