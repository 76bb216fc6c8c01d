package conformance

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	ststypes "github.com/aws/aws-sdk-go-v2/service/sts/types"
)

// assumeRole takes a role through the SDK's provider of credentials, and may
// then do what the role may and nothing else.
func assumeRole(t *testing.T, l *lab) {
	ctx := t.Context()
	must(l.iam.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("ann")}))(t)
	ann := l.withKey(t, l.newKey(t, "ann"))
	role := l.newRole(t, "reader", fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",
		"Principal":{"AWS":"arn:aws:iam::%s:user/ann"},"Condition":{"StringEquals":{"sts:ExternalId":"4711"}}}}`, l.account), allow("iam:GetRole", "*"))

	_, err := ann.sts.AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: role, RoleSessionName: aws.String("tuesday")})
	refused(t, err, "AccessDenied", "User: arn:aws:iam::"+l.account+":user/ann is not authorized to perform: sts:AssumeRole on resource: "+*role)

	reader := l.as(t, aws.NewCredentialsCache(stscreds.NewAssumeRoleProvider(ann.sts, *role, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName, o.ExternalID = "monday", aws.String("4711")
	})))
	who := must(reader.sts.GetCallerIdentity(ctx, nil))(t)
	equal(t, "Arn", *who.Arn, "arn:aws:sts::"+l.account+":assumed-role/reader/monday")
	must(reader.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("reader")}))(t)
	_, err = reader.iam.ListUsers(ctx, nil)
	refused(t, err, "AccessDenied", "User: "+*who.Arn+" is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::"+
		l.account+":user/ because no identity-based policy allows the iam:ListUsers action")

	_, err = ann.sts.AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: role, RoleSessionName: aws.String("tuesday"), ExternalId: aws.String("4711"), DurationSeconds: aws.Int32(7200)})
	refused(t, err, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	_, err = ann.sts.AssumeRole(ctx, &sts.AssumeRoleInput{RoleArn: role, RoleSessionName: aws.String("a b")})
	refused(t, err, "ValidationError", `1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`)

	// A role that was deleted takes its sessions with it.
	must(l.iam.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: aws.String("reader"), PolicyName: aws.String("own")}))(t)
	must(l.iam.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: aws.String("reader")}))(t)
	_, err = reader.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("reader")})
	refused(t, err, "InvalidClientTokenId", "The security token included in the request is invalid.")
}

// sessionPolicy narrows a session by a policy, and marks it with tags.
func sessionPolicy(t *testing.T, l *lab) {
	ctx := t.Context()
	role := l.newRole(t, "wide", fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"],
		"Principal":{"AWS":"%s"}}}`, l.account), `{"Version":"2012-10-17","Statement":[
		{"Effect":"Allow","Action":["iam:GetRole","iam:ListRoles"],"Resource":"*"},
		{"Effect":"Allow","Action":"iam:GetGroup","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/team":"blue"}}}]}`)
	assume := func(in *sts.AssumeRoleInput) clients {
		in.RoleArn, in.RoleSessionName = role, aws.String("narrow")
		c := must(l.sts.AssumeRole(ctx, in))(t).Credentials
		if left := time.Until(*c.Expiration); left < 59*time.Minute || left > time.Hour {
			t.Errorf("the session lives for %v", left)
		}
		return l.as(t, credentials.NewStaticCredentialsProvider(*c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken))
	}

	narrow := assume(&sts.AssumeRoleInput{Policy: aws.String(allow("iam:GetRole", "*"))})
	must(narrow.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("wide")}))(t)
	_, err := narrow.iam.ListRoles(ctx, nil)
	refused(t, err, "AccessDenied", "User: arn:aws:sts::"+l.account+":assumed-role/wide/narrow is not authorized to perform: iam:ListRoles on resource: arn:aws:iam::"+
		l.account+":role/ because no session policy allows the iam:ListRoles action")

	must(l.iam.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: aws.String("tagged")}))(t)
	blue := assume(&sts.AssumeRoleInput{Tags: []ststypes.Tag{{Key: aws.String("team"), Value: aws.String("blue")}}, SourceIdentity: aws.String("carol")})
	must(blue.iam.GetGroup(ctx, &iam.GetGroupInput{GroupName: aws.String("tagged")}))(t)
	red := assume(&sts.AssumeRoleInput{Tags: []ststypes.Tag{{Key: aws.String("team"), Value: aws.String("red")}}})
	_, err = red.iam.GetGroup(ctx, &iam.GetGroupInput{GroupName: aws.String("tagged")})
	equal(t, "code", code(t, err), "AccessDenied")
}

// tokens are the sessions that a user asks for itself.
func tokens(t *testing.T, l *lab) {
	ctx := t.Context()
	tom := l.newUser(t, "tom", "arn:aws:iam::aws:policy/ReadOnlyAccess")
	must(l.iam.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("tom"), PolicyName: aws.String("federate"), PolicyDocument: aws.String(allow("sts:GetFederationToken", "*"))}))(t)

	c := must(tom.sts.GetSessionToken(ctx, &sts.GetSessionTokenInput{DurationSeconds: aws.Int32(900)}))(t).Credentials
	session := l.as(t, credentials.NewStaticCredentialsProvider(*c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken))
	equal(t, "Arn", *must(session.sts.GetCallerIdentity(ctx, nil))(t).Arn, "arn:aws:iam::"+l.account+":user/tom")
	_, err := session.sts.GetSessionToken(ctx, nil)
	refused(t, err, "AccessDenied", "Cannot call GetSessionToken with session credentials")

	f := must(tom.sts.GetFederationToken(ctx, &sts.GetFederationTokenInput{Name: aws.String("guest"), Policy: aws.String(allow("s3:*", "*"))}))(t)
	equal(t, "Arn", *f.FederatedUser.Arn, "arn:aws:sts::"+l.account+":federated-user/guest")
	guest := l.as(t, credentials.NewStaticCredentialsProvider(*f.Credentials.AccessKeyId, *f.Credentials.SecretAccessKey, *f.Credentials.SessionToken))
	equal(t, "Arn", *must(guest.sts.GetCallerIdentity(ctx, nil))(t).Arn, *f.FederatedUser.Arn)

	_, err = l.as(t, credentials.NewStaticCredentialsProvider(*c.AccessKeyId, *c.SecretAccessKey, *c.SessionToken+"A")).sts.GetCallerIdentity(ctx, nil)
	refused(t, err, "InvalidClientTokenId", "The security token included in the request is invalid.")
}

// newRole makes a role with one inline policy, "own".
func (l *lab) newRole(t *testing.T, name, trust, policy string) *string {
	t.Helper()
	r := must(l.iam.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: &trust}))(t).Role
	must(l.iam.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: &name, PolicyName: aws.String("own"), PolicyDocument: &policy}))(t)
	return r.Arn
}
