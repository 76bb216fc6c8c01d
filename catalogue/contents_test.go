package catalogue

import (
	"archive/zip"
	"crypto/sha256"
	"fmt"
	"hash"
	"os"
	"strings"
	"testing"
)

// contents says what has been decoded of the policies' archive, in the words
// of the archive's own comment.
type contents struct {
	t                  *testing.T
	comment            string
	policies, versions int
	digest             hash.Hash
}

func newContents(t *testing.T, data string) *contents {
	return &contents{t: t, comment: openArchive(data).Comment, digest: sha256.New()}
}

func (c *contents) policy(m *Managed) {
	c.policies++
	number := 1 << 30
	for v := range m.Versions() {
		var n int
		if _, err := fmt.Sscanf(v.ID, "v%d", &n); err != nil || n >= number {
			c.t.Errorf("%s: %s stands behind v%d", m.ARN, v.ID, number)
		}
		number = n
		c.versions++
		checkDocument(c.t, m.ARN+" "+v.ID, v.Document)
		fmt.Fprintln(c.digest, m.ARN, v.ID, v.Document)
	}
}

func (c *contents) compare() {
	_, want, _ := strings.Cut(c.comment, ": ")
	got := fmt.Sprintf("%d policies, %d versions, sha256 %x", c.policies, c.versions, c.digest.Sum(nil))
	if got != want {
		c.t.Errorf("decoded %s, the archive says %s", got, want)
	}
}

func TestReadmeNamesSources(t *testing.T) {
	readme, err := os.ReadFile("data/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, data := range []string{managedZip, servicesZip} {
		if c := openArchive(data).Comment; c == "" || !strings.Contains(string(readme), c) {
			t.Errorf("data/README.md does not say %q", c)
		}
	}
}

func TestBrokenArchivePanics(t *testing.T) {
	for name, f := range map[string]func(){
		"not an archive": func() { openArchive("not a zip file") },
		"damaged file":   func() { readFile(damaged(t)) },
		"method unknown": func() { readFile(&zip.File{FileHeader: zip.FileHeader{Method: 99}}) },
		"time":           func() { parseTime("yesterday") },
		"number":         func() { parseInt("many") },
	} {
		if !panics(f) {
			t.Errorf("%s: no panic", name)
		}
	}
}

// damaged returns a file of the embedded data with one byte changed.
func damaged(t *testing.T) *zip.File {
	f := openArchive(managedZip).File[0]
	offset, err := f.DataOffset()
	if err != nil {
		t.Fatal(err)
	}
	data := []byte(managedZip)
	data[offset+1000] ^= 1
	return openArchive(string(data)).File[0]
}

func panics(f func()) (panicked bool) {
	defer func() { panicked = recover() != nil }()
	f()
	return false
}
