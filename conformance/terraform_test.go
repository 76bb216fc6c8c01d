package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestTerraform runs Terraform with its stock AWS provider, which it takes from
// a directory of providers, since a test should not need the network.
func TestTerraform(t *testing.T) {
	t.Parallel()
	needs(t, "terraform")
	dir := providers()
	if dir == "" {
		t.Skip("Terraform's AWS provider is in none of its directories of providers; WRIT_TF_MIRROR may name one")
	}
	scripts(t, "testdata/terraform", func(env *testscript.Env) error {
		rc := filepath.Join(env.WorkDir, "terraform.rc")
		env.Setenv("TF_CLI_CONFIG_FILE", rc)
		env.Setenv("TF_IN_AUTOMATION", "true")
		env.Setenv("TF_INPUT", "false")
		env.Setenv("TF_CLI_ARGS", "-no-color")
		env.Setenv("CHECKPOINT_DISABLE", "true")
		if err := os.CopyFS(filepath.Join(env.WorkDir, "lab"), os.DirFS("../examples/lab/terraform")); err != nil {
			return err
		}
		return os.WriteFile(rc, fmt.Appendf(nil, "provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", dir), 0o600)
	})
}

// providers is the first directory that holds the AWS provider, "" if none does:
// what WRIT_TF_MIRROR names, Terraform's own places, and one below /opt.
func providers() string {
	home, _ := os.UserHomeDir()
	dirs := []string{mirror, home + "/.terraform.d/plugins", home + "/.local/share/terraform/plugins",
		"/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins"}
	more, _ := filepath.Glob("/opt/*/registry.terraform.io")
	for _, registry := range more {
		dirs = append(dirs, filepath.Dir(registry))
	}
	at := slices.IndexFunc(dirs, func(dir string) bool {
		_, err := os.Stat(filepath.Join(dir, "registry.terraform.io/hashicorp/aws"))
		return dir != "" && err == nil
	})
	if at < 0 {
		return ""
	}
	return dirs[at]
}
