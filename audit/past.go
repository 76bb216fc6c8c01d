package audit

import (
	"encoding/json"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store/events"
	"github.com/writ-iam/writ/wire"
)

// Past is a recorded call, whose permissions can be asked for again: the event
// and the note beside it hold all that policies could ask of it.
type Past struct {
	Event   Event
	Reasons []Reason // nil if the call was not decided, or how was not recorded
}

// ReadPast reads an entry of the log.
func ReadPast(e events.Entry) (*Past, error) {
	p := new(Past)
	if err := json.Unmarshal(e.Event, &p.Event); err != nil {
		return nil, err
	}
	var err error
	p.Reasons, err = Reasons(e.Note)
	return p, err
}

// principalTypes are those of callers that belong to an account.
var principalTypes = map[string]policy.PrincipalType{"IAMUser": policy.User, "AssumedRole": policy.RoleSession,
	"FederatedUser": policy.FederatedUser, "Root": policy.RootUser}

// Principal is who called. It is nil for somebody who does not belong to the
// account that the event was recorded for.
func (p *Past) Principal() *policy.Principal {
	u := &p.Event.UserIdentity
	kind, ok := principalTypes[u.Type]
	if !ok || u.AccountID != p.Event.RecipientAccountID {
		return nil
	}
	is := &policy.Principal{Type: kind, ARN: u.ARN, Account: u.AccountID}
	issuer := u.issuer()
	switch kind {
	case policy.RoleSession:
		is.RoleARN, is.ServiceLinked = issuer, strings.Contains(issuer, ":role/aws-service-role/")
	case policy.FederatedUser:
		is.UserARN = issuer
	}
	return is
}

func (u *UserIdentity) issuer() string {
	if u.SessionContext == nil || u.SessionContext.SessionIssuer == nil {
		return ""
	}
	return u.SessionContext.SessionIssuer.ARN
}

// Request is one permission that the call needed, as it was asked for. What
// depends on organizations alone (aws:PrincipalOrgID …) is left to the caller to add.
func (p *Past) Request(principal *policy.Principal, r *Reason) *policy.Request {
	k := new(policy.Context)
	p.identityKeys(k, principal)
	p.requestKeys(k)
	owner := principal.Account
	if r.Resource != "*" {
		k.Set("aws:ResourceAccount", owner)
	}
	for key, values := range r.Keys {
		k.Set(key, values...)
	}
	if other, ok := r.Keys["aws:ResourceAccount"]; ok && len(other) == 1 {
		owner = other[0]
	}
	return &policy.Request{Principal: principal, Action: r.Action, Resource: r.Resource, ResourceAccount: owner, Context: k}
}

// keyTypes are the values of aws:PrincipalType.
var keyTypes = map[policy.PrincipalType]string{policy.User: "User", policy.RoleSession: "AssumedRole",
	policy.FederatedUser: "FederatedUser", policy.RootUser: "Account"}

func (p *Past) identityKeys(k *policy.Context, is *policy.Principal) {
	u := &p.Event.UserIdentity
	k.Set("aws:PrincipalArn", is.ARN)
	if is.Type == policy.RoleSession {
		k.Set("aws:PrincipalArn", is.RoleARN)
	}
	k.Set("aws:PrincipalAccount", is.Account)
	k.Set("aws:PrincipalType", keyTypes[is.Type])
	k.Set("aws:PrincipalIsAWSService", "false")
	k.Set("aws:userid", u.PrincipalID)
	if is.Type == policy.User {
		k.Set("aws:username", u.UserName)
	}
	if s := u.SessionContext; s != nil {
		k.Set("aws:TokenIssueTime", s.Attributes.CreationDate)
		k.Set("aws:MultiFactorAuthPresent", "false")
		if s.SourceIdentity != "" {
			k.Set("aws:SourceIdentity", s.SourceIdentity)
		}
	}
}

func (p *Past) requestKeys(k *policy.Context) {
	k.Set("aws:CurrentTime", p.Event.EventTime)
	if at, err := time.Parse(timeFormat, p.Event.EventTime); err == nil {
		k.Set("aws:EpochTime", strconv.FormatInt(at.Unix(), 10))
	}
	k.Set("aws:RequestedRegion", p.Event.AWSRegion)
	k.Set("aws:SecureTransport", "false")
	k.Set("aws:ViaAWSService", "false")
	if _, err := netip.ParseAddr(p.Event.SourceIPAddress); err == nil {
		k.Set("aws:SourceIp", p.Event.SourceIPAddress)
	}
	if p.Event.UserAgent != "" {
		k.Set("aws:UserAgent", p.Event.UserAgent)
	}
}

// telling is how an event tells of a context key.
type telling int

const (
	notAtAll  telling = iota
	always            // by its value, or by its absence
	negative          // what is not recorded is "false"
	ownThings         // what is not recorded is the caller's account's
)

// told are the keys that need not be recorded beside the event.
var told = map[string]telling{
	"aws:PrincipalArn": always, "aws:PrincipalAccount": always, "aws:PrincipalType": always, "aws:userid": always, "aws:username": always,
	"aws:CurrentTime": always, "aws:EpochTime": always, "aws:RequestedRegion": always, "aws:SourceIp": always, "aws:UserAgent": always,
	"aws:TokenIssueTime": always, "aws:SourceIdentity": always, "aws:PrincipalOrgID": always, "aws:PrincipalOrgPaths": always,
	"aws:PrincipalIsAWSService": negative, "aws:ViaAWSService": negative, "aws:MultiFactorAuthPresent": negative, "aws:SecureTransport": negative,
	"aws:ResourceAccount": ownThings, "aws:ResourceOrgID": ownThings, "aws:ResourceOrgPaths": ownThings,
}

// Told says whether an event alone tells of a context key, in whatever case it
// is written. The others are in the note, unless that is too old.
func Told(key string) bool {
	for k, how := range told {
		if how == always && strings.EqualFold(k, key) {
			return true
		}
	}
	return false
}

// untold appends the context keys of a check that its event does not tell.
func untold(o *object, c *writ.Call, check *writ.Check) {
	if check.Request == nil {
		return
	}
	o.name("keys")
	o.open()
	for key, values := range check.Request.Context.All() {
		if !tells(c, check, key, values) {
			*o = append(wire.AppendString(o.begun(), key), ':')
			*o = appendTexts(*o, values)
		}
	}
	o.close()
}

func tells(c *writ.Call, check *writ.Check, key string, values []string) bool {
	switch told[key] {
	case always:
		return true
	case negative:
		return len(values) == 1 && values[0] == "false"
	case ownThings:
		return check.Resource.Account == c.Caller.Account
	}
	return false
}

// begun is the object, ready for its next member.
func (o *object) begun() []byte {
	o.next()
	return *o
}

func appendTexts(b []byte, values []string) []byte {
	b = append(b, '[')
	for i, v := range values {
		if i > 0 {
			b = append(b, ',')
		}
		b = wire.AppendString(b, v)
	}
	return append(b, ']')
}
