package conformance

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestLab follows examples/lab/README.md in two shells, the administrator's and
// the machine's, and holds what is seen against what it shows.
func TestLab(t *testing.T) {
	t.Parallel()
	for _, program := range []string{"aws", "bash", "curl", "jq"} {
		needs(t, program)
	}
	modes(t, func(t *testing.T, mode string) {
		w := start(t, "serve", "--data-events", "--instances", mode, "--metadata-listen", freeAddress(t))
		environ := w.example(t, "lab")
		shells := map[string]*shell{"you": open(t, w.dir, environ, "bash")}
		for _, s := range steps(t, "../examples/lab/README.md") {
			if shells[s.prompt] == nil {
				shells[s.prompt] = open(t, w.dir, append(environ, w.environ...), w.path, "instance", "run", "--", "bash")
			}
			if seen := shells[s.prompt].say(s.command); !s.shows(seen) {
				t.Fatalf("%s$ %s\nis to show:\n%s\nand shows:\n%s", s.prompt, s.command, s.shown, seen)
			}
		}
	})
}

// TestLandingZone follows examples/landing-zone/README.md.
func TestLandingZone(t *testing.T) {
	t.Parallel()
	needs(t, "aws")
	needs(t, "bash")
	w := start(t, "serve")
	you := open(t, w.dir, w.example(t, "landing-zone"), "bash")
	for _, s := range steps(t, "../examples/landing-zone/README.md") {
		if seen := you.say(s.command); !s.shows(seen) {
			t.Fatalf("you$ %s\nis to show:\n%s\nand shows:\n%s", s.command, s.shown, seen)
		}
	}
}

// example copies an example to where the server runs, and returns the
// environment of a shell that finds writ.
func (w *writ) example(t *testing.T, name string) []string {
	t.Helper()
	if err := os.CopyFS(w.dir, os.DirFS(filepath.Join("../examples", name))); err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(w.dir, "bin")
	if err := os.Mkdir(bin, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(w.path, filepath.Join(bin, "writ")); err != nil {
		t.Fatal(err)
	}
	return append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
}

// modes runs a test with instances in network namespaces, where they can be
// made, and on loopback.
func modes(t *testing.T, run func(*testing.T, string)) {
	for _, mode := range []string{"namespaces", "loopback"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			if mode == "namespaces" && exec.Command("unshare", "--net", "true").Run() != nil {
				t.Skip("network namespaces can't be made here")
			}
			run(t, mode)
		})
	}
}

// step is a command that a page tells its reader to type, and what it shows.
type step struct{ prompt, command, shown string }

var prompted = regexp.MustCompile(`^(\w+)\$ (.*)$`)

// steps reads the console blocks of a page. Lines with a prompt are typed, the
// others are what is shown then.
func steps(t *testing.T, page string) (all []*step) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	inside := false
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		m := prompted.FindStringSubmatch(line)
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```console"
		case inside && m != nil:
			all = append(all, &step{prompt: m[1], command: m[2]})
		case inside:
			all[len(all)-1].shown += line + "\n"
		}
	}
	if len(all) == 0 {
		t.Fatalf("%s tells nothing to type", page)
	}
	return all
}

// shows tells whether what was seen is what the page shows; … stands for anything.
func (s *step) shows(seen string) bool {
	pattern := strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(s.shown)), "…", "(?s:.*)")
	return regexp.MustCompile("^" + pattern + "$").MatchString(strings.TrimSpace(seen))
}

// shell is a shell that is typed at.
type shell struct {
	*testing.T
	in  io.WriteCloser
	out *bufio.Reader
}

// open starts a shell that ends with the test.
func open(t *testing.T, dir string, environ []string, program ...string) *shell {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program[0], program[1:]...)
	cmd.Dir, cmd.Env = dir, environ
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = write, write
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	write.Close()
	t.Cleanup(func() { in.Close(); cmd.Wait(); read.Close() })
	s := &shell{t, in, bufio.NewReader(read)}
	s.say("true") // past what it says of itself
	return s
}

const said = "-- that was all --"

// say types a command and returns what it has shown in the end, errors too.
func (s *shell) say(command string) string {
	s.Helper()
	fmt.Fprintf(s.in, "{ %s\n} </dev/null; echo; echo '%s'\n", command, said)
	var seen strings.Builder
	for {
		line, err := s.out.ReadString('\n')
		if err != nil {
			s.Fatalf("%s: %v\n%s%s", command, err, seen.String(), line)
		}
		if line == said+"\n" {
			return seen.String()
		}
		// What a carriage return goes back over is not seen any more.
		line = strings.TrimRight(line, " \r\n")
		seen.WriteString(line[strings.LastIndex(line, "\r")+1:] + "\n")
	}
}
