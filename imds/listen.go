package imds

import (
	"log/slog"
	"net"
	"net/http"
	"time"
)

// How long a client may take, and how much it may say.
const (
	headerTimeout = 5 * time.Second
	answerTimeout = 30 * time.Second
	idleTimeout   = time.Minute
	maxHeader     = 16 << 10
)

// listen serves a listener until the returned server is closed.
func listen(l net.Listener, h http.Handler, log *slog.Logger) *http.Server {
	server := &http.Server{Handler: h, ConnContext: withConn, ReadHeaderTimeout: headerTimeout, ReadTimeout: headerTimeout,
		WriteTimeout: answerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	go server.Serve(l) // its error is that of Close
	return server
}
