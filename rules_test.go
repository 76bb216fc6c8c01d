package writ_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestEveryPackageHasAComment(t *testing.T) {
	for _, p := range packages(t) {
		if len(p.GoFiles) > 0 && p.Doc == "" {
			t.Errorf("%s has no package comment", relative(p.ImportPath))
		}
	}
}

func TestGeneratedCodeIsCurrent(t *testing.T) {
	out, err := exec.Command("go", "run", "./internal/gen/api", "-check").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// SQL is the business of the drivers.
func TestNoSQLOutsideStore(t *testing.T) {
	for _, p := range packages(t) {
		path := relative(p.ImportPath)
		for _, imported := range p.Imports {
			if (imported == "database/sql" || strings.Contains(imported, "/pgx/")) && !strings.HasPrefix(path, "store/") {
				t.Errorf("%s must not import %s", path, imported)
			}
		}
	}
}

// Wiring is explicit, in server/services.go: nothing registers itself.
func TestNoInit(t *testing.T) {
	for _, p := range packages(t) {
		for _, file := range p.GoFiles {
			src, err := os.ReadFile(filepath.Join(p.Dir, file))
			if err != nil {
				t.Fatal(err)
			}
			if regexp.MustCompile(`(?m)^func init\(\)`).Match(src) {
				t.Errorf("%s/%s has an init function", relative(p.ImportPath), file)
			}
		}
	}
}

// Only what the Guard has seen may write for a caller; the node's own work is
// named where it is done. A new place is a decision to take knowingly.
func TestWhoMaintains(t *testing.T) {
	known := map[string]bool{
		"service/iam/credentialreport.go": true,
		"service/iam/found.go":            true,
		"service/iam/lastuse.go":          true,
		// attempts at secrets, which count whatever becomes of their calls
		"service/iam/tries.go":         true,
		"service/iam/mfacodes.go":      true,
		"service/iam/signin.go":        true,
		"service/iam/loginprofiles.go": true,
		"audit/complete.go":            true,
		"imds/identitykey.go":          true,
		"service/s3/expire.go":         true,
		"internal/awstest/accounts.go": true,
	}
	for _, p := range packages(t) {
		if strings.HasPrefix(relative(p.ImportPath), "store") {
			continue
		}
		for _, file := range p.GoFiles {
			src, err := os.ReadFile(filepath.Join(p.Dir, file))
			if err != nil {
				t.Fatal(err)
			}
			name := relative(p.ImportPath) + "/" + file
			if strings.Contains(string(src), ".Maintain(") && !known[name] {
				t.Errorf("%s writes without a caller", name)
			}
		}
	}
}
