package server_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/writ-iam/writ"
	iamapi "github.com/writ-iam/writ/api/iam"
	api "github.com/writ-iam/writ/api/sts"
	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
	"github.com/writ-iam/writ/store/events"
)

const machine = "arn:aws:ec2:us-east-1:" + awstest.Account + ":instance/i-0123456789abcdef0"

// ec2Call is a call that EC2 makes for the machine.
func ec2Call(t *testing.T, lab *awstest.Lab) *writ.Call {
	scope := writ.Scope{Partition: "aws", Account: awstest.Account, Region: "us-east-1"}
	chain := writ.Chain{SourceArn: machine, SourceAccount: awstest.Account, Instance: &writ.Instance{ARN: machine, VPC: "vpc-1", Delivery: "2.0"}}
	return writ.ByService(t.Context(), lab.Now().UTC(), "ec2.amazonaws.com", scope, chain)
}

func roleFor(t *testing.T, lab *awstest.Lab, service, condition string) {
	t.Helper()
	rootCall(t, lab, "CreateRole", map[string]any{"RoleName": "r", "AssumeRolePolicyDocument": `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"` +
		service + `"},"Action":"sts:AssumeRole"` + condition + `}}`})
}

func assume(lab *awstest.Lab, c *writ.Call) (*api.AssumeRoleOutput, error) {
	out, err := lab.Server.Call(c, "sts", "AssumeRole", &api.AssumeRoleInput{RoleArn: "arn:aws:iam::" + awstest.Account + ":role/r",
		RoleSessionName: "i-0123456789abcdef0", DurationSeconds: new(6 * 3600)})
	if err != nil {
		return nil, err
	}
	return out.(*api.AssumeRoleOutput), nil
}

// lastEvent is the newest event of an operation.
func lastEvent(t *testing.T, lab *awstest.Lab, operation string) (event map[string]any) {
	t.Helper()
	found, _, err := lab.Events.Lookup(t.Context(), events.Query{Account: awstest.Account, Limit: 10, Attribute: &events.Attribute{Name: "EventName", Value: operation}})
	if err != nil || len(found) == 0 {
		t.Fatalf("no event of %s, %v", operation, err)
	}
	if err := json.Unmarshal(found[0].Event, &event); err != nil {
		t.Fatal(err)
	}
	return event
}

// A service assumes a role whose trust policy names it, for longer than people
// may, and the session carries what it was assumed for.
func TestServiceAssumesRole(t *testing.T) {
	lab := awstest.New(t)
	roleFor(t, lab, "ec2.amazonaws.com", `,"Condition":{"ArnEquals":{"aws:SourceArn":"`+machine+`"}}`)
	rootCall(t, lab, "PutRolePolicy", map[string]any{"RoleName": "r", "PolicyName": "p", "PolicyDocument": `{"Version":"2012-10-17","Statement":{"Effect":"Allow",
		"Action":"iam:ListUsers","Resource":"*","Condition":{"StringEquals":{"aws:Ec2InstanceSourceVpc":"vpc-1","ec2:RoleDelivery":"2.0"},"ArnEquals":{"ec2:SourceInstanceARN":"` + machine + `"}}}}`})
	out, err := assume(lab, ec2Call(t, lab))
	if err != nil {
		t.Fatal(err)
	}
	if left := out.Credentials.Expiration.Sub(lab.Now()); left < 6*time.Hour-time.Minute {
		t.Errorf("the session lasts %v", left)
	}
	session := sigv4.Credentials{AccessKeyID: out.Credentials.AccessKeyId, SecretAccessKey: out.Credentials.SecretAccessKey, SessionToken: out.Credentials.SessionToken}
	if _, err := lab.Call(session, "iam", "ListUsers", nil); err != nil {
		t.Error(err)
	}
	context := lastEvent(t, lab, "ListUsers")["userIdentity"].(map[string]any)["sessionContext"].(map[string]any)
	if context["ec2RoleDelivery"] != "2.0" {
		t.Errorf("the session's context is %v", context)
	}
}

// The event of a service's call names the service, in the account it acts for.
func TestServiceEvent(t *testing.T) {
	lab := awstest.New(t)
	roleFor(t, lab, "ec2.amazonaws.com", "")
	c := ec2Call(t, lab)
	if _, err := assume(lab, c); err != nil {
		t.Fatal(err)
	}
	e := lastEvent(t, lab, "AssumeRole")
	who, _ := json.Marshal(e["userIdentity"])
	if string(who) != `{"invokedBy":"ec2.amazonaws.com","type":"AWSService"}` || e["sourceIPAddress"] != "ec2.amazonaws.com" ||
		e["userAgent"] != "ec2.amazonaws.com" || e["recipientAccountId"] != awstest.Account || e["requestID"] != c.ID || e["sharedEventID"] != nil {
		t.Errorf("the event is %v", e)
	}
	if parameters := e["requestParameters"].(map[string]any); parameters["roleSessionName"] != "i-0123456789abcdef0" {
		t.Errorf("its parameters are %v", parameters)
	}
}

// Services get no further than policies let them, and what they were refused is
// recorded.
func TestServiceRefused(t *testing.T) {
	for name, condition := range map[string]string{"lambda.amazonaws.com": "",
		"ec2.amazonaws.com": `,"Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}}`} {
		t.Run(name, func(t *testing.T) {
			lab := awstest.New(t)
			roleFor(t, lab, name, condition)
			_, err := assume(lab, ec2Call(t, lab))
			if told, ok := writ.AsError(err); !ok || told.Code != "AccessDenied" || !strings.HasPrefix(told.Message, "User: ec2.amazonaws.com is not authorized to perform: sts:AssumeRole") {
				t.Errorf("got %v", err)
			}
			if e := lastEvent(t, lab, "AssumeRole"); e["errorCode"] != "AccessDenied" {
				t.Errorf("the event is %v", e)
			}
		})
	}
}

// A call that a service makes for its caller has the caller's rights, and its
// policies see through whom it came.
func TestVia(t *testing.T) {
	lab := awstest.New(t)
	bob := bob(t, lab)
	rootCall(t, lab, "PutUserPolicy", map[string]any{"UserName": "bob", "PolicyName": "p", "PolicyDocument": `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":"iam:ListGroups","Resource":"*"},
		{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*","Condition":{"Bool":{"aws:ViaAWSService":"true","aws:SecureTransport":"true"},"StringEquals":{"aws:CalledViaLast":"ssm.amazonaws.com"},"Null":{"aws:SourceIp":"true"}}}]}`})
	var inner *writ.Call
	operation := "ListUsers"
	lab.Server.Replace("iam", "ListGroups", func(c *writ.Call, _ *iamapi.ListGroupsInput) (*iamapi.ListGroupsOutput, error) {
		inner = c.Via("ssm.amazonaws.com")
		in := map[string]any{"ListUsers": new(iamapi.ListUsersInput), "GetAccountSummary": new(iamapi.GetAccountSummaryInput)}[operation]
		_, err := lab.Server.Call(inner, "iam", operation, in)
		return new(iamapi.ListGroupsOutput), err
	})
	if _, err := lab.Call(bob, "iam", "ListUsers", nil); err == nil {
		t.Error("bob may list users by himself")
	}
	if _, err := lab.Call(bob, "iam", "ListGroups", nil); err != nil {
		t.Error(err)
	}
	e := lastEvent(t, lab, "ListUsers")
	if who := e["userIdentity"].(map[string]any); who["userName"] != "bob" || who["invokedBy"] != "ssm.amazonaws.com" || e["sourceIPAddress"] != "ssm.amazonaws.com" || e["requestID"] != inner.ID {
		t.Errorf("the event is %v", e)
	}
	operation = "GetAccountSummary"
	if _, err := lab.Call(bob, "iam", "ListGroups", nil); err == nil || !strings.Contains(err.Error(), "iam:GetAccountSummary") {
		t.Errorf("the service did for bob what bob may not: %v", err)
	}
}

// A panic of an inner call, a type that does not fit and an operation that
// nothing serves are errors that callers of the outer one learn nothing of.
func TestInnerMistakes(t *testing.T) {
	lab := awstest.New(t)
	roleFor(t, lab, "ec2.amazonaws.com", "")
	lab.Server.Replace("sts", "AssumeRole", func(*writ.Call, *api.AssumeRoleInput) (*api.AssumeRoleOutput, error) { panic("boom") })
	if _, err := assume(lab, ec2Call(t, lab)); err == nil || !strings.Contains(err.Error(), "boom") {
		t.Errorf("a panic gives %v", err)
	}
	for _, operation := range []string{"AssumeRole", "AssumeRoleWithSAML", "Nothing"} {
		_, err := lab.Server.Call(ec2Call(t, lab), "sts", operation, new(api.GetSessionTokenInput))
		if _, told := writ.AsError(err); err == nil || told {
			t.Errorf("%s gives %v", operation, err)
		}
	}
}
