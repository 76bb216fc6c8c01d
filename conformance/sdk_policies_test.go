package conformance

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func policies(t *testing.T, l *lab) {
	ctx := t.Context()
	first, second := allow("s3:GetObject", "*"), allow("s3:PutObject", "*")
	p := must(l.iam.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("objects"), Path: aws.String("/data/"), PolicyDocument: &first, Tags: tags("team", "blue")}))(t).Policy
	arn := p.Arn
	equal(t, "Arn", *arn, "arn:aws:iam::"+l.account+":policy/data/objects")
	if err := iam.NewPolicyExistsWaiter(l.iam).Wait(ctx, &iam.GetPolicyInput{PolicyArn: arn}, 5*time.Second); err != nil {
		t.Error(err)
	}
	_, err := l.iam.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("objects"), PolicyDocument: &first})
	equal(t, "message", typed[*iamtypes.EntityAlreadyExistsException](t, err).ErrorMessage(), "A policy called objects already exists. Duplicate names are not allowed.")
	_, err = l.iam.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("broken"), PolicyDocument: aws.String("{")})
	equal(t, "message", typed[*iamtypes.MalformedPolicyDocumentException](t, err).ErrorMessage(), "Syntax errors in policy.")

	v2 := must(l.iam.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: arn, PolicyDocument: &second, SetAsDefault: true}))(t).PolicyVersion
	equal(t, "VersionId", *v2.VersionId, "v2")
	got := must(l.iam.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: arn}))(t).Policy
	equal(t, "DefaultVersionId", *got.DefaultVersionId, "v2")
	equal(t, "tags", flat(got.Tags), "team=blue")
	sameDocument(t, must(l.iam.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: arn, VersionId: aws.String("v2")}))(t).PolicyVersion.Document, second)
	for range 3 {
		must(l.iam.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: arn, PolicyDocument: &first}))(t)
	}
	_, err = l.iam.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: arn, PolicyDocument: &first})
	equal(t, "message", typed[*iamtypes.LimitExceededException](t, err).ErrorMessage(),
		"A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.")

	must(l.iam.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("olga")}))(t)
	must(l.iam.AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: aws.String("olga"), PolicyArn: arn}))(t)
	entities := must(l.iam.ListEntitiesForPolicy(ctx, &iam.ListEntitiesForPolicyInput{PolicyArn: arn}))(t)
	equal(t, "user with the policy", *entities.PolicyUsers[0].UserName, "olga")
	_, err = l.iam.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: arn})
	equal(t, "message", typed[*iamtypes.DeleteConflictException](t, err).ErrorMessage(), "Cannot delete a policy attached to entities.")
	must(l.iam.DetachUserPolicy(ctx, &iam.DetachUserPolicyInput{UserName: aws.String("olga"), PolicyArn: arn}))(t)
	_, err = l.iam.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: arn})
	equal(t, "message", typed[*iamtypes.DeleteConflictException](t, err).ErrorMessage(),
		"This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")

	must(l.iam.SetDefaultPolicyVersion(ctx, &iam.SetDefaultPolicyVersionInput{PolicyArn: arn, VersionId: aws.String("v1")}))(t)
	for _, v := range must(l.iam.ListPolicyVersions(ctx, &iam.ListPolicyVersionsInput{PolicyArn: arn}))(t).Versions {
		if v.IsDefaultVersion {
			equal(t, "default version", *v.VersionId, "v1")
			continue
		}
		must(l.iam.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: arn, VersionId: v.VersionId}))(t)
	}
	must(l.iam.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: arn}))(t)
	_, err = l.iam.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: arn})
	equal(t, "message", typed[*iamtypes.NoSuchEntityException](t, err).ErrorMessage(), "Policy "+*arn+" does not exist or is not attachable.")
}

// awsPolicies reads AWS's own policies.
func awsPolicies(t *testing.T, l *lab) {
	ctx, n := t.Context(), 0
	for p := iam.NewListPoliciesPaginator(l.iam, &iam.ListPoliciesInput{Scope: iamtypes.PolicyScopeTypeAws, MaxItems: aws.Int32(1000)}); p.HasMorePages(); {
		n += len(must(p.NextPage(ctx))(t).Policies)
	}
	if n < 1000 {
		t.Errorf("AWS has %d policies, want more than a thousand", n)
	}
	admin := aws.String("arn:aws:iam::aws:policy/AdministratorAccess")
	p := must(l.iam.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: admin}))(t).Policy
	v := must(l.iam.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: admin, VersionId: p.DefaultVersionId}))(t).PolicyVersion
	sameDocument(t, v.Document, `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	_, err := l.iam.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: aws.String("arn:aws:iam::aws:policy/NoSuchPolicy")})
	equal(t, "message", typed[*iamtypes.NoSuchEntityException](t, err).ErrorMessage(), "Policy arn:aws:iam::aws:policy/NoSuchPolicy was not found.")
}

// boundary shows that what a boundary leaves out is not allowed (F5).
func boundary(t *testing.T, l *lab) {
	ctx := t.Context()
	ceiling := must(l.iam.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("ceiling"), PolicyDocument: aws.String(
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:*","cloudwatch:*","ec2:*"],"Resource":"*"}}`)}))(t).Policy.Arn
	bea := l.newUser(t, "bea", "")
	must(l.iam.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: aws.String("bea"), PolicyName: aws.String("create"), PolicyDocument: aws.String(allow("iam:CreateUser", "*"))}))(t)
	must(l.iam.PutUserPermissionsBoundary(ctx, &iam.PutUserPermissionsBoundaryInput{UserName: aws.String("bea"), PermissionsBoundary: ceiling}))(t)
	u := must(l.iam.GetUser(ctx, &iam.GetUserInput{UserName: aws.String("bea")}))(t).User
	equal(t, "PermissionsBoundaryArn", *u.PermissionsBoundary.PermissionsBoundaryArn, *ceiling)

	create := func() error {
		_, err := bea.iam.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("bert")})
		return err
	}
	refused(t, create(), "AccessDenied", "User: arn:aws:iam::"+l.account+":user/bea is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::"+
		l.account+":user/bert because no permissions boundary allows the iam:CreateUser action")
	must(l.iam.DeleteUserPermissionsBoundary(ctx, &iam.DeleteUserPermissionsBoundaryInput{UserName: aws.String("bea")}))(t)
	if err := create(); err != nil {
		t.Error(err)
	}
}
