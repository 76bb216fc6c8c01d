package conformance

import (
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// TestDefaultChain finds the credentials, the region and the endpoint where
// every program finds them: in the variables that `writ env` sets.
func TestDefaultChain(t *testing.T) {
	w := start(t, "serve", "--account", "123456789012", "--region", "eu-central-1")
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL", "AWS_REGION"} {
		t.Setenv(name, w.value(name))
	}
	cfg := must(config.LoadDefaultConfig(t.Context()))(t)
	equal(t, "region", cfg.Region, "eu-central-1")
	equal(t, "Arn", *must(sts.NewFromConfig(cfg).GetCallerIdentity(t.Context(), nil))(t).Arn, "arn:aws:iam::123456789012:user/admin")

	info := must(os.Stat(w.dir + "/writ-data/admin-credentials.json"))(t)
	equal(t, "mode of the credentials file", info.Mode().Perm(), 0o600)
}

// retries sends once what is refused or not there, and again what failed: the
// counter stands where the SDK meets the network.
func retries(t *testing.T, l *lab) {
	var sent atomic.Int32
	counted := iam.NewFromConfig(l.cfg, func(o *iam.Options) {
		o.HTTPClient = roundTrip(func(r *http.Request) (*http.Response, error) {
			sent.Add(1)
			return http.DefaultTransport.RoundTrip(r)
		})
	})
	_, err := counted.GetUser(t.Context(), &iam.GetUserInput{UserName: aws.String("nobody")})
	equal(t, "code", code(t, err), "NoSuchEntity")
	equal(t, "number of requests for a 404", sent.Swap(0), 1)

	_, err = counted.GetOrganizationsAccessReport(t.Context(), &iam.GetOrganizationsAccessReportInput{JobId: aws.String("examplea-1234-b567-cde8-90fg123abcd4")})
	if code(t, err) != "NotImplemented" {
		t.Skip("GetOrganizationsAccessReport is implemented")
	}
	equal(t, "message", typed[smithy.APIError](t, err).ErrorMessage(), "IAM GetOrganizationsAccessReport is not implemented.")
	equal(t, "number of requests for a 501", sent.Load(), 1)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) Do(r *http.Request) (*http.Response, error) { return f(r) }

// presigned sends a GetCallerIdentity that somebody else has signed, as
// Kubernetes clusters do to learn who their callers are.
func presigned(t *testing.T, l *lab) {
	p := must(sts.NewPresignClient(l.sts).PresignGetCallerIdentity(t.Context(), nil, func(o *sts.PresignOptions) {
		o.ClientOptions = append(o.ClientOptions, sts.WithAPIOptions(
			smithyhttp.SetHeaderValue("x-k8s-aws-id", "lab"), smithyhttp.SetHeaderValue("X-Amz-Expires", "60")))
	}))(t)
	status, body := send(t, p.Method, p.URL, p.SignedHeader)
	if equal(t, "status", status, 200); !strings.Contains(body, "<Arn>arn:aws:iam::"+l.account+":user/admin</Arn>") {
		t.Errorf("answer is %s", body)
	}

	for name, request := range map[string]struct {
		url    string
		header http.Header
	}{
		"without the signed header": {p.URL, http.Header{"Host": p.SignedHeader["Host"]}},
		"with another expiry":       {strings.Replace(p.URL, "X-Amz-Expires=60", "X-Amz-Expires=600", 1), p.SignedHeader},
		"with another action":       {strings.Replace(p.URL, "GetCallerIdentity", "GetSessionToken", 1), p.SignedHeader},
	} {
		if status, body = send(t, p.Method, request.url, request.header); status == 200 {
			t.Errorf("%s the answer is %s", name, body)
		}
	}
}

func send(t *testing.T, method, url string, header http.Header) (status int, body string) {
	t.Helper()
	r := must(http.NewRequestWithContext(t.Context(), method, url, nil))(t)
	for name, values := range header {
		if name != "Host" {
			r.Header[name] = values
		}
	}
	answer := must(http.DefaultClient.Do(r))(t)
	defer answer.Body.Close()
	return answer.StatusCode, string(must(io.ReadAll(answer.Body))(t))
}

// clock signs with a clock that is wrong. The answer tells the right time, by
// which SDKs correct themselves.
func clock(t *testing.T, l *lab) {
	creds := must(l.cfg.Credentials.Retrieve(t.Context()))(t)
	const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	for late, want := range map[time.Duration]string{
		-time.Hour: "<Message>Signature expired: ",
		time.Hour:  "<Message>Signature not yet current: ",
	} {
		r := must(http.NewRequestWithContext(t.Context(), "GET", l.endpoint+"/?Action=GetCallerIdentity&Version=2011-06-15", nil))(t)
		if err := v4.NewSigner().SignHTTP(t.Context(), creds, r, empty, "sts", "us-east-1", time.Now().Add(late)); err != nil {
			t.Fatal(err)
		}
		answer := must(http.DefaultClient.Do(r))(t)
		body := string(must(io.ReadAll(answer.Body))(t))
		answer.Body.Close()
		equal(t, "status", answer.StatusCode, 403)
		if !strings.Contains(body, "<Code>SignatureDoesNotMatch</Code>") || !strings.Contains(body, want) {
			t.Errorf("%v late the answer is %s", late, body)
		}
		if now := must(http.ParseTime(answer.Header.Get("Date")))(t); time.Since(now).Abs() > time.Minute {
			t.Errorf("Date is %v", now)
		}
	}
}

func badCredentials(t *testing.T, l *lab) {
	key := func(id, secret string) error {
		_, err := l.as(t, credentials.NewStaticCredentialsProvider(id, secret, "")).sts.GetCallerIdentity(t.Context(), nil)
		return err
	}
	creds := must(l.cfg.Credentials.Retrieve(t.Context()))(t)
	refused(t, key("AKIAIOSFODNN7EXAMPLE", "wrong"), "InvalidClientTokenId", "The security token included in the request is invalid.")
	refused(t, key(creds.AccessKeyID, "wrong"), "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. "+
		"Check your AWS Secret Access Key and signing method. Consult the service documentation for details.")
	_, err := l.as(t, aws.AnonymousCredentials{}).iam.ListUsers(t.Context(), nil)
	refused(t, err, "MissingAuthenticationToken", "Request is missing Authentication Token")
	if id := requestID(t, err); len(id) != 36 {
		t.Errorf("request id is %q", id)
	}
}

// requestID is the id that the SDK shows with an error.
func requestID(t *testing.T, err error) string {
	t.Helper()
	return typed[*awshttp.ResponseError](t, err).ServiceRequestID()
}

func code(t *testing.T, err error) string {
	t.Helper()
	return typed[smithy.APIError](t, err).ErrorCode()
}
