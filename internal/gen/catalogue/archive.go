package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
)

// archive is a zip file to be. It has no times, so that the same content gives
// the same bytes.
type archive struct {
	comment string // "package version: counts"
	files   []file // in the order of the archive
}

type file struct {
	name string
	text []byte
}

func (a *archive) add(name string, text []byte) {
	a.files = append(a.files, file{name, text})
}

func (a *archive) write(path string) error {
	data, err := a.bytes()
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}

func (a *archive) bytes() ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	for _, f := range a.files {
		if err := writeFile(w, f); err != nil {
			return nil, err
		}
	}
	if err := w.SetComment(a.comment); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

func writeFile(w *zip.Writer, f file) error {
	entry, err := w.Create(f.name)
	if err != nil {
		return err
	}
	_, err = entry.Write(f.text)
	return err
}

func readJSON(path string, into any) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// npmVersion returns "name version" of an npm package.
func npmVersion(dir string) (string, error) {
	var p struct{ Name, Version string }
	err := readJSON(filepath.Join(dir, "package.json"), &p)
	return p.Name + " " + p.Version, err
}
