package postgres_test

import (
	"testing"

	"github.com/writ-iam/writ/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func TestStore(t *testing.T) {
	server := storetest.StartPostgres(t)
	storetest.Run(t, func(t *testing.T) string { return server.Database(t) })
	t.Run("Nodes", func(t *testing.T) { storetest.Nodes(t, server.Database(t)) })
	t.Run("Crash", func(t *testing.T) { storetest.Crash(t, server.Database(t)) })
}
