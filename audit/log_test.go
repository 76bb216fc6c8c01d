package audit

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store/events"
)

// failing is a log in memory that can be made to refuse.
type failing struct {
	*events.Memory
	down atomic.Bool
}

var errDown = errors.New("disk full")

func (f *failing) Append(ctx context.Context, entries []events.Entry) error {
	if f.down.Load() {
		return errDown
	}
	return f.Memory.Append(ctx, entries)
}

// What issues credentials and what was denied is not answered unless its event
// is durable; a plain read is.
func TestRecordWaitsForTheLog(t *testing.T) {
	f := &failing{Memory: events.NewMemory(1000, 1<<20)}
	w := events.NewWriter(f)
	t.Cleanup(func() { w.Close() })
	l := New(w, true)
	f.down.Store(true)

	read := call(t, "iam", "GetUser", john())
	denied := call(t, "iam", "GetUser", john())
	denied.Decision.Allowed, denied.Err = false, writ.AccessDenied("no")
	failed := call(t, "iam", "GetUser", john())
	failed.Err = writ.ValidationError("no")
	for _, test := range []struct {
		name  string
		call  *writ.Call
		waits bool
	}{
		{"a read", read, false},
		{"a failure", failed, false},
		{"a denial", denied, true},
		{"credentials", assumeRole(t), true},
	} {
		err := l.Record(t.Context(), test.call)
		if waits := errors.Is(err, errDown); waits != test.waits {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	if err := l.Ready(assumeRole(t)); !errors.Is(err, errDown) {
		t.Errorf("credentials would be issued while the log is down: %v", err)
	}
	if err := l.Ready(read); err != nil {
		t.Errorf("a read is refused while the log is down: %v", err)
	}
	f.down.Store(false)
}

// Both accounts have an event of their own that share an id, and only the
// caller's knows of the reasons.
func TestSharedEvent(t *testing.T) {
	l, c := newLog(t), assumeRole(t)
	if err := l.Record(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	own, err := l.writer.Get(t.Context(), "777788889999", EventID(c.ID, "777788889999"))
	if err != nil || own.Note == nil || !strings.Contains(string(own.Event), `"userName":"JohnDoe"`) {
		t.Errorf("caller's account: %v, note %s, %s", err, own.Note, own.Event)
	}
	other, err := l.writer.Get(t.Context(), "111122223333", EventID(c.ID, "111122223333"))
	if err != nil || other.Note != nil || strings.Contains(string(other.Event), `"userName":"JohnDoe"`) {
		t.Errorf("role's account: %v, note %s, %s", err, other.Note, other.Event)
	}
	shared := `"sharedEventID":"` + EventID(c.ID, "") + `"`
	if !strings.Contains(string(own.Event), shared) || !strings.Contains(string(other.Event), shared) {
		t.Error("the two do not share an id")
	}
	for _, a := range other.Attributes {
		if a.Value == "JohnDoe" || a.Value == "AKIAQRSTUVWXYZEXAMPLE" {
			t.Errorf("the role's account learns %v", a)
		}
	}
}

func TestReasons(t *testing.T) {
	p := policy.Load("readers", []byte(`{"Version":"2012-10-17","Statement":{"Sid":"Read","Effect":"Allow","Action":"iam:Get*","Resource":"*"}}`))
	decide := func(action string) writ.Check {
		c := writ.Check{Action: action, Resource: writ.Resource{ARN: "*"}, Policies: &policy.Policies{Identity: []*policy.Policy{p}},
			Request: &policy.Request{Principal: &john().Principal, Action: action, Resource: "*"}}
		c.Result = c.Policies.Evaluate(c.Request)
		return c
	}
	exempt := call(t, "sts", "GetCallerIdentity", john())
	forbidden := call(t, "sts", "GetSessionToken", assumed())
	forbidden.Decision.Allowed, forbidden.Err = false, writ.AccessDenied("Cannot call GetSessionToken with session credentials")
	denied := call(t, "iam", "DeleteUser", john(), decide("iam:GetUser"), decide("iam:DeleteUser"))
	denied.Decision.Allowed, denied.Err = false, writ.AccessDenied("no")
	undecided := call(t, "iam", "GetUser", john())
	undecided.Decision = nil
	for _, test := range []struct {
		name string
		call *writ.Call
		want []Reason
	}{
		{"policies", denied, []Reason{
			{Action: "iam:GetUser", Resource: "*", Decision: "allowed", By: "identity", Policy: "readers", Statement: "Read", Text: "allowed by statement Read of readers"},
			{Action: "iam:DeleteUser", Resource: "*", Decision: "implicitDeny", By: "identity"}}},
		{"everybody may", exempt, []Reason{{Action: "sts:GetCallerIdentity", Resource: "*", Decision: "allowed", By: "always"}}},
		{"such credentials may not", forbidden, []Reason{{Action: "sts:GetSessionToken", Resource: "*", Decision: "explicitDeny", By: "credentials",
			Text: "Cannot call GetSessionToken with session credentials"}}},
		{"nothing was decided", undecided, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := Reasons(appendReasons(nil, test.call))
			if err != nil || len(got) != len(test.want) {
				t.Fatalf("%v, %+v", err, got)
			}
			for i := range got {
				if got[i].Text == "" {
					t.Errorf("reason %d has no text", i)
				}
				if test.want[i].Text == "" {
					got[i].Text = ""
				}
				got[i].Keys = nil // TestPast
				if !reflect.DeepEqual(got[i], test.want[i]) {
					t.Errorf("reason %d: got %+v, want %+v", i, got[i], test.want[i])
				}
			}
		})
	}
}
