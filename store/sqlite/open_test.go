package sqlite_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/storetest"
)

type item struct {
	Account, Name, Note string
}

var items = store.NewTable("test/item", func(i *item) store.Key { return store.K(i.Account, i.Name) },
	store.Index("note", func(i *item) store.Key { return store.K(i.Account, i.Note[:4]) }))

// fill makes a database with n items in dir, as separate commits of 100.
func fill(t testing.TB, dir string, n int) *store.DB {
	t.Helper()
	db := storetest.Open(t, "sqlite:"+dir)
	for first := 0; first < n; first += 100 {
		err := db.Maintain(t.Context(), "fill", func(tx *store.Tx) error {
			for i := first; i < min(n, first+100); i++ {
				if err := items.Put(tx, &item{"111122223333", fmt.Sprintf("item-%06d", i), strings.Repeat("note", 100)}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// content is all that is in a directory.
func content(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		files[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func tryOpen(t testing.TB, dir string, master byte) error {
	t.Helper()
	keys, err := store.NewKeyring(bytes.Repeat([]byte{master}, store.MasterKeySize))
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), "sqlite:"+dir, store.Options{Keys: keys})
	if err == nil {
		db.Close()
	}
	return err
}

// TestRefused spoils directories and looks that each is refused with its own
// error and left byte for byte as it was: after a clean end, and after a crash
// that left the write-ahead log behind.
func TestRefused(t *testing.T) {
	tests := []struct {
		name   string
		spoil  func(file []byte) []byte
		master byte
		want   error
	}{
		{"WrongKey", func(b []byte) []byte { return b }, 8, store.ErrKey},
		{"Newer", func(b []byte) []byte { binary.BigEndian.PutUint32(b[60:], 99); return b }, 7, store.ErrNewer},
		{"Foreign", func(b []byte) []byte { binary.BigEndian.PutUint32(b[68:], 0); return b }, 7, store.ErrForeign},
		{"Empty", func(b []byte) []byte { return nil }, 7, store.ErrDamaged},
		{"NotSQLite", func(b []byte) []byte { copy(b, "garbage garbage "); return b }, 7, store.ErrDamaged},
		{"ShortHeader", func(b []byte) []byte { return b[:50] }, 7, store.ErrDamaged},
		{"Schema", func(b []byte) []byte { clear(b[100:4096]); return b }, 7, store.ErrDamaged},
	}
	// What only the file's other pages show is seen when no log is left that
	// may hold newer ones.
	clean := append(tests[:len(tests):len(tests)], []struct {
		name   string
		spoil  func(file []byte) []byte
		master byte
		want   error
	}{
		{"Truncated", func(b []byte) []byte { return b[:len(b)/2] }, 7, store.ErrDamaged},
		{"PageCut", func(b []byte) []byte { return b[:len(b)-1] }, 7, store.ErrDamaged},
		{"Letter", func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("tenotenote"), []byte("tenotfnote")) }, 7, store.ErrDamaged},
		{"Middle", func(b []byte) []byte { copy(b[len(b)/2:], bytes.Repeat([]byte{0xa5}, 16384)); return b }, 7, store.ErrDamaged},
	}...)
	for _, test := range clean {
		t.Run("Clean/"+test.name, func(t *testing.T) {
			dir := t.TempDir()
			fill(t, dir, 1000).Close()
			refused(t, dir, test.spoil, test.master, test.want)
		})
	}
	for _, test := range tests {
		t.Run("Crashed/"+test.name, func(t *testing.T) {
			dir := t.TempDir()
			crashed(t, dir)
			refused(t, dir, test.spoil, test.master, test.want)
		})
	}
}

// crashed leaves in dir what a killed process leaves: it copies an open
// database.
func crashed(t *testing.T, dir string) {
	t.Helper()
	live := t.TempDir()
	fill(t, live, 1000)
	for path, text := range content(t, live) {
		if strings.HasSuffix(path, "-wal") && text == "" {
			t.Fatal("there is no write-ahead log to leave behind")
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(path)), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func refused(t *testing.T, dir string, spoil func([]byte) []byte, master byte, want error) {
	t.Helper()
	file := filepath.Join(dir, "writ.db")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, spoil(bytes.Clone(whole)), 0o600); err != nil {
		t.Fatal(err)
	}
	before := content(t, dir)
	err = tryOpen(t, dir, master)
	if !errors.Is(err, want) || err == nil {
		t.Errorf("Open = %v, want %v", err, want)
	} else {
		t.Log(err)
	}
	if !maps.Equal(content(t, dir), before) {
		t.Error("the directory was touched")
	}
	if err := os.WriteFile(file, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := tryOpen(t, dir, 7); err != nil {
		t.Errorf("the file as it was before is refused: %v", err)
	}
}

// TestDamageWhenRead changes a letter in a file that is too large to be read
// whole at start.
func TestDamageWhenRead(t *testing.T) {
	dir := t.TempDir()
	fill(t, dir, 10_000).Close()
	file := filepath.Join(dir, "writ.db")
	whole, err := os.ReadFile(file)
	if err != nil || len(whole) < 8<<20 {
		t.Fatalf("%d bytes, %v", len(whole), err)
	}
	changed := bytes.ReplaceAll(whole, []byte(`"item-004711","Note":"note`), []byte(`"item-004711","Note":"nose`))
	if err := os.WriteFile(file, changed, 0o600); err != nil || bytes.Equal(whole, changed) {
		t.Fatal("nothing was changed", err)
	}
	db := storetest.Open(t, "sqlite:"+dir)
	err = db.View(t.Context(), func(tx *store.Tx) error {
		if _, err := items.Get(tx, "111122223333", "item-004712"); err != nil {
			t.Errorf("a neighbour: %v", err)
		}
		_, err := items.Get(tx, "111122223333", "item-004711")
		return err
	})
	if !errors.Is(err, store.ErrDamaged) {
		t.Errorf("Get = %v, want ErrDamaged", err)
	}
}

func TestMissingFileBesideLog(t *testing.T) {
	dir := t.TempDir()
	crashed(t, dir)
	if err := os.Remove(filepath.Join(dir, "writ.db")); err != nil {
		t.Fatal(err)
	}
	before := content(t, dir)
	if err := tryOpen(t, dir, 7); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("Open = %v, want ErrDamaged", err)
	}
	if !maps.Equal(content(t, dir), before) {
		t.Error("the directory was touched")
	}
}

func TestInUse(t *testing.T) {
	dir := t.TempDir()
	db := fill(t, dir, 10)
	before := content(t, dir)
	if err := tryOpen(t, dir, 7); !errors.Is(err, store.ErrInUse) {
		t.Errorf("Open of a directory in use = %v, want ErrInUse", err)
	}
	if !maps.Equal(content(t, dir), before) {
		t.Error("the directory was touched")
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if err := tryOpen(t, dir, 7); err != nil {
		t.Errorf("Open after the other has ended: %v", err)
	}
}

// TestUnfinished starts where a process was killed while it made the file.
func TestUnfinished(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "writ.db.new"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := tryOpen(t, dir, 7); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "writ.db.new")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the unfinished file is still there: %v", err)
	}
}

func TestPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	fill(t, dir, 10)
	for path := range content(t, dir) {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v, %v", path, info.Mode(), err)
		}
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the directory has mode %v, %v", info.Mode(), err)
	}
}

// TestSealed looks for a secret in every byte that is on the disk.
func TestSealed(t *testing.T) {
	type secretive struct {
		Name   string
		Secret store.Secret
	}
	table := store.NewTable("test/secretive", func(s *secretive) store.Key { return store.K(s.Name) })
	dir := t.TempDir()
	db := storetest.Open(t, "sqlite:"+dir)
	const plaintext = "wJalrXUtnFEMI/K7MDENG"
	err := db.Maintain(t.Context(), "put", func(tx *store.Tx) error {
		return table.Put(tx, &secretive{"plainly visible", store.NewSecret([]byte(plaintext))})
	})
	if err != nil {
		t.Fatal(err)
	}
	visible := false
	for path, text := range content(t, dir) {
		visible = visible || strings.Contains(text, "plainly visible")
		if strings.Contains(text, plaintext) || strings.Contains(text, plaintext[3:]) {
			t.Errorf("%s holds the secret", path)
		}
	}
	if !visible {
		t.Error("the record is not where it was looked for")
	}
}

// BenchmarkOpen opens a directory with 10,000 users, each of its own commit.
func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{0, 1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			dir := b.TempDir()
			fillOneByOne(b, dir, n)
			for b.Loop() {
				if err := tryOpen(b, dir, 7); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(content(b, dir)[filepath.Join(dir, "writ.db")]))/(1<<20), "MiB")
		})
	}
}

func fillOneByOne(b *testing.B, dir string, n int) {
	b.Helper()
	db := storetest.Open(b, "sqlite:"+dir)
	defer db.Close()
	work := make(chan int)
	done := make(chan error)
	for range 64 {
		go func() {
			for i := range work {
				err := db.Maintain(b.Context(), strings.Repeat("event ", 300), func(tx *store.Tx) error {
					return items.Put(tx, &item{"111122223333", fmt.Sprintf("item-%06d", i), strings.Repeat("note", 100)})
				})
				if err != nil {
					b.Error(err)
				}
			}
			done <- nil
		}()
	}
	for i := range n {
		work <- i
	}
	close(work)
	for range 64 {
		<-done
	}
}
