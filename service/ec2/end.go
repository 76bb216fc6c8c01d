package ec2

import (
	"context"
	"time"

	"github.com/writ-iam/writ/store"
)

// EndedItself is how what runs an instance tells that it has shut itself down,
// which nobody asked for: it is stopped or terminated, as it was launched to be.
// Protection against stopping and terminating is against callers, not against
// this. An instance that does not run any more stays what it is; of one that is
// not there the error is store.ErrNotFound.
func (s *Service) EndedItself(ctx context.Context, account, region, id string, now time.Time) error {
	return s.db.Maintain(ctx, "instance "+id+" has shut itself down", func(tx *store.Tx) error {
		i, err := instances.Get(tx, account, region, id)
		if err != nil || i.State != StateRunning {
			return err
		}
		i.EndedItself = true
		if i.Shutdown == "terminate" || i.Market == spot {
			return i.become(tx, StateTerminated, now)
		}
		return i.become(tx, StateStopped, now)
	})
}
