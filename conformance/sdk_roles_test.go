package conformance

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func roles(t *testing.T, l *lab) {
	ctx, name := t.Context(), aws.String("courier")
	trust := trustService("ec2.amazonaws.com")
	r := must(l.iam.CreateRole(ctx, &iam.CreateRoleInput{RoleName: name, Path: aws.String("/app/"), AssumeRolePolicyDocument: &trust,
		Description: aws.String("carries things"), MaxSessionDuration: aws.Int32(7200), Tags: tags("team", "blue")}))(t).Role
	equal(t, "Arn", *r.Arn, "arn:aws:iam::"+l.account+":role/app/courier")
	sameDocument(t, r.AssumeRolePolicyDocument, trust)
	if err := iam.NewRoleExistsWaiter(l.iam).Wait(ctx, &iam.GetRoleInput{RoleName: name}, 5*time.Second); err != nil {
		t.Error(err)
	}

	must(l.iam.UpdateRole(ctx, &iam.UpdateRoleInput{RoleName: name, Description: aws.String("carries letters"), MaxSessionDuration: aws.Int32(3600)}))(t)
	trust = trustService("lambda.amazonaws.com")
	must(l.iam.UpdateAssumeRolePolicy(ctx, &iam.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: &trust}))(t)
	got := must(l.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: name}))(t).Role
	equal(t, "Description", *got.Description, "carries letters")
	equal(t, "MaxSessionDuration", *got.MaxSessionDuration, 3600)
	equal(t, "tags", flat(got.Tags), "team=blue")
	sameDocument(t, got.AssumeRolePolicyDocument, trust)

	inline := allow("s3:GetObject", "arn:aws:s3:::letters/*")
	must(l.iam.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: name, PolicyName: aws.String("letters"), PolicyDocument: &inline}))(t)
	p := must(l.iam.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: name, PolicyName: aws.String("letters")}))(t)
	sameDocument(t, p.PolicyDocument, inline)
	_, err := l.iam.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: name})
	equal(t, "message", typed[*iamtypes.DeleteConflictException](t, err).ErrorMessage(), "Cannot delete entity, must delete policies first.")
	must(l.iam.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: aws.String("letters")}))(t)

	_, err = l.iam.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("ghost"), AssumeRolePolicyDocument: aws.String(
		fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:user/ghost"},"Action":"sts:AssumeRole"}}`, l.account))})
	equal(t, "message", typed[*iamtypes.MalformedPolicyDocumentException](t, err).ErrorMessage(),
		`Invalid principal in policy: "AWS":"arn:aws:iam::`+l.account+`:user/ghost"`)
	must(l.iam.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: name}))(t)
	_, err = l.iam.GetRole(ctx, &iam.GetRoleInput{RoleName: name})
	equal(t, "message", typed[*iamtypes.NoSuchEntityException](t, err).ErrorMessage(), "The role with name courier cannot be found.")
}

func instanceProfiles(t *testing.T, l *lab) {
	ctx, name := t.Context(), aws.String("web")
	trust := trustService("ec2.amazonaws.com")
	for _, role := range []string{"web", "web2"} {
		must(l.iam.CreateRole(ctx, &iam.CreateRoleInput{RoleName: &role, AssumeRolePolicyDocument: &trust}))(t)
	}
	p := must(l.iam.CreateInstanceProfile(ctx, &iam.CreateInstanceProfileInput{InstanceProfileName: name}))(t).InstanceProfile
	equal(t, "Arn", *p.Arn, "arn:aws:iam::"+l.account+":instance-profile/web")
	if err := iam.NewInstanceProfileExistsWaiter(l.iam).Wait(ctx, &iam.GetInstanceProfileInput{InstanceProfileName: name}, 5*time.Second); err != nil {
		t.Error(err)
	}
	must(l.iam.AddRoleToInstanceProfile(ctx, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: name, RoleName: name}))(t)
	_, err := l.iam.AddRoleToInstanceProfile(ctx, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: name, RoleName: aws.String("web2")})
	equal(t, "message", typed[*iamtypes.LimitExceededException](t, err).ErrorMessage(), "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1")
	of := must(l.iam.ListInstanceProfilesForRole(ctx, &iam.ListInstanceProfilesForRoleInput{RoleName: name}))(t).InstanceProfiles
	equal(t, "number of profiles of the role", len(of), 1)
	equal(t, "role of the profile", *of[0].Roles[0].RoleName, "web")

	conflict := "Cannot delete entity, must remove roles from instance profile first."
	_, err = l.iam.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: name})
	equal(t, "message", typed[*iamtypes.DeleteConflictException](t, err).ErrorMessage(), conflict)
	_, err = l.iam.DeleteInstanceProfile(ctx, &iam.DeleteInstanceProfileInput{InstanceProfileName: name})
	equal(t, "message", typed[*iamtypes.DeleteConflictException](t, err).ErrorMessage(), conflict)
	must(l.iam.RemoveRoleFromInstanceProfile(ctx, &iam.RemoveRoleFromInstanceProfileInput{InstanceProfileName: name, RoleName: name}))(t)
	must(l.iam.DeleteInstanceProfile(ctx, &iam.DeleteInstanceProfileInput{InstanceProfileName: name}))(t)
	_, err = l.iam.GetInstanceProfile(ctx, &iam.GetInstanceProfileInput{InstanceProfileName: name})
	equal(t, "message", typed[*iamtypes.NoSuchEntityException](t, err).ErrorMessage(), "Instance Profile web cannot be found.")
}

func trustService(service string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":%q},"Action":"sts:AssumeRole"}]}`, service)
}

// sameDocument compares a document as IAM answers it, URL-encoded, with its JSON.
func sameDocument(t *testing.T, encoded *string, want string) {
	t.Helper()
	plain := must(url.PathUnescape(aws.ToString(encoded)))(t)
	var a, b any
	if err := json.Unmarshal([]byte(plain), &a); err != nil {
		t.Fatalf("%v: %s", err, plain)
	}
	if err := json.Unmarshal([]byte(want), &b); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, b) {
		t.Errorf("document is %s, want %s", plain, want)
	}
}
