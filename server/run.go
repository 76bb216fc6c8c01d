package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// How long a client may take. A slow one must not hold a connection for ever.
const (
	headerTimeout  = 10 * time.Second
	requestTimeout = 30 * time.Second
	answerTimeout  = 60 * time.Second
	idleTimeout    = 2 * time.Minute
	maxHeader      = 64 << 10
	shutdownGrace  = 20 * time.Second
)

// Serve answers requests on a listener until ctx ends, then lets the ones under
// way finish. It closes the listener.
func Serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: requestTimeout,
		WriteTimeout: answerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	done := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
		defer cancel()
		done <- server.Shutdown(grace)
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-done
}

// Retention is how long history is kept; zero keeps it for ever.
type Retention struct {
	Events  time.Duration // of the event log
	Changes time.Duration // of change records
}

// inFlight is how long a call may be on its way between its commit and its
// event: longer than any answer takes.
const inFlight = 2 * answerTimeout

// Recover completes the events of mutations that a crash cut off on their way
// to the event log. It runs before the first request is served. alone says that
// no other node works on the store: then no change is still being answered.
func (s *Server) Recover(ctx context.Context, alone bool) error {
	before := s.now()
	if !alone {
		before = before.Add(-inFlight)
	}
	return s.audit.Complete(ctx, s.options.Store, before)
}

// Tend does the server's own work until ctx ends: it writes the last use of
// keys and roles every second, sees every minute that no change lacks its
// event, and drops every hour what is older than the retention and what the
// lifecycle of a bucket has ended. What is left to write it writes before it
// returns.
func (s *Server) Tend(ctx context.Context, keep Retention) {
	s.logged("objects not swept", s.services.s3.Sweep(ctx))
	second, minute, hour := time.NewTicker(time.Second), time.NewTicker(time.Minute), time.NewTicker(time.Hour)
	defer second.Stop()
	defer minute.Stop()
	defer hour.Stop()
	for {
		select {
		case <-ctx.Done():
			ctx = context.WithoutCancel(ctx)
			s.Settle()
			s.flush(ctx)
			s.logged("events not completed", s.Recover(ctx, false))
			return
		case <-second.C:
			s.flush(ctx)
		case <-minute.C:
			s.logged("events not completed", s.Recover(ctx, false))
		case <-hour.C:
			s.trim(ctx, keep)
			s.logged("objects not expired", s.services.s3.Expire(ctx, s.now()))
		}
	}
}

// Settle waits until the work that calls have left in the background is done.
func (s *Server) Settle() { s.services.iam.Settle() }

func (s *Server) flush(ctx context.Context) {
	if err := s.services.iam.FlushUses(ctx); err != nil && ctx.Err() == nil {
		s.log.Error("last uses not written", slog.Any("error", err))
	}
}

func (s *Server) trim(ctx context.Context, keep Retention) {
	now := s.now()
	if keep.Events > 0 {
		s.logged("event log not trimmed", s.options.Events.Trim(ctx, now.Add(-keep.Events)))
	}
	if keep.Changes > 0 {
		s.logged("history not trimmed", s.options.Store.Trim(ctx, now.Add(-keep.Changes)))
	}
}

func (s *Server) logged(message string, err error) {
	if err != nil {
		s.log.Error(message, slog.Any("error", err))
	}
}

// Reset forgets everything, events too. Only a server in memory can.
func (s *Server) Reset(ctx context.Context) error {
	if err := s.options.Store.Reset(); err != nil {
		return err
	}
	if err := s.options.Objects.Reset(); err != nil {
		return err
	}
	s.effective.Settle()
	s.services.iam.ForgetUses()
	return s.options.Events.Trim(ctx, s.now().Add(time.Hour))
}
