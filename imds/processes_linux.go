package imds

import (
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
)

// How long processes get to end when they are asked, and how often it is looked.
const (
	patience = 2 * time.Second
	look     = 50 * time.Millisecond
)

// endProcesses ends what runs in a network namespace: it asks, waits a little,
// and then kills.
func endProcesses(namespace uint64) {
	if runsIn(os.Getpid(), namespace) {
		return // never the host's
	}
	signal(namespace, syscall.SIGTERM)
	if gone(namespace, 0) {
		return
	}
	gone(namespace, syscall.SIGKILL)
}

// gone waits until nothing runs in a namespace any more, and signals what does.
func gone(namespace uint64, s syscall.Signal) bool {
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(look) {
		if signal(namespace, s) == 0 {
			return true
		}
	}
	return false
}

// signal sends a signal to every process in a namespace and counts them.
func signal(namespace uint64, s syscall.Signal) (n int) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0
	}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() || !runsIn(pid, namespace) {
			continue
		}
		if p, err := os.FindProcess(pid); err == nil && runsIn(pid, namespace) { // p holds the process, not its number
			p.Signal(s)
			p.Release()
			n++
		}
	}
	return n
}

func runsIn(pid int, namespace uint64) bool {
	link, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", pid))
	return err == nil && namespace != 0 && link == fmt.Sprintf("net:[%d]", namespace)
}
