package catalogue

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestManagedPolicy(t *testing.T) {
	for _, test := range []struct {
		arn, name, path, created, version string
		attachable                        bool
	}{
		{"arn:aws:iam::aws:policy/AdministratorAccess", "AdministratorAccess", "/", "2015-02-06T18:39:46Z", "v1", true},
		{"arn:aws:iam::aws:policy/PowerUserAccess", "PowerUserAccess", "/", "2015-02-06T18:39:47Z", "v12", true},
		{"arn:aws:iam::aws:policy/IAMFullAccess", "IAMFullAccess", "/", "2015-02-06T18:40:38Z", "v2", true},
		{"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", "AmazonS3ReadOnlyAccess", "/", "2015-02-06T18:40:59Z", "v3", true},
		{"arn:aws:iam::aws:policy/ReadOnlyAccess", "ReadOnlyAccess", "/", "2015-02-06T18:39:48Z", "v188", true},
		{"arn:aws:iam::aws:policy/job-function/ViewOnlyAccess", "ViewOnlyAccess", "/job-function/", "2016-11-10T17:20:15Z", "v45", true},
		{"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", "AWSLambdaBasicExecutionRole", "/service-role/", "2015-04-09T15:03:43Z", "v1", true},
		{"arn:aws:iam::aws:policy/aws-service-role/AWSSupportServiceRolePolicy", "AWSSupportServiceRolePolicy", "/aws-service-role/", "2018-04-19T18:04:44Z", "v59", false},
		{"arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy", "S3UnlockBucketPolicy", "/root-task/", "2024-11-06T21:55:56Z", "v1", false},
	} {
		m, ok := ManagedPolicy(test.arn)
		if !ok {
			t.Errorf("%s is missing", test.arn)
			continue
		}
		if m.ARN != test.arn || m.Name != test.name || m.Path != test.path || m.Attachable != test.attachable ||
			m.DefaultVersion != test.version || m.Created.Format(time.RFC3339) != test.created {
			t.Errorf("%s: got %+v", test.arn, m.ManagedInfo)
		}
	}
}

func TestManagedPolicyDocument(t *testing.T) {
	const want = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
	m, _ := ManagedPolicy("arn:aws:iam::aws:policy/AdministratorAccess")
	if m.Document != want {
		t.Errorf("AdministratorAccess is %s", m.Document)
	}
}

func TestManagedPolicyAbsent(t *testing.T) {
	for _, arn := range []string{
		"", "arn:aws", "arn:aws:iam::aws:policy", "arn:aws:iam::aws:policy/",
		"arn:aws:iam::aws:policy/NoSuchPolicy",
		"arn:aws:iam::aws:policy/administratoraccess",            // names of policies keep their case in ARNs
		"arn:aws:iam::aws:policy/ViewOnlyAccess",                 // it has a path
		"arn:aws:iam::aws:policy//AdministratorAccess",           //
		"arn:aws:iam::123456789012:policy/AdministratorAccess",   // a customer's
		"arn:nowhere:iam::aws:policy/AdministratorAccess",        // no such partition
		"arn:\":iam::aws:policy/AdministratorAccess",             //
		"arn:aws:iam::aws:policy/AdministratorAccess\n",          //
		"arn:aws:iam:us-east-1:aws:policy/AdministratorAccess",   // IAM has no regions
		"xarn:aws:iam::aws:policy/AdministratorAccess",           //
		"arn:aws:iam::aws:role/AdministratorAccess",              //
		"arn:aws:iam::aws:policy/service-role/../ReadOnlyAccess", //
	} {
		if m, ok := ManagedPolicy(arn); ok {
			t.Errorf("%q is %s", arn, m.ARN)
		}
	}
}

func TestManagedPolicyInPartition(t *testing.T) {
	const key = "AWSCodeBuildAdminAccess" // has ARNs and older versions
	aws, _ := ManagedPolicy("arn:aws:iam::aws:policy/" + key)
	cn, ok := ManagedPolicy("arn:aws-cn:iam::aws:policy/" + key)
	if !ok {
		t.Fatal("no policy in aws-cn")
	}
	if want := aws.ManagedInfo.In("aws-cn"); cn.ManagedInfo != *want || want.ARN != "arn:aws-cn:iam::aws:policy/"+key {
		t.Errorf("got %+v, want %+v", cn.ManagedInfo, *want)
	}
	older := slices.Collect(aws.Versions())
	if len(older) < 5 {
		t.Fatalf("only %d versions", len(older))
	}
	i := 0
	for v := range cn.Versions() {
		want := strings.ReplaceAll(older[i].Document, "arn:aws:", "arn:aws-cn:")
		if !strings.Contains(want, `"arn:aws-cn:`) || v.Document != want {
			t.Errorf("%s: got %s", v.ID, v.Document)
		}
		i++
	}
}

func TestManagedPolicies(t *testing.T) {
	id := regexp.MustCompile(`^ANPA[A-Z2-7]{17}$`)
	ids := make(map[string]string)
	previous := ""
	for m := range ManagedPolicies() {
		if m.ARN <= previous {
			t.Errorf("%s stands behind %s", m.ARN, previous)
		}
		if !id.MatchString(m.ID) || ids[m.ID] != "" {
			t.Errorf("%s has id %s, as has %q", m.ARN, m.ID, ids[m.ID])
		}
		if m.Updated.Before(m.Created) || m.Created.Year() < 2015 {
			t.Errorf("%s was created %v and updated %v", m.ARN, m.Created, m.Updated)
		}
		ids[m.ID], previous = m.ARN, m.ARN
	}
}

func TestManagedPoliciesStops(t *testing.T) {
	n := 0
	for range ManagedPolicies() {
		if n++; n == 2 {
			break
		}
	}
	if n != 2 {
		t.Errorf("saw %d policies", n)
	}
}

// A unique id may stand in trust policies and logs: it must never change.
func TestPolicyIDIsStable(t *testing.T) {
	m, _ := ManagedPolicy("arn:aws-us-gov:iam::aws:policy/job-function/Billing")
	if m.ID != "ANPAU2Z457BE25LD6OXMS" {
		t.Errorf("job-function/Billing has id %s", m.ID)
	}
}

// Every document of every version is what the source had, and a policy document.
func TestManagedDocuments(t *testing.T) {
	got := newContents(t, managedZip)
	for info := range ManagedPolicies() {
		m, ok := ManagedPolicy(info.ARN)
		if !ok || m.ManagedInfo != *info {
			t.Errorf("%s: listed as %+v, found %+v", info.ARN, info, m)
			continue
		}
		got.policy(m)
	}
	got.compare()
}

func checkDocument(t *testing.T, name, document string) {
	t.Helper()
	var d struct {
		Version   string
		Statement json.RawMessage
	}
	if err := json.Unmarshal([]byte(document), &d); err != nil || d.Version != "2012-10-17" || len(d.Statement) == 0 {
		t.Errorf("%s is not a policy document: %v", name, err)
	}
}

// Readers in several goroutines move the last block under each other.
func TestManagedPolicyConcurrently(t *testing.T) {
	arns := []string{
		"arn:aws:iam::aws:policy/AdministratorAccess",
		"arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
	}
	var readers sync.WaitGroup
	for i := range 8 {
		readers.Go(func() {
			for n := range 20 {
				arn := arns[(i+n)%2]
				if m, ok := ManagedPolicy(arn); !ok || m.ARN != arn || !strings.HasPrefix(m.Document, `{"Version"`) {
					t.Errorf("%s: got %+v", arn, m)
				}
			}
		})
	}
	readers.Wait()
}
