package server_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/store/events"
)

// sickLog is a log that can't be written while it is sick.
type sickLog struct {
	*events.Memory
	sick atomic.Bool
}

func (l *sickLog) Append(ctx context.Context, entries []events.Entry) error {
	if l.sick.Load() {
		return errors.New("no space left on device")
	}
	return l.Memory.Append(ctx, entries)
}

// While the log can't be written no credential and no denial goes out; what
// changes something carries its event in its change record, and goes on.
func TestSickLog(t *testing.T) {
	log := &sickLog{Memory: events.NewMemory(1000, 1<<20)}
	lab := awstest.NewOn(t, log)
	creds := bob(t, lab)
	rootCall(t, lab, "DeleteUserPolicy", map[string]any{"UserName": "bob", "PolicyName": "p"})
	refused := func(service, operation string, params map[string]any) {
		t.Helper()
		_, err := lab.Call(creds, service, operation, params)
		if failure, ok := err.(*awstest.Failure); !ok || failure.Code != "InternalFailure" {
			t.Errorf("%s: %v", operation, err)
		}
	}
	log.sick.Store(true)
	refused("iam", "ListUsers", nil)
	refused("sts", "GetSessionToken", nil)
	rootCall(t, lab, "CreateUser", map[string]any{"UserName": "eve"})

	log.sick.Store(false)
	for deadline := time.Now().Add(5 * time.Second); lab.Events.Healthy() != nil && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
	if _, err := lab.Call(creds, "iam", "ListUsers", nil); err.(*awstest.Failure).Code != "AccessDenied" {
		t.Error(err)
	}
	page, _, err := lab.Events.Lookup(t.Context(), events.Query{Account: awstest.Account, Limit: 10, Attribute: &events.Attribute{Name: "ResourceName", Value: "eve"}})
	if err != nil || len(page) != 1 {
		t.Errorf("%d events of eve, %v", len(page), err)
	}
}
