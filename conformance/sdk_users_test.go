package conformance

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

func users(t *testing.T, l *lab) {
	ctx, name := t.Context(), aws.String("Ursula")
	u := must(l.iam.CreateUser(ctx, &iam.CreateUserInput{UserName: name, Path: aws.String("/people/"), Tags: tags("team", "blue")}))(t).User
	equal(t, "Arn", *u.Arn, "arn:aws:iam::"+l.account+":user/people/Ursula")
	equal(t, "length of UserId", len(*u.UserId), 21)
	if time.Since(*u.CreateDate).Abs() > time.Minute {
		t.Errorf("CreateDate is %v", u.CreateDate)
	}
	if err := iam.NewUserExistsWaiter(l.iam).Wait(ctx, &iam.GetUserInput{UserName: name}, 5*time.Second); err != nil {
		t.Error(err)
	}

	_, err := l.iam.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("URSULA")})
	equal(t, "message", typed[*iamtypes.EntityAlreadyExistsException](t, err).ErrorMessage(), "User with name URSULA already exists.")
	_, err = l.iam.GetUser(ctx, &iam.GetUserInput{UserName: aws.String("nobody")})
	equal(t, "message", typed[*iamtypes.NoSuchEntityException](t, err).ErrorMessage(), "The user with name nobody cannot be found.")
	_, err = l.iam.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("two words")})
	refused(t, err, "ValidationError", "The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-")

	must(l.iam.TagUser(ctx, &iam.TagUserInput{UserName: name, Tags: tags("team", "red", "desk", "7")}))(t)
	must(l.iam.UntagUser(ctx, &iam.UntagUserInput{UserName: name, TagKeys: []string{"desk"}}))(t)
	got := must(l.iam.ListUserTags(ctx, &iam.ListUserTagsInput{UserName: name}))(t).Tags
	equal(t, "tags", flat(got), "team=red")

	must(l.iam.UpdateUser(ctx, &iam.UpdateUserInput{UserName: name, NewUserName: aws.String("ulla"), NewPath: aws.String("/staff/")}))(t)
	moved := must(l.iam.GetUser(ctx, &iam.GetUserInput{UserName: aws.String("ulla")}))(t).User
	equal(t, "Arn", *moved.Arn, "arn:aws:iam::"+l.account+":user/staff/ulla")
	equal(t, "UserId", *moved.UserId, *u.UserId)

	must(l.iam.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: moved.UserName, PolicyName: aws.String("own"), PolicyDocument: aws.String(allow("iam:GetUser", "*"))}))(t)
	_, err = l.iam.DeleteUser(ctx, &iam.DeleteUserInput{UserName: moved.UserName})
	equal(t, "message", typed[*iamtypes.DeleteConflictException](t, err).ErrorMessage(), "Cannot delete entity, must delete policies first.")
	must(l.iam.DeleteUserPolicy(ctx, &iam.DeleteUserPolicyInput{UserName: moved.UserName, PolicyName: aws.String("own")}))(t)
	must(l.iam.DeleteUser(ctx, &iam.DeleteUserInput{UserName: moved.UserName}))(t)
}

// accessKeys rotates a key: a new one, the old one inactive, then deleted.
func accessKeys(t *testing.T, l *lab) {
	ctx, name := t.Context(), aws.String("kim")
	must(l.iam.CreateUser(ctx, &iam.CreateUserInput{UserName: name}))(t)
	older, newer := l.newKey(t, *name), l.newKey(t, *name)
	if !strings.HasPrefix(*older.AccessKeyId, "AKIA") || len(*older.AccessKeyId) != 20 || len(*older.SecretAccessKey) != 40 {
		t.Errorf("key %s with a secret of %d characters", *older.AccessKeyId, len(*older.SecretAccessKey))
	}
	_, err := l.iam.CreateAccessKey(ctx, &iam.CreateAccessKeyInput{UserName: name})
	equal(t, "message", typed[*iamtypes.LimitExceededException](t, err).ErrorMessage(), "Cannot exceed quota for AccessKeysPerUser: 2")

	kim := l.withKey(t, older)
	equal(t, "Arn", *must(kim.sts.GetCallerIdentity(ctx, nil))(t).Arn, "arn:aws:iam::"+l.account+":user/kim")
	equal(t, "Account", *must(l.sts.GetAccessKeyInfo(ctx, &sts.GetAccessKeyInfoInput{AccessKeyId: older.AccessKeyId}))(t).Account, l.account)
	used := must(l.iam.GetAccessKeyLastUsed(ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: older.AccessKeyId}))(t)
	equal(t, "ServiceName", *used.AccessKeyLastUsed.ServiceName, "sts")
	equal(t, "UserName", *used.UserName, "kim")
	idle := must(l.iam.GetAccessKeyLastUsed(ctx, &iam.GetAccessKeyLastUsedInput{AccessKeyId: newer.AccessKeyId}))(t)
	equal(t, "ServiceName of an unused key", *idle.AccessKeyLastUsed.ServiceName, "N/A")

	must(l.iam.UpdateAccessKey(ctx, &iam.UpdateAccessKeyInput{UserName: name, AccessKeyId: older.AccessKeyId, Status: iamtypes.StatusTypeInactive}))(t)
	_, err = kim.sts.GetCallerIdentity(ctx, nil)
	refused(t, err, "InvalidClientTokenId", "The security token included in the request is invalid.")
	listed := must(l.iam.ListAccessKeys(ctx, &iam.ListAccessKeysInput{UserName: name}))(t).AccessKeyMetadata
	states := map[string]iamtypes.StatusType{}
	for _, k := range listed {
		states[*k.AccessKeyId] = k.Status
	}
	equal(t, "state of the old key", states[*older.AccessKeyId], "Inactive")
	equal(t, "state of the new key", states[*newer.AccessKeyId], "Active")

	_, err = l.iam.DeleteUser(ctx, &iam.DeleteUserInput{UserName: name})
	equal(t, "message", typed[*iamtypes.DeleteConflictException](t, err).ErrorMessage(), "Cannot delete entity, must delete access keys first.")
	must(l.iam.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: name, AccessKeyId: older.AccessKeyId}))(t)
	must(l.withKey(t, newer).sts.GetCallerIdentity(ctx, nil))(t)
	must(l.iam.DeleteAccessKey(ctx, &iam.DeleteAccessKeyInput{UserName: name, AccessKeyId: newer.AccessKeyId}))(t)
	_, err = l.withKey(t, newer).sts.GetCallerIdentity(ctx, nil)
	refused(t, err, "InvalidClientTokenId", "The security token included in the request is invalid.")
	must(l.iam.DeleteUser(ctx, &iam.DeleteUserInput{UserName: name}))(t)
}

// pages walks through 125 users with the SDK's paginators.
func pages(t *testing.T, l *lab) {
	ctx, path := t.Context(), aws.String("/many/")
	must(l.iam.CreateGroup(ctx, &iam.CreateGroupInput{GroupName: aws.String("many")}))(t)
	var want []string
	for i := range 125 {
		name := fmt.Sprintf("many-%03d", i)
		want = append(want, name)
		must(l.iam.CreateUser(ctx, &iam.CreateUserInput{UserName: &name, Path: path}))(t)
		must(l.iam.AddUserToGroup(ctx, &iam.AddUserToGroupInput{GroupName: aws.String("many"), UserName: &name}))(t)
	}
	var got []string
	sizes := ""
	for p := iam.NewListUsersPaginator(l.iam, &iam.ListUsersInput{PathPrefix: path, MaxItems: aws.Int32(50)}); p.HasMorePages(); {
		page := must(p.NextPage(ctx))(t)
		got = append(got, names(page.Users)...)
		sizes += fmt.Sprint(len(page.Users), " ")
	}
	equal(t, "sizes of the pages", sizes, "50 50 25 ")
	if !slices.Equal(got, want) {
		t.Errorf("users are %v", got)
	}

	got = nil
	for p := iam.NewGetGroupPaginator(l.iam, &iam.GetGroupInput{GroupName: aws.String("many"), MaxItems: aws.Int32(100)}); p.HasMorePages(); {
		got = append(got, names(must(p.NextPage(ctx))(t).Users)...)
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("members are %v", got)
	}
	equal(t, "number without a MaxItems", len(must(l.iam.ListUsers(ctx, &iam.ListUsersInput{PathPrefix: path}))(t).Users), 100)
	_, err := l.iam.ListUsers(ctx, &iam.ListUsersInput{Marker: aws.String("made-up")})
	refused(t, err, "ValidationError", "Invalid Marker.")
}

func names(users []iamtypes.User) []string {
	var all []string
	for _, u := range users {
		all = append(all, *u.UserName)
	}
	return all
}

// tags makes a list of keys and values.
func tags(pairs ...string) []iamtypes.Tag {
	var all []iamtypes.Tag
	for pair := range slices.Chunk(pairs, 2) {
		all = append(all, iamtypes.Tag{Key: &pair[0], Value: &pair[1]})
	}
	return all
}

// flat prints tags: "a=1 b=2".
func flat(tags []iamtypes.Tag) string {
	var all []string
	for _, tag := range tags {
		all = append(all, *tag.Key+"="+*tag.Value)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// allow is a policy of one statement.
func allow(action, resource string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":%q,"Resource":%q}}`, action, resource)
}
