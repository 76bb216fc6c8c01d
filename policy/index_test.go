package policy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/writ-iam/writ/policy"
)

// statementsOf makes a policy of one statement for each n below count.
func statementsOf(count int, statement func(n int) object) *policy.Policies {
	var list []any
	for n := range count {
		list = append(list, statement(n))
	}
	return &policy.Policies{Identity: load([]string{marshal(object{"Version": "2012-10-17", "Statement": list})})}
}

// TestManyStatements: whatever a statement is found by, it is found, and its
// neighbours are not.
func TestManyStatements(t *testing.T) {
	kinds := map[string]struct {
		statement func(n int) object
		request   func(n int) (action, resource string)
	}{
		"prefix": {
			func(n int) object {
				return object{"Action": "s3:*", "Resource": fmt.Sprintf("arn:aws:s3:::lake/team-%03d/*", n)}
			},
			func(n int) (string, string) {
				return "s3:GetObject", fmt.Sprintf("arn:aws:s3:::lake/team-%03d/x", n)
			},
		},
		"leading star": {
			func(n int) object {
				return object{"Action": "s3:*", "Resource": fmt.Sprintf("arn:aws:s3:::*/team-%03d/*", n)}
			},
			func(n int) (string, string) {
				return "s3:GetObject", fmt.Sprintf("arn:aws:s3:::any/thing/team-%03d/x", n)
			},
		},
		"variable": {
			func(n int) object {
				return object{"Action": "s3:*", "Resource": fmt.Sprintf("arn:aws:s3:::${aws:username}-%06d/*", n)}
			},
			func(n int) (string, string) {
				return "s3:GetObject", fmt.Sprintf("arn:aws:s3:::jin-%06d/x", n)
			},
		},
		"two resources": {
			func(n int) object {
				return object{"Action": "s3:*", "Resource": []any{fmt.Sprintf("arn:aws:s3:::team-%03d", n), fmt.Sprintf("arn:aws:s3:::team-%03d/*", n)}}
			},
			func(n int) (string, string) { return "s3:GetObject", fmt.Sprintf("arn:aws:s3:::team-%03d/x", n) },
		},
		"action": {
			func(n int) object {
				return object{"Action": []any{fmt.Sprintf("s3:Do%03d", n), "s3:Never"}, "Resource": "*"}
			},
			func(n int) (string, string) { return fmt.Sprintf("S3:DO%03d", n), "*" },
		},
		"action with a star": {
			func(n int) object { return object{"Action": fmt.Sprintf("s3:*%03d", n), "Resource": "*"} },
			func(n int) (string, string) { return fmt.Sprintf("s3:Do%03d", n), "arn:aws:s3:::b" },
		},
		"ending": {
			func(n int) object {
				return object{"Action": "s3:*", "Resource": fmt.Sprintf("arn:aws:s3:::*-lake-*/data/*?.%03d", n)}
			},
			func(n int) (string, string) {
				return "s3:GetObject", fmt.Sprintf("arn:aws:s3:::a-lake-b/data/part.%03d", n)
			},
		},
		"short names": {
			func(n int) object {
				return object{"Action": "s3:*", "Resource": fmt.Sprintf("arn:*:s3:*:*:%03d", n)}
			},
			func(n int) (string, string) { return "s3:GetObject", fmt.Sprintf("arn:aws:s3:::%03d", n) },
		},
	}
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			policies := statementsOf(300, func(n int) object {
				s := kind.statement(n)
				s["Effect"] = "Allow"
				if n%10 == 0 {
					s["Effect"] = "Deny"
				}
				return s
			})
			for n := range 301 {
				action, resource := kind.request(n)
				want := policy.Allow
				switch {
				case n == 300:
					want = policy.ImplicitDeny
				case n%10 == 0:
					want = policy.ExplicitDeny
				}
				r := policies.Evaluate(&policy.Request{Principal: benchJin, Action: action, Resource: resource, Context: benchContext()})
				if r.Decision != want || want != policy.ImplicitDeny && r.Statement().Index != n {
					t.Errorf("%d: %s, want %s", n, r.Decision, want)
				}
			}
		})
	}
}

// TestManyActions: whatever the order of a statement's actions, each is found,
// also in the list of an exclusion.
func TestManyActions(t *testing.T) {
	var actions []any
	for n := range 300 {
		actions = append(actions, fmt.Sprintf("svc%02d:Do%03d", n*7%40, n))
	}
	actions = append(actions, "*:AnyService", "IAM:GET*", "lambda:*Permission", "kms:?ecrypt")
	policies := statementsOf(1, func(int) object { return object{"Effect": "Allow", "Action": actions, "Resource": "*"} })
	others := statementsOf(1, func(int) object { return object{"Effect": "Allow", "NotAction": actions, "Resource": "*"} })
	check := func(action string, want bool) {
		t.Helper()
		r := &policy.Request{Principal: benchJin, Action: action, Resource: "*"}
		if got := policies.Evaluate(r).Decision == policy.Allow; got != want {
			t.Errorf("Action %s: %t", action, got)
		}
		if got := others.Evaluate(r).Decision == policy.Allow; got == want {
			t.Errorf("NotAction %s: %t", action, got)
		}
	}
	for n := range 300 {
		check(fmt.Sprintf("SVC%02d:do%03d", n*7%40, n), true)
		check(fmt.Sprintf("svc%02d:Do%03d", (n*7+1)%40, n), false)
	}
	for _, action := range []string{"what:AnyService", "iam:GetUser", "lambda:AddPermission", "kms:Decrypt"} {
		check(action, true)
	}
	for _, action := range []string{"iam:PutUser", "lambda:Invoke", "kms:Encrypts", "kms", ":", ""} {
		check(action, false)
	}
}

// TestManyHits: a resource that holds what very many statements look for.
func TestManyHits(t *testing.T) {
	policies := statementsOf(200, func(n int) object {
		return object{"Effect": "Allow", "Action": "s3:*", "Resource": fmt.Sprintf("arn:aws:s3:::*/part-%03d/*/end-%03d/*", n, n)}
	})
	var b strings.Builder
	for n := range 100 {
		fmt.Fprintf(&b, "/part-%03d", n)
	}
	for end, want := range map[string]policy.Decision{"/x/end-070/y": policy.Allow, "/x/end-150/y": policy.ImplicitDeny} {
		r := policies.Evaluate(withResource("arn:aws:s3:::b" + b.String() + end))
		if r.Decision != want {
			t.Errorf("%s: %s", end, r.Decision)
		}
	}
}

// TestManyStatementsIsLinear: a resource sixteen times as long takes about
// sixteen times as long, also when it looks like matching all the time.
func TestManyStatementsIsLinear(t *testing.T) {
	policies := manyStars("end")
	quickest := func(repeat int) time.Duration {
		r := withResource("arn:aws:s3:::" + strings.Repeat("a-prod19-/data/", repeat) + "en")
		best := time.Hour
		for range 5 {
			start := time.Now()
			policies.Evaluate(r)
			best = min(best, time.Since(start))
		}
		return best
	}
	if short, long := quickest(1000), quickest(16_000); long > 100*short && long > 50*time.Millisecond {
		t.Errorf("%v, then %v", short, long)
	}
}
