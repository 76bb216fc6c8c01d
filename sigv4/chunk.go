package sigv4

import (
	"bufio"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"
)

const (
	maxChunkHeader = 128     // size in hex, ";chunk-signature=", signature, CRLF
	maxTrailers    = 8 << 10 // all that follows the last chunk

	chunkAlgorithm   = "AWS4-HMAC-SHA256-PAYLOAD"
	trailerAlgorithm = "AWS4-HMAC-SHA256-TRAILER"
	signatureField   = ";chunk-signature="
	emptyHash        = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
)

// chunks reads a body in aws-chunked encoding. Each chunk's signature covers
// the one before it, the first one that of the request
// (S3 API Reference, "Transferring Payload in Multiple Chunks").
type chunks struct {
	src      *bufio.Reader
	sig      *Signature
	previous string // signature of the chunk before
	declared string // x-amz-trailer

	given string    // signature of this chunk, as sent
	hash  hash.Hash // of this chunk
	left  int64     // bytes of this chunk still to come
	total int64     // bytes of the payload still to come

	trailer http.Header
	err     error // what all further reads return
}

func newChunks(s *Signature, h http.Header, src io.Reader) (*chunks, error) {
	length, twice := only(h, "X-Amz-Decoded-Content-Length")
	total, err := strconv.ParseUint(length, 10, 63)
	if err != nil || twice != nil {
		return nil, refuse(undeclared, "Missing required header for this request: x-amz-decoded-content-length")
	}
	declared := strings.Join(h["X-Amz-Trailer"], ",")
	if s.Payload.trailer() && declared == "" {
		return nil, refuse(undeclared, "Missing required header for this request: x-amz-trailer")
	}
	c := &chunks{src: bufio.NewReader(src), sig: s, previous: s.signature, hash: sha256.New(), total: int64(total)}
	if s.Payload.trailer() {
		c.declared = declared
	}
	return c, nil
}

func (c *chunks) Read(p []byte) (int, error) {
	if c.err != nil || len(p) == 0 {
		return 0, c.err
	}
	n, err := c.read(p)
	c.err = err
	return n, err
}

func (c *chunks) read(p []byte) (int, error) {
	if c.left == 0 {
		if err := c.start(); err != nil {
			return 0, err
		}
	}
	n, err := c.src.Read(p[:min(int64(len(p)), c.left)])
	if err != nil {
		return 0, broken(err)
	}
	c.hash.Write(p[:n])
	c.left -= int64(n)
	c.total -= int64(n)
	if c.left > 0 {
		return n, nil
	}
	if err := c.end(); err != nil {
		return 0, err
	}
	return n, nil
}

// start reads the header of a chunk. After the last one it returns io.EOF.
func (c *chunks) start() error {
	line, err := c.line()
	if err != nil {
		return err
	}
	size, given, signed := strings.Cut(line, signatureField)
	if signed != c.sig.Payload.signed() || signed && !isLowerHex(given, 2*sha256.Size) {
		return malformed()
	}
	left, err := strconv.ParseUint(size, 16, 63)
	if err != nil {
		return malformed()
	}
	c.given, c.left = given, int64(left)
	switch {
	case c.left > c.total, c.left == 0 && c.total > 0:
		return refuse(truncated, textTruncated)
	case c.left == 0:
		return c.finish()
	}
	return nil
}

// line reads a line of at most maxChunkHeader bytes and cuts off its CRLF.
func (c *chunks) line() (string, error) {
	line, err := c.src.ReadSlice('\n')
	switch {
	case err != nil && !errors.Is(err, bufio.ErrBufferFull):
		return "", broken(err)
	case err != nil, len(line) > maxChunkHeader, len(line) < 2, line[len(line)-2] != '\r':
		return "", malformed()
	}
	return string(line[:len(line)-2]), nil
}

// end proves the chunk and reads the CRLF after it.
func (c *chunks) end() error {
	if err := c.prove(); err != nil {
		return err
	}
	line, err := c.line()
	if err == nil && line != "" {
		return malformed()
	}
	return err
}

// prove checks the signature of the chunk that was just read.
func (c *chunks) prove() error {
	if !c.sig.Payload.signed() {
		return nil
	}
	sum := c.hash.Sum(nil)
	c.hash.Reset()
	return c.match(chunkAlgorithm+"\n"+c.context()+"\n"+emptyHash+"\n"+hex.EncodeToString(sum), c.given)
}

// context is what ties a string to sign to its place in the request.
func (c *chunks) context() string {
	return c.sig.stamp + "\n" + c.sig.scope + "\n" + c.previous
}

// match compares a signature with the one of the text, which becomes the
// previous one.
func (c *chunks) match(text, given string) error {
	want := hex.AppendEncode(nil, c.sig.key.appendMAC(nil, []byte(text)))
	if subtle.ConstantTimeCompare(want, []byte(given)) != 1 {
		return refuse(mismatch, textMismatch)
	}
	c.previous = given
	return nil
}

// finish proves the empty chunk at the end and reads what follows it.
func (c *chunks) finish() error {
	if err := c.prove(); err != nil {
		return err
	}
	rest, err := io.ReadAll(io.LimitReader(c.src, maxTrailers+1))
	if err != nil {
		return err
	}
	if err := c.readTrailers(rest); err != nil {
		return err
	}
	return io.EOF
}

const textTruncated = "You did not provide the number of bytes specified by the Content-Length HTTP header"

// broken is the error of a body that ends too soon; others are passed on.
func broken(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return refuse(truncated, textTruncated)
	}
	return err
}

func malformed() error {
	return refuse(truncated, "The request body is not in aws-chunked encoding.")
}
