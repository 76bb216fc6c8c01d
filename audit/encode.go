package audit

import (
	"encoding/json"
	"strconv"

	"github.com/writ-iam/writ/wire"
)

// object is a JSON object in the making. Every call has an event, so events are
// written out by hand; TestEncodeIsMarshal sees that nothing is forgotten.
type object []byte

// next makes ready for the next member or element.
func (o *object) next() {
	if last := (*o)[len(*o)-1]; last != '{' && last != '[' {
		*o = append(*o, ',')
	}
}

func (o *object) name(name string) {
	o.next()
	*o = append(append(append(*o, '"'), name...), '"', ':')
}

func (o *object) text(name, value string) {
	o.name(name)
	*o = wire.AppendString(*o, value)
}

// some is text that is left out if it is empty.
func (o *object) some(name, value string) {
	if value != "" {
		o.text(name, value)
	}
}

func (o *object) flag(name string, value bool) {
	o.name(name)
	*o = strconv.AppendBool(*o, value)
}

func (o *object) raw(name string, value json.RawMessage) {
	if value == nil {
		value = json.RawMessage("null")
	}
	o.name(name)
	*o = append(*o, value...)
}

func (o *object) open()  { *o = append(*o, '{') }
func (o *object) close() { *o = append(*o, '}') }

// append appends the event as its fields' tags say.
func (e *Event) append(b []byte) []byte {
	o := object(b)
	o.open()
	o.text("eventVersion", e.EventVersion)
	o.name("userIdentity")
	e.UserIdentity.append(&o)
	o.text("eventTime", e.EventTime)
	o.text("eventSource", e.EventSource)
	o.text("eventName", e.EventName)
	o.text("awsRegion", e.AWSRegion)
	o.text("sourceIPAddress", e.SourceIPAddress)
	o.text("userAgent", e.UserAgent)
	o.some("errorCode", e.ErrorCode)
	o.some("errorMessage", e.ErrorMessage)
	o.raw("requestParameters", e.RequestParameters)
	o.raw("responseElements", e.ResponseElements)
	if e.AdditionalEventData != nil {
		o.raw("additionalEventData", e.AdditionalEventData)
	}
	if e.ServiceEventDetails != nil {
		o.raw("serviceEventDetails", e.ServiceEventDetails)
	}
	o.some("requestID", e.RequestID)
	o.text("eventID", e.EventID)
	o.flag("readOnly", e.ReadOnly)
	if len(e.Resources) > 0 {
		e.appendResources(&o)
	}
	o.text("eventType", e.EventType)
	o.flag("managementEvent", e.ManagementEvent)
	o.some("recipientAccountId", e.RecipientAccountID)
	o.some("sharedEventID", e.SharedEventID)
	o.text("eventCategory", e.EventCategory)
	if e.Addendum != nil {
		o.name("addendum")
		o.open()
		o.text("reason", e.Addendum.Reason)
		o.close()
	}
	if e.TLSDetails != nil {
		o.name("tlsDetails")
		e.TLSDetails.append(&o)
	}
	o.close()
	return o
}

func (e *Event) appendResources(o *object) {
	o.name("resources")
	*o = append(*o, '[')
	for i := range e.Resources {
		o.next()
		e.Resources[i].append(o)
	}
	*o = append(*o, ']')
}

func (r *Resource) append(o *object) {
	o.open()
	o.text("ARN", r.ARN)
	o.some("accountId", r.AccountID)
	o.some("type", r.Type)
	o.close()
}

func (d *TLSDetails) append(o *object) {
	o.open()
	o.text("tlsVersion", d.Version)
	o.text("cipherSuite", d.Cipher)
	o.text("clientProvidedHostHeader", d.Host)
	o.close()
}

func (u *UserIdentity) append(o *object) {
	o.open()
	o.some("type", u.Type)
	o.some("principalId", u.PrincipalID)
	o.some("arn", u.ARN)
	o.some("accountId", u.AccountID)
	o.some("accessKeyId", u.AccessKeyID)
	o.some("userName", u.UserName)
	o.some("identityProvider", u.IdentityProvider)
	if u.SessionContext != nil {
		o.name("sessionContext")
		u.SessionContext.append(o)
	}
	o.some("invokedBy", u.InvokedBy)
	if u.InvokedByDelegate != nil {
		o.name("invokedByDelegate")
		o.open()
		o.text("accountId", u.InvokedByDelegate.AccountID)
		o.close()
	}
	o.close()
}

func (s *SessionContext) append(o *object) {
	o.open()
	if s.SessionIssuer != nil {
		o.name("sessionIssuer")
		s.SessionIssuer.append(o)
	}
	if w := s.WebIDFederationData; w != nil {
		o.name("webIdFederationData")
		o.open()
		o.text("federatedProvider", w.FederatedProvider)
		o.name("attributes")
		o.open()
		o.close()
		o.close()
	}
	o.name("attributes")
	o.open()
	o.text("creationDate", s.Attributes.CreationDate)
	o.text("mfaAuthenticated", s.Attributes.MFAAuthenticated)
	o.close()
	o.some("sourceIdentity", s.SourceIdentity)
	o.some("ec2RoleDelivery", s.RoleDelivery)
	o.some("assumedRoot", s.AssumedRoot)
	o.close()
}

func (s *SessionIssuer) append(o *object) {
	o.open()
	o.text("type", s.Type)
	o.text("principalId", s.PrincipalID)
	o.text("arn", s.ARN)
	o.text("accountId", s.AccountID)
	o.some("userName", s.UserName)
	o.close()
}

// append appends the reason, whose keys are written by another.
func (r *Reason) append(o *object, keys func()) {
	o.open()
	o.text("action", r.Action)
	o.text("resource", r.Resource)
	o.text("decision", r.Decision)
	o.text("by", r.By)
	o.some("policy", r.Policy)
	o.some("sid", r.Statement)
	o.text("text", r.Text)
	o.some("otherwise", r.Otherwise)
	keys()
	o.close()
}
