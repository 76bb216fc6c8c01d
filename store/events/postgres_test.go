package events

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// cluster is the PostgreSQL that tests share, started when first asked for.
var cluster struct {
	once    sync.Once
	dir     string
	skip    string
	err     error
	process *exec.Cmd
	hold    io.Closer // PostgreSQL runs until this is closed, or this process ends
	bases   int
}

func TestMain(m *testing.M) {
	if dir := os.Getenv("EVENTS_TEST_WRITE_TO"); dir != "" {
		writeUntilKilled(dir)
	}
	code := m.Run()
	if p := cluster.process; p != nil {
		cluster.hold.Close()
		p.Wait()
		os.RemoveAll(cluster.dir)
	}
	os.Exit(code)
}

// openPostgres opens a log in a new database.
func openPostgres(t testing.TB) *Postgres {
	t.Helper()
	l, err := OpenPostgres(t.Context(), newDatabase(t))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func newDatabase(t testing.TB) (address string) {
	t.Helper()
	cluster.once.Do(func() { cluster.err = startCluster() })
	if cluster.err != nil {
		t.Fatal(cluster.err)
	}
	if cluster.skip != "" {
		if os.Getenv("CI") == "true" {
			t.Fatal(cluster.skip)
		}
		t.Skip(cluster.skip)
	}
	conn, err := pgx.Connect(t.Context(), clusterAddress("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	cluster.bases++
	name := fmt.Sprintf("events%d", cluster.bases)
	if _, err := conn.Exec(t.Context(), "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return clusterAddress(name)
}

func clusterAddress(database string) string {
	return fmt.Sprintf("host=%s user=postgres dbname=%s sslmode=disable", cluster.dir, database)
}

// startCluster starts PostgreSQL on a socket in a directory of its own. It
// refuses to run as root, so root runs it as the user postgres.
func startCluster() error {
	bin, credential := binaries(), &syscall.Credential{}
	if bin == "" {
		cluster.skip = "PostgreSQL is not installed"
		return nil
	}
	dir, err := os.MkdirTemp("", "events-postgres")
	if err != nil {
		return err
	}
	cluster.dir = dir
	attributes := &syscall.SysProcAttr{}
	if os.Getuid() == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			cluster.skip = "there is no user postgres to run PostgreSQL as"
			return nil
		}
		uid, _ := strconv.ParseUint(u.Uid, 10, 32)
		gid, _ := strconv.ParseUint(u.Gid, 10, 32)
		credential.Uid, credential.Gid = uint32(uid), uint32(gid)
		attributes.Credential = credential
		if err := os.Chown(dir, int(uid), int(gid)); err != nil {
			return err
		}
	}
	data := filepath.Join(dir, "data")
	command := func(name string, args ...string) *exec.Cmd {
		c := exec.Command(filepath.Join(bin, name), args...)
		c.Dir, c.SysProcAttr = dir, attributes
		return c
	}
	if out, err := command("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8").CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	var output bytes.Buffer
	server := command("postgres", "-D", data, "-k", dir, "-c", "listen_addresses=")
	server.Args = append([]string{"sh", "-c", `"$@" </dev/null & read end; kill -QUIT $!; wait`, "sh", server.Path}, server.Args[1:]...)
	server.Path, server.Stderr = "/bin/sh", &output
	if cluster.hold, err = server.StdinPipe(); err != nil {
		return err
	}
	if err := server.Start(); err != nil {
		return err
	}
	cluster.process = server
	for range 200 {
		if ready := command("pg_isready", "-h", dir, "-q"); ready.Run() == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("PostgreSQL does not start:\n%s", output.String())
}

// binaries is the directory of PostgreSQL's programs, "" if there is none.
func binaries() string {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		log.Fatal(err)
	}
	if len(found) > 0 {
		slices.SortFunc(found, func(a, b string) int { return len(a) - len(b) + strings.Compare(a, b)/2 })
		return filepath.Dir(found[len(found)-1])
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return ""
	}
	return filepath.Dir(path)
}

func TestPostgresAddress(t *testing.T) {
	_, err := OpenPostgres(t.Context(), "postgres://writ:hunter2@:port/")
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a bad address: %v", err)
	}
}

// Several nodes begin at once and write what is partly the same.
func TestPostgresNodes(t *testing.T) {
	address := newDatabase(t)
	var nodes sync.WaitGroup
	for node := range 4 {
		nodes.Go(func() {
			l, err := OpenPostgres(t.Context(), address)
			if err != nil {
				t.Error(err)
				return
			}
			defer l.Close()
			for n := range 20 {
				all := entries(alice, n*10+node*5, n*10+node*5+10)
				if node%2 == 1 {
					slices.Reverse(all)
				}
				if err := l.Append(t.Context(), all); err != nil {
					t.Error(err)
				}
			}
		})
	}
	nodes.Wait()
	l, err := OpenPostgres(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	equal(t, lookup(t, l, Query{Account: alice, Limit: 100}), want(entries(alice, 0, 215), func(Entry) bool { return true }))
}

func TestPostgresFlood(t *testing.T) {
	l := openPostgres(t)
	defer l.Close()
	l.installation = 50
	appendAll(t, l, entries(alice, 0, 100)...)
	for n := range 300 {
		appendAll(t, l, entry("", n))
	}
	if got := lookup(t, l, Query{Limit: 100}); len(got) < 50 || len(got) > 60 || got[0].ID != id(299) {
		t.Errorf("%d of the installation's own entries are left, of 50 to keep", len(got))
	}
	if got := lookup(t, l, Query{Account: alice, Limit: 100}); len(got) != 100 {
		t.Errorf("%d of an account's 100 entries are left", len(got))
	}
	var keys int
	if err := l.pool.QueryRow(t.Context(), "SELECT count(*) FROM event_key WHERE id NOT IN (SELECT id FROM event)").Scan(&keys); err != nil || keys != 0 {
		t.Errorf("%d keys of deleted entries, %v", keys, err)
	}
}
