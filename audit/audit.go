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
	"sync"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store/events"
)

// Log writes events.
type Log struct {
	writer *events.Writer
	data   bool
}

// New makes a Log on a writer, which it does not close. data says whether data
// events are wanted, as if a trail had selected them all.
func New(w *events.Writer, data bool) *Log { return &Log{w, data} }

// wanted says whether a call is recorded: all are but what is done inside of
// resources, unless that is asked for or was denied.
func (l *Log) wanted(c *writ.Call) bool { return l.data || !isData(c) || isDenial(c) }

func isData(c *writ.Call) bool {
	return c.Operation != nil && c.Operation.Rule != nil && c.Operation.Rule.Data
}

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
	if !l.wanted(c) {
		return nil
	}
	buffer := buffers.Get().(*[]byte)
	defer buffers.Put(buffer)
	all := recipients(c)
	for _, recipient := range all {
		e := newEvent(c, recipient)
		e.finish(c)
		if len(all) > 1 {
			e.SharedEventID = EventID(c.ID, "")
		}
		raw := e.append((*buffer)[:0])
		*buffer = e.appendNote(raw, c)
		if err := l.write(ctx, c, e.entry(c.Time, raw, (*buffer)[len(raw):])); err != nil {
			return err
		}
	}
	return nil
}

// buffers hold events until the writer has copied them.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

func (l *Log) write(ctx context.Context, c *writ.Call, e events.Entry) error {
	if durable(c) {
		return l.writer.WriteDurable(ctx, e)
	}
	err := l.writer.Write(e)
	if err != nil && carried(c) {
		return nil
	}
	return err
}

// carried says whether a change record carries the event: then the call has
// succeeded whatever becomes of the log, and Complete brings the event there.
func carried(c *writ.Call) bool {
	return c.Err == nil && c.Operation != nil && c.Operation.Rule != nil && !c.Operation.Rule.ReadOnly()
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

// entry files an event, given as its JSON too, under what it can be looked up by.
func (e *Event) entry(at time.Time, raw, note []byte) events.Entry {
	if len(note) == 0 {
		note = nil
	}
	return events.Entry{Time: at, ID: e.EventID, Account: e.RecipientAccountID, Region: e.AWSRegion,
		Attributes: attributes(e), Event: raw, Note: note}
}

// appendNote appends why the call was decided as it was. It quotes policies of
// the caller's account and those over it, so no other account gets it.
func (e *Event) appendNote(b []byte, c *writ.Call) []byte {
	if e.RecipientAccountID != account(c) {
		return b
	}
	return appendReasons(b, c)
}

// account is whose call it is: the caller's account, that which a service acts
// for, and for who signs in through a provider the one that trusts the provider.
func account(c *writ.Call) string {
	switch {
	case c.Caller == nil:
		return ""
	case c.Caller.Type == policy.Service, c.Caller.Identity != nil:
		return c.Scope.Account
	}
	return c.Caller.Account
}

// Describe is the event of a mutation as its change record keeps it: all but
// the response, which is not known before the commit. The store calls it in
// every Update.
func (l *Log) Describe(c *writ.Call) []byte {
	if !l.wanted(c) {
		return nil
	}
	e := newEvent(c, account(c))
	return e.append(make([]byte, 0, 1024))
}
