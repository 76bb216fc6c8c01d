//go:build !linux

package imds

import (
	"errors"

	"github.com/writ-iam/writ/service/ec2"
)

// NamespacesWork says whether instances can have network namespaces here: they
// are Linux's.
func NamespacesWork() error { return errors.ErrUnsupported }

func openNamespace(*Reach, *Service, *ec2.Instance, func()) (place, error) {
	return nil, errors.ErrUnsupported
}

// Enter moves the calling thread into a network namespace.
func Enter(string, uint64) error { return errors.ErrUnsupported }
