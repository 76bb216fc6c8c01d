package sts_test

import (
	"strings"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
)

const bucketPolicy = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:user/ann"},"Action":"s3:*","Resource":["arn:aws:s3:::closed","arn:aws:s3:::closed/*"]}}`

// asking has the partner ask for the right to list users, of one account or of any.
func (p *partnership) asking(owner string) (id string) {
	p.must(p.otherRoot, "iam", "CreatePolicy", map[string]any{"PolicyName": "template",
		"PolicyDocument": `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*"}}`})
	params := map[string]any{"Description": "set up", "Permissions": map[string]any{"PolicyTemplateArn": "arn:aws:iam::" + partner + ":policy/template"},
		"RequestorWorkflowId": "wf-1234", "NotificationChannel": "arn:aws:sns:us-east-1:" + partner + ":news", "SessionDuration": 3600}
	if owner != "" {
		params["OwnerAccountId"] = owner
	}
	return p.must(p.otherRoot, "iam", "CreateDelegationRequest", params)["DelegationRequestId"].(string)
}

func (p *partnership) ann() sigv4.Credentials {
	p.must(awstest.Root, "iam", "CreateUser", map[string]any{"UserName": "ann"})
	p.must(awstest.Root, "iam", "AttachUserPolicy", map[string]any{"UserName": "ann", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})
	key := p.must(awstest.Root, "iam", "CreateAccessKey", map[string]any{"UserName": "ann"})["AccessKey"].(map[string]any)
	return sigv4.Credentials{AccessKeyID: key["AccessKeyId"].(string), SecretAccessKey: key["SecretAccessKey"].(string)}
}

func request(id string) map[string]any { return map[string]any{"DelegationRequestId": id} }

// The requestor acts in the other account, as whoever approved and within what
// was asked for; the token is good for nobody else.
func TestDelegationAcrossAccounts(t *testing.T) {
	p := newPartnership(t)
	ann, id := p.ann(), p.asking("")
	for _, operation := range []string{"AssociateDelegationRequest", "AcceptDelegationRequest", "SendDelegationToken"} {
		p.must(ann, "iam", operation, request(id))
	}
	if _, err := p.Call(awstest.Root, "writ", "GetDelegationToken", request(id)); err == nil || !strings.HasPrefix(err.Error(), "ResourceNotFoundException") {
		t.Errorf("the token of others: %v", err)
	}
	token := map[string]any{"TradeInToken": p.must(p.otherRoot, "writ", "GetDelegationToken", request(id))["tradeInToken"]}
	if _, err := p.Call(awstest.Root, "sts", "GetDelegatedAccessToken", token); err == nil || err.Error() != "ValidationError: The trade-in token is not valid." {
		t.Errorf("another account with the token: %v", err)
	}
	provider := credentials(p.must(p.otherRoot, "sts", "GetDelegatedAccessToken", token))
	p.must(provider, "iam", "ListUsers", nil)
	if who := p.event(awstest.Account, "ListUsers"); who.InvokedByDelegate.AccountID != partner || who.Type != "IAMUser" {
		t.Errorf("the event names %+v", who)
	}
	p.must(awstest.Root, "s3", "CreateBucket", map[string]any{"Bucket": "closed"})
	p.must(awstest.Root, "s3", "PutBucketPolicy", map[string]any{"Bucket": "closed", "Policy": bucketPolicy})
	p.must(ann, "s3", "ListObjectsV2", map[string]any{"Bucket": "closed"})
	if _, err := p.Call(provider, "s3", "ListObjectsV2", map[string]any{"Bucket": "closed"}); err == nil || !strings.Contains(err.Error(), "no session policy allows") {
		t.Errorf("a bucket that names ann: %v", err)
	}
	p.must(awstest.Root, "iam", "DetachUserPolicy", map[string]any{"UserName": "ann", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})
	if _, err := p.Call(provider, "iam", "ListUsers", nil); err == nil || !strings.HasPrefix(err.Error(), "AccessDenied") {
		t.Errorf("ann may do nothing any more: %v", err)
	}
}

// A request that is for one account, or has been taken by one, is absent for others.
func TestDelegationsOfOthers(t *testing.T) {
	for _, owner := range []string{awstest.Account, ""} {
		p := newPartnership(t)
		id := p.asking(owner)
		if owner == "" {
			p.must(p.otherRoot, "iam", "GetDelegationRequest", request(id))
			p.must(awstest.Root, "iam", "AssociateDelegationRequest", request(id))
		}
		for _, operation := range []string{"GetDelegationRequest", "AssociateDelegationRequest", "UpdateDelegationRequest", "AcceptDelegationRequest", "RejectDelegationRequest", "SendDelegationToken"} {
			if _, err := p.Call(p.otherRoot, "iam", operation, request(id)); err == nil || !strings.HasPrefix(err.Error(), "NoSuchEntity: ") {
				t.Errorf("%s of a request for %q: %v", operation, owner, err)
			}
		}
		p.must(awstest.Root, "iam", "GetDelegationRequest", request(id))
	}
}

// Who is made again under the owner's name does not look after the request.
func TestDelegationOwnerMadeAgain(t *testing.T) {
	p := newPartnership(t)
	ann, id := p.ann(), p.asking("")
	p.must(ann, "iam", "AssociateDelegationRequest", request(id))
	p.must(awstest.Root, "iam", "DetachUserPolicy", map[string]any{"UserName": "ann", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})
	p.must(ann, "iam", "GetDelegationRequest", request(id))
	p.must(awstest.Root, "iam", "DeleteAccessKey", map[string]any{"UserName": "ann", "AccessKeyId": ann.AccessKeyID})
	p.must(awstest.Root, "iam", "DeleteUser", map[string]any{"UserName": "ann"})
	again := p.ann()
	p.must(awstest.Root, "iam", "DetachUserPolicy", map[string]any{"UserName": "ann", "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"})
	if _, err := p.Call(again, "iam", "GetDelegationRequest", request(id)); err == nil || !strings.HasPrefix(err.Error(), "AccessDenied") {
		t.Errorf("another ann: %v", err)
	}
}

// What a request asks for does not change with its template, and a template that
// others have is none.
func TestDelegationTemplates(t *testing.T) {
	p := newPartnership(t)
	id := p.asking("")
	p.must(p.otherRoot, "iam", "DeletePolicy", map[string]any{"PolicyArn": "arn:aws:iam::" + partner + ":policy/template"})
	d := p.must(awstest.Root, "iam", "GetDelegationRequest", request(id))["DelegationRequest"].(map[string]any)
	if d["PermissionPolicy"] != `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iam:ListUsers","Resource":"*"}}` || d["OwnerAccountId"] != nil {
		t.Errorf("the request is %v", d)
	}
	p.must(p.otherRoot, "iam", "CreatePolicy", map[string]any{"PolicyName": "mine", "PolicyDocument": d["PermissionPolicy"]})
	_, err := p.Call(awstest.Root, "iam", "CreateDelegationRequest", map[string]any{"Description": "set up", "SessionDuration": 3600, "RequestorWorkflowId": "wf-1234",
		"Permissions":         map[string]any{"PolicyTemplateArn": "arn:aws:iam::" + partner + ":policy/mine"},
		"NotificationChannel": "arn:aws:sns:us-east-1:" + partner + ":news"})
	if err == nil || !strings.HasPrefix(err.Error(), "InvalidInput: The policy template") {
		t.Errorf("the template of others: %v", err)
	}
}
