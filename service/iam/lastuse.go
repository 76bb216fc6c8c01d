package iam

import (
	"context"
	"errors"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// Used notes that a call was made: with a long-term access key, or by a session
// of a role; and what a user or role tried to do with it.
func (s *Service) Used(c *writ.Call) {
	if c.Caller == nil {
		return
	}
	if id := usedID(c.Caller); id != "" {
		s.uses.note(id, use{ID: id, Time: c.Time, Region: c.Scope.Region, Service: c.Operation.Service.Metadata.SigningName})
	}
	if who := actor(c.Caller); who.id != "" {
		s.tried.note(asked{who, c.Operation}, occasion{c.Time, c.Scope.Region})
	}
}

// usedID is the id of the access key or role that a caller uses, "" if neither.
func usedID(caller *writ.Caller) string {
	switch {
	case caller.Session == nil:
		return caller.AccessKeyID
	case caller.Session.Issuer.Type == writ.IssuerRole:
		return caller.Session.Issuer.ID
	}
	return ""
}

// FlushUses writes what was noted since the last time. The server calls it every
// second and before it stops.
func (s *Service) FlushUses(ctx context.Context) error {
	used, tried := s.uses.take(), s.tried.take()
	if len(used)+len(tried) == 0 {
		return nil
	}
	err := s.db.Maintain(ctx, "last use", func(tx *store.Tx) error {
		for _, u := range used {
			if err := usesTable.Put(tx, &u); err != nil {
				return err
			}
		}
		for a, when := range tried {
			if err := accesses.Put(tx, a.record(when)); err != nil {
				return err
			}
		}
		return nil
	})
	s.uses.written(used, err)
	s.tried.written(tried, err)
	return err
}

// gone is the entity that stands for all of an account that were deleted. Reports
// about organizations tell what an account did, whoever it was.
const gone = "-"

// retire takes away what is known of the uses of a user or role that is deleted:
// of each action the last of all that are gone is kept.
func (s *Service) retire(tx *store.Tx, who actorID) error {
	for a, err := range accesses.Scan(tx, store.K(who.account, who.id)) {
		if err != nil {
			return err
		}
		if err := errors.Join(accesses.Delete(tx, a.Account, a.EntityID, a.Action), a.handOver(tx)); err != nil {
			return err
		}
	}
	for _, a := range s.notedAccesses()[who] {
		if err := a.handOver(tx); err != nil {
			return err
		}
	}
	return dropUse(tx, who.id)
}

// handOver keeps an access as one of those that are gone, if it is the last.
func (a access) handOver(tx *store.Tx) error {
	known, err := accesses.Get(tx, a.Account, gone, a.Action)
	switch {
	case err == nil && !a.Time.After(known.Time):
		return nil
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	}
	a.EntityID = gone
	return accesses.Put(tx, &a)
}

// dropUse forgets the last use of a key, role or user that is deleted.
func dropUse(tx *store.Tx, id string) error {
	if err := usesTable.Delete(tx, id); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return nil
}

// retired forgets what was noted of who or what is deleted.
func (s *Service) retired(id string) {
	s.uses.drop(func(noted string) bool { return noted == id })
	s.tried.drop(func(noted asked) bool { return noted.id == id })
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
	s.uses.forget()
	s.tried.forget()
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
