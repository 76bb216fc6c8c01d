package storetest

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// Postgres is a PostgreSQL server that belongs to one test.
type Postgres struct {
	bin string // where its programs are
	dir string // its data and its socket
	n   atomic.Int64

	stop func() // stops the server that runs
}

// StartPostgres starts a server from the machine's own programs, on a socket
// of its own, until the test ends. Where there are none the test is skipped,
// or, if CI=true, fails.
func StartPostgres(t testing.TB) *Postgres {
	t.Helper()
	bin, err := findPostgres()
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	dir, err := os.MkdirTemp("", "pg") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	p := &Postgres{bin: bin, dir: dir}
	if err := giveAway(dir); err != nil {
		t.Fatal(err)
	}
	p.run(t, "initdb", "-D", p.data(), "-U", "writ", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
	p.Start(t)
	t.Cleanup(p.Stop)
	return p
}

func (p *Postgres) data() string { return filepath.Join(p.dir, "data") }

func findPostgres() (bin string, err error) {
	candidates, err := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if err != nil {
		return "", err
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		candidates = append(candidates, path)
	}
	for _, path := range slices.Backward(candidates) {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), nil
		}
	}
	return "", errors.New("there is no PostgreSQL server on this machine")
}

// command runs one of PostgreSQL's programs as a user that it accepts.
func (p *Postgres) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = p.dir
	runUnprivileged(cmd)
	return cmd
}

func (p *Postgres) run(t testing.TB, name string, args ...string) {
	t.Helper()
	if out, err := p.command(filepath.Join(p.bin, name), args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// Stop stops the server, which keeps its data, until Start is called.
func (p *Postgres) Stop() { p.stop() }

// Start starts the server below a shell that stops it when its input ends, so
// that it does not outlive the test's process, however that dies.
func (p *Postgres) Start(t testing.TB) {
	t.Helper()
	const script = `"$@" & server=$!; read -r _; kill -INT $server; wait $server`
	cmd := p.command("/bin/sh", "-c", script, "sh", filepath.Join(p.bin, "postgres"), "-D", p.data(),
		"-k", p.dir, "-c", "listen_addresses=", "-c", "max_connections=200")
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(p.dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.stop = func() {
		input.Close()
		cmd.Wait()
	}
	for range 200 {
		if p.command(filepath.Join(p.bin, "pg_isready"), "-q", "-h", p.dir, "-d", "postgres").Run() == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	text, _ := os.ReadFile(log.Name())
	t.Fatalf("PostgreSQL does not start:\n%s", text)
}

// Database makes a new empty database and returns its address.
func (p *Postgres) Database(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("writ%d", p.n.Add(1))
	p.run(t, "createdb", "-h", p.dir, "-U", "writ", name)
	return "postgres:///" + name + "?user=writ&host=" + url.QueryEscape(p.dir)
}
