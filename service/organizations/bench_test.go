package organizations_test

import (
	"crypto/rand"
	"fmt"
	"testing"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/authz"
	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/service/iam"
	"github.com/writ-iam/writ/service/organizations"
	"github.com/writ-iam/writ/sigv4"
	"github.com/writ-iam/writ/store"

	api "github.com/writ-iam/writ/api/iam"
)

// guardrail is an SCP as people have them.
const guardrail = `{"Version":"2012-10-17","Statement":[
	{"Effect":"Deny","Action":["organizations:LeaveOrganization","account:CloseAccount"],"Resource":"*"},
	{"Effect":"Deny","NotAction":["iam:*","sts:*","organizations:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-west-1","us-east-1"]}}},
	{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::*:root"}}}]}`

// large is an organization of many accounts, of which the last is under five
// units with a policy each.
type large struct {
	lab        *awstest.Lab
	root, leaf string // the leaf is the lowest of five units
	account    string // in the leaf
	accounts   int
}

func newLarge(b *testing.B, accounts, units int) *large {
	l := &large{lab: awstest.NewWith(b, map[string]int{"AccountsPerOrganization": accounts + 1}), accounts: accounts}
	l.do(b, "CreateOrganization", nil)
	l.root = l.do(b, "ListRoots", nil)["Roots"].([]any)[0].(map[string]any)["Id"].(string)
	l.do(b, "EnablePolicyType", map[string]any{"RootId": l.root, "PolicyType": scps})
	l.leaf = l.root
	for i := range 5 {
		l.leaf = l.unit(b, l.leaf, fmt.Sprint(i))
		id := l.do(b, "CreatePolicy", map[string]any{"Type": scps, "Name": fmt.Sprint(i), "Description": "", "Content": guardrail})["Policy"].(map[string]any)["PolicySummary"].(map[string]any)["Id"]
		l.do(b, "AttachPolicy", map[string]any{"PolicyId": id, "TargetId": l.leaf})
	}
	var all []string
	for i := range units - 5 {
		all = append(all, l.unit(b, l.root, fmt.Sprint("unit ", i)))
	}
	for i := range accounts {
		l.account = l.newAccount(b, fmt.Sprint(i))
		if i+1 < accounts && len(all) > 0 {
			l.move(b, l.account, l.root, all[i%len(all)])
		}
	}
	l.move(b, l.account, l.root, l.leaf)
	return l
}

func (l *large) unit(b *testing.B, parent, name string) string {
	return l.do(b, "CreateOrganizationalUnit", map[string]any{"ParentId": parent, "Name": name})["OrganizationalUnit"].(map[string]any)["Id"].(string)
}

func (l *large) newAccount(b *testing.B, name string) string {
	request := l.do(b, "CreateAccount", map[string]any{"Email": name + "@example.com", "AccountName": name})["CreateAccountStatus"].(map[string]any)["Id"]
	return l.do(b, "DescribeCreateAccountStatus", map[string]any{"CreateAccountRequestId": request})["CreateAccountStatus"].(map[string]any)["AccountId"].(string)
}

func (l *large) move(b *testing.B, account, from, to string) {
	l.do(b, "MoveAccount", map[string]any{"AccountId": account, "SourceParentId": from, "DestinationParentId": to})
}

func (l *large) do(b *testing.B, operation string, params map[string]any) map[string]any {
	if params == nil {
		params = map[string]any{}
	}
	out, err := l.lab.Call(awstest.Root, "organizations", operation, params)
	if err != nil {
		b.Fatalf("%s: %v", operation, err)
	}
	return out
}

// BenchmarkDecision is one decision for a user with AdministratorAccess: in an
// account of its own, in the management account, and under five units with an SCP
// each and FullAWSAccess at seven levels.
func BenchmarkDecision(b *testing.B) {
	lone := awstest.New(b)
	b.Run("lone", func(b *testing.B) { benchmarkDecision(b, lone, awstest.Account, awstest.Root) })
	l := newLarge(b, 10, 5)
	b.Run("management", func(b *testing.B) { benchmarkDecision(b, l.lab, awstest.Account, awstest.Root) })
	b.Run("five-levels", func(b *testing.B) { benchmarkDecision(b, l.lab, l.account, l.admin(b)) })
}

// admin are credentials in the account at the leaf.
func (l *large) admin(b *testing.B) sigv4.Credentials {
	boss := newAdmin(b, l.lab, awstest.Root, "boss-"+rand.Text())
	out, err := l.lab.Call(boss, "sts", "AssumeRole", map[string]any{"RoleArn": "arn:aws:iam::" + l.account + ":role/OrganizationAccountAccessRole", "RoleSessionName": "bench"})
	if err != nil {
		b.Fatal(err)
	}
	c := out["Credentials"].(map[string]any)
	return sigv4.Credentials{AccessKeyID: c["AccessKeyId"].(string), SecretAccessKey: c["SecretAccessKey"].(string), SessionToken: c["SessionToken"].(string)}
}

func newAdmin(b *testing.B, lab *awstest.Lab, by sigv4.Credentials, name string) sigv4.Credentials {
	var key map[string]any
	for _, step := range []struct {
		operation string
		params    map[string]any
	}{
		{"CreateUser", map[string]any{"UserName": name}},
		{"AttachUserPolicy", map[string]any{"UserName": name, "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}},
		{"CreateAccessKey", map[string]any{"UserName": name}},
	} {
		out, err := lab.Call(by, "iam", step.operation, step.params)
		if err != nil {
			b.Fatal(err)
		}
		key, _ = out["AccessKey"].(map[string]any)
	}
	return sigv4.Credentials{AccessKeyID: key["AccessKeyId"].(string), SecretAccessKey: key["SecretAccessKey"].(string)}
}

func benchmarkDecision(b *testing.B, lab *awstest.Lab, account string, by sigv4.Credentials) {
	name := "decided-" + rand.Text()
	newAdmin(b, lab, by, name)
	out, err := lab.Call(by, "iam", "GetUser", map[string]any{"UserName": name})
	if err != nil {
		b.Fatal(err)
	}
	user := out["User"].(map[string]any)
	service, err := model.Load("iam")
	if err != nil {
		b.Fatal(err)
	}
	people := iam.New(lab.Store, nil, nil)
	a := authz.New(lab.Store, lab.Keys, authz.Sources{Identities: people, Organizations: organizations.New(lab.Store, people, nil, nil)})
	caller := &writ.Caller{Partition: "aws", ID: user["UserId"].(string), Name: name,
		Principal: policy.Principal{Type: policy.User, ARN: user["Arn"].(string), Account: account}}
	b.ReportAllocs()
	for b.Loop() {
		c := &writ.Call{Time: lab.Now(), Operation: service.Operations["ListUsers"], Scope: writ.Scope{Partition: "aws", Account: account, Region: "us-east-1"},
			Caller: caller, Input: new(api.ListUsersInput), Context: b.Context()}
		if err := a.Authorize(c); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLarge is what costs something in an organization of 10,000 accounts in
// 500 units, beside one of 100 in 10.
func BenchmarkLarge(b *testing.B) {
	for _, size := range [][2]int{{100, 10}, {10_000, 500}} {
		l := newLarge(b, size[0], size[1])
		b.Run(fmt.Sprintf("%d/ListAccounts", size[0]), func(b *testing.B) {
			for b.Loop() {
				l.do(b, "ListAccounts", nil)
			}
		})
		b.Run(fmt.Sprintf("%d/ListAccounts/last", size[0]), func(b *testing.B) { l.lastPage(b) })
		b.Run(fmt.Sprintf("%d/MoveAccount", size[0]), func(b *testing.B) {
			from, to := l.leaf, l.root
			for b.Loop() {
				l.move(b, l.account, from, to)
				from, to = to, from
			}
			if from == l.root {
				l.move(b, l.account, l.root, l.leaf)
			}
		})
		b.Run(fmt.Sprintf("%d/Membership", size[0]), func(b *testing.B) { l.memberships(b) })
	}
}

// lastPage goes through all pages and measures the last.
func (l *large) lastPage(b *testing.B) {
	params := map[string]any{}
	for {
		out := l.do(b, "ListAccounts", params)
		if out["NextToken"] == nil {
			break
		}
		params = map[string]any{"NextToken": out["NextToken"]}
	}
	for b.Loop() {
		l.do(b, "ListAccounts", params)
	}
}

// memberships reads anew, without any cache, what stands over the account below.
func (l *large) memberships(b *testing.B) {
	s := organizations.New(l.lab.Store, iam.New(l.lab.Store, nil, nil), nil, nil)
	for b.Loop() {
		err := l.lab.Store.View(b.Context(), func(tx *store.Tx) error {
			m, err := s.Membership(tx, l.account)
			if err == nil && len(m.SCPs) != 7 {
				b.Fatal(len(m.SCPs))
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
