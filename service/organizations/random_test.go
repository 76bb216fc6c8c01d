package organizations_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/internal/plain"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/sigv4"
)

// forest is a random organization, and what the test itself knows of it.
type forest struct {
	*rand.Rand
	t        *testing.T
	lab      *awstest.Lab
	id, root string
	levels   map[string][]string            // of a root, unit or account: from the root down to it
	attached map[string]map[string][]string // by target and type: the documents
	enabled  map[string]bool                // types of policies
	people   []*individual
}

// individual is a user with policies, in one of the accounts.
type individual struct {
	account, arn string
	creds        sigv4.Credentials
	identity     []string
}

const (
	scps = "SERVICE_CONTROL_POLICY"
	rcps = "RESOURCE_CONTROL_POLICY"
)

// TestRandomTrees holds what the server answers in random organizations against
// the plain evaluator.
func TestRandomTrees(t *testing.T) {
	trees := 200
	if testing.Short() {
		trees = 20
	}
	outcomes := make(chan string, trees*64)
	t.Run("trees", func(t *testing.T) {
		for seed := range uint64(trees) {
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				t.Parallel()
				grow(t, seed).tryAll(outcomes)
			})
		}
	})
	close(outcomes)
	seen := map[string]int{}
	for o := range outcomes {
		seen[o]++
	}
	for _, want := range []string{"allowed by identity", "allowed by resource", "implicitDeny by scp", "explicitDeny by scp", "explicitDeny by rcp",
		"implicitDeny by identity", "implicitDeny by resource", "allowed by identity+resource"} {
		if seen[want] == 0 {
			t.Errorf("no call was %s: %v", want, seen)
		}
	}
}

func grow(t *testing.T, seed uint64) *forest {
	f := &forest{Rand: rand.New(rand.NewPCG(seed, 6)), t: t, lab: awstest.New(t), levels: map[string][]string{}, attached: map[string]map[string][]string{}, enabled: map[string]bool{}}
	f.id = f.do(awstest.Root, "organizations", "CreateOrganization", nil)["Organization"].(map[string]any)["Id"].(string)
	f.root = f.do(awstest.Root, "organizations", "ListRoots", nil)["Roots"].([]any)[0].(map[string]any)["Id"].(string)
	f.levels[f.root] = []string{f.root}
	places := []string{f.root}
	for i := range f.IntN(6) {
		parent := places[f.IntN(len(places))]
		out := f.do(awstest.Root, "organizations", "CreateOrganizationalUnit", map[string]any{"ParentId": parent, "Name": fmt.Sprint("unit ", i)})
		unit := out["OrganizationalUnit"].(map[string]any)["Id"].(string)
		if f.levels[unit] = append(f.levels[parent][:len(f.levels[parent]):len(f.levels[parent])], unit); len(f.levels[unit]) < 6 {
			places = append(places, unit)
		}
	}
	boss := f.individual(awstest.Root, awstest.Account, "boss", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`)
	f.levels[awstest.Account] = []string{f.root, awstest.Account}
	for i := range 2 {
		f.account(boss, fmt.Sprint("account-", i), places[f.IntN(len(places))])
	}
	for _, policyType := range []string{scps, rcps} {
		f.filter(policyType)
	}
	return f
}

// account makes a member with two users and a bucket.
func (f *forest) account(boss *individual, name, parent string) {
	out := f.do(awstest.Root, "organizations", "CreateAccount", map[string]any{"Email": name + "@example.com", "AccountName": name})
	request := out["CreateAccountStatus"].(map[string]any)["Id"]
	out = f.do(awstest.Root, "organizations", "DescribeCreateAccountStatus", map[string]any{"CreateAccountRequestId": request})
	id := out["CreateAccountStatus"].(map[string]any)["AccountId"].(string)
	if parent != f.root {
		f.do(awstest.Root, "organizations", "MoveAccount", map[string]any{"AccountId": id, "SourceParentId": f.root, "DestinationParentId": parent})
	}
	f.levels[id] = append(f.levels[parent][:len(f.levels[parent]):len(f.levels[parent])], id)
	role := "arn:aws:iam::" + id + ":role/OrganizationAccountAccessRole"
	session := f.do(boss.creds, "sts", "AssumeRole", map[string]any{"RoleArn": role, "RoleSessionName": "setup"})["Credentials"].(map[string]any)
	admin := sigv4.Credentials{AccessKeyID: session["AccessKeyId"].(string), SecretAccessKey: session["SecretAccessKey"].(string), SessionToken: session["SessionToken"].(string)}
	for _, user := range []string{"jin", "amy"} {
		f.individual(admin, id, user, f.documents("identity")...)
	}
	f.do(admin, "s3", "CreateBucket", map[string]any{"Bucket": "bucket-" + id})
	f.do(admin, "s3", "PutObject", map[string]any{"Bucket": "bucket-" + id, "Key": "key", "Body": "text"})
	if p := f.statement("resource"); f.IntN(3) > 0 {
		p["Resource"] = "arn:aws:s3:::bucket-" + id + "/*"
		p["Principal"] = map[string]any{"AWS": f.somebody()}
		f.attached["bucket-"+id] = map[string][]string{"": {document(p)}}
		f.do(admin, "s3", "PutBucketPolicy", map[string]any{"Bucket": "bucket-" + id, "Policy": document(p)})
	}
}

// somebody is a principal for a bucket's policy: a user or a whole account.
func (f *forest) somebody() string {
	p := f.people[f.IntN(len(f.people))]
	if f.IntN(2) == 0 {
		return p.arn
	}
	return "arn:aws:iam::" + p.account + ":root"
}

func (f *forest) individual(by sigv4.Credentials, account, name string, identity ...string) *individual {
	p := &individual{account: account, arn: "arn:aws:iam::" + account + ":user/" + name, identity: identity}
	f.do(by, "iam", "CreateUser", map[string]any{"UserName": name})
	for i, d := range identity {
		f.do(by, "iam", "PutUserPolicy", map[string]any{"UserName": name, "PolicyName": fmt.Sprint(i), "PolicyDocument": d})
	}
	key := f.do(by, "iam", "CreateAccessKey", map[string]any{"UserName": name})["AccessKey"].(map[string]any)
	p.creds = sigv4.Credentials{AccessKeyID: key["AccessKeyId"].(string), SecretAccessKey: key["SecretAccessKey"].(string)}
	f.people = append(f.people, p)
	return p
}

// filter enables a type of control policies, or not, and attaches some to
// random places; at some it takes away what lets everything through.
func (f *forest) filter(policyType string) {
	if f.IntN(5) == 0 {
		return
	}
	f.do(awstest.Root, "organizations", "EnablePolicyType", map[string]any{"RootId": f.root, "PolicyType": policyType})
	f.enabled[policyType] = true
	targets := make([]string, 0, len(f.levels))
	for target := range f.levels {
		targets = append(targets, target)
	}
	full := map[string]string{scps: `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`}[policyType]
	for _, target := range targets {
		f.attached[target] = map[string][]string{scps: f.attached[target][scps], rcps: f.attached[target][rcps]}
		if full != "" {
			f.attached[target][policyType] = []string{full}
		}
	}
	for i := range 1 + f.IntN(4) {
		s := f.statement(policyType)
		out := f.do(awstest.Root, "organizations", "CreatePolicy", map[string]any{"Type": policyType, "Name": fmt.Sprint(policyType, i), "Description": "", "Content": document(s)})
		id := out["Policy"].(map[string]any)["PolicySummary"].(map[string]any)["Id"]
		target := targets[f.IntN(len(targets))]
		f.do(awstest.Root, "organizations", "AttachPolicy", map[string]any{"PolicyId": id, "TargetId": target})
		here := f.attached[target]
		here[policyType] = append(here[policyType], document(s))
		if policyType == scps && f.IntN(3) == 0 && here[scps][0] == full {
			f.do(awstest.Root, "organizations", "DetachPolicy", map[string]any{"PolicyId": "p-FullAWSAccess", "TargetId": target})
			here[scps] = here[scps][1:]
		}
	}
}

func (f *forest) documents(by string) (all []string) {
	for range f.IntN(3) {
		all = append(all, document(f.statement(by)))
	}
	return all
}

func (f *forest) pick(words ...string) string { return words[f.IntN(len(words))] }

func (f *forest) statement(by string) map[string]any {
	s := map[string]any{"Effect": f.pick("Allow", "Allow", "Deny"), "Resource": "*", "Action": f.pick("s3:*", "iam:*", "s3:Get*", "iam:GetUser", "*")}
	if by == scps && f.IntN(4) == 0 {
		s["NotAction"] = s["Action"]
		delete(s, "Action")
	}
	switch by {
	case rcps:
		s["Effect"], s["Principal"], s["Action"] = "Deny", "*", f.pick("s3:*", "s3:GetObject", "s3:Put*")
	case "resource":
		s["Action"] = f.pick("s3:*", "s3:GetObject", "s3:PutObject")
	}
	if f.IntN(3) == 0 {
		s["Condition"] = f.condition()
	}
	return s
}

func (f *forest) condition() map[string]any {
	operator := f.pick("StringEquals", "StringNotEquals", "StringEqualsIfExists", "StringNotEqualsIfExists")
	switch f.IntN(4) {
	case 0:
		return map[string]any{operator: map[string]any{f.pick("aws:PrincipalOrgID", "aws:ResourceOrgID"): f.pick(f.id, "o-other12345")}}
	case 1:
		return map[string]any{operator: map[string]any{f.pick("aws:username", "aws:PrincipalAccount", "aws:ResourceAccount"): f.pick("jin", awstest.Account)}}
	case 2:
		return map[string]any{"Null": map[string]any{f.pick("aws:ResourceOrgID", "aws:PrincipalOrgID", "aws:ResourceOrgPaths"): f.pick("true", "false")}}
	}
	places := []string{f.root}
	for id := range f.levels {
		if strings.HasPrefix(id, "ou-") {
			places = append(places, id)
		}
	}
	return map[string]any{f.pick("ForAnyValue:StringLike", "ForAllValues:StringLike"): map[string]any{
		f.pick("aws:PrincipalOrgPaths", "aws:ResourceOrgPaths"): "*/" + places[f.IntN(len(places))] + "/*"}}
}

func document(s map[string]any) string {
	text, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": s})
	return string(text)
}

// tryAll has everybody try everything.
func (f *forest) tryAll(outcomes chan<- string) {
	for _, p := range f.people {
		f.try(p, outcomes, "iam", "GetUser", p.arn, p.account, map[string]any{"UserName": p.arn[strings.LastIndex(p.arn, "/")+1:]})
		for account, bucket := range f.buckets() {
			object := "arn:aws:s3:::" + bucket + "/key"
			f.try(p, outcomes, "s3", "GetObject", object, account, map[string]any{"Bucket": bucket, "Key": "key"})
			f.try(p, outcomes, "s3", "PutObject", object, account, map[string]any{"Bucket": bucket, "Key": "key", "Body": "text"})
		}
	}
}

func (f *forest) buckets() map[string]string {
	all := map[string]string{}
	for id := range f.levels {
		if kind := id[0]; kind >= '0' && kind <= '9' && id != awstest.Account {
			all[id] = "bucket-" + id
		}
	}
	return all
}

func (f *forest) try(p *individual, outcomes chan<- string, service, operation, resource, owner string, params map[string]any) {
	w := &plain.World{Principal: policy.Principal{Type: policy.User, ARN: p.arn, Account: p.account}, Action: service + ":" + operation, Resource: resource,
		ResourceAccount: owner, Identity: p.identity, SCPs: f.above(p.account, scps), RCPs: f.above(owner, rcps), Management: awstest.Account,
		Multi: map[string]bool{"aws:principalorgpaths": true, "aws:resourceorgpaths": true},
		Keys: map[string][]string{"aws:principalorgid": {f.id}, "aws:resourceorgid": {f.id}, "aws:principalorgpaths": {f.path(p.account)}, "aws:resourceorgpaths": {f.path(owner)},
			"aws:username": {p.arn[strings.LastIndex(p.arn, "/")+1:]}, "aws:principalaccount": {p.account}, "aws:resourceaccount": {owner}}}
	if b := f.attached["bucket-"+owner]; b != nil && service == "s3" {
		w.ResourcePolicy = b[""][0]
	}
	want, by := w.Decide()
	_, err := f.lab.Call(p.creds, service, operation, params)
	if denied := err != nil && strings.HasPrefix(err.Error(), "AccessDenied"); (err != nil) != denied || denied == (want == "allowed") {
		f.t.Errorf("%s %s on %s: %v, the plain evaluator says %s by %s\n%+v", p.arn, w.Action, resource, err, want, by, w)
	}
	outcomes <- want + " by " + by
}

// above are the documents of a type over an account, by level; nil if the type
// is not enabled.
func (f *forest) above(account, policyType string) (all [][]string) {
	if !f.enabled[policyType] {
		return nil
	}
	for _, level := range f.levels[account] {
		all = append(all, f.attached[level][policyType])
	}
	return all
}

func (f *forest) path(account string) string {
	levels := f.levels[account]
	return f.id + "/" + strings.Join(levels[:len(levels)-1], "/") + "/"
}

func (f *forest) do(by sigv4.Credentials, service, operation string, params map[string]any) map[string]any {
	f.t.Helper()
	if params == nil {
		params = map[string]any{}
	}
	out, err := f.lab.Call(by, service, operation, params)
	if err != nil {
		f.t.Fatalf("%s %s: %v", service, operation, err)
	}
	return out
}
