// Package blobs keeps the bytes of objects, in memory or in a directory.
//
// Its one idea: a blob has no name but a random id, never changes, and is sealed
// with a key of its own that only the record which refers to it holds. So what a
// client calls an object never touches the file system, a blob that no record
// refers to is garbage whatever cut its writing off, and who deletes the record
// has deleted the bytes, wherever copies of them lie.
package blobs

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/minio/sio"
)

// ErrNotFound is returned for a blob that is not there (any more).
var ErrNotFound = errors.New("blobs: no such blob")

// KeySize is the size of a blob's key in bytes.
const KeySize = 32

// Store keeps sealed blobs. It is safe for concurrent use.
type Store struct{ keeper keeper }

// keeper is where the sealed bytes are.
type keeper interface {
	create(id string) (pending, error)
	open(id string) (reader, error)
	remove(id string) error
	// each yields the ids of all blobs that are older than anybody's work in progress.
	each(yield func(id string, err error) bool)
	reset() error
}

// pending is a blob that is being written. Nobody sees it before commit.
type pending interface {
	io.Writer
	commit() error // durable once it has returned
	abort()
}

type reader interface {
	io.ReaderAt
	io.Closer
}

// Open opens a store by its address: "memory:", or a directory, which is made if
// it is not there.
func Open(address string) (*Store, error) {
	if address == "memory:" {
		return &Store{new(memory)}, nil
	}
	k, err := openDirectory(strings.TrimPrefix(address, "file:"))
	if err != nil {
		return nil, fmt.Errorf("blobs: %w", err)
	}
	return &Store{k}, nil
}

// Ref says where a blob is and how it is read. Whoever has it can read the blob.
type Ref struct {
	ID   string
	Key  []byte // KeySize bytes
	Size int64  // of the plain bytes
}

// Writer writes one blob. Exactly one of Commit and Abort ends it.
type Writer struct {
	ref     Ref
	pending pending
	sealing io.WriteCloser
}

// Create begins a blob.
func (s *Store) Create() (*Writer, error) {
	// (The writer is hidden from sio but for Write: sio would close it.)
	w := &Writer{ref: Ref{ID: rand.Text(), Key: make([]byte, KeySize)}}
	rand.Read(w.ref.Key)
	var err error
	if w.pending, err = s.keeper.create(w.ref.ID); err != nil {
		return nil, err
	}
	if w.sealing, err = sio.EncryptWriter(struct{ io.Writer }{w.pending}, sealing(w.ref.Key)); err != nil {
		w.pending.abort()
		return nil, err
	}
	return w, nil
}

// sealing is DARE 2.0: packages of 64 KiB under AES-256-GCM, which can neither be
// changed, left out nor moved.
func sealing(key []byte) sio.Config {
	return sio.Config{MinVersion: sio.Version20, CipherSuites: []byte{sio.AES_256_GCM}, Key: key}
}

// Write implements io.Writer.
func (w *Writer) Write(p []byte) (int, error) {
	n, err := w.sealing.Write(p)
	w.ref.Size += int64(n)
	return n, err
}

// Commit makes the blob readable and durable.
func (w *Writer) Commit() (Ref, error) {
	if err := w.sealing.Close(); err != nil {
		w.pending.abort()
		return Ref{}, err
	}
	return w.ref, w.pending.commit()
}

// Abort drops what was written.
func (w *Writer) Abort() { w.pending.abort() }

// Reader reads a blob. It goes on reading when the blob is removed meanwhile.
type Reader struct {
	plain  io.ReaderAt
	sealed reader
	config sio.Config
	size   int64
}

// Open opens a blob, or returns ErrNotFound.
func (s *Store) Open(ref Ref) (*Reader, error) {
	sealed, err := s.keeper.open(ref.ID)
	if err != nil {
		return nil, err
	}
	config := sealing(ref.Key)
	plain, err := sio.DecryptReaderAt(sealed, config)
	if err != nil {
		sealed.Close()
		return nil, err
	}
	return &Reader{plain, sealed, config, ref.Size}, nil
}

// ReadAt implements io.ReaderAt. Bytes that were changed on disk are an error.
func (r *Reader) ReadAt(p []byte, at int64) (int, error) { return r.plain.ReadAt(p, at) }

// From reads the blob from a position on, each package once: the way to read more
// than a few bytes. It must not be used after Close.
func (r *Reader) From(at int64) (io.Reader, error) {
	const plain = 64 << 10 // bytes of a package, which is longer by a header and a tag
	if at >= r.size {
		return strings.NewReader(""), nil
	}
	config := r.config
	config.SequenceNumber = uint32(at / plain)
	sealed := io.NewSectionReader(r.sealed, at/plain*(plain+32), math.MaxInt64)
	in, err := sio.DecryptReader(sealed, config)
	if err == nil {
		_, err = io.CopyN(io.Discard, in, at%plain)
	}
	return in, err
}

// Close implements io.Closer.
func (r *Reader) Close() error { return r.sealed.Close() }

// Remove deletes a blob. One that is not there is no error.
func (s *Store) Remove(id string) error { return s.keeper.remove(id) }

// Sweep removes the blobs of which needed says that nothing refers to them. It
// leaves out those of the last hour before the store was opened, so that it may
// run beside writers, those of other nodes too.
func (s *Store) Sweep(needed func(id string) bool) error {
	for id, err := range s.keeper.each {
		if err != nil {
			return err
		}
		if !needed(id) {
			if err := s.keeper.remove(id); err != nil {
				return err
			}
		}
	}
	return nil
}

// Reset removes all blobs.
func (s *Store) Reset() error { return s.keeper.reset() }
