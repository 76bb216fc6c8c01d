package iam

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// uses remembers the last use of each access key and role until it is written.
// Every call is one; writing each at once would make every read a write.
type uses struct {
	mu      sync.Mutex
	last    map[string]use
	writing map[string]use // on their way into the store
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
	noted := s.uses.take()
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
	s.uses.written(noted, err)
	return err
}

// take returns what is to be written.
func (u *uses) take() map[string]use {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.writing, u.last = u.last, nil
	return u.writing
}

// written takes note that taken uses were written or, if there is an error,
// puts them back, but for what was used again since.
func (u *uses) written(taken map[string]use, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.writing = nil
	if err == nil {
		return
	}
	maps.Copy(taken, u.last)
	u.last = taken
}

// of returns the use noted last and not yet in the store.
func (u *uses) of(id string) (use, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	noted, ok := u.last[id]
	if !ok {
		noted, ok = u.writing[id]
	}
	return noted, ok
}

// passwordLastUsed is when a user or root last signed in; nil if never.
func (s *Service) passwordLastUsed(tx *store.Tx, id string) (*time.Time, error) {
	u, err := s.lastUse(tx, id)
	if err != nil || u == nil {
		return nil, err
	}
	return new(u.Time.Truncate(time.Second)), nil
}

// ForgetUses drops what was noted and not written.
func (s *Service) ForgetUses() {
	s.uses.mu.Lock()
	defer s.uses.mu.Unlock()
	s.uses.last, s.uses.writing = nil, nil
}

// lastUse returns the last use of a key or role, written or not; nil if there
// was none.
func (s *Service) lastUse(tx *store.Tx, id string) (*use, error) {
	if noted, ok := s.uses.of(id); ok {
		return &noted, nil
	}
	u, err := usesTable.Get(tx, id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	return u, err
}
