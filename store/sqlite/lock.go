//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package sqlite

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"github.com/writ-iam/writ/store/driver"
)

// lockDir locks a directory for this process until the file that it returns is
// closed or the process ends. It locks the directory itself, so that no file is
// made in one that will be refused.
func lockDir(dir string) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, driver.ErrInUse
		}
		return nil, fmt.Errorf("locking %s: %w", dir, err)
	}
	return f, nil
}
