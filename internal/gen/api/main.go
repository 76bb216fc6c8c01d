// Command api writes the packages under api/ from the service models: plain
// structs and one function for each modeled error.
//
// Its one idea: generated code holds names and types and nothing else. How a
// value looks on the wire and what it may be stays in the model, where package
// wire reads it.
//
// It runs at the root of the repository. With -check it writes nothing, and
// fails if what it would write differs from what is there.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/writ-iam/writ/model"
)

//go:generate go run . -dir ../../../api

func main() {
	dir := flag.String("dir", "api", "where the packages are")
	check := flag.Bool("check", false, "compare instead of write")
	flag.Parse()
	if err := run(*dir, *check); err != nil {
		fmt.Fprintln(os.Stderr, "api:", err)
		os.Exit(1)
	}
}

func run(dir string, check bool) error {
	files, err := generate()
	if err != nil {
		return err
	}
	if err := strays(dir, files); err != nil {
		return err
	}
	do := write
	if check {
		do = compare
	}
	var all []error
	for name, source := range files {
		all = append(all, do(filepath.Join(dir, name), source))
	}
	return errors.Join(all...)
}

// generate returns the source of each file by its path under api/.
func generate() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, name := range model.Names() {
		s, err := model.Load(name)
		if err != nil {
			return nil, err
		}
		if files[filepath.Join(name, "types.go")], err = types(s); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		source, err := exceptions(s)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if source != nil {
			files[filepath.Join(name, "errors.go")] = source
		}
	}
	return files, nil
}

// strays refuses files that no model accounts for: api/ is generated and
// nothing else.
func strays(dir string, files map[string][]byte) error {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if _, known := files[name]; err == nil && !known {
			err = fmt.Errorf("%s comes from no model", path)
		}
		return err
	})
}

func write(path string, source []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	return os.WriteFile(path, source, 0o666)
}

func compare(path string, source []byte) error {
	have, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !bytes.Equal(have, source) {
		return fmt.Errorf("%s differs from the model; run go generate ./internal/gen/api", path)
	}
	return nil
}

// sorted returns the values of a map in the order of their keys.
func sorted[V any](m map[string]V) []V {
	var values []V
	for _, k := range slices.Sorted(maps.Keys(m)) {
		values = append(values, m[k])
	}
	return values
}
