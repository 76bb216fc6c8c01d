package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/writ-iam/writ"
)

// Failures are logged and not told; that a client has hung up is neither.
func TestTold(t *testing.T) {
	gone, hangUp := context.WithCancel(t.Context())
	hangUp()
	for _, c := range []struct {
		ctx    context.Context
		err    error
		logged string
	}{
		{t.Context(), errors.New("the disk is full"), "the disk is full"},
		{gone, errors.New("the disk is full"), "the disk is full"},
		{gone, fmt.Errorf("store: %w", context.Canceled), ""},
		{t.Context(), fmt.Errorf("store: %w", context.Canceled), "context canceled"},
		{t.Context(), writ.Errorf(404, "NoSuchEntity", "gone"), ""},
	} {
		var log bytes.Buffer
		s := &Server{log: slog.New(slog.NewTextHandler(&log, nil))}
		told := s.told(&writ.Call{Context: c.ctx, Err: c.err})
		if strings.Contains(told.Message, "disk") || strings.Contains(told.Message, "context") {
			t.Errorf("%v: the caller is told %q", c.err, told.Message)
		}
		if c.logged == "" && log.Len() > 0 || !strings.Contains(log.String(), c.logged) {
			t.Errorf("%v: logged %q", c.err, log.String())
		}
	}
}
