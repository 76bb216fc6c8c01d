package wire

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/writ-iam/writ"
)

// Request is a received request whose body has been read, once.
type Request struct {
	HTTP *http.Request // its Body is used up
	Body []byte

	params []param // of query string and form, arranged; see readParams
	read   bool
	err    error
}

// Read reads the request's body, at most max bytes. The error is a *writ.Error.
func Read(w http.ResponseWriter, r *http.Request, max int64) (*Request, error) {
	body, err := readAll(http.MaxBytesReader(w, r.Body, max), min(r.ContentLength, max))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return nil, writ.Errorf(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "The request body is larger than %d bytes.", max)
	}
	if err != nil {
		return nil, writ.Errorf(http.StatusBadRequest, "IncompleteBody", "The request body could not be read to its end.")
	}
	return &Request{HTTP: r, Body: body}, nil
}

// readAll reads to the end; size is a guess, negative if there is none.
func readAll(r io.Reader, size int64) ([]byte, error) {
	if size < 0 {
		return io.ReadAll(r)
	}
	body := make([]byte, 0, size+1) // one more, so that the end is seen without growing
	for {
		n, err := r.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if err == io.EOF {
			return body, nil
		}
		if err != nil {
			return body, err
		}
		if len(body) == cap(body) {
			body = append(body, 0)[:len(body)]
		}
	}
}

// readParams returns the parameters of query string and form body together.
func (r *Request) readParams() ([]param, error) {
	if r.read {
		return r.params, r.err
	}
	r.read = true
	all, err := appendParams(nil, r.HTTP.URL.RawQuery)
	if err == nil && r.isForm() {
		all, err = appendParams(all, string(r.Body))
	}
	if err == nil {
		err = arrange(all)
	}
	r.params, r.err = all, err
	return all, err
}

func (r *Request) isForm() bool {
	t, _, _ := strings.Cut(r.HTTP.Header.Get("Content-Type"), ";")
	return strings.EqualFold(strings.TrimSpace(t), "application/x-www-form-urlencoded")
}

// param returns the value of a parameter by its whole name.
func (r *Request) param(name string) (string, bool) {
	for _, p := range r.params {
		if p.name == name {
			return p.value, true
		}
	}
	return "", false
}
