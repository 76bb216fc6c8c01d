package audit

import (
	"testing"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
)

// The shapes are those of the CloudTrail User Guide, "userIdentity element",
// and of the IAM User Guide, "Logging IAM and AWS STS API calls".
func TestIdentity(t *testing.T) {
	withToken := john()
	withToken.AccessKeyID = "ASIAQRSTUVWXYZEXAMPLE"
	withToken.Session = &writ.Session{Operation: "GetSessionToken", Issued: at("2014-07-15T21:39:40Z"), MFA: at("2014-07-15T21:39:40Z")}
	service := &writ.Caller{Principal: policy.Principal{Type: policy.Service, Service: "ec2.amazonaws.com"}}
	for _, test := range []struct {
		name, recipient string
		caller          *writ.Caller
		want            string
	}{
		{"user", "777788889999", john(), `{"type": "IAMUser", "principalId": "AIDAQRSTUVWXYZEXAMPLE", "arn": "arn:aws:iam::777788889999:user/JohnDoe",
			"accountId": "777788889999", "accessKeyId": "AKIAQRSTUVWXYZEXAMPLE", "userName": "JohnDoe"}`},
		{"user with a session token", "777788889999", withToken, `{"type": "IAMUser", "principalId": "AIDAQRSTUVWXYZEXAMPLE", "arn": "arn:aws:iam::777788889999:user/JohnDoe",
			"accountId": "777788889999", "accessKeyId": "ASIAQRSTUVWXYZEXAMPLE", "userName": "JohnDoe",
			"sessionContext": {"attributes": {"mfaAuthenticated": "true", "creationDate": "2014-07-15T21:39:40Z"}}}`},
		{"user, told to another account", "111122223333", john(), `{"type": "AWSAccount", "principalId": "AIDAQRSTUVWXYZEXAMPLE", "accountId": "777788889999"}`},
		{"root", "123456789012", root(), `{"type": "Root", "principalId": "123456789012", "arn": "arn:aws:iam::123456789012:root",
			"accountId": "123456789012", "accessKeyId": "AKIAIOSFODNN7EXAMPLE"}`},
		{"role", "111111111111", assumed(), `{"type": "AssumedRole", "principalId": "AROAIN5ATK5U7KEXAMPLE:JohnRole1", "arn": "arn:aws:sts::111111111111:assumed-role/JohnDoe/JohnRole1",
			"accountId": "111111111111", "accessKeyId": "ASIAI44QH8DHBEXAMPLE", "sessionContext": {
				"sessionIssuer": {"type": "Role", "principalId": "AROAIN5ATK5U7KEXAMPLE", "arn": "arn:aws:iam::111111111111:role/JohnDoe", "accountId": "111111111111", "userName": "JohnDoe"},
				"attributes": {"mfaAuthenticated": "false", "creationDate": "2019-10-02T21:50:54Z"}, "sourceIdentity": "JohnDoe"}}`},
		{"federated user", "123456789012", federated(), `{"type": "FederatedUser", "principalId": "123456789012:Alice", "arn": "arn:aws:sts::123456789012:federated-user/Alice",
			"accountId": "123456789012", "accessKeyId": "ASIAIOSFODNN7EXAMPLE", "sessionContext": {
				"sessionIssuer": {"type": "IAMUser", "principalId": "AIDACKCEVSQ6C2EXAMPLE", "arn": "arn:aws:iam::123456789012:user/Bob", "accountId": "123456789012", "userName": "Bob"},
				"attributes": {"mfaAuthenticated": "false", "creationDate": "2018-03-06T22:54:20Z"}}}`},
		{"service", "123456789012", service, `{"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}`},
		{"nobody", "", nil, `{"type": "Unknown"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			sameJSON(t, identity(&writ.Call{Caller: test.caller}, test.recipient), test.want)
		})
	}
}

func TestInvokedBy(t *testing.T) {
	c := &writ.Call{Caller: john(), Chain: writ.Chain{ViaAWSService: true, CalledVia: []string{"cloudformation.amazonaws.com", "ssm.amazonaws.com"}}}
	if got := identity(c, "777788889999").InvokedBy; got != "ssm.amazonaws.com" {
		t.Errorf("invokedBy is %q, not the last service of the chain", got)
	}
}
