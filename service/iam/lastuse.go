package iam

import (
	"context"
	"errors"
	"sync"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// uses remembers the last use of each access key and role until it is written.
// Every call is one; writing each at once would make every read a write.
type uses struct {
	mu   sync.Mutex
	last map[string]use
}

// Used notes that a call was made: with a long-term access key, or by a session
// of a role.
func (s *Service) Used(c *writ.Call) {
	id := usedID(c.Caller)
	if id == "" {
		return
	}
	s.uses.mu.Lock()
	defer s.uses.mu.Unlock()
	if s.uses.last == nil {
		s.uses.last = map[string]use{}
	}
	s.uses.last[id] = use{ID: id, Time: c.Time, Region: c.Scope.Region, Service: c.Operation.Service.Metadata.SigningName}
}

// usedID is the id of the access key or role that a caller uses, "" if neither.
func usedID(caller *writ.Caller) string {
	switch {
	case caller == nil:
		return ""
	case caller.Session == nil:
		return caller.AccessKeyID
	case caller.Session.Issuer.Type == writ.IssuerRole:
		return caller.Session.Issuer.ID
	}
	return ""
}

// FlushUses writes the uses noted since the last time. The server calls it
// every second and before it stops.
func (s *Service) FlushUses(ctx context.Context) error {
	s.uses.mu.Lock()
	noted := s.uses.last
	s.uses.last = nil
	s.uses.mu.Unlock()
	if len(noted) == 0 {
		return nil
	}
	err := s.db.Maintain(ctx, "last use", func(tx *store.Tx) error {
		for _, u := range noted {
			if err := usesTable.Put(tx, &u); err != nil {
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

// restore puts back what could not be written, unless it was used since.
func (u *uses) restore(noted map[string]use) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for id, newer := range u.last {
		noted[id] = newer
	}
	u.last = noted
}

// ForgetUses drops what was noted and not written.
func (s *Service) ForgetUses() {
	s.uses.mu.Lock()
	defer s.uses.mu.Unlock()
	s.uses.last = nil
}

// lastUse returns the last use of a key or role, written or not; nil if there
// was none.
func (s *Service) lastUse(tx *store.Tx, id string) (*use, error) {
	s.uses.mu.Lock()
	noted, ok := s.uses.last[id]
	s.uses.mu.Unlock()
	if ok {
		return &noted, nil
	}
	u, err := usesTable.Get(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return u, err
}
