package authn

import (
	"errors"
	"io"
	"net/http"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/sigv4"
)

// Payload is a request's body that was not read before its signature was
// checked. It proves itself while it is read: what Read has given out is genuine
// only once it has returned io.EOF, and whoever keeps it must drop it on any
// other error. Errors are *writ.Error.
type Payload struct {
	call    *writ.Call
	body    io.Reader
	proving *sigv4.Body // nil for the anonymous, whose bodies nothing vouches for
}

// Read reads the body, without the framing of chunks.
func (p *Payload) Read(buf []byte) (int, error) {
	n, err := p.body.Read(buf)
	if err == nil || err == io.EOF {
		return n, err
	}
	if refused := new(sigv4.Error); errors.As(err, &refused) {
		return n, told(p.call, err)
	}
	return n, writ.Errorf(http.StatusBadRequest, "IncompleteBody", "The request body terminated unexpectedly")
}

// Length is how long the body was said to be within its chunks, -1 if it has none.
func (p *Payload) Length() int64 {
	if p.proving == nil {
		return -1
	}
	return p.proving.Length()
}

// Announced are the names of the headers that will follow the body.
func (p *Payload) Announced() []string {
	if p.proving == nil {
		return nil
	}
	return p.proving.Announced()
}

// Trailer is a header that followed the body, "" before the body has been read
// to its end and where there is none.
func (p *Payload) Trailer(name string) string {
	if p.proving == nil {
		return ""
	}
	return p.proving.Trailer().Get(name)
}
