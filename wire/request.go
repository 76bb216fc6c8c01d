package wire

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/writ-iam/writ"
)

// Request is a received request. Its body is read once: whole by ReadBody, or
// as it comes, through the payload that SetPayload has given it.
type Request struct {
	HTTP *http.Request

	body    []byte // what ReadBody has read
	whole   bool   // whether it has
	payload io.Reader
	form    *Form
	max     int64  // how long the body may be that ReadBody reads
	at      string // escaped path, with the bucket that the host names before it (S3)

	params []param // of query string and form, arranged; see readParams
	read   bool
	err    error
}

// Open takes a request whose body may have at most max bytes, if it is read as
// a whole.
func Open(w http.ResponseWriter, r *http.Request, max int64) *Request {
	req := &Request{HTTP: r, payload: http.NoBody, max: max}
	if r.Body != nil {
		req.payload = http.MaxBytesReader(w, r.Body, max)
	}
	return req
}

// SetPayload replaces what the body is read from by a reader that proves the
// bytes, and whose errors are for the caller. If it is read as a whole it may have
// max bytes.
func (r *Request) SetPayload(payload io.Reader, max int64) { r.payload, r.max = payload, max }

// ReadBody reads the whole body, on its first call. The error is a *writ.Error,
// or what the payload's reader has refused the body with.
func (r *Request) ReadBody() ([]byte, error) {
	if r.whole {
		return r.body, nil
	}
	body, err := readAll(io.LimitReader(r.payload, r.max+1), min(r.HTTP.ContentLength, r.max))
	var refused *writ.Error
	switch {
	case errors.As(err, &refused):
		return nil, err
	case errors.As(err, new(*http.MaxBytesError)), int64(len(body)) > r.max:
		return nil, writ.Errorf(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "The request body is larger than %d bytes.", r.max)
	case err != nil:
		return nil, writ.Errorf(http.StatusBadRequest, "IncompleteBody", "The request body could not be read to its end.")
	}
	r.body, r.whole = body, true
	return body, nil
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
		var body []byte
		if body, err = r.ReadBody(); err == nil {
			all, err = appendParams(all, string(body))
		}
	}
	if err == nil {
		err = arrange(all)
	}
	r.params, r.err = all, err
	return all, err
}

// path is the escaped path that says what the request is about.
func (r *Request) path() string {
	if r.at != "" {
		return r.at
	}
	return r.HTTP.URL.EscapedPath()
}

// addressBucket makes one form of S3's: bucket.s3.amazonaws.com/key and
// s3.amazonaws.com/bucket/key are the same, and so are /bucket and /bucket/.
func (r *Request) addressBucket(host string) {
	r.at = r.HTTP.URL.EscapedPath()
	if host != "" {
		r.at = "/" + host + r.at
	}
	if strings.Count(r.at, "/") == 2 {
		r.at = strings.TrimSuffix(r.at, "/")
	}
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
