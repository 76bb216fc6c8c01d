package server

import (
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/writ-iam/writ/wire"
)

// slowest is how many bytes a second a client must take or give, so that large
// objects have the time that they need and slow clients do not hold connections
// for ever.
const slowest = 64 << 10

// streamBuffers hold as much as is sealed in one piece, see package blobs.
var streamBuffers = sync.Pool{New: func() any { return new(make([]byte, 64<<10)) }}

// timeFor is how long a body of so many bytes may take.
func timeFor(base time.Duration, bytes int64) time.Duration {
	return base + time.Duration(max(bytes, 0)/slowest)*time.Second
}

// patient gives a client the time to send a large body. Until there is an answer,
// whose time is set anew, nothing has to be written.
func patient(w http.ResponseWriter, length int64) {
	control := http.NewResponseController(w)
	control.SetReadDeadline(time.Now().Add(timeFor(requestTimeout, length)))
	control.SetWriteDeadline(time.Time{})
}

// send writes the answer. A stream that breaks off cuts the connection, so that
// the client sees that it has not got everything.
func send(w http.ResponseWriter, answer *wire.Response) {
	header := w.Header()
	for name, values := range answer.Header {
		header[name] = values
	}
	length, _ := strconv.ParseInt(header.Get("Content-Length"), 10, 64)
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(timeFor(answerTimeout, length)))
	if answer.Stream == nil {
		w.WriteHeader(answer.Status)
		w.Write(answer.Body)
		return
	}
	defer answer.Stream.Close()
	w.WriteHeader(answer.Status)
	buffer := streamBuffers.Get().(*[]byte)
	defer streamBuffers.Put(buffer)
	// (The writer is hidden but for Write: its ReadFrom has a smaller buffer.)
	if _, err := io.CopyBuffer(struct{ io.Writer }{w}, answer.Stream, *buffer); err != nil {
		panic(http.ErrAbortHandler)
	}
}
