package wire

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/model"
)

// operation loads a modeled operation.
func operation(t testing.TB, service, name string) *model.Operation {
	t.Helper()
	s, err := model.Load(service)
	if err != nil {
		t.Fatal(err)
	}
	op := s.Operations[name]
	if op == nil {
		t.Fatalf("%s has no operation %s", service, name)
	}
	return op
}

// received makes a request as the server reads it. Headers are "Name: value".
func received(t testing.TB, method, url, body string, headers ...string) *Request {
	t.Helper()
	r := httptest.NewRequest(method, url, strings.NewReader(body))
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Add(name, value)
	}
	return Open(httptest.NewRecorder(), r, 1<<20)
}

func form(t testing.TB, body string) *Request {
	return received(t, "POST", "/", body, "Content-Type: application/x-www-form-urlencoded")
}

var moment = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func BenchmarkDecodeCreateUser(b *testing.B) {
	op := operation(b, "iam", "CreateUser")
	req := form(b, "Action=CreateUser&Version=2010-05-08&UserName=alice&Path=%2Fteams%2Fred%2F")
	b.ReportAllocs()
	for b.Loop() {
		req.read = false
		var in iam.CreateUserInput
		if err := Decode(op, req, &in); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodePolicy(b *testing.B) {
	op := operation(b, "iam", "CreatePolicy")
	req := form(b, "Action=CreatePolicy&Version=2010-05-08&PolicyName=p&PolicyDocument="+strings.Repeat("x", 6144))
	b.ReportAllocs()
	for b.Loop() {
		req.read = false
		var in iam.CreatePolicyInput
		if err := Decode(op, req, &in); err != nil {
			b.Fatal(err)
		}
	}
}

func hundredUsers() *iam.ListUsersOutput {
	out := &iam.ListUsersOutput{IsTruncated: new(true), Marker: new("AAAA")}
	for range 100 {
		out.Users = append(out.Users, iam.User{Path: "/teams/red/", UserName: "alice", UserId: "AIDACKCEVSQ6C2EXAMPLE",
			Arn: "arn:aws:iam::111122223333:user/teams/red/alice", CreateDate: moment})
	}
	return out
}

func BenchmarkEncodeListUsers100(b *testing.B) {
	op, out := operation(b, "iam", "ListUsers"), hundredUsers()
	b.ReportAllocs()
	for b.Loop() {
		if r := Encode(op, out, "id"); r.Status != http.StatusOK {
			b.Fatal(r.Status)
		}
	}
}

func BenchmarkParameters(b *testing.B) {
	op := operation(b, "iam", "CreateUser")
	in := &iam.CreateUserInput{UserName: "alice", Path: new("/teams/red/"), Tags: []iam.Tag{{Key: "team", Value: "red"}}}
	b.ReportAllocs()
	for b.Loop() {
		if Parameters(op.Input, in) == nil {
			b.Fatal("nothing")
		}
	}
}

func BenchmarkResolve(b *testing.B) {
	router, err := NewRouter("us-east-1", nil, model.Names()...)
	if err != nil {
		b.Fatal(err)
	}
	req := received(b, "POST", "/", "Action=GetCallerIdentity&Version=2011-06-15", "Content-Type: application/x-www-form-urlencoded; charset=utf-8",
		"Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=00")
	b.ReportAllocs()
	for b.Loop() {
		req.read = false
		if _, err := router.Resolve(req); err != nil {
			b.Fatal(err)
		}
	}
}
