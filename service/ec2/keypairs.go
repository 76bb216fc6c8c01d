package ec2

import (
	"errors"
	"slices"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/store"
)

// CreateKeyPair makes a key pair and hands out the private half, which is kept
// nowhere.
func (s *Service) CreateKeyPair(c *writ.Call, in *api.CreateKeyPairInput) (*api.CreateKeyPairOutput, error) {
	if value(in.KeyFormat, "pem") != "pem" {
		return nil, writ.NotImplemented("The key format %s is not implemented.", *in.KeyFormat)
	}
	if err := checkKeyPair(in.KeyName, in.TagSpecifications); err != nil {
		return nil, err
	}
	if err := s.free(c, in.KeyName); err != nil {
		return nil, err // before the work of making a key
	}
	made, err := generate(value(in.KeyType, keyRSA))
	if err != nil {
		return nil, err
	}
	k := newKeyPair(c, in.KeyName, made.key)
	if err := s.insertKeyPair(c, k, in.TagSpecifications); err != nil {
		return nil, err
	}
	return &api.CreateKeyPairOutput{KeyPairId: &k.ID, KeyName: &k.Name, KeyFingerprint: &k.Fingerprint, KeyMaterial: &made.private,
		Tags: specified(in.TagSpecifications, keyPairKind.resource)}, nil
}

func (s *Service) ImportKeyPair(c *writ.Call, in *api.ImportKeyPairInput) (*api.ImportKeyPairOutput, error) {
	if err := checkKeyPair(in.KeyName, in.TagSpecifications); err != nil {
		return nil, err
	}
	read, err := readPublicKey(in.PublicKeyMaterial)
	if err != nil {
		return nil, err
	}
	k := newKeyPair(c, in.KeyName, read)
	if err := s.insertKeyPair(c, k, in.TagSpecifications); err != nil {
		return nil, err
	}
	return &api.ImportKeyPairOutput{KeyPairId: &k.ID, KeyName: &k.Name, KeyFingerprint: &k.Fingerprint,
		Tags: specified(in.TagSpecifications, keyPairKind.resource)}, nil
}

// checkKeyPair refuses names that AWS would refuse: they have up to 255 ASCII
// characters.
func checkKeyPair(name string, specs []api.TagSpecification) error {
	switch {
	case name == "":
		return invalidValue("Invalid value '' for keyPairName. It should not be blank")
	case len(name) > 255:
		return invalidValue("Value (%s) for parameter KeyName is invalid. Length exceeds maximum of 255.", name)
	case slices.ContainsFunc([]byte(name), func(b byte) bool { return b < ' ' || b > '~' }):
		return invalidValue("Value (%s) for parameter KeyName is invalid. Character sets beyond ASCII are not supported.", name)
	}
	return checkSpecified(specs, keyPairKind.resource)
}

func newKeyPair(c *writ.Call, name string, k key) *keyPair {
	return &keyPair{Account: c.Scope.Account, Region: c.Scope.Region, ID: newID(keyPairKind.prefix), Name: name,
		Type: k.kind, Fingerprint: k.fingerprint, PublicKey: k.public, Created: c.Time.Truncate(1e9)}
}

func (s *Service) free(c *writ.Call, name string) error {
	return s.db.View(c.Context, func(tx *store.Tx) error {
		_, err := keyPairs.Get(tx, c.Scope.Account, c.Scope.Region, name)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err == nil {
			err = duplicate(name)
		}
		return err
	})
}

func duplicate(name string) error {
	return fault("InvalidKeyPair.Duplicate", "The keypair already exists")
}

func (s *Service) insertKeyPair(c *writ.Call, k *keyPair, specs []api.TagSpecification) error {
	return s.db.Update(c, func(tx *store.Tx) error {
		err := keyPairs.Insert(tx, k)
		if errors.Is(err, store.ErrExists) {
			return duplicate(k.Name)
		}
		if err != nil {
			return err
		}
		return putTags(tx, c.Scope, k.ID, specified(specs, keyPairKind.resource))
	})
}

// findKeyPair finds a key pair of the caller's account and region by its name.
func findKeyPair(tx *store.Tx, c *writ.Call, name string) (*keyPair, error) {
	k, err := keyPairs.Get(tx, c.Scope.Account, c.Scope.Region, name)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fault(keyPairKind.notFound, "The key pair '%s' does not exist", name)
	}
	return k, err
}

func (s *Service) DescribeKeyPairs(c *writ.Call, in *api.DescribeKeyPairsInput) (*api.DescribeKeyPairsOutput, error) {
	all, err := view(s, c, func(tx *store.Tx) ([]api.KeyPairInfo, error) { return keyPairShapes(tx, c, in) })
	if err != nil {
		return nil, err
	}
	all, _, err = keyPairListing.answer(s, c, all, in.KeyPairIds, in.Filters, paging{})
	return &api.DescribeKeyPairsOutput{KeyPairs: all}, err
}

var keyPairListing = listing[api.KeyPairInfo]{keyPairKind, func(k *api.KeyPairInfo) string { return *k.KeyPairId }, fields[api.KeyPairInfo]{
	"fingerprint": func(k *api.KeyPairInfo) []string { return one(k.KeyFingerprint) },
	"key-name":    func(k *api.KeyPairInfo) []string { return one(k.KeyName) },
	"key-pair-id": func(k *api.KeyPairInfo) []string { return one(k.KeyPairId) },
}, func(k *api.KeyPairInfo) []api.Tag { return k.Tags }}

// keyPairShapes are the key pairs of the names that a request has, all if it
// has none.
func keyPairShapes(tx *store.Tx, c *writ.Call, in *api.DescribeKeyPairsInput) (all []api.KeyPairInfo, err error) {
	for _, name := range in.KeyNames {
		if _, err := findKeyPair(tx, c, name); err != nil {
			return nil, err
		}
	}
	for k, err := range keyPairs.Scan(tx, store.K(c.Scope.Account, c.Scope.Region)) {
		if err != nil {
			return nil, err
		}
		if len(in.KeyNames) > 0 && !slices.Contains(in.KeyNames, k.Name) {
			continue
		}
		shape := api.KeyPairInfo{KeyPairId: &k.ID, KeyName: &k.Name, KeyType: &k.Type, KeyFingerprint: &k.Fingerprint, CreateTime: &k.Created}
		if isTrue(in.IncludePublicKey) {
			shape.PublicKey = new(k.PublicKey + " " + k.Name)
		}
		if shape.Tags, err = tagsOf(tx, c.Scope, k.ID); err != nil {
			return nil, err
		}
		all = append(all, shape)
	}
	return all, nil
}

// DeleteKeyPair succeeds where there is nothing to delete. Instances keep the
// public key that they were launched with.
func (s *Service) DeleteKeyPair(c *writ.Call, in *api.DeleteKeyPairInput) (*api.DeleteKeyPairOutput, error) {
	if in.KeyName == nil && in.KeyPairId == nil {
		return nil, missing("KeyName")
	}
	out := &api.DeleteKeyPairOutput{Return: new(true)}
	err := s.db.Update(c, func(tx *store.Tx) error {
		k, err := doomed(tx, c, in)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		out.KeyPairId = &k.ID
		if err := removeTags(tx, c.Scope, k.ID, anyTag); err != nil {
			return err
		}
		return keyPairs.Delete(tx, k.Account, k.Region, k.Name)
	})
	return out, err
}

// doomed is the key pair of a name or id. Of one that a request names by both,
// both must fit.
func doomed(tx *store.Tx, c *writ.Call, in *api.DeleteKeyPairInput) (k *keyPair, err error) {
	if in.KeyPairId != nil {
		if err := keyPairKind.check(*in.KeyPairId); err != nil {
			return nil, err
		}
		k, err = keyPairs.By(tx, "id", c.Scope.Account, c.Scope.Region, *in.KeyPairId)
		if err == nil && in.KeyName != nil && *in.KeyName != k.Name {
			return nil, store.ErrNotFound
		}
		return k, err
	}
	return keyPairs.Get(tx, c.Scope.Account, c.Scope.Region, *in.KeyName)
}
