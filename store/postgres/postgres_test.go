package postgres_test

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

func TestStore(t *testing.T) {
	server := storetest.StartPostgres(t)
	storetest.Run(t, func(t *testing.T) string { return server.Database(t) })
	t.Run("Nodes", func(t *testing.T) { storetest.Nodes(t, server.Database(t)) })
	t.Run("Crash", func(t *testing.T) { storetest.Crash(t, server.Database(t)) })
	t.Run("Newer", func(t *testing.T) { newer(t, server.Database(t)) })
	t.Run("Sealed", func(t *testing.T) { sealed(t, server.Database(t)) })
	t.Run("Lost", func(t *testing.T) {
		if testing.Short() {
			t.Skip("takes some seconds")
		}
		storetest.Lost(t, server)
	})
}

func connect(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(t.Context()) })
	return conn
}

func newer(t *testing.T, address string) {
	storetest.Open(t, address).Close()
	if _, err := connect(t, address).Exec(t.Context(), `UPDATE writ_mark SET format = 99`); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(t.Context(), address, store.Options{Keys: storetest.Keyring(t)})
	if !errors.Is(err, store.ErrNewer) {
		t.Errorf("Open = %v, want ErrNewer", err)
	}
}

type device struct {
	Name string
	Seed store.Secret
}

var devices = store.NewTable("test/device", func(d *device) store.Key { return store.K(d.Name) })

// sealed looks for a secret in every value that the database holds.
func sealed(t *testing.T, address string) {
	db := storetest.Open(t, address)
	err := db.Maintain(t.Context(), "put", func(tx *store.Tx) error {
		return devices.Put(tx, &device{"plainly visible", store.NewSecret([]byte("JBSWY3DPEHPK3PXP"))})
	})
	if err != nil {
		t.Fatal(err)
	}
	conn := connect(t, address)
	for text, want := range map[string]bool{"plainly visible": true, "JBSWY3DPEHPK3PXP": false, "SWY3DPEHPK": false} {
		var n int
		err := conn.QueryRow(t.Context(), `SELECT count(*) FROM writ_kv WHERE position($1 in value) > 0`, []byte(text)).Scan(&n)
		if err != nil || (n > 0) != want {
			t.Errorf("%q is in %d values, %v", text, n, err)
		}
	}
}

// BenchmarkUpdate is durable updates by clients at once.
func BenchmarkUpdate(b *testing.B) {
	server := storetest.StartPostgres(b)
	for _, clients := range []int{1, 16} {
		b.Run(fmt.Sprint(clients), func(b *testing.B) {
			db := storetest.Open(b, server.Database(b))
			what := strings.Repeat("event ", 300)
			var n atomic.Int64
			b.SetParallelism(clients)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					d := &device{Name: fmt.Sprint(n.Add(1))}
					err := db.Maintain(b.Context(), what, func(tx *store.Tx) error { return devices.Insert(tx, d) })
					if err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
		})
	}
}
