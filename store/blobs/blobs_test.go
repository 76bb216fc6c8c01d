package blobs_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/writ-iam/writ/store/blobs"
)

// each runs a test on both kinds of store.
func each(t *testing.T, test func(t *testing.T, s *blobs.Store)) {
	for name, address := range map[string]string{"memory": "memory:", "directory": t.TempDir()} {
		t.Run(name, func(t *testing.T) {
			s, err := blobs.Open(address)
			if err != nil {
				t.Fatal(err)
			}
			test(t, s)
		})
	}
}

func write(t testing.TB, s *blobs.Store, data []byte) blobs.Ref {
	t.Helper()
	w, err := s.Create()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	ref, err := w.Commit()
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func TestRanges(t *testing.T) {
	each(t, func(t *testing.T, s *blobs.Store) {
		for _, size := range []int{0, 1, 64 << 10, 64<<10 + 1, 300_000} {
			data := make([]byte, size)
			rand.Read(data)
			ref := write(t, s, data)
			if ref.Size != int64(size) {
				t.Fatalf("size %d, want %d", ref.Size, size)
			}
			r, err := s.Open(ref)
			if err != nil {
				t.Fatal(err)
			}
			for _, at := range []int{0, 1, size / 2, 65535, 65536, size - 1} {
				if at < 0 || at > size {
					continue
				}
				got, err := io.ReadAll(io.NewSectionReader(r, int64(at), int64(size-at)))
				if err != nil || !bytes.Equal(got, data[at:]) {
					t.Errorf("%d bytes from %d: %d bytes, %v", size, at, len(got), err)
				}
				in, err := r.From(int64(at))
				if err == nil {
					got, err = io.ReadAll(in)
				}
				if err != nil || !bytes.Equal(got, data[at:]) {
					t.Errorf("%d bytes from %d on: %d bytes, %v", size, at, len(got), err)
				}
			}
			r.Close()
		}
	})
}

func TestNobodySeesWhatIsNotCommitted(t *testing.T) {
	each(t, func(t *testing.T, s *blobs.Store) {
		w, err := s.Create()
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, "half")
		w.Abort()
		ref := write(t, s, []byte("whole"))
		r, err := s.Open(ref)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if err := s.Remove(ref.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Open(ref); !errors.Is(err, blobs.ErrNotFound) {
			t.Errorf("a removed blob: %v", err)
		}
		got := make([]byte, 5)
		if _, err := r.ReadAt(got, 0); string(got) != "whole" {
			t.Errorf("a reader that was there before: %q, %v", got, err)
		}
		if err := s.Remove(ref.ID); err != nil {
			t.Errorf("removed twice: %v", err)
		}
	})
}

// What lies on disk is sealed: without the key nothing can be read, and what was
// changed is not read at all.
func TestSealed(t *testing.T) {
	dir := t.TempDir()
	s, err := blobs.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	ref := write(t, s, bytes.Repeat([]byte("secret "), 100))
	path := filepath.Join(dir, ref.ID[:2], ref.ID)
	sealed, err := os.ReadFile(path)
	if err != nil || bytes.Contains(sealed, []byte("secret")) {
		t.Fatalf("on disk in clear, or %v", err)
	}
	sealed[len(sealed)/2] ^= 1
	if err := os.WriteFile(path, sealed, 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := s.Open(ref)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(io.NewSectionReader(r, 0, ref.Size)); err == nil || len(got) > 0 {
		t.Errorf("%d bytes of a changed blob, %v", len(got), err)
	}
}

// age makes everything in a directory look two hours old.
func age(t *testing.T, dir string) {
	t.Helper()
	then := time.Now().Add(-2 * time.Hour)
	err := filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		return errors.Join(err, os.Chtimes(path, then, then))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A store that is opened again forgets what was being written, keeps what was
// committed, and sweeps what nothing refers to.
func TestReopen(t *testing.T) {
	dir := t.TempDir()
	s, err := blobs.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	kept, lost := write(t, s, []byte("kept")), write(t, s, []byte("lost"))
	w, err := s.Create()
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(w, "half")
	age(t, dir)
	if s, err = blobs.Open(dir); err != nil {
		t.Fatal(err)
	}
	if pending, _ := os.ReadDir(filepath.Join(dir, "pending")); len(pending) > 0 {
		t.Errorf("%d files are still pending", len(pending))
	}
	newer := write(t, s, []byte("newer"))
	if err := s.Sweep(func(id string) bool { return id == kept.ID }); err != nil {
		t.Fatal(err)
	}
	for name, ref := range map[string]blobs.Ref{"kept": kept, "newer": newer} {
		if r, err := s.Open(ref); err != nil {
			t.Errorf("%s: %v", name, err)
		} else {
			r.Close()
		}
	}
	if _, err := s.Open(lost); !errors.Is(err, blobs.ErrNotFound) {
		t.Errorf("what nothing refers to is still there: %v", err)
	}
}
