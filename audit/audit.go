// Package audit records each call as one event in CloudTrail's form.
//
// Its one idea: an event is a function of the Call, made once the call has
// ended, however it ended. What must never be lost is made safe before the
// answer goes out: a mutation carries its event inside its own transaction
// (Describe), credentials and denials wait until the log has theirs on disk.
// Event ids derive from request ids, so that completing an event twice, after a
// crash, is harmless.
package audit

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store/events"
)

// Log writes events.
type Log struct {
	writer *events.Writer
}

// New makes a Log on a writer, which it does not close.
func New(w *events.Writer) *Log { return &Log{w} }

// Ready says whether a call of this kind may be carried out at all: what issues
// credentials or reveals secrets is refused while its event could not be written.
func (l *Log) Ready(c *writ.Call) error {
	if c.Operation.Rule.Issues {
		return l.writer.Healthy()
	}
	return nil
}

// Record writes the event of a call that has ended. For calls that issue
// credentials and for denials it returns only when the event is durable; if it
// can't be made so the error says that the answer must not go out.
func (l *Log) Record(ctx context.Context, c *writ.Call) error {
	note := reasons(c)
	for _, recipient := range recipients(c) {
		e := newEvent(c, recipient)
		e.finish(c)
		if err := l.write(ctx, c, entry(c, e, note)); err != nil {
			return err
		}
	}
	return nil
}

func (l *Log) write(ctx context.Context, c *writ.Call, e events.Entry) error {
	if durable(c) {
		return l.writer.WriteDurable(ctx, e)
	}
	return l.writer.Write(e)
}

// durable says whether the answer waits for the event. What nobody can be named
// for goes to the installation's log, which an unauthenticated flood could
// otherwise turn into a flood of disk flushes.
func durable(c *writ.Call) bool {
	if c.Caller == nil || c.Operation == nil || c.Operation.Rule == nil {
		return false
	}
	return c.Operation.Rule.Issues && c.Err == nil || isDenial(c)
}

func isDenial(c *writ.Call) bool { return c.Err != nil && c.Decision != nil && !c.Decision.Allowed }

// entry files an event under what it can be looked up by.
func entry(c *writ.Call, e *Event, note []byte) events.Entry {
	if e.RecipientAccountID != account(c.Caller) {
		note = nil // the reasons quote policies of the caller's account
	}
	raw, err := json.Marshal(e)
	if err != nil {
		raw = []byte(`{}`) // every field marshals; see TestEventMarshals
	}
	return events.Entry{Time: c.Time, ID: e.EventID, Account: e.RecipientAccountID, Region: e.AWSRegion,
		Attributes: attributes(c, e), Event: raw, Note: note}
}

// attributes are those of LookupEvents (EventId is the entry's own).
func attributes(c *writ.Call, e *Event) []events.Attribute {
	all := []events.Attribute{
		{Name: "EventName", Value: e.EventName},
		{Name: "EventSource", Value: e.EventSource},
		{Name: "ReadOnly", Value: strconv.FormatBool(e.ReadOnly)},
	}
	if c.Caller != nil {
		all = append(all, events.Attribute{Name: "Username", Value: Username(c.Caller)})
		if c.Caller.AccessKeyID != "" && c.Caller.Type != policy.Service {
			all = append(all, events.Attribute{Name: "AccessKeyId", Value: c.Caller.AccessKeyID})
		}
	}
	for _, r := range e.Resources {
		all = append(all, events.Attribute{Name: "ResourceType", Value: r.Type}, events.Attribute{Name: "ResourceName", Value: r.Name()})
	}
	return all
}

func account(c *writ.Caller) string {
	if c == nil {
		return ""
	}
	return c.Account
}

// Describe is the event of a mutation as its change record keeps it: all but
// the response, which is not known before the commit. The store calls it in
// every Update.
func (l *Log) Describe(c *writ.Call) []byte {
	raw, err := json.Marshal(newEvent(c, account(c.Caller)))
	if err != nil {
		return nil
	}
	return raw
}
