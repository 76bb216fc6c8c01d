//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package sqlite

import (
	"errors"
	"os"
)

// lockDir fails: without a lock that dies with its process a second process
// could not be kept out.
func lockDir(string) (*os.File, error) {
	return nil, errors.New("this system cannot lock a directory; use memory: or postgres:")
}
