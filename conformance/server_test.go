package conformance

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	clean()
	code := m.Run()
	if built != "" {
		os.RemoveAll(filepath.Dir(built))
	}
	os.Exit(code)
}

var (
	given   = os.Getenv("WRIT_BINARY")    // a binary to test instead of this tree's
	mirror  = os.Getenv("WRIT_TF_MIRROR") // a directory of Terraform providers
	foreign = regexp.MustCompile("^(AWS|TF|BOTO|WRIT)_")
)

// clean removes from the environment whatever would steer a client or the
// server elsewhere than the test does.
func clean() {
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if foreign.MatchString(name) {
			os.Unsetenv(name)
		}
	}
	os.Setenv("AWS_CONFIG_FILE", os.DevNull)
	os.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	os.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	os.Setenv("AWS_PAGER", "")
}

var built string // what binary made, to be removed

// binary is the path of writ: the given one, or one built from the tree around
// this module.
var binary = sync.OnceValues(func() (string, error) {
	if given != "" {
		return filepath.Abs(given)
	}
	dir, err := os.MkdirTemp("", "writ-conformance-")
	if err != nil {
		return "", err
	}
	built = filepath.Join(dir, "writ")
	cmd := exec.Command("go", "build", "-o", built, "./cmd/writ")
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build ./cmd/writ: %w\n%s", err, out)
	}
	return built, nil
})

// writ is a running server.
type writ struct {
	path     string   // of the binary
	dir      string   // where it runs; its data are in writ-data there
	endpoint string   // http://127.0.0.1:port
	environ  []string // of a shell after eval "$(writ env)"
}

// start runs `writ serve` or `writ dev` on a free port until the test ends.
func start(t testing.TB, mode string, args ...string) *writ {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	w := &writ{path: path, dir: t.TempDir()}
	address := freeAddress(t)
	w.endpoint = "http://" + address

	cmd := exec.Command(path, append([]string{mode, "--listen", address}, args...)...)
	cmd.Dir = w.dir
	log := new(bytes.Buffer)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		select {
		case err = <-exited:
		case <-time.After(20 * time.Second):
			cmd.Process.Kill()
			err = fmt.Errorf("did not end in 20 seconds: %w", <-exited)
		}
		if err != nil {
			t.Errorf("writ %s: %v", mode, err)
		}
		if t.Failed() || strings.Contains(log.String(), "level=ERROR") {
			t.Logf("writ %s said:\n%s", mode, log)
		}
	})
	if err := w.ready(t.Context(), exited); err != nil {
		t.Fatal(err)
	}
	w.environ = w.shell(t, mode)
	return w
}

// freeAddress is one below the ports that systems give to whoever asks for any,
// so that no client beside takes it before the server does.
func freeAddress(t testing.TB) string {
	t.Helper()
	var err error
	for range 100 {
		var l net.Listener
		if l, err = net.Listen("tcp", fmt.Sprint("127.0.0.1:", 20000+rand.IntN(12000))); err == nil {
			defer l.Close()
			return l.Addr().String()
		}
	}
	t.Fatal(err)
	return ""
}

// ready waits until the server answers.
func (w *writ) ready(ctx context.Context, exited chan error) error {
	deadline := time.After(30 * time.Second)
	for {
		request, err := http.NewRequestWithContext(ctx, "GET", w.endpoint+"/_writ/ready", nil)
		if err != nil {
			return err
		}
		if answer, err := http.DefaultClient.Do(request); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-exited:
			exited <- nil
			return fmt.Errorf("writ ended at its start: %w", err)
		case <-deadline:
			return fmt.Errorf("writ is not ready after 30 seconds")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// shell is what a user's shell has after eval "$(writ env)".
func (w *writ) shell(t testing.TB, mode string) []string {
	t.Helper()
	arg := "--data=writ-data"
	if mode == "dev" {
		arg = "--dev"
	}
	cmd := exec.Command("sh", "-c", `eval "$("$0" env "$1")" && env`, w.path, arg)
	cmd.Dir = w.dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("writ env: %v", err)
	}
	environ := strings.Split(strings.TrimSpace(string(out)), "\n")
	if mode == "dev" { // its defaults name the default port
		environ = append(environ, "AWS_ENDPOINT_URL="+w.endpoint)
	}
	return environ
}

// value returns a variable of the shell, "" if it is not set.
func (w *writ) value(name string) string {
	found := ""
	for _, entry := range w.environ {
		if key, v, _ := strings.Cut(entry, "="); key == name {
			found = v
		}
	}
	return found
}
