package audit

import (
	"crypto/sha256"
	"encoding/json"

	"github.com/google/uuid"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/wire"
)

// Event is one record in CloudTrail's form (CloudTrail User Guide, "CloudTrail
// record contents", event version 1.11).
type Event struct {
	EventVersion       string          `json:"eventVersion"`
	UserIdentity       UserIdentity    `json:"userIdentity"`
	EventTime          string          `json:"eventTime"`
	EventSource        string          `json:"eventSource"`
	EventName          string          `json:"eventName"`
	AWSRegion          string          `json:"awsRegion"`
	SourceIPAddress    string          `json:"sourceIPAddress"`
	UserAgent          string          `json:"userAgent"`
	ErrorCode          string          `json:"errorCode,omitempty"`
	ErrorMessage       string          `json:"errorMessage,omitempty"`
	RequestParameters  json.RawMessage `json:"requestParameters"`
	ResponseElements   json.RawMessage `json:"responseElements"`
	RequestID          string          `json:"requestID"`
	EventID            string          `json:"eventID"`
	ReadOnly           bool            `json:"readOnly"`
	Resources          []Resource      `json:"resources,omitempty"`
	EventType          string          `json:"eventType"`
	ManagementEvent    bool            `json:"managementEvent"`
	RecipientAccountID string          `json:"recipientAccountId,omitempty"`
	SharedEventID      string          `json:"sharedEventID,omitempty"`
	EventCategory      string          `json:"eventCategory"`
	Addendum           *Addendum       `json:"addendum,omitempty"`
	TLSDetails         *TLSDetails     `json:"tlsDetails,omitempty"`
}

// Addendum says of an event that it did not come in the usual way.
type Addendum struct {
	Reason string `json:"reason"` // "DELAYED": it was completed after a crash
}

// TLSDetails is absent for plain HTTP.
type TLSDetails struct {
	Version string `json:"tlsVersion"`
	Cipher  string `json:"cipherSuite"`
	Host    string `json:"clientProvidedHostHeader"`
}

// timeFormat is CloudTrail's, in UTC.
const timeFormat = "2006-01-02T15:04:05Z"

// address is the service's name for calls of services, "" for a call over a
// unix socket.
func address(c *writ.Call) string {
	if !c.Source.IP.IsValid() {
		return c.Invoker()
	}
	return c.Source.IP.String()
}

// newEvent describes a call as far as it has come, for the account that is to
// read it.
func newEvent(c *writ.Call, recipient string) Event {
	e := Event{
		EventVersion: "1.11", EventType: "AwsApiCall", EventCategory: "Management", ManagementEvent: true,
		EventTime: c.Time.UTC().Format(timeFormat), AWSRegion: c.Scope.Region,
		SourceIPAddress: address(c), UserAgent: c.Source.UserAgent, RequestID: c.ID,
		EventID: EventID(c.ID, recipient), RecipientAccountID: recipient,
		UserIdentity: identity(c, recipient),
	}
	if op := c.Operation; op != nil {
		e.EventSource, e.EventName = op.EventSource(), op.Name
		e.ReadOnly = op.Rule != nil && op.Rule.ReadOnly()
		if c.Input != nil {
			e.RequestParameters = withIncoming(wire.Parameters(op.Input, c.Input), c)
		}
	}
	if c.Source.TLS != "" {
		e.TLSDetails = &TLSDetails{c.Source.TLS, c.Source.Cipher, c.Source.Host}
	}
	e.Resources = resources(c)
	return e
}

// withIncoming adds to the parameters of a chained AssumeRole the tags that the
// calling session hands on (IAM User Guide, "Viewing session tags in CloudTrail").
func withIncoming(parameters json.RawMessage, c *writ.Call) json.RawMessage {
	if c.Operation.Name != "AssumeRole" || c.Caller == nil || c.Caller.Session == nil || len(c.Caller.Session.TransitiveTags) == 0 {
		return parameters
	}
	var incoming struct {
		Tags map[string]string `json:"incomingTransitiveTags"`
	}
	incoming.Tags = map[string]string{}
	for _, key := range c.Caller.Session.TransitiveTags {
		incoming.Tags[key] = c.Caller.Session.Tags[key]
	}
	raw, err := json.Marshal(incoming)
	if err != nil || len(parameters) == 0 {
		return parameters
	}
	return append(append(raw[:len(raw)-1], ','), parameters[1:]...)
}

// finish adds what came of the call.
func (e *Event) finish(c *writ.Call) {
	if c.Err != nil {
		told, _ := writ.AsError(c.Err)
		e.ErrorCode, e.ErrorMessage = side(c, told)+told.Code, told.Message
		return
	}
	if c.Output != nil && c.Operation.Rule != nil && (!e.ReadOnly || c.Operation.Rule.Issues) {
		e.ResponseElements = wire.Parameters(c.Operation.Output, c.Output)
	}
}

// side is whose fault an error is: the events of EC2 say so before its code.
func side(c *writ.Call, told *writ.Error) string {
	switch {
	case c.Operation == nil || c.Operation.Service.Metadata.Protocol != "ec2":
		return ""
	case told.Status >= 500:
		return "Server."
	}
	return "Client."
}

// EventID derives an event's id from the request's, so that an event completed
// twice is one event.
func EventID(requestID, recipient string) string {
	text := append(append(make([]byte, 0, 128), "event\x00"...), requestID...)
	text = append(append(text, 0), recipient...)
	sum := sha256.Sum256(text)
	id, _ := uuid.FromBytes(sum[:16])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80 // RFC 9562 version 8
	return id.String()
}
