package writ

import (
	"context"
	"errors"
	"net/netip"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/writ"
	"github.com/writ-iam/writ/store"
)

// address says that a machine elsewhere, known by its IP address, is an instance.
type address struct {
	Address  string // as netip prints it
	Account  string
	Instance string
}

var addresses = store.NewTable("writ/instance-address", func(a *address) store.Key { return store.K(a.Address) })

// RegisterInstanceAddress makes a machine that is reached under an address the
// instance: its requests to the metadata listener are answered as the
// instance's. An address is one instance's; another account's is not taken away.
func (s *Service) RegisterInstanceAddress(c *writ.Call, in *api.RegisterInstanceAddressInput) (*api.RegisterInstanceAddressOutput, error) {
	ip, err := parseAddress(in.Address)
	if err != nil {
		return nil, err
	}
	if _, err := s.host(c, in.InstanceId); err != nil {
		return nil, err
	}
	err = s.db.Update(c, func(tx *store.Tx) error {
		old, err := addresses.Get(tx, ip)
		if err == nil && old.Account != c.Scope.Account {
			return api.ConflictException("The address %s is registered for an instance of another account.", ip)
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return addresses.Put(tx, &address{ip, c.Scope.Account, in.InstanceId})
	})
	return &api.RegisterInstanceAddressOutput{}, err
}

// DeregisterInstanceAddress takes an address from an instance, which need not
// run any more.
func (s *Service) DeregisterInstanceAddress(c *writ.Call, in *api.DeregisterInstanceAddressInput) (*api.DeregisterInstanceAddressOutput, error) {
	ip, err := parseAddress(in.Address)
	if err != nil {
		return nil, err
	}
	err = s.db.Update(c, func(tx *store.Tx) error {
		old, err := addresses.Get(tx, ip)
		if errors.Is(err, store.ErrNotFound) || err == nil && (old.Account != c.Scope.Account || old.Instance != in.InstanceId) {
			return api.ResourceNotFoundException("The address %s is not registered for instance %s.", ip, in.InstanceId)
		}
		if err != nil {
			return err
		}
		return addresses.Delete(tx, ip)
	})
	return &api.DeregisterInstanceAddressOutput{}, err
}

// parseAddress takes addresses of single machines only. A loopback address is
// every user's of this host, so it proves nothing.
func parseAddress(text string) (string, error) {
	ip, err := netip.ParseAddr(text)
	if err != nil || ip.Unmap().IsLoopback() || ip.IsUnspecified() || ip.IsMulticast() || ip.Zone() != "" {
		return "", api.ValidationException("%s is no address of another machine.", text)
	}
	return ip.Unmap().String(), nil
}

// InstanceAt returns the instance, with its account, that an address was
// registered for; store.ErrNotFound if there is none.
func (s *Service) InstanceAt(ctx context.Context, ip string) (account, id string, err error) {
	a, _, err := s.at.Get(ctx, ip)
	if err != nil {
		return "", "", err
	}
	return a.Account, a.Instance, nil
}
