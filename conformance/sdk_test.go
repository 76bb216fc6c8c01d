package conformance

import (
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
)

// TestGoSDK tells its stories to a durable server and to one in memory. The
// stories of one server run side by side in one account, each under names of
// its own.
func TestGoSDK(t *testing.T) {
	stories := map[string]func(*testing.T, *lab){
		"users": users, "access keys": accessKeys, "pages": pages, "groups": groups,
		"roles": roles, "instance profiles": instanceProfiles, "policies": policies, "AWS policies": awsPolicies,
		"boundary": boundary, "account": accountWide,
		"assume role": assumeRole, "session policy": sessionPolicy, "tokens": tokens,
		"events": lookupEvents, "pages of events": eventPages,
		"objects": objects, "versions of objects": objectVersions, "transfers": transfers, "presigned objects": presignedObjects,
		"retries": retries, "presigned": presigned, "clock": clock, "credentials": badCredentials,
	}
	for _, mode := range []string{"serve", "dev"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, mode)
			for name, story := range stories {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					story(t, l)
				})
			}
		})
	}
}

// lab is a server with an administrator to call it.
type lab struct {
	*writ
	clients        // the administrator's
	account string // its number
}

// clients are the SDK's clients of one caller.
type clients struct {
	cfg   aws.Config
	iam   *iam.Client
	sts   *sts.Client
	trail *cloudtrail.Client
}

func newLab(t *testing.T, mode string) *lab {
	t.Helper()
	w := start(t, mode)
	l := &lab{writ: w, clients: w.as(t, credentials.NewStaticCredentialsProvider(
		w.value("AWS_ACCESS_KEY_ID"), w.value("AWS_SECRET_ACCESS_KEY"), ""))}
	l.account = aws.ToString(must(l.sts.GetCallerIdentity(t.Context(), nil))(t).Account)
	if mode == "dev" { // whose root user has a key; root can assume no role
		l.clients = l.newUser(t, "admin", "arn:aws:iam::aws:policy/AdministratorAccess")
	}
	return l
}

// as returns the clients of a caller.
func (w *writ) as(t *testing.T, who aws.CredentialsProvider) clients {
	t.Helper()
	cfg := must(config.LoadDefaultConfig(t.Context(), config.WithRegion("us-east-1"),
		config.WithBaseEndpoint(w.endpoint), config.WithCredentialsProvider(who)))(t)
	return clients{cfg, iam.NewFromConfig(cfg), sts.NewFromConfig(cfg), cloudtrail.NewFromConfig(cfg)}
}

// newUser makes a user with one key and, unless it is empty, a managed policy.
func (l *lab) newUser(t *testing.T, name, policy string) clients {
	t.Helper()
	must(l.iam.CreateUser(t.Context(), &iam.CreateUserInput{UserName: &name}))(t)
	if policy != "" {
		must(l.iam.AttachUserPolicy(t.Context(), &iam.AttachUserPolicyInput{UserName: &name, PolicyArn: &policy}))(t)
	}
	return l.withKey(t, l.newKey(t, name))
}

func (l *lab) newKey(t *testing.T, user string) *iamtypes.AccessKey {
	t.Helper()
	return must(l.iam.CreateAccessKey(t.Context(), &iam.CreateAccessKeyInput{UserName: &user}))(t).AccessKey
}

func (l *lab) withKey(t *testing.T, key *iamtypes.AccessKey) clients {
	t.Helper()
	return l.as(t, credentials.NewStaticCredentialsProvider(*key.AccessKeyId, *key.SecretAccessKey, ""))
}

// must returns the value of a call that may not fail: must(f())(t).
func must[V any](v V, err error) func(testing.TB) V {
	return func(t testing.TB) V {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// typed finds the typed error that the SDK made of an answer.
func typed[E error](t *testing.T, err error) E {
	t.Helper()
	var e E
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want a %T", err, e)
	}
	return e
}

// refused checks the code and the message of an error.
func refused(t *testing.T, err error, code, message string) {
	t.Helper()
	e := typed[smithy.APIError](t, err)
	if e.ErrorCode() != code || e.ErrorMessage() != message {
		t.Errorf("got  %s: %s\nwant %s: %s", e.ErrorCode(), e.ErrorMessage(), code, message)
	}
}

func equal[V comparable](t *testing.T, what string, got, want V) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}
