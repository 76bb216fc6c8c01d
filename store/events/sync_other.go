//go:build !linux

package events

import "os"

// syncData makes what f holds durable.
func syncData(f *os.File) error { return f.Sync() }
