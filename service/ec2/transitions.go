package ec2

import (
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/store"
)

// transition is a change of state that a client asks for.
type transition struct {
	passing string // the state that the client is told of
	to      string
	allowed func(*instance) error
}

var (
	starting    = transition{pending, StateRunning, (*instance).startable}
	halting     = transition{stopping, StateStopped, (*instance).stoppable}
	terminating = transition{shuttingDown, StateTerminated, (*instance).terminable}
)

func (s *Service) StartInstances(c *writ.Call, in *api.StartInstancesInput) (*api.StartInstancesOutput, error) {
	if err := onlyServed(in, "InstanceIds"); err != nil {
		return nil, err
	}
	all, err := s.change(c, in.InstanceIds, starting)
	return &api.StartInstancesOutput{StartingInstances: all}, err
}

func (s *Service) StopInstances(c *writ.Call, in *api.StopInstancesInput) (*api.StopInstancesOutput, error) {
	if isTrue(in.Hibernate) {
		return nil, fault("UnsupportedHibernationConfiguration", "The instance is not enabled for hibernation.")
	}
	all, err := s.change(c, in.InstanceIds, halting)
	return &api.StopInstancesOutput{StoppingInstances: all}, err
}

func (s *Service) TerminateInstances(c *writ.Call, in *api.TerminateInstancesInput) (*api.TerminateInstancesOutput, error) {
	all, err := s.change(c, in.InstanceIds, terminating)
	return &api.TerminateInstancesOutput{TerminatingInstances: all}, err
}

// change brings instances into another state: all of them or none. Those that
// are in it stay there.
func (s *Service) change(c *writ.Call, ids []string, t transition) (all []api.InstanceStateChange, err error) {
	err = s.db.Update(c, func(tx *store.Tx) error {
		all = []api.InstanceStateChange{}
		rows, err := findInstances(tx, c, ids)
		if err != nil {
			return err
		}
		if t.to == StateRunning {
			if err := roomToStart(tx, c, rows); err != nil {
				return err
			}
		}
		for _, i := range rows {
			shape, err := i.change(tx, c, t)
			if err != nil {
				return err
			}
			all = append(all, shape)
		}
		return nil
	})
	return all, err
}

func (i *instance) change(tx *store.Tx, c *writ.Call, t transition) (api.InstanceStateChange, error) {
	shape := api.InstanceStateChange{InstanceId: &i.ID, PreviousState: stateShape(i.State), CurrentState: stateShape(i.State)}
	if i.State == t.to {
		return shape, nil
	}
	if err := t.allowed(i); err != nil {
		return shape, err
	}
	shape.CurrentState = stateShape(t.passing)
	return shape, i.become(tx, t.to, c.Time)
}

// become writes the instance in another state. One that is terminated gives up
// what it will not need any more: its user data is often a secret, and its
// profile would be a way to a role.
func (i *instance) become(tx *store.Tx, state string, now time.Time) error {
	i.State, i.Changed = state, now
	switch state {
	case StateRunning:
		i.Launched = now.Truncate(1e9)
		i.Starts++
	case StateTerminated:
		i.UserData, i.Profile = store.Secret{}, nil
		for _, id := range []string{i.Volume, i.Interface} {
			if err := removeTags(tx, i.scope(), id, anyTag); err != nil {
				return err
			}
		}
	}
	return instances.Put(tx, i)
}

func (i *instance) startable() error {
	if i.State != StateStopped {
		return fault("IncorrectInstanceState", "The instance '%s' is not in a state from which it can be started.", i.ID)
	}
	return nil
}

func (i *instance) stoppable() error {
	switch {
	case i.State != StateRunning:
		return fault("IncorrectInstanceState", "This instance '%s' is not in a state from which it can be stopped.", i.ID)
	case i.Market == spot:
		return fault("UnsupportedOperation", "You can't stop the Spot Instance '%s' because it is associated with a one-time Spot Instance request. "+
			"You can only stop Spot Instances associated with persistent Spot Instance requests.", i.ID)
	case i.KeepStarted:
		return fault("OperationNotPermitted", "The instance '%s' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.", i.ID)
	}
	return nil
}

func (i *instance) terminable() error {
	if i.Keep {
		return fault("OperationNotPermitted", "The instance '%s' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.", i.ID)
	}
	return nil
}

// roomToStart refuses starts beyond the quota.
func roomToStart(tx *store.Tx, c *writ.Call, rows []*instance) error {
	wanted := 0
	for _, i := range rows {
		m, err := machineOf(i.Type)
		if err != nil {
			return err
		}
		if i.State != StateRunning {
			wanted += m.vcpus
		}
	}
	left, err := roomFor(tx, c, machine{vcpus: 1})
	if err == nil && wanted > left {
		return overLimit()
	}
	return err
}

// RebootInstances has who runs the instances start them anew.
func (s *Service) RebootInstances(c *writ.Call, in *api.RebootInstancesInput) (*api.RebootInstancesOutput, error) {
	err := s.db.Update(c, func(tx *store.Tx) error {
		rows, err := findInstances(tx, c, in.InstanceIds)
		if err != nil {
			return err
		}
		for _, i := range rows {
			if i.State != StateRunning {
				return fault("IncorrectInstanceState", "The instance '%s' is not in a state from which it can be rebooted.", i.ID)
			}
			i.Starts++
			if err := instances.Put(tx, i); err != nil {
				return err
			}
		}
		return nil
	})
	return &api.RebootInstancesOutput{}, err
}
