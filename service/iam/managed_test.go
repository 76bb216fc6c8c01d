package iam

import (
	"runtime"
	"strings"
	"testing"

	"github.com/writ-iam/writ/store"
)

// A policy is asked for by an ARN that is part of a form, and kept without it.
func TestManagedPoliciesKeepNoForms(t *testing.T) {
	d := newDoor(t)
	const size = 8 << 20
	heap := func() int {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	load := func(name string) {
		form := strings.Repeat("x", size) + "arn:aws:iam::aws:policy/" + name
		d.ok(d.db.View(t.Context(), func(tx *store.Tx) error {
			_, err := d.ManagedPolicy(tx, home, form[size:])
			return err
		}))
	}
	load("AdministratorAccess") // opens the catalogue
	before := heap()
	for _, name := range []string{"ReadOnlyAccess", "PowerUserAccess", "SecurityAudit", "IAMFullAccess", "IAMReadOnlyAccess", "AmazonS3FullAccess"} {
		load(name)
	}
	if kept := heap() - before; kept > 4*size {
		t.Errorf("%d bytes are kept of six policies", kept)
	}
	runtime.KeepAlive(d)
}
