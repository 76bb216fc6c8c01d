package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/writ-iam/writ/sigv4"
)

// process is a server that runs by itself.
type process struct {
	target
	cmd  *exec.Cmd
	data string // data directory; "" for servers without
}

const helloName = "hello-server"

// hello is what everything that answers over HTTP is measured against: a
// net/http server that reads nothing and says hello.
func hello() {
	l, err := net.Listen("tcp", os.Getenv("HELLO_LISTEN"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	http.Serve(l, http.HandlerFunc(sayHello))
}

func sayHello(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello\n") }

func (r *run) hello() (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	address := freeAddress()
	cmd := exec.Command(self, helloName)
	cmd.Env = append(os.Environ(), "HELLO_LISTEN="+address)
	return start(&process{cmd: cmd, target: target{address: address}})
}

// dev starts `writ dev`.
func (r *run) dev(flags ...string) (*process, error) {
	address := freeAddress()
	cmd := exec.Command(r.binary, append([]string{"dev", "--listen", address, "--log-level", "error"}, flags...)...)
	creds := sigv4.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}
	return start(&process{cmd: cmd, target: target{address, creds}})
}

// serve starts `writ serve` on a directory below the run's, in the name of its
// admin user.
func (r *run) serve(name string, flags ...string) (*process, error) {
	address, data := freeAddress(), filepath.Join(r.dir, name)
	cmd := exec.Command(r.binary, append([]string{"serve", "--listen", address, "--data", data, "--log-level", "error"}, flags...)...)
	s, err := start(&process{cmd: cmd, target: target{address: address}, data: data})
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(filepath.Join(data, "admin-credentials.json"))
	if err == nil {
		err = json.Unmarshal(raw, &s.creds)
	}
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

// start starts the process and waits until it takes connections.
func start(s *process) (*process, error) {
	s.cmd.Stderr = os.Stderr
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	for range 20_000 {
		c, err := net.Dial("tcp", s.address)
		if err == nil {
			return s, c.Close()
		}
		time.Sleep(500 * time.Microsecond)
	}
	return nil, errors.Join(fmt.Errorf("%v takes no connections", s.cmd.Args), s.stop())
}

// stop ends the process and waits for it.
func (s *process) stop() error {
	s.cmd.Process.Signal(syscall.SIGTERM)
	err := s.cmd.Wait()
	if exit := new(exec.ExitError); errors.As(err, &exit) && !exit.Exited() {
		return nil // by the signal, as the hello server does
	}
	return err
}

// resident returns the process's resident memory in bytes, as Linux tells it.
func (s *process) resident() (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.ParseInt(strings.Fields(kb)[0], 10, 64)
			return n << 10, err
		}
	}
	return 0, errors.New("/proc tells no VmRSS")
}

// freeAddress is one that nobody listens on.
func freeAddress() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "127.0.0.1:0"
	}
	defer l.Close()
	return l.Addr().String()
}
