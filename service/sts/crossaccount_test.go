package sts_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
	"github.com/writ-iam/writ/store/events"
)

const partner = "222222222222"

// partnership is a lab with a second account, that has a user named john.
type partnership struct {
	*testing.T
	*awstest.Lab
	otherRoot sigv4.Credentials
	john      sigv4.Credentials
}

func newPartnership(t *testing.T) *partnership {
	t.Helper()
	p := &partnership{T: t, Lab: awstest.New(t)}
	p.otherRoot = p.AddAccount(t, partner)
	p.must(p.otherRoot, "iam", "CreateUser", map[string]any{"UserName": "john"})
	key := p.must(p.otherRoot, "iam", "CreateAccessKey", map[string]any{"UserName": "john"})["AccessKey"].(map[string]any)
	p.john = sigv4.Credentials{AccessKeyID: key["AccessKeyId"].(string), SecretAccessKey: key["SecretAccessKey"].(string)}
	return p
}

func (p *partnership) must(creds sigv4.Credentials, service, operation string, params map[string]any) map[string]any {
	p.Helper()
	out, err := p.Call(creds, service, operation, params)
	if err != nil {
		p.Fatal(err)
	}
	return out
}

const shared = "arn:aws:iam::" + awstest.Account + ":role/shared"

func (p *partnership) assume() (map[string]any, error) {
	return p.Call(p.john, "sts", "AssumeRole", map[string]any{"RoleArn": shared, "RoleSessionName": "john"})
}

func trusting(principal string) map[string]any {
	return map[string]any{"RoleName": "shared", "AssumeRolePolicyDocument": `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"` +
		principal + `"},"Action":"sts:AssumeRole"}}`}
}

func allowed(user string) map[string]any {
	return map[string]any{"UserName": user, "PolicyName": "assume",
		"PolicyDocument": `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"` + shared + `"}}`}
}

// Both accounts have to agree: the role's trusts the other or one of its users,
// the user's allows its user to go there.
func TestCrossAccount(t *testing.T) {
	for _, principal := range []string{"arn:aws:iam::" + partner + ":root", partner, "arn:aws:iam::" + partner + ":user/john"} {
		p := newPartnership(t)
		p.must(awstest.Root, "iam", "CreateRole", trusting(principal))
		const refused = "AccessDenied: User: arn:aws:iam::222222222222:user/john is not authorized to perform: sts:AssumeRole on resource: " + shared
		if _, err := p.assume(); err == nil || err.Error() != refused {
			t.Errorf("trusting %s, john's account has not allowed it: %v", principal, err)
		}
		p.must(p.otherRoot, "iam", "PutUserPolicy", allowed("john"))
		out, err := p.assume()
		if err != nil {
			t.Fatalf("trusting %s, both have allowed it: %v", principal, err)
		}
		c := out["Credentials"].(map[string]any)
		session := sigv4.Credentials{AccessKeyID: c["AccessKeyId"].(string), SecretAccessKey: c["SecretAccessKey"].(string), SessionToken: c["SessionToken"].(string)}
		if who := p.must(session, "sts", "GetCallerIdentity", nil); who["Account"] != awstest.Account || who["Arn"] != "arn:aws:sts::000000000000:assumed-role/shared/john" {
			t.Errorf("the session is %v", who)
		}
	}
}

// An account that is not trusted gets nowhere, whatever it allows itself, and
// its root user can't assume roles either.
func TestUntrustedAccount(t *testing.T) {
	p := newPartnership(t)
	p.must(awstest.Root, "iam", "CreateRole", trusting("arn:aws:iam::"+awstest.Account+":root"))
	p.must(p.otherRoot, "iam", "PutUserPolicy", allowed("john"))
	if _, err := p.assume(); err == nil || !strings.HasPrefix(err.Error(), "AccessDenied: User: arn:aws:iam::222222222222:user/john") {
		t.Errorf("untrusted: %v", err)
	}
	p.must(awstest.Root, "iam", "UpdateAssumeRolePolicy", map[string]any{"RoleName": "shared", "PolicyDocument": trusting(partner)["AssumeRolePolicyDocument"]})
	_, err := p.Call(p.otherRoot, "sts", "AssumeRole", map[string]any{"RoleArn": shared, "RoleSessionName": "root"})
	if err == nil || err.Error() != "AccessDenied: Roles may not be assumed by root accounts." {
		t.Errorf("root: %v", err)
	}
}

// Both accounts see that the role was assumed; the role's learns of the caller
// its account and id. What was refused only the caller's account sees.
func TestCrossAccountEvents(t *testing.T) {
	p := newPartnership(t)
	p.must(awstest.Root, "iam", "CreateRole", trusting(partner))
	p.assume()
	p.must(p.otherRoot, "iam", "PutUserPolicy", allowed("john"))
	if _, err := p.assume(); err != nil {
		t.Fatal(err)
	}
	for account, want := range map[string]int{partner: 2, awstest.Account: 1} {
		found, _, err := p.Events.Lookup(t.Context(), events.Query{Account: account, Limit: 10, Attribute: &events.Attribute{Name: "EventName", Value: "AssumeRole"}})
		if err != nil || len(found) != want {
			t.Fatalf("%s sees %d events, want %d, %v", account, len(found), want, err)
		}
		event := string(found[0].Event)
		own := strings.Contains(event, `"userName":"john"`) && !strings.Contains(event, `"type":"AWSAccount"`)
		if own != (account == partner) || !strings.Contains(event, `"sharedEventID"`) {
			t.Errorf("%s sees %s", account, event)
		}
	}
}

// What a denial tells in an encoded form only its own account can read.
func TestMessagesOfOtherAccounts(t *testing.T) {
	p := newPartnership(t)
	_, err := p.Call(p.john, "ec2", "TerminateInstances", map[string]any{"InstanceIds": []any{"i-12345678"}})
	_, message, ok := strings.Cut(err.Error(), "Encoded authorization failure message: ")
	if !ok {
		t.Fatal(err)
	}
	decode := func(creds sigv4.Credentials) (map[string]any, error) {
		return p.Call(creds, "sts", "DecodeAuthorizationMessage", map[string]any{"EncodedMessage": message})
	}
	if out, err := decode(p.otherRoot); err != nil || !strings.Contains(out["DecodedMessage"].(string), `"ec2:TerminateInstances"`) {
		t.Errorf("its own account: %v, %v", out, err)
	}
	if _, err := decode(awstest.Root); err == nil || err.Error() != "InvalidAuthorizationMessageException: Message is not valid" {
		t.Errorf("another account: %v", err)
	}
}

// Who may not assume a role of another account does not learn from an explanation
// whom it trusts, on which condition, what its tags are, or whether it is there.
func TestTrustIsNotExplained(t *testing.T) {
	p := newPartnership(t)
	p.must(p.otherRoot, "iam", "PutUserPolicy", allowed("john"))
	p.must(p.otherRoot, "iam", "PutUserPolicy", map[string]any{"UserName": "john", "PolicyName": "ask", "PolicyDocument": `{"Version":"2012-10-17",
		"Statement":{"Effect":"Deny","Action":"sts:AssumeRole","Resource":"*","Condition":{"StringEquals":{"iam:ResourceTag/team":"x","aws:username":"${aws:ResourceTag/team}"}}}}`})
	var texts []string
	for _, trust := range []string{
		"",
		`{"Sid":"Secret","Effect":"Allow","Principal":{"AWS":"` + partner + `"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"hidden"}}}`,
	} {
		if trust != "" {
			p.must(awstest.Root, "iam", "CreateRole", map[string]any{"RoleName": "shared", "Tags": []any{map[string]any{"Key": "team", "Value": "violet"}},
				"AssumeRolePolicyDocument": `{"Version":"2012-10-17","Statement":` + trust + `}`})
		}
		p.Advance(time.Second)
		if _, err := p.assume(); err == nil {
			t.Fatal("the role was assumed")
		}
		out := p.must(p.otherRoot, "cloudtrail", "LookupEvents", map[string]any{"LookupAttributes": []any{
			map[string]any{"AttributeKey": "EventName", "AttributeValue": "AssumeRole"}}})
		var event struct{ RequestID string }
		if err := json.Unmarshal([]byte(out["Events"].([]any)[0].(map[string]any)["CloudTrailEvent"].(string)), &event); err != nil {
			t.Fatal(err)
		}
		why, err := json.Marshal(p.must(p.otherRoot, "writ", "ExplainRequest", map[string]any{"RequestId": event.RequestID})["checks"])
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(why))
	}
	for _, secret := range []string{"hidden", "ExternalId", "Secret", "trust policy", "violet"} {
		if strings.Contains(texts[1], secret) {
			t.Errorf("%s is told: %s", secret, texts[1])
		}
	}
	if texts[0] != texts[1] {
		t.Errorf("without the role: %s\nwith it: %s", texts[0], texts[1])
	}
}
