package sqlite_test

import (
	"testing"

	"github.com/writ-iam/writ/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) string { return "sqlite:" + t.TempDir() })
	t.Run("Crash", func(t *testing.T) { storetest.Crash(t, "sqlite:"+t.TempDir()) })
}
