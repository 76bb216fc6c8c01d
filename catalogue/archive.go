package catalogue

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
)

// openArchive reads the directory of an embedded archive. The archives are part
// of the program: one that cannot be read is a broken build, so this and
// everything behind it panics instead of returning errors.
func openArchive(data string) *zip.Reader {
	r, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	if err != nil {
		panic(fmt.Errorf("catalogue: %w", err))
	}
	return r
}

// readFile unpacks one file of an archive.
func readFile(f *zip.File) string {
	r, err := f.Open()
	if err != nil {
		panic(fmt.Errorf("catalogue: %s: %w", f.Name, err))
	}
	defer r.Close()
	var b strings.Builder
	b.Grow(int(f.UncompressedSize64))
	if _, err := io.Copy(&b, r); err != nil {
		panic(fmt.Errorf("catalogue: %s: %w", f.Name, err))
	}
	return b.String()
}
