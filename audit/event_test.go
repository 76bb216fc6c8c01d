package audit

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/api/sts"
	"github.com/writ-iam/writ/store/events"
)

// assumeRole is the example of the IAM User Guide: JohnDoe of 777788889999
// assumes the role EC2-dev of 111122223333.
func assumeRole(t *testing.T) *writ.Call {
	const role = "arn:aws:iam::111122223333:role/EC2-dev"
	c := call(t, "sts", "AssumeRole", john(), on("sts:AssumeRole", "role", role, "111122223333"))
	c.Input = &sts.AssumeRoleInput{RoleArn: role, RoleSessionName: "JohnDoe-EC2-dev", SourceIdentity: new("JohnDoe")}
	c.Output = &sts.AssumeRoleOutput{
		Credentials: &sts.Credentials{AccessKeyId: "ASIAQRSTUVWXYZEXAMPLE", SecretAccessKey: "top-secret-key", SessionToken: "top-secret-token",
			Expiration: at("2014-07-18T16:07:39Z")},
		AssumedRoleUser: &sts.AssumedRoleUser{AssumedRoleId: "AROAQRSTUVWXYZEXAMPLE:JohnDoe-EC2-dev", Arn: "arn:aws:sts::111122223333:assumed-role/EC2-dev/JohnDoe-EC2-dev"},
		SourceIdentity:  new("JohnDoe"),
	}
	return c
}

func TestEvent(t *testing.T) {
	c := assumeRole(t)
	e := newEvent(c, "777788889999")
	e.finish(c)
	sameJSON(t, json.RawMessage(e.append(nil)), `{
		"eventVersion": "1.11",
		"userIdentity": {"type": "IAMUser", "principalId": "AIDAQRSTUVWXYZEXAMPLE", "arn": "arn:aws:iam::777788889999:user/JohnDoe",
			"accountId": "777788889999", "accessKeyId": "AKIAQRSTUVWXYZEXAMPLE", "userName": "JohnDoe"},
		"eventTime": "2026-05-01T12:00:00Z",
		"eventSource": "sts.amazonaws.com",
		"eventName": "AssumeRole",
		"awsRegion": "us-east-1",
		"sourceIPAddress": "192.0.2.101",
		"userAgent": "aws-cli/2.9.19",
		"requestParameters": {"roleArn": "arn:aws:iam::111122223333:role/EC2-dev", "roleSessionName": "JohnDoe-EC2-dev", "sourceIdentity": "JohnDoe"},
		"responseElements": {
			"credentials": {"accessKeyId": "ASIAQRSTUVWXYZEXAMPLE", "expiration": "Jul 18, 2014 4:07:39 PM"},
			"assumedRoleUser": {"assumedRoleId": "AROAQRSTUVWXYZEXAMPLE:JohnDoe-EC2-dev", "arn": "arn:aws:sts::111122223333:assumed-role/EC2-dev/JohnDoe-EC2-dev"},
			"sourceIdentity": "JohnDoe"},
		"requestID": "5cbc3b9f-6c1b-4b0a-9d0e-1a2b3c4d5e6f",
		"eventID": "`+EventID(c.ID, "777788889999")+`",
		"readOnly": true,
		"resources": [{"ARN": "arn:aws:iam::111122223333:role/EC2-dev", "accountId": "111122223333", "type": "AWS::IAM::Role"}],
		"eventType": "AwsApiCall",
		"managementEvent": true,
		"recipientAccountId": "777788889999",
		"eventCategory": "Management"
	}`)
}

// The inherited tags of a chain are shown in the event only (IAM User Guide,
// "Viewing session tags in CloudTrail").
func TestIncomingTransitiveTags(t *testing.T) {
	c := assumeRole(t)
	c.Caller = assumed()
	c.Caller.Session.Tags = map[string]string{"Department": "Engineering", "Own": "x"}
	c.Caller.Session.TransitiveTags = []string{"Department"}
	sameJSON(t, newEvent(c, "111111111111").RequestParameters, `{"incomingTransitiveTags": {"Department": "Engineering"},
		"roleArn": "arn:aws:iam::111122223333:role/EC2-dev", "roleSessionName": "JohnDoe-EC2-dev", "sourceIdentity": "JohnDoe"}`)
}

func TestFailureHasNoResponse(t *testing.T) {
	c := call(t, "iam", "DeleteUser", john(), on("iam:DeleteUser", "user", "arn:aws:iam::777788889999:user/bob", "777788889999"))
	c.Input = &iam.DeleteUserInput{UserName: "bob"}
	c.Err = iam.NoSuchEntityException("The user with name bob cannot be found.")
	e := newEvent(c, "777788889999")
	e.finish(c)
	if e.ErrorCode != "NoSuchEntity" || e.ErrorMessage != "The user with name bob cannot be found." || e.ResponseElements != nil {
		t.Errorf("got %q %q %s", e.ErrorCode, e.ErrorMessage, e.ResponseElements)
	}
}

// A page of an event log is opened by people who may not use what it tells of.
func TestNoSecrets(t *testing.T) {
	user := call(t, "iam", "CreateAccessKey", john())
	user.Output = &iam.CreateAccessKeyOutput{AccessKey: iam.AccessKey{UserName: "bob", AccessKeyId: "AKIAIOSFODNN7EXAMPLE", Status: "Active", SecretAccessKey: "top-secret-key"}}
	login := call(t, "iam", "CreateLoginProfile", john())
	login.Input = &iam.CreateLoginProfileInput{UserName: new("bob"), Password: new("top-secret-password")}
	for _, c := range []*writ.Call{assumeRole(t), user, login} {
		e := newEvent(c, c.Caller.Account)
		e.finish(c)
		if raw := string(e.append(nil)); !strings.Contains(raw, c.Operation.Name) || strings.Contains(raw, "top-secret") {
			t.Errorf("%s: %s", c.Operation.Name, raw)
		}
	}
}

func TestRecipients(t *testing.T) {
	allowed, refused := assumeRole(t), assumeRole(t)
	refused.Decision.Allowed = false
	nobody := &writ.Call{Caller: &writ.Caller{}}
	listed := call(t, "organizations", "ListAccounts", john(), on("organizations:ListAccounts", "organization", "*", "111122223333"))
	if all := resources(listed); len(all) > 0 {
		t.Errorf("an organization as a whole is no resource: %v", all)
	}
	for _, test := range []struct {
		name string
		call *writ.Call
		want []string
	}{
		{"caller first, then who owns the role", allowed, []string{"777788889999", "111122223333"}},
		{"a refused call did nothing elsewhere", refused, []string{"777788889999"}},
		{"whose organization was asked", listed, []string{"777788889999", "111122223333"}},
		{"nobody's calls are the installation's", nobody, []string{""}},
		{"as are those without a caller", &writ.Call{}, []string{""}},
	} {
		if got := recipients(test.call); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// What each call can be looked up by. The names are those of CloudTrail's event history.
func TestAttributes(t *testing.T) {
	create := call(t, "iam", "CreateUser", root(), on("iam:CreateUser", "", "arn:aws:iam::123456789012:user/team/bob", "123456789012"))
	attach := call(t, "iam", "AttachUserPolicy", root(), on("iam:AttachUserPolicy", "user", "arn:aws:iam::123456789012:user/bob", "123456789012"),
		on("iam:AttachUserPolicy", "policy", "arn:aws:iam::aws:policy/ReadOnlyAccess", "123456789012"))
	list := call(t, "iam", "ListUsers", federated(), on("iam:ListUsers", "", "arn:aws:iam::123456789012:user/", "123456789012"))
	for _, test := range []struct {
		name string
		call *writ.Call
		want []events.Attribute
	}{
		{"a thing that is made", create, []events.Attribute{{Name: "Username", Value: "root"}, {Name: "AccessKeyId", Value: "AKIAIOSFODNN7EXAMPLE"},
			{Name: "ResourceType", Value: "AWS::IAM::User"}, {Name: "ResourceName", Value: "bob"}}},
		{"policies by ARN", attach, []events.Attribute{{Name: "Username", Value: "root"}, {Name: "AccessKeyId", Value: "AKIAIOSFODNN7EXAMPLE"},
			{Name: "ResourceType", Value: "AWS::IAM::User"}, {Name: "ResourceName", Value: "bob"},
			{Name: "ResourceType", Value: "AWS::IAM::Policy"}, {Name: "ResourceName", Value: "arn:aws:iam::aws:policy/ReadOnlyAccess"}}},
		{"a list has no resource", list, []events.Attribute{{Name: "Username", Value: "Alice"}, {Name: "AccessKeyId", Value: "ASIAIOSFODNN7EXAMPLE"}}},
		{"credentials that are issued", assumeRole(t), []events.Attribute{{Name: "Username", Value: "JohnDoe"}, {Name: "AccessKeyId", Value: "AKIAQRSTUVWXYZEXAMPLE"},
			{Name: "ResourceType", Value: "AWS::IAM::AccessKey"}, {Name: "ResourceName", Value: "ASIAQRSTUVWXYZEXAMPLE"},
			{Name: "ResourceType", Value: "AWS::STS::AssumedRole"}, {Name: "ResourceName", Value: "arn:aws:sts::111122223333:assumed-role/EC2-dev/JohnDoe-EC2-dev"},
			{Name: "ResourceType", Value: "AWS::STS::AssumedRole"}, {Name: "ResourceName", Value: "AROAQRSTUVWXYZEXAMPLE:JohnDoe-EC2-dev"},
			{Name: "ResourceType", Value: "AWS::STS::AssumedRole"}, {Name: "ResourceName", Value: "JohnDoe-EC2-dev"},
			{Name: "ResourceType", Value: "AWS::IAM::Role"}, {Name: "ResourceName", Value: "arn:aws:iam::111122223333:role/EC2-dev"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := newEvent(test.call, test.call.Caller.Account)
			e.finish(test.call)
			got := attributes(&e)
			if diff := cmp.Diff(test.want, got[3:]); diff != "" {
				t.Errorf("differs (-want +got):\n%s", diff)
			}
			if got[0].Value != test.call.Operation.Name || got[1].Value != test.call.Operation.EventSource() {
				t.Errorf("starts with %v", got[:3])
			}
		})
	}
}

func TestEventID(t *testing.T) {
	a, b := EventID("5cbc3b9f-6c1b-4b0a-9d0e-1a2b3c4d5e6f", "1"), EventID("5cbc3b9f-6c1b-4b0a-9d0e-1a2b3c4d5e6f", "2")
	if a == b || a != EventID("5cbc3b9f-6c1b-4b0a-9d0e-1a2b3c4d5e6f", "1") || a[14] != '8' {
		t.Errorf("%s and %s", a, b)
	}
}

// The events of EC2 say whose fault an error was.
func TestErrorsOfEC2(t *testing.T) {
	for status, want := range map[int]string{403: "Client.Sorry", 501: "Server.Sorry"} {
		c := call(t, "ec2", "DescribeInstances", john())
		c.Err = writ.Errorf(status, "Sorry", "no")
		e := newEvent(c, c.Caller.Account)
		if e.finish(c); e.ErrorCode != want {
			t.Errorf("%d: %s", status, e.ErrorCode)
		}
	}
}
