//go:build !linux

package imds

import (
	"errors"

	"github.com/writ-iam/writ/service/ec2"
)

// NamespacesWork says whether instances can have network namespaces here: they
// are Linux's.
func NamespacesWork() error { return errors.ErrUnsupported }

func openNamespace(*Config, *Service, *ec2.Instance, func()) (place, error) {
	return nil, errors.ErrUnsupported
}
