package iam

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// keyUses remembers the last use of each access key until it is written. Every
// call uses a key; writing each use at once would make every read a write.
type keyUses struct {
	mu   sync.Mutex
	last map[string]keyUse
}

// KeyUsed notes that a call was made with a long-term access key.
func (s *Service) KeyUsed(c *writ.Call) {
	use := keyUse{ID: c.Caller.AccessKeyID, Time: c.Time, Region: c.Scope.Region, Service: c.Operation.Service.Metadata.SigningName}
	s.uses.mu.Lock()
	defer s.uses.mu.Unlock()
	if s.uses.last == nil {
		s.uses.last = map[string]keyUse{}
	}
	s.uses.last[use.ID] = use
}

// FlushKeyUses writes the uses noted since the last time. The server calls it
// every second and before it stops.
func (s *Service) FlushKeyUses(ctx context.Context) error {
	s.uses.mu.Lock()
	noted := s.uses.last
	s.uses.last = nil
	s.uses.mu.Unlock()
	if len(noted) == 0 {
		return nil
	}
	err := s.db.Maintain(ctx, "access key use", func(tx *store.Tx) error {
		for _, use := range noted {
			if err := keyUseTable.Put(tx, &use); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.uses.restore(noted)
	}
	return err
}

// restore puts back what could not be written, unless the key was used since.
func (u *keyUses) restore(noted map[string]keyUse) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for id, use := range u.last {
		noted[id] = use
	}
	u.last = noted
}

// lastUse returns a key's last use, written or not; nil if there was none.
func (s *Service) lastUse(tx *store.Tx, id string) (*keyUse, error) {
	s.uses.mu.Lock()
	noted, ok := s.uses.last[id]
	s.uses.mu.Unlock()
	if ok {
		return &noted, nil
	}
	use, err := keyUseTable.Get(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return use, err
}

// GetAccessKeyLastUsed knows each use at once; AWS needs up to four hours.
func (s *Service) GetAccessKeyLastUsed(c *writ.Call, in *api.GetAccessKeyLastUsedInput) (out *api.GetAccessKeyLastUsedOutput, err error) {
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		k, err := accessKeys.Get(tx, in.AccessKeyId)
		if errors.Is(err, store.ErrNotFound) || err == nil && k.Account != c.Scope.Account {
			return api.NoSuchEntityException("The Access Key with id %s cannot be found.", in.AccessKeyId)
		}
		if err != nil {
			return err
		}
		name, err := userName(tx, k.UserID)
		if err != nil {
			return err
		}
		use, err := s.lastUse(tx, k.ID)
		out = &api.GetAccessKeyLastUsedOutput{UserName: optionalText(name), AccessKeyLastUsed: use.shape()}
		return err
	})
	return out, err
}

// shape is N/A in region and service for a key never used, as AWS shows it.
func (u *keyUse) shape() *api.AccessKeyLastUsed {
	if u == nil {
		return &api.AccessKeyLastUsed{Region: "N/A", ServiceName: "N/A"}
	}
	return &api.AccessKeyLastUsed{LastUsedDate: new(u.Time.Truncate(time.Second)), Region: u.Region, ServiceName: u.Service}
}

// userName is "" for root, whose id is the account's.
func userName(tx *store.Tx, id string) (string, error) {
	u, err := users.By(tx, "id", id)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return u.Name, nil
}

// ForgetKeyUses drops what was noted and not written.
func (s *Service) ForgetKeyUses() {
	s.uses.mu.Lock()
	defer s.uses.mu.Unlock()
	s.uses.last = nil
}
