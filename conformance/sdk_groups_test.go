package conformance

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
)

func groups(t *testing.T, l *lab) {
	ctx, name := t.Context(), aws.String("painters")
	g := must(l.iam.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: name, Path: aws.String("/teams/")}))(t).Group
	equal(t, "Arn", *g.Arn, "arn:aws:iam::"+l.account+":group/teams/painters")
	_, err := l.iam.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: name})
	equal(t, "message", typed[*iamtypes.EntityAlreadyExistsException](t, err).ErrorMessage(), "Group with name painters already exists.")

	// A policy of the group counts for its members at once, and no longer than they are members.
	pia := l.newUser(t, "pia", "")
	list := func() error {
		_, err := pia.iam.ListGroups(ctx, &iam.ListGroupsInput{PathPrefix: aws.String("/teams/")})
		return err
	}
	denied := "User: arn:aws:iam::" + l.account + ":user/pia is not authorized to perform: iam:ListGroups on resource: arn:aws:iam::" +
		l.account + ":group/teams/ because no identity-based policy allows the iam:ListGroups action"
	must(l.iam.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: name, UserName: aws.String("pia")}))(t)
	refused(t, list(), "AccessDenied", denied)
	must(l.iam.PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{GroupName: name, PolicyName: aws.String("look"), PolicyDocument: aws.String(allow("iam:ListGroups", "*"))}))(t)
	if err := list(); err != nil {
		t.Error(err)
	}
	mine := must(l.iam.ListGroupsForUser(ctx, &iam.ListGroupsForUserInput{UserName: aws.String("pia")}))(t).Groups
	equal(t, "number of pia's groups", len(mine), 1)

	_, err = l.iam.DeleteGroup(ctx, &iam.DeleteGroupInput{GroupName: name})
	equal(t, "message", typed[*iamtypes.DeleteConflictException](t, err).ErrorMessage(), "Cannot delete entity, must remove users from group first.")
	must(l.iam.RemoveUserFromGroup(ctx, &iam.RemoveUserFromGroupInput{GroupName: name, UserName: aws.String("pia")}))(t)
	refused(t, list(), "AccessDenied", denied)

	readOnly := aws.String("arn:aws:iam::aws:policy/ReadOnlyAccess")
	must(l.iam.AttachGroupPolicy(ctx, &iam.AttachGroupPolicyInput{GroupName: name, PolicyArn: readOnly}))(t)
	attached := must(l.iam.ListAttachedGroupPolicies(ctx, &iam.ListAttachedGroupPoliciesInput{GroupName: name}))(t).AttachedPolicies
	equal(t, "number of attached policies", len(attached), 1)
	equal(t, "PolicyName", *attached[0].PolicyName, "ReadOnlyAccess")
	must(l.iam.DetachGroupPolicy(ctx, &iam.DetachGroupPolicyInput{GroupName: name, PolicyArn: readOnly}))(t)
	_, err = l.iam.DetachGroupPolicy(ctx, &iam.DetachGroupPolicyInput{GroupName: name, PolicyArn: readOnly})
	equal(t, "message", typed[*iamtypes.NoSuchEntityException](t, err).ErrorMessage(), "Policy "+*readOnly+" was not found.")

	must(l.iam.DeleteGroupPolicy(ctx, &iam.DeleteGroupPolicyInput{GroupName: name, PolicyName: aws.String("look")}))(t)
	must(l.iam.DeleteGroup(ctx, &iam.DeleteGroupInput{GroupName: name}))(t)
}

// accountWide is about what exists once in an account.
func accountWide(t *testing.T, l *lab) {
	ctx := t.Context()
	must(l.iam.CreateAccountAlias(ctx, &iam.CreateAccountAliasInput{AccountAlias: aws.String("acme-lab")}))(t)
	aliases := must(l.iam.ListAccountAliases(ctx, nil))(t).AccountAliases
	if len(aliases) != 1 || aliases[0] != "acme-lab" {
		t.Errorf("aliases are %v", aliases)
	}
	must(l.iam.DeleteAccountAlias(ctx, &iam.DeleteAccountAliasInput{AccountAlias: aws.String("acme-lab")}))(t)

	summary := must(l.iam.GetAccountSummary(ctx, nil))(t).SummaryMap
	equal(t, "number of facts in the summary", len(summary), 34)
	equal(t, "UsersQuota", summary["UsersQuota"], 5000)
	if summary["Users"] < 1 {
		t.Errorf("Users is %d", summary["Users"])
	}
}
