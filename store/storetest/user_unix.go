//go:build unix

package storetest

import (
	"os"
	"os/exec"
	osuser "os/user"
	"strconv"
	"syscall"
)

// unprivileged is the user that the server runs as; nil for the user of this
// process. PostgreSQL refuses to run as root.
func unprivileged() *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := osuser.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
		if uidErr == nil && gidErr == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		}
	}
	return nil
}

// runUnprivileged makes cmd run as the server's user.
func runUnprivileged(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: unprivileged()}
}

// giveAway makes a directory the server's user's.
func giveAway(dir string) error {
	c := unprivileged()
	if c == nil {
		return nil
	}
	return os.Chown(dir, int(c.Uid), int(c.Gid))
}
