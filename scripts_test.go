package writ_test

import (
	"cmp"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/server"
)

// unsuccessful are operations that always fail as yet, and why.
var unsuccessful = map[string]string{
	"GenerateOrganizationsAccessReport": "no account is in an organization",
	"GetOrganizationsAccessReport":      "no account is in an organization",

	"EnableOrganizationsRootCredentialsManagement":  "no account is in an organization",
	"EnableOrganizationsRootSessions":               "no account is in an organization",
	"DisableOrganizationsRootCredentialsManagement": "no account is in an organization",
	"DisableOrganizationsRootSessions":              "no account is in an organization",
	"ListOrganizationsFeatures":                     "no account is in an organization",
	"AssumeRoot":                                    "no account is in an organization",
}

// Every operation that is served is shown by a script: what it does, and that
// who has no permission is refused.
func TestEveryOperationHasAScript(t *testing.T) {
	all, err := server.Coverage()
	if err != nil {
		t.Fatal(err)
	}
	for service, coverage := range all {
		scripts := read(t, filepath.Join("service", cmp.Or(directories[service], service), "testdata", "*.txtar"))
		m, err := model.Load(service)
		if err != nil {
			t.Fatal(err)
		}
		missing := map[string]bool{}
		for _, name := range coverage.Missing {
			missing[name] = true
		}
		for name, op := range m.Operations {
			if missing[name] {
				continue
			}
			command := regexp.QuoteMeta(service + " " + kebab(name))
			if unsuccessful[name] == "" && !empty[service+" "+name] && !regexp.MustCompile(`(?m)^`+command+`( |$)`).MatchString(scripts) {
				t.Errorf("%s %s succeeds in no script", service, name)
			}
			if op.Rule.Exempt == "" && !refused(scripts, command) {
				t.Errorf("%s %s is refused in no script", service, name)
			}
		}
	}
}

// directories are those of services whose packages have a shorter name.
var directories = map[string]string{"resourcegroupstaggingapi": "tagging"}

// empty are the operations whose one true answer is that there is nothing.
var empty = map[string]bool{"account GetGovCloudAccountInformation": true, "s3 GetBucketWebsite": true, "s3 GetBucketReplication": true, "s3 GetObjectLockConfiguration": true}

// refused says whether a script shows a denial of a command.
func refused(scripts, command string) bool {
	return regexp.MustCompile(`(?m)^! ` + command + `( .*)?\n(#.*\n)*stderr .*(not authorized|AccessDenied|Cannot call|Not authorized|\^403: )`).MatchString(scripts)
}

func read(t *testing.T, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

var (
	word = regexp.MustCompile(`(.)([A-Z][a-z]+)`)
	hump = regexp.MustCompile(`([a-z0-9])([A-Z])`)
)

// kebab is the CLI's spelling of a name: ListMFADevices is list-mfa-devices.
func kebab(name string) string {
	name = word.ReplaceAllString(name, "$1-$2")
	return strings.ToLower(hump.ReplaceAllString(name, "$1-$2"))
}
