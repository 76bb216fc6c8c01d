package main

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/blobs"
)

const bareName = "bare-server"

// bareObject is what must be known of an object to give it back.
type bareObject struct {
	Path string
	ID   string
	Key  store.Secret
	Size int64
	ETag string
}

var bareObjects = store.NewTable("bench/object", func(o *bareObject) store.Key { return store.K(o.Path) })

// bareServer puts and gets objects with the stores that Writ uses, and does nothing
// else.
type bareServer struct {
	db    *store.DB
	blobs *blobs.Store
}

// serveBare is the process of r.bare.
func serveBare() {
	dir := os.Getenv("BARE_DIR")
	keys, err := store.NewKeyring(bytes.Repeat([]byte{1}, store.MasterKeySize))
	if err == nil {
		s := new(bareServer)
		if s.db, err = store.Open(context.Background(), "sqlite:"+dir, store.Options{Keys: keys}); err == nil {
			s.db.Guard = func(*store.Tx, *writ.Call) error { return nil }
			s.db.Describe = func(*writ.Call) []byte { return nil }
			if s.blobs, err = blobs.Open(filepath.Join(dir, "objects")); err == nil {
				err = http.ListenAndServe(os.Getenv("BARE_LISTEN"), s)
			}
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func (r *run) bare(name string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	address := freeAddress()
	cmd := exec.Command(self, bareName)
	cmd.Env = append(os.Environ(), "BARE_LISTEN="+address, "BARE_DIR="+filepath.Join(r.dir, name))
	return start(&process{cmd: cmd, target: target{address: address}})
}

func (s *bareServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	serve := s.get
	if r.Method == http.MethodPut {
		serve = s.put
	}
	if err := serve(w, r); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func (s *bareServer) put(w http.ResponseWriter, r *http.Request) error {
	blob, err := s.blobs.Create()
	if err != nil {
		return err
	}
	hash := md5.New()
	if _, err := io.Copy(io.MultiWriter(blob, hash), r.Body); err != nil {
		return err
	}
	ref, err := blob.Commit()
	if err != nil {
		return err
	}
	o := &bareObject{r.URL.Path, ref.ID, store.NewSecret(ref.Key), ref.Size, hex.EncodeToString(hash.Sum(nil))}
	replaced := ""
	err = s.db.Update(&writ.Call{Context: r.Context()}, func(tx *store.Tx) error {
		if old, err := bareObjects.Get(tx, o.Path); err == nil {
			replaced = old.ID
		}
		return bareObjects.Put(tx, o)
	})
	if err == nil && replaced != "" {
		s.blobs.Remove(replaced)
	}
	w.Header().Set("ETag", o.ETag)
	return err
}

func (s *bareServer) get(w http.ResponseWriter, r *http.Request) error {
	var o *bareObject
	err := s.db.View(r.Context(), func(tx *store.Tx) (err error) {
		o, err = bareObjects.Get(tx, r.URL.Path)
		return err
	})
	if err != nil {
		return err
	}
	key, err := o.Key.Reveal()
	if err != nil {
		return err
	}
	blob, err := s.blobs.Open(blobs.Ref{ID: o.ID, Key: key, Size: o.Size})
	if err != nil {
		return err
	}
	defer blob.Close()
	w.Header().Set("ETag", o.ETag)
	w.Header().Set("Content-Length", strconv.FormatInt(o.Size, 10))
	in, err := blob.From(0)
	if err == nil {
		_, err = io.Copy(w, in)
	}
	return err
}
