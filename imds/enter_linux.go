package imds

import (
	"fmt"
	"runtime"

	"github.com/vishvananda/netns"
)

// Enter moves the calling goroutine, and what it executes, into the network
// namespace at a path, if its inode is the expected one: the path is of a
// process that may have ended, and its number be another's now. There is no way
// back.
func Enter(path string, id uint64) error {
	runtime.LockOSThread()
	ns, err := netns.GetFromPath(path)
	if err != nil {
		return err
	}
	defer ns.Close()
	if found := inode(ns); id == 0 || found != id {
		return fmt.Errorf("imds: %s is not the namespace %d", path, id)
	}
	return netns.Set(ns)
}
