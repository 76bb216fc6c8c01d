package audit

import (
	"crypto/sha256"
	"encoding/json"
	"strings"

	"github.com/google/uuid"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
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
	TLSDetails         *TLSDetails     `json:"tlsDetails,omitempty"`
}

// Resource is one thing that the call acted on.
type Resource struct {
	ARN       string `json:"ARN"`
	AccountID string `json:"accountId,omitempty"`
	Type      string `json:"type,omitempty"` // "AWS::IAM::User"
}

// Name is what LookupEvents calls the resource: the last part of its ARN.
func (r Resource) Name() string {
	return r.ARN[strings.LastIndexAny(r.ARN, "/:")+1:]
}

// TLSDetails is absent for plain HTTP.
type TLSDetails struct {
	Version string `json:"tlsVersion"`
	Cipher  string `json:"cipherSuite"`
	Host    string `json:"clientProvidedHostHeader"`
}

// newEvent describes a call as far as it has come, for the account that is to
// read it.
func newEvent(c *writ.Call, recipient string) *Event {
	e := &Event{
		EventVersion: "1.11", EventType: "AwsApiCall", EventCategory: "Management", ManagementEvent: true,
		EventTime: c.Time.UTC().Format("2006-01-02T15:04:05Z"), AWSRegion: c.Scope.Region,
		SourceIPAddress: c.Source.IP.String(), UserAgent: c.Source.UserAgent, RequestID: c.ID,
		EventID: EventID(c.ID, recipient), RecipientAccountID: recipient,
		UserIdentity: identity(c, recipient),
	}
	if op := c.Operation; op != nil {
		e.EventSource, e.EventName = op.EventSource(), op.Name
		e.ReadOnly = op.Rule != nil && op.Rule.ReadOnly()
		if c.Input != nil {
			e.RequestParameters = wire.Parameters(op.Input, c.Input)
		}
	}
	if c.Source.TLS != "" {
		e.TLSDetails = &TLSDetails{c.Source.TLS, c.Source.Cipher, c.Source.Host}
	}
	e.Resources = resources(c)
	return e
}

// finish adds what came of the call.
func (e *Event) finish(c *writ.Call) {
	if c.Err != nil {
		told, _ := writ.AsError(c.Err)
		e.ErrorCode, e.ErrorMessage = told.Code, told.Message
		return
	}
	if c.Output != nil && c.Operation.Rule != nil && (!e.ReadOnly || c.Operation.Rule.Issues) {
		e.ResponseElements = wire.Parameters(c.Operation.Output, c.Output)
	}
}

// EventID derives an event's id from the request's, so that an event completed
// twice is one event.
func EventID(requestID, recipient string) string {
	sum := sha256.Sum256([]byte("event\x00" + requestID + "\x00" + recipient))
	id, _ := uuid.FromBytes(sum[:16])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80 // RFC 9562 version 8
	return id.String()
}

// resources lists each thing that was decided on, once.
func resources(c *writ.Call) []Resource {
	if c.Decision == nil {
		return nil
	}
	var all []Resource
	for i := range c.Decision.Checks {
		r := &c.Decision.Checks[i].Resource
		if r.Type == "" || has(all, r.ARN) {
			continue
		}
		all = append(all, Resource{r.ARN, r.Account, ResourceType(c.Decision.Checks[i].Action, r.Type)})
	}
	return all
}

func has(all []Resource, arn string) bool {
	for i := range all {
		if all[i].ARN == arn {
			return true
		}
	}
	return false
}

// recipients are the accounts whose logs get the event: the caller's, and those
// of the things that another account's caller acted on.
func recipients(c *writ.Call) []string {
	if c.Caller == nil || c.Caller.Account == "" && c.Caller.Type != policy.Service {
		return []string{""}
	}
	all := []string{c.Caller.Account}
	for _, r := range resources(c) {
		if r.AccountID != "" && r.AccountID != "aws" && r.AccountID != c.Caller.Account {
			all = append(all, r.AccountID)
		}
	}
	return all
}
