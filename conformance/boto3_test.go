package conformance

import (
	"os/exec"
	"testing"
)

// TestBoto3 runs the tests that are written in Python, with nothing but the
// environment to find the server.
func TestBoto3(t *testing.T) {
	t.Parallel()
	needs(t, "python3")
	if err := exec.Command("python3", "-c", "import boto3").Run(); err != nil {
		t.Skip("boto3 is not on this machine")
	}
	for _, mode := range []string{"serve", "dev"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			w := start(t, mode)
			cmd := exec.CommandContext(t.Context(), "python3", "-B", "-m", "unittest", "discover", "--verbose", "--start-directory", "testdata/boto3")
			cmd.Env = w.environ
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
