package conformance

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestCLI types at the AWS CLI what people type.
func TestCLI(t *testing.T) {
	t.Parallel()
	needs(t, "aws")
	scripts(t, "testdata/cli", func(*testscript.Env) error { return nil })
}
