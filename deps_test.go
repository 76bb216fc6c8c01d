package writ_test

import (
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// order is the import order of the tree: a package may import those of the
// lines above its own, and the ones below the same name (store may import
// store/driver), but nothing else of its line.
var order = [][]string{
	{"arn", "internal/field"},
	{"policy", "model", "sigv4", "catalogue", "checksum", "egress", "oidc", "saml"},
	{"policy/validate", ".", "internal/plain"},
	{"api/*", "store", "wire"},
	{"session"},
	{"authn", "authz", "audit"},
	{"service/*"},
	{"server"},
	{"internal/idp"},
	{"imds", "proxy", "console"},
	{"internal/awstest"},
	{"cmd/*"},
	{"examples/*"},
}

const module = "github.com/writ-iam/writ"

// pkg is what the go command tells of a package.
type pkg struct {
	ImportPath string
	Doc        string
	Imports    []string
	Dir        string
	GoFiles    []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Doc,Imports,Dir,GoFiles", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// place finds a package in the order: its line, and the name that stands there.
func place(path string) (line int, name string) {
	line = -1
	path = relative(path)
	for i, names := range order {
		for _, n := range names {
			prefix, star := strings.CutSuffix(n, "/*")
			switch {
			case star && strings.HasPrefix(path, prefix+"/"):
				sub, _, _ := strings.Cut(path[len(prefix)+1:], "/")
				return i, prefix + "/" + sub
			case path == n || strings.HasPrefix(path, n+"/") && len(n) > len(name):
				line, name = i, n
			}
		}
	}
	return line, name
}

func relative(path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}

func TestImportOrder(t *testing.T) {
	for _, p := range packages(t) {
		if strings.HasPrefix(relative(p.ImportPath), "internal/gen/") {
			continue // programs that make files of the tree, imported by nothing
		}
		line, name := place(p.ImportPath)
		if line < 0 {
			t.Errorf("%s has no place in the import order", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			if !strings.HasPrefix(imported, module) {
				continue
			}
			l, n := place(imported)
			if l >= line && n != name || l < 0 {
				t.Errorf("%s must not import %s", relative(p.ImportPath), relative(imported))
			}
		}
	}
}

// A service knows its own rules and nothing of HTTP: the request path is the
// server's, the protocols are wire's.
func TestServicesKnowNoHTTP(t *testing.T) {
	forbidden := []string{"net/http", module + "/wire", module + "/server", "net/http/httptest"}
	for _, p := range packages(t) {
		if !strings.HasPrefix(relative(p.ImportPath), "service/") {
			continue
		}
		for _, imported := range p.Imports {
			if slices.Contains(forbidden, imported) {
				t.Errorf("%s must not import %s", relative(p.ImportPath), imported)
			}
		}
	}
}

// The policy engine is a library of its own: it needs the standard library and
// arn, and neither I/O nor a clock nor the network.
func TestPolicyStandsAlone(t *testing.T) {
	for _, p := range packages(t) {
		path := relative(p.ImportPath)
		if path != "policy" && path != "policy/condition" && path != "arn" {
			continue
		}
		for _, imported := range p.Imports {
			ours := strings.HasPrefix(imported, module)
			if ours && relative(imported) != "arn" && relative(imported) != "policy/condition" ||
				!ours && strings.Contains(imported, ".") || strings.HasPrefix(imported, "net/http") || imported == "os" || imported == "net" {
				t.Errorf("%s must not import %s", path, imported)
			}
		}
	}
}
