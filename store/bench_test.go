package store_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
	_ "modernc.org/sqlite"
)

// event has the size of a CloudTrail event of CreateUser.
var event, _ = json.Marshal(map[string]string{"eventName": "CreateUser", "requestParameters": strings.Repeat("x", 1500)})

// BenchmarkUpdate compares durable updates of 16 clients with what the bare
// SQLite driver does when it commits the same rows one update at a time.
func BenchmarkUpdate(b *testing.B) {
	b.Run("store", func(b *testing.B) {
		db := open(b, "sqlite:"+b.TempDir())
		db.Describe = func(*writ.Call) []byte { return event }
		var n atomic.Int64
		inParallel(b, 16, func() error {
			u := newUser(n.Add(1))
			return db.Update(&writ.Call{Context: b.Context()}, func(tx *store.Tx) error { return users.Insert(tx, u) })
		})
	})
	b.Run("bare", func(b *testing.B) {
		db, err := sql.Open("sqlite", filepath.Join(b.TempDir(), "bare.db")+
			"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)&_txlock=immediate")
		if err != nil {
			b.Fatal(err)
		}
		defer db.Close()
		db.SetMaxOpenConns(1)
		if _, err := db.Exec(`CREATE TABLE kv (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID`); err != nil {
			b.Fatal(err)
		}
		var n atomic.Int64
		inParallel(b, 16, func() error { return insertBare(db, n.Add(1)) })
	})
}

func newUser(i int64) *user {
	return &user{Account: "111122223333", Name: fmt.Sprintf("user-%09d", i), ID: fmt.Sprintf("AIDA%016x", i)}
}

// insertBare commits the rows of one update: the record, its index entry and
// its change record.
func insertBare(db *sql.DB, i int64) error {
	u := newUser(i)
	value, err := json.Marshal(u)
	if err != nil {
		return err
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for key, value := range map[string][]byte{
		"user/" + u.Name: value, "id/" + u.ID: []byte(u.Name), fmt.Sprintf("change/%016x", i): event,
	} {
		if _, err := tx.Exec(`INSERT INTO kv VALUES (?, ?)`, []byte(key), value); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// inParallel runs fn on n goroutines at once until the benchmark is done.
func inParallel(b *testing.B, n int, fn func() error) {
	b.Helper()
	b.SetParallelism(max(1, n/parallelism()))
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := fn(); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "commits/s")
}

// BenchmarkView is a point read in a snapshot of its own.
func BenchmarkView(b *testing.B) {
	for _, address := range []string{"memory:", "sqlite:" + b.TempDir()} {
		name, _, _ := strings.Cut(address, ":")
		b.Run(name, func(b *testing.B) {
			db := open(b, address)
			put(b, db, newUser(1))
			b.ReportAllocs()
			for b.Loop() {
				err := db.View(b.Context(), func(tx *store.Tx) error {
					_, err := users.Get(tx, "111122223333", "user-000000001")
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkInsert shows that a user costs the same among few and among many.
func BenchmarkInsert(b *testing.B) {
	for _, size := range []int64{1_000, 100_000} {
		b.Run(fmt.Sprint("memory/", size), func(b *testing.B) {
			db := open(b, "memory:")
			for i := range size {
				put(b, db, newUser(i))
			}
			b.ReportAllocs()
			for i := size; b.Loop(); i++ {
				put(b, db, newUser(i))
			}
		})
	}
}

// BenchmarkCache is a hit, by 16 goroutines.
func BenchmarkCache(b *testing.B) {
	db := open(b, "memory:")
	put(b, db, newUser(1))
	cache := store.NewCache(db, func(tx *store.Tx, name string) (*user, error) {
		return users.Get(tx, "111122223333", name)
	})
	name := newUser(1).Name
	b.ReportAllocs()
	b.SetParallelism(max(1, 16/parallelism()))
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, _, err := cache.Get(b.Context(), name); err != nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkPage is a page of 1,000 from the middle, in a snapshot of its own.
func BenchmarkPage(b *testing.B) {
	for _, address := range []string{"memory:", "sqlite:"} {
		for _, size := range []int64{2_000, 100_000} {
			b.Run(fmt.Sprint(address, size), func(b *testing.B) {
				where := address
				if address == "sqlite:" {
					where += b.TempDir()
				}
				db := open(b, where)
				fill(b, db, size)
				after := store.K("111122223333", newUser(size/2-1).Name)
				for b.Loop() {
					err := db.View(b.Context(), func(tx *store.Tx) error {
						rows, _, err := users.Page(tx, store.K("111122223333"), after, 1000)
						if len(rows) != 1000 {
							b.Errorf("%d rows", len(rows))
						}
						return err
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkReset forgets 100,000 users.
func BenchmarkReset(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		db := open(b, "memory:")
		fill(b, db, 100_000)
		b.StartTimer()
		if err := db.Reset(); err != nil {
			b.Fatal(err)
		}
	}
}

// fill makes users in commits of a thousand.
func fill(b *testing.B, db *store.DB, n int64) {
	b.Helper()
	for first := int64(0); first < n; first += 1000 {
		err := db.Maintain(b.Context(), "fill", func(tx *store.Tx) error {
			for i := first; i < first+1000; i++ {
				if err := users.Insert(tx, newUser(i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
