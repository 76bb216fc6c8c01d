package events

import (
	"errors"
	"os"
	"syscall"
)

// syncData makes what f holds and how long it is durable, not when it was
// written: that alone would take the file system's journal.
func syncData(f *os.File) error {
	for {
		err := syscall.Fdatasync(int(f.Fd()))
		if err == nil {
			return nil
		}
		if !errors.Is(err, syscall.EINTR) {
			return &os.PathError{Op: "fdatasync", Path: f.Name(), Err: err}
		}
	}
}
