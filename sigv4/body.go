package sigv4

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"hash"
	"io"
	"net/http"
	"strings"
)

// Body is a payload that proves itself while it is read. What Read has given
// out is genuine only once Read has returned io.EOF: whoever stores it must
// drop it on any other error. Errors of the payload are *Error.
type Body struct {
	src io.Reader
}

// Read reads the payload, without the framing of chunks.
func (b *Body) Read(p []byte) (int, error) { return b.src.Read(p) }

// Trailer are the headers that followed the last chunk, under canonical keys;
// nil before Read has returned io.EOF, and where there are none. Under
// StreamingUnsignedTrailer nothing vouches for them.
func (b *Body) Trailer() http.Header {
	if c, ok := b.src.(*chunks); ok && c.err == io.EOF {
		return c.trailer
	}
	return nil
}

// Announced are the names of the headers that will follow the last chunk, as
// x-amz-trailer has them; nil where none will.
func (b *Body) Announced() []string {
	c, ok := b.src.(*chunks)
	if !ok || c.declared == "" {
		return nil
	}
	names := strings.Split(c.declared, ",")
	for i := range names {
		names[i] = strings.Trim(names[i], " \t")
	}
	return names
}

// Length is how long the payload of a chunked body was said to be, -1 for other
// bodies. It is asked for before the first Read.
func (b *Body) Length() int64 {
	if c, ok := b.src.(*chunks); ok {
		return c.total
	}
	return -1
}

// Body is the request's payload as its signature covers it: for a declared
// hash, the body checked against it; for a streaming Payload, the chunks'
// content, each checked. It fails unless Verify has passed, and if nothing was
// declared. Errors are *Error.
func (s *Signature) Body(r *http.Request) (*Body, error) {
	if s.state < verified {
		return nil, refuse(mismatch, textMismatch)
	}
	src := io.Reader(http.NoBody)
	if r.Body != nil {
		src = r.Body
	}
	switch {
	case s.Payload.streaming():
		c, err := newChunks(s, r.Header, src)
		if err != nil {
			return nil, err
		}
		return &Body{src: c}, nil
	case s.Payload == UnsignedPayload:
		return &Body{src: src}, nil
	case s.Payload.hashed():
		return &Body{src: &hashed{src: src, hash: sha256.New(), want: s.Payload}}, nil
	}
	return nil, refuse(undeclared, "Missing required header for this request: x-amz-content-sha256")
}

// hashed reads src and fails at its end unless it has the wanted SHA-256.
type hashed struct {
	src  io.Reader
	hash hash.Hash
	want Payload
}

func (h *hashed) Read(p []byte) (int, error) {
	n, err := h.src.Read(p)
	h.hash.Write(p[:n])
	if err == io.EOF && subtle.ConstantTimeCompare(hex.AppendEncode(nil, h.hash.Sum(nil)), []byte(h.want)) != 1 {
		return n, refuse(payload, "%s", textPayload)
	}
	return n, err
}
