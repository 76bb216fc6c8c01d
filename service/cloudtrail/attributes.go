package cloudtrail

import (
	"slices"
	"strings"
	"time"

	api "github.com/writ-iam/writ/api/cloudtrail"
	"github.com/writ-iam/writ/store/events"
)

// The attributes that events are looked up by, and those of Insights events.
var (
	lookupKeys  = []string{"EventId", "EventName", "ReadOnly", "Username", "ResourceType", "ResourceName", "EventSource", "AccessKeyId"}
	insightKeys = []string{"EventId", "EventName", "EventSource"}
)

// attribute is the one that an input asks for; nil if it asks for none.
func attribute(in *api.LookupEventsInput) (*events.Attribute, error) {
	if len(in.LookupAttributes) == 0 {
		return nil, nil
	}
	if len(in.LookupAttributes) > 1 {
		return nil, api.InvalidLookupAttributesException("You can specify only one lookup attribute.")
	}
	keys := lookupKeys
	if in.EventCategory != nil {
		keys = insightKeys
	}
	a := in.LookupAttributes[0]
	switch {
	case !slices.Contains(keys, a.AttributeKey):
		return nil, api.InvalidLookupAttributesException("The lookup attribute %s is not valid. Valid values: %s.", a.AttributeKey, strings.Join(keys, ", "))
	case a.AttributeValue == "" || len(a.AttributeValue) > 2000:
		return nil, api.InvalidLookupAttributesException("The value of a lookup attribute has 1 to 2000 characters.")
	}
	return &events.Attribute{Name: a.AttributeKey, Value: a.AttributeValue}, nil
}

// shape is an entry as the API shows it.
func shape(e *events.Entry) api.Event {
	return api.Event{
		EventId: &e.ID, EventTime: new(e.Time.Truncate(time.Second)), CloudTrailEvent: new(string(e.Event)),
		EventName: value(e, "EventName"), EventSource: value(e, "EventSource"), ReadOnly: value(e, "ReadOnly"),
		Username: value(e, "Username"), AccessKeyId: value(e, "AccessKeyId"), Resources: resources(e),
	}
}

// value is the first value of an attribute, nil if there is none.
func value(e *events.Entry, name string) *string {
	for i := range e.Attributes {
		if e.Attributes[i].Name == name {
			return &e.Attributes[i].Value
		}
	}
	return nil
}

// resources are kept as pairs of attributes, each type before its name.
func resources(e *events.Entry) []api.Resource {
	all := []api.Resource{}
	for i := range e.Attributes {
		switch a := &e.Attributes[i]; a.Name {
		case "ResourceType":
			all = append(all, api.Resource{ResourceType: &a.Value})
		case "ResourceName":
			all[len(all)-1].ResourceName = &a.Value
		}
	}
	return all
}
