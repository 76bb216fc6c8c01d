package conformance

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	trailtypes "github.com/aws/aws-sdk-go-v2/service/cloudtrail/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// lookupEvents finds a call, and one that was refused, by every attribute.
func lookupEvents(t *testing.T, l *lab) {
	ctx, since := t.Context(), time.Now().Add(-time.Minute)
	must(l.iam.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("eve")}))(t)
	key := l.newKey(t, "eve")
	_, err := l.withKey(t, key).iam.ListUsers(ctx, nil)
	equal(t, "code", code(t, err), "AccessDenied")

	refusal := l.eventually(t, trailtypes.LookupAttributeKeyUsername, "eve", "ListUsers")
	equal(t, "AccessKeyId", *refusal.AccessKeyId, *key.AccessKeyId)
	equal(t, "ReadOnly", *refusal.ReadOnly, "true")
	equal(t, "EventSource", *refusal.EventSource, "iam.amazonaws.com")
	record := decode(t, refusal)
	equal(t, "errorCode", record.ErrorCode, "AccessDenied")
	equal(t, "requestID", record.RequestID, requestID(t, err))
	equal(t, "eventID", record.EventID, *refusal.EventId)

	created := l.eventually(t, trailtypes.LookupAttributeKeyResourceName, "eve", "CreateUser")
	equal(t, "userName of the request", fmt.Sprint(decode(t, created).RequestParameters["userName"]), "eve")
	for attribute, value := range map[trailtypes.LookupAttributeKey]string{
		trailtypes.LookupAttributeKeyEventId: *created.EventId, trailtypes.LookupAttributeKeyEventName: "CreateUser",
		trailtypes.LookupAttributeKeyReadOnly: "false", trailtypes.LookupAttributeKeyResourceType: "AWS::IAM::User",
		trailtypes.LookupAttributeKeyEventSource: "iam.amazonaws.com", trailtypes.LookupAttributeKeyAccessKeyId: *created.AccessKeyId,
	} {
		l.eventually(t, attribute, value, "CreateUser")
	}

	before := must(l.trail.LookupEvents(ctx, &cloudtrail.LookupEventsInput{LookupAttributes: attribute(trailtypes.LookupAttributeKeyUsername, "eve"), EndTime: &since}))(t)
	equal(t, "number of events before the test", len(before.Events), 0)
	_, err = l.trail.LookupEvents(ctx, &cloudtrail.LookupEventsInput{StartTime: aws.Time(time.Now()), EndTime: &since})
	typed[*trailtypes.InvalidTimeRangeException](t, err)
	_, err = l.trail.LookupEvents(ctx, &cloudtrail.LookupEventsInput{NextToken: aws.String("made-up")})
	typed[*trailtypes.InvalidNextTokenException](t, err)
	_, err = l.trail.LookupEvents(ctx, &cloudtrail.LookupEventsInput{MaxResults: aws.Int32(51)})
	typed[*trailtypes.InvalidMaxResultsException](t, err)
}

// eventPages walks through the events of one user from the newest to the oldest.
func eventPages(t *testing.T, l *lab) {
	ctx := t.Context()
	paul := l.newUser(t, "paul", "")
	for range 12 {
		must(paul.sts.GetCallerIdentity(ctx, nil))(t)
	}
	in := &cloudtrail.LookupEventsInput{LookupAttributes: attribute(trailtypes.LookupAttributeKeyUsername, "paul"), MaxResults: aws.Int32(5)}
	wait(t, "twelve events in three pages", func() bool {
		sizes, seen, newest := "", map[string]bool{}, time.Now().Add(time.Minute)
		for p := cloudtrail.NewLookupEventsPaginator(l.trail, in); p.HasMorePages(); {
			page := must(p.NextPage(ctx))(t)
			sizes += fmt.Sprint(len(page.Events), " ")
			for _, e := range page.Events {
				if e.EventTime.After(newest) {
					t.Errorf("event of %v after one of %v", e.EventTime, newest)
				}
				newest, seen[*e.EventId] = *e.EventTime, true
			}
		}
		return sizes == "5 5 2 " && len(seen) == 12
	})
}

// record is CloudTrail's event, as far as the tests read it.
type record struct {
	EventID           string         `json:"eventID"`
	RequestID         string         `json:"requestID"`
	ErrorCode         string         `json:"errorCode"`
	RequestParameters map[string]any `json:"requestParameters"`
}

func decode(t *testing.T, e trailtypes.Event) (r record) {
	t.Helper()
	if err := json.Unmarshal([]byte(*e.CloudTrailEvent), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func attribute(key trailtypes.LookupAttributeKey, value string) []trailtypes.LookupAttribute {
	return []trailtypes.LookupAttribute{{AttributeKey: key, AttributeValue: &value}}
}

// eventually finds an event by one attribute. Plain reads are logged in batches
// and so may take a moment.
func (l *lab) eventually(t *testing.T, key trailtypes.LookupAttributeKey, value, name string) (found trailtypes.Event) {
	t.Helper()
	wait(t, fmt.Sprintf("%s with %s %s", name, key, value), func() bool {
		for p := cloudtrail.NewLookupEventsPaginator(l.trail, &cloudtrail.LookupEventsInput{LookupAttributes: attribute(key, value)}); p.HasMorePages(); {
			for _, e := range must(p.NextPage(t.Context()))(t).Events {
				if *e.EventName == name {
					found = e
					return true
				}
			}
		}
		return false
	})
	return found
}

// wait tries until it succeeds, for ten seconds.
func wait(t *testing.T, what string, try func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !try(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("no %s", what)
		}
	}
}
