package tagging_test

import (
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
)

func TestScripts(t *testing.T) { awstest.Run(t, "testdata") }
