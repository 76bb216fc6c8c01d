package memory_test

import (
	"testing"

	"github.com/writ-iam/writ/store/storetest"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) string { return "memory:" })
}
