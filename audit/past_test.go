package audit

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
)

// all are the keys of a context with their values.
func all(k *policy.Context) map[string][]string {
	m := map[string][]string{}
	for key, values := range k.All() {
		m[key] = slices.Clone(values)
	}
	return m
}

// past records a call whose check had those context keys, and reads it again.
func past(t *testing.T, caller *writ.Caller, account string, keys map[string][]string) *Past {
	t.Helper()
	k := new(policy.Context)
	for key, values := range keys {
		k.Set(key, values...)
	}
	check := on("iam:CreateUser", "user", "arn:aws:iam::"+account+":user/bob", account)
	check.Request = &policy.Request{Principal: &caller.Principal, Context: k}
	l, c := newLog(t), call(t, "iam", "CreateUser", caller, check)
	if err := l.Record(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	e, err := l.writer.Get(t.Context(), caller.Account, EventID(c.ID, caller.Account))
	if err != nil {
		t.Fatal(err)
	}
	p, err := ReadPast(e)
	if err != nil || len(p.Reasons) != 1 {
		t.Fatalf("%v, %+v", err, p)
	}
	return p
}

// What authz asks policies with is what is read again from the log.
func TestPast(t *testing.T) {
	session := map[string][]string{
		"aws:PrincipalArn": {"arn:aws:iam::111111111111:role/JohnDoe"}, "aws:PrincipalAccount": {"111111111111"}, "aws:PrincipalType": {"AssumedRole"},
		"aws:PrincipalIsAWSService": {"false"}, "aws:userid": {"AROAIN5ATK5U7KEXAMPLE:JohnRole1"}, "aws:TokenIssueTime": {"2019-10-02T21:50:54Z"},
		"aws:SourceIdentity": {"JohnDoe"}, "aws:MultiFactorAuthPresent": {"false"}, "aws:CurrentTime": {"2026-05-01T12:00:00Z"}, "aws:EpochTime": {"1777636800"},
		"aws:RequestedRegion": {"us-east-1"}, "aws:SecureTransport": {"false"}, "aws:ViaAWSService": {"false"}, "aws:SourceIp": {"192.0.2.101"},
		"aws:UserAgent": {"aws-cli/2.9.19"}, "aws:ResourceAccount": {"111111111111"},
	}
	for name, changed := range map[string]map[string][]string{
		"nothing else": {},
		"the rest": {"aws:SecureTransport": {"true"}, "aws:MultiFactorAuthPresent": {"true"}, "aws:MultiFactorAuthAge": {"12"},
			"aws:PrincipalTag/team": {"red"}, "aws:TagKeys": {"a", "b"}, "aws:RequestTag/a": {"\"<\u00e9"}},
	} {
		t.Run(name, func(t *testing.T) {
			want := maps.Clone(session)
			maps.Copy(want, changed)
			p := past(t, assumed(), "111111111111", want)
			is := p.Principal()
			if is.Type != policy.RoleSession || is.RoleARN != "arn:aws:iam::111111111111:role/JohnDoe" || is.ServiceLinked {
				t.Errorf("principal %+v", is)
			}
			r := p.Request(is, &p.Reasons[0])
			if diff := cmp.Diff(want, all(r.Context)); diff != "" {
				t.Error(diff)
			}
			if r.ResourceAccount != "111111111111" || r.Action != "iam:CreateUser" {
				t.Errorf("request %+v", r)
			}
			for key := range p.Reasons[0].Keys {
				if _, ok := changed[key]; !ok {
					t.Errorf("%s is recorded, and need not be", key)
				}
			}
		})
	}
}

func TestPastElsewhere(t *testing.T) {
	p := past(t, john(), "222222222222", map[string][]string{"aws:ResourceAccount": {"222222222222"}, "aws:username": {"JohnDoe"}})
	r := p.Request(p.Principal(), &p.Reasons[0])
	if owner, _ := r.Context.Get("aws:ResourceAccount"); r.ResourceAccount != "222222222222" || owner[0] != "222222222222" {
		t.Errorf("owner %v, %s", owner, r.ResourceAccount)
	}
	p.Event.RecipientAccountID = "222222222222" // whose log has it, too
	if p.Principal() != nil {
		t.Error("a caller from elsewhere is taken for the account's own")
	}
}

func TestTold(t *testing.T) {
	for key, want := range map[string]bool{"aws:principalARN": true, "aws:RequestedRegion": true, "aws:PrincipalTag/team": false, "aws:SecureTransport": false} {
		if Told(key) != want {
			t.Errorf("Told(%s) is %v", key, !want)
		}
	}
}

// Of a denial by service control policies alone it is known what all others say.
func TestOtherwise(t *testing.T) {
	p := func(text string) []*policy.Policy { return []*policy.Policy{policy.Load("p", []byte(text))} }
	allow := p(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)
	deny := p(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`)
	for _, test := range []struct {
		name     string
		policies *policy.Policies
		want     string
	}{
		{"SCP alone", &policy.Policies{SCPs: [][]*policy.Policy{deny}, Identity: allow}, "allowed"},
		{"both", &policy.Policies{SCPs: [][]*policy.Policy{deny}, Identity: deny}, "explicitDeny"},
		{"another", &policy.Policies{Identity: deny}, ""},
		{"none", &policy.Policies{Identity: allow}, ""},
	} {
		check := on("iam:CreateUser", "user", "*", "777788889999")
		check.Policies, check.Request = test.policies, &policy.Request{Principal: &john().Principal, Action: "iam:CreateUser", Resource: "*"}
		check.Result = test.policies.Evaluate(check.Request)
		if got := otherwise(call(t, "iam", "CreateUser", john(), check), &check); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
