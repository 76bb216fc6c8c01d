package audit

import (
	"context"
	"encoding/json"

	"github.com/writ-iam/writ"
)

// Types of events that are no calls of an API (CloudTrail User Guide, "Non-API
// events captured by CloudTrail").
const (
	ConsoleSignIn = "AwsConsoleSignIn"
	ServiceEvent  = "AwsServiceEvent"
)

// Notice is something to record that was no call of an API: a sign-in at a
// console, or what a service has done by itself.
type Notice struct {
	Type    string       // ConsoleSignIn or ServiceEvent
	Source  string       // "signin.amazonaws.com"
	Name    string       // "ConsoleLogin"
	Account string       // whose log; "" for the installation's
	Caller  *writ.Caller // whom it is about; nil if that is Identity
	// Identity is for those who can't be named by what they have proved, and for
	// services that act by themselves: then the event tells nothing of the call.
	Identity   UserIdentity
	Error      string            // errorMessage; "" if all went well
	Response   map[string]string // responseElements
	Additional map[string]string // additionalEventData
	Details    map[string]any    // serviceEventDetails
}

// Notify writes the event of a notice. Of the call it needs ID, Time, Source
// and Scope.Region. One call may have several notices of different names. It
// returns when the event is durable, but for those of nobody's account, which
// anybody could flood the log with.
func (l *Log) Notify(c *writ.Call, n Notice) error {
	e := newEvent(&writ.Call{ID: c.ID, Time: c.Time, Source: c.Source, Scope: c.Scope, Caller: n.Caller}, n.Account)
	if n.Caller == nil {
		e.UserIdentity = n.Identity
	}
	if service := e.UserIdentity.InvokedBy; service != "" {
		e.SourceIPAddress, e.UserAgent, e.TLSDetails = service, service, nil
	}
	e.EventType, e.EventSource, e.EventName, e.RequestID = n.Type, n.Source, n.Name, ""
	e.EventID = EventID(c.ID+"\x00"+n.Name, n.Account)
	e.ErrorMessage = n.Error
	e.ResponseElements, e.AdditionalEventData, e.ServiceEventDetails = raw(n.Response), raw(n.Additional), raw(n.Details)
	entry := e.entry(c.Time, e.append(nil), nil)
	if n.Account == "" {
		return l.writer.Write(entry)
	}
	return l.writer.WriteDurable(context.WithoutCancel(c.Context), entry)
}

// raw is null if there is nothing to tell.
func raw[T any](told map[string]T) json.RawMessage {
	if told == nil {
		return nil
	}
	text, _ := json.Marshal(told) // of strings and maps of them: it can't fail
	return text
}
