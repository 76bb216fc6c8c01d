package catalogue

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAction(t *testing.T) {
	want := &Action{
		Name: "CreateUser", Access: Write,
		Resources:     []ActionResource{{Type: "user", Required: true}},
		ConditionKeys: []string{"aws:RequestTag/${TagKey}", "aws:TagKeys", "iam:PermissionsBoundary"},
	}
	for _, name := range []string{"iam:CreateUser", "IAM:createuser", "iam:CREATEUSER"} {
		got, ok := LookupAction(name)
		if !ok {
			t.Errorf("%s is missing", name)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: -want +got\n%s", name, d)
		}
	}
}

func TestActionAbsent(t *testing.T) {
	for _, name := range []string{"", "iam", "iam:", ":CreateUser", "iam:CreateUsers", "iam:Create*", "nosuch:CreateUser", "*", "*:*", "sts:CreateUser"} {
		if a, ok := LookupAction(name); ok {
			t.Errorf("%q is %v", name, a)
		}
	}
}

func TestAccess(t *testing.T) {
	for name, want := range map[string]Access{
		"iam:ListUsers":                 List,
		"iam:GetUser":                   Read,
		"iam:CreateRole":                Write,
		"iam:TagRole":                   Tagging,
		"iam:AttachRolePolicy":          PermissionsManagement,
		"s3:PutBucketPolicy":            PermissionsManagement,
		"s3:GetObject":                  Read,
		"sts:AssumeRole":                Write,
		"kms:Decrypt":                   Write,
		"s3:ListBucket":                 List,
		"ec2:CreateTags":                Tagging,
		"organizations:ListRoots":       List,
		"dynamodb:GetItem":              Read,
		"secretsmanager:GetSecretValue": Read,
	} {
		if a, ok := LookupAction(name); !ok || a.Access != want {
			t.Errorf("%s: got %+v, want %s", name, a, want)
		}
	}
}

func TestResourceType(t *testing.T) {
	iam, _ := LookupService("iam")
	got, ok := iam.ResourceType("Role")
	if !ok || got.Name != "role" || got.ARN != "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}" {
		t.Errorf("got %+v", got)
	}
	if !slices.Contains(got.ConditionKeys, "iam:ResourceTag/${TagKey}") {
		t.Errorf("role has keys %v", got.ConditionKeys)
	}
	if _, ok := iam.ResourceType("bucket"); ok {
		t.Error("iam has no buckets")
	}
}

func TestService(t *testing.T) {
	s, ok := LookupService("S3")
	if !ok || s.Prefix != "s3" || s.Name != "Amazon S3" || !s.RCP {
		t.Errorf("got %+v", s)
	}
	if again, _ := LookupService("s3"); again != s {
		t.Error("the service was opened twice")
	}
	if s, _ := LookupService("iam"); s.RCP {
		t.Error("resource control policies do not apply to IAM")
	}
	for _, prefix := range []string{"", "*", "nosuch", globalKeys, foreignKeys} {
		if _, ok := LookupService(prefix); ok {
			t.Errorf("%q is a service", prefix)
		}
	}
}

// Everything decodes, counts match, names can be found, and what is referred to exists.
func TestServices(t *testing.T) {
	prefixes := Services()
	if !slices.IsSorted(prefixes) || slices.ContainsFunc(prefixes, isKeyFile) {
		t.Errorf("services are %v", prefixes)
	}
	var actions, types int
	keys := len(GlobalKeys())
	for _, prefix := range prefixes {
		s, ok := LookupService(prefix)
		if !ok || s.Prefix != prefix || s.Name == "" {
			t.Errorf("%s is %+v", prefix, s)
		}
		checkService(t, s)
		actions, types, keys = actions+len(s.Actions), types+len(s.ResourceTypes), keys+len(s.ConditionKeys)
	}
	_, want, _ := strings.Cut(openArchive(servicesZip).Comment, ": ")
	got := fmt.Sprintf("%d services, %d actions, %d resource types, %d condition keys", len(prefixes), actions, types, keys)
	if got != want {
		t.Errorf("decoded %s, the archive says %s", got, want)
	}
}

func checkService(t *testing.T, s *Service) {
	for _, a := range s.Actions {
		checkAction(t, s, &a)
	}
	for _, r := range s.ResourceTypes {
		if got, ok := s.ResourceType(strings.ToUpper(r.Name)); !ok || got.Name != r.Name || !strings.HasPrefix(r.ARN, "arn:") {
			t.Errorf("%s: resource type %+v, found as %+v", s.Prefix, r, got)
		}
		checkKeys(t, s, r.ConditionKeys)
	}
	for _, k := range s.ConditionKeys {
		checkKey(t, s, k)
	}
}

var accessLevels = []Access{List, Read, Write, Tagging, PermissionsManagement}

func checkAction(t *testing.T, s *Service, a *Action) {
	if got, ok := s.Action(strings.ToUpper(a.Name)); !ok || got.Name != a.Name || !slices.Contains(accessLevels, a.Access) {
		t.Errorf("%s: action %+v, found as %+v", s.Prefix, a, got)
	}
	checkKeys(t, s, a.ConditionKeys)
	for _, r := range a.Resources {
		if _, ok := s.ResourceType(r.Type); !ok {
			t.Errorf("%s:%s acts on %s, which is no resource type", s.Prefix, a.Name, r.Type)
		}
		checkKeys(t, s, r.ConditionKeys)
	}
}

func checkKeys(t *testing.T, s *Service, names []string) {
	for _, name := range names {
		if k, ok := s.ConditionKey(name); !ok || !strings.EqualFold(k.Name, name) {
			t.Errorf("%s: %s is %v", s.Prefix, name, k)
		}
	}
}

var keyType = regexp.MustCompile(`^(ArrayOf)?(String|ARN|Bool|Numeric|Date|IPAddress)$`)

func checkKey(t *testing.T, s *Service, k ConditionKey) {
	if !keyType.MatchString(k.Type) {
		t.Errorf("%s: %s has type %s", s.Prefix, k.Name, k.Type)
	}
	if got, ok := s.ConditionKey(strings.ToUpper(k.Name)); !ok || *got != k {
		t.Errorf("%s: %s is found as %+v", s.Prefix, k.Name, got)
	}
	if _, ok := LookupKey(k.Name); !ok {
		t.Errorf("%s: nobody finds %s", s.Prefix, k.Name)
	}
}
