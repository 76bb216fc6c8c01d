//go:build !linux

package imds

import "errors"

// NamespacesWork says whether instances can have network namespaces here: they
// are Linux's.
func NamespacesWork() error { return errors.ErrUnsupported }

func openNamespace(*Config, *Service, *Instance, func()) (place, error) {
	return nil, errors.ErrUnsupported
}
