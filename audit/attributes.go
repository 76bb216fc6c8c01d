package audit

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/writ-iam/writ/store/events"
)

// attributes are those of LookupEvents (EventId is the entry's own). They are
// made of the event alone, so that an event completed later is found the same way.
func attributes(e *Event) []events.Attribute {
	all := append(make([]events.Attribute, 0, 8),
		events.Attribute{Name: "EventName", Value: e.EventName},
		events.Attribute{Name: "EventSource", Value: e.EventSource},
		events.Attribute{Name: "ReadOnly", Value: strconv.FormatBool(e.ReadOnly)})
	if name := e.UserIdentity.username(); name != "" {
		all = append(all, events.Attribute{Name: "Username", Value: name})
	}
	if key := e.UserIdentity.AccessKeyID; key != "" {
		all = append(all, events.Attribute{Name: "AccessKeyId", Value: key})
	}
	return e.resourceAttributes(all)
}

// resourceAttributes adds pairs, a type and then its name.
func (e *Event) resourceAttributes(all []events.Attribute) []events.Attribute {
	add := func(kind, name string) {
		if name != "" {
			all = append(all, events.Attribute{Name: "ResourceType", Value: kind}, events.Attribute{Name: "ResourceName", Value: name})
		}
	}
	if e.ResponseElements != nil {
		e.issued(add)
	}
	for _, r := range e.Resources {
		add(r.Type, r.lookupName(e.EventSource))
	}
	return all
}

// lookupName is what LookupEvents calls a resource: that by which the API names
// it, which is the ARN for policies and for the roles of STS, else the name.
func (r *Resource) lookupName(source string) string {
	if source == "sts.amazonaws.com" || r.Type == "AWS::IAM::Policy" || r.Type == "AWS::S3::Object" {
		return r.ARN
	}
	return r.ARN[strings.LastIndexAny(r.ARN, "/:")+1:]
}

// issued yields the credentials that a call handed out and whom they stand for,
// so that what issued a key can be asked, and the instances that it started.
func (e *Event) issued(yield func(kind, name string)) {
	var out struct {
		Credentials, AccessKey struct{ AccessKeyID string }
		AssumedRoleUser        struct{ AssumedRoleID, ARN string }
		FederatedUser          struct{ FederatedUserID, ARN string }
		Instances              []struct{ InstanceID string }
	}
	if json.Unmarshal(e.ResponseElements, &out) != nil {
		return
	}
	yield("AWS::IAM::AccessKey", out.Credentials.AccessKeyID)
	yield("AWS::IAM::AccessKey", out.AccessKey.AccessKeyID)
	for _, name := range []string{out.AssumedRoleUser.ARN, out.AssumedRoleUser.AssumedRoleID, sessionName(out.AssumedRoleUser.AssumedRoleID)} {
		yield("AWS::STS::AssumedRole", name)
	}
	for _, name := range []string{out.FederatedUser.FederatedUserID, out.FederatedUser.ARN} {
		yield("AWS::STS::FederatedUser", name)
	}
	for _, instance := range out.Instances {
		yield("AWS::EC2::Instance", instance.InstanceID)
	}
}

// username is what LookupEvents calls the caller: the user's name, the
// session's name, "root".
func (u *UserIdentity) username() string {
	switch u.Type {
	case "Root":
		return "root"
	case "AssumedRole", "FederatedUser":
		return sessionName(u.PrincipalID)
	case "AWSService":
		return u.InvokedBy
	}
	return u.UserName
}

// sessionName is the second half of "AROA…:session" and of "account:name".
func sessionName(id string) string {
	_, name, _ := strings.Cut(id, ":")
	return name
}
