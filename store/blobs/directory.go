package blobs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/google/renameio/v2"
)

// directory keeps each blob in a file, DIR/XX/ID, where XX are the first letters
// of the id. Files are written under DIR/pending and moved once they are whole
// and on disk.
type directory struct {
	dir string
	old time.Time // what was last written before this is nobody's work in progress
}

const (
	pendingDir = "pending"
	// inProgress is how long another node that shares the directory may take
	// from one write of a blob to the next, or to the record that refers to it.
	inProgress = time.Hour
)

func openDirectory(dir string) (*directory, error) {
	d := &directory{dir: dir, old: time.Now().Add(-inProgress)}
	if err := os.MkdirAll(filepath.Join(dir, pendingDir), 0o700); err != nil {
		return nil, err
	}
	return d, d.clear(filepath.Join(dir, pendingDir))
}

// clear removes what a crash has left half written.
func (d *directory) clear(pending string) error {
	entries, err := os.ReadDir(pending)
	for _, entry := range entries {
		if info, gone := entry.Info(); gone == nil && info.ModTime().Before(d.old) {
			err = errors.Join(err, os.Remove(filepath.Join(pending, entry.Name())))
		}
	}
	return err
}

func (d *directory) path(id string) string { return filepath.Join(d.dir, id[:2], id) }

type filePending struct {
	*renameio.PendingFile
	dir string // where it will be
}

func (d *directory) create(id string) (pending, error) {
	path := d.path(id)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := renameio.NewPendingFile(path, renameio.WithTempDir(filepath.Join(d.dir, pendingDir)), renameio.WithStaticPermissions(0o600))
	if err != nil {
		return nil, err
	}
	return filePending{f, filepath.Dir(path)}, nil
}

// commit makes the file and then its name durable.
func (p filePending) commit() error {
	if err := p.CloseAtomicallyReplace(); err != nil {
		p.Cleanup()
		return err
	}
	dir, err := os.Open(p.dir)
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

func (p filePending) abort() { p.Cleanup() }

func (d *directory) open(id string) (reader, error) {
	f, err := os.Open(d.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	return f, err
}

func (d *directory) remove(id string) error {
	err := os.Remove(d.path(id))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (d *directory) each(yield func(string, error) bool) {
	err := filepath.WalkDir(d.dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == pendingDir:
			return fs.SkipDir
		case entry.IsDir():
			return nil
		}
		info, err := entry.Info()
		if err != nil || !info.ModTime().Before(d.old) {
			return nil
		}
		if !yield(entry.Name(), nil) {
			return fs.SkipAll
		}
		return nil
	})
	if err != nil {
		yield("", err)
	}
}

func (d *directory) reset() error { return fmt.Errorf("blobs: %s is not in memory", d.dir) }
