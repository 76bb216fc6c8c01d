package audit

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store/events"
)

// The event of a sign-in is that of the CloudTrail User Guide ("AWS Management
// Console sign-in events"), without what the console says of itself.
func TestNotice(t *testing.T) {
	log := events.NewWriter(events.NewMemory(100, 1<<20))
	defer log.Close()
	c := assumeRole(t)
	err := New(log, true).Notify(c, Notice{Type: ConsoleSignIn, Source: "signin.amazonaws.com", Name: "ConsoleLogin", Account: "777788889999",
		Caller: john(), Response: map[string]string{"ConsoleLogin": "Success"}, Additional: map[string]string{"MFAUsed": "No"}})
	if err != nil {
		t.Fatal(err)
	}
	found, _, err := log.Lookup(t.Context(), events.Query{Account: "777788889999", Limit: 10,
		Attribute: &events.Attribute{Name: "Username", Value: "JohnDoe"}})
	if err != nil || len(found) != 1 {
		t.Fatalf("%d events, %v", len(found), err)
	}
	sameJSON(t, json.RawMessage(found[0].Event), `{
		"eventVersion": "1.11",
		"userIdentity": {"type": "IAMUser", "principalId": "AIDAQRSTUVWXYZEXAMPLE", "arn": "arn:aws:iam::777788889999:user/JohnDoe",
			"accountId": "777788889999", "accessKeyId": "AKIAQRSTUVWXYZEXAMPLE", "userName": "JohnDoe"},
		"eventTime": "2026-05-01T12:00:00Z",
		"eventSource": "signin.amazonaws.com",
		"eventName": "ConsoleLogin",
		"awsRegion": "us-east-1",
		"sourceIPAddress": "192.0.2.101",
		"userAgent": "aws-cli/2.9.19",
		"requestParameters": null,
		"responseElements": {"ConsoleLogin": "Success"},
		"additionalEventData": {"MFAUsed": "No"},
		"eventID": "`+EventID(c.ID+"\x00ConsoleLogin", "777788889999")+`",
		"readOnly": false,
		"eventType": "AwsConsoleSignIn",
		"managementEvent": true,
		"recipientAccountId": "777788889999",
		"eventCategory": "Management"
	}`)
}

// A notice that can't be made durable is an error: nobody is let in without.
func TestNoticeNeedsTheLog(t *testing.T) {
	log := events.NewWriter(events.NewMemory(100, 1<<20))
	log.Close()
	c := &writ.Call{ID: "1", Context: t.Context()}
	if err := New(log, true).Notify(c, Notice{Name: "ConsoleLogin", Account: "777788889999"}); err == nil || errors.Is(err, events.ErrNotFound) {
		t.Errorf("a closed log takes a notice: %v", err)
	}
}
