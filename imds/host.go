package imds

import (
	"context"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/service/ec2"
	own "github.com/writ-iam/writ/service/writ"
	"github.com/writ-iam/writ/store"
)

// settling is how long an instance that was just started may take to get its place.
const settling = 5 * time.Second

// Host says where an instance of the scope's account and region is,
// store.ErrNotFound if it has no place here. It waits for that of an instance
// that has just been started.
func (f *Fleet) Host(ctx context.Context, scope writ.Scope, id string) (*own.Host, error) {
	for late := time.After(settling); ; {
		source, moved := f.state()
		p, err := f.find(ctx, source, scope, id)
		if err != nil {
			return nil, err
		}
		if p != nil {
			return p.host(), nil
		}
		select {
		case <-moved:
		case <-late:
			return nil, store.ErrNotFound
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// state is the source, nil before the fleet runs, and what is closed when
// something changes.
func (f *Fleet) state() (Source, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.source, f.moved
}

// find returns the place of an instance that runs, nil if it has none yet.
func (f *Fleet) find(ctx context.Context, source Source, scope writ.Scope, id string) (place, error) {
	if source == nil {
		return nil, nil
	}
	i, err := source.Instance(ctx, scope.Account, scope.Region, id)
	if err == nil && i.State != ec2.StateRunning {
		err = store.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return f.place(startOf(i)), nil
}

// place is that of an instance, nil if it has none.
func (f *Fleet) place(s start) place {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.places[s]
}
