package wire

import "net/http"

// Request is a received request whose body has been read, once.
type Request struct {
	HTTP *http.Request // its Body is used up
	Body []byte
}

// Read reads the request's body, at most max bytes. The error is a *writ.Error.
func Read(w http.ResponseWriter, r *http.Request, max int64) (*Request, error) { panic("wire") }
