package ec2

import api "github.com/writ-iam/writ/api/ec2"

// States of instances. Changes are over when their call is answered; on their
// way a client sees the state between in the answer alone.
const (
	StateRunning    = "running"
	StateStopped    = "stopped"
	StateTerminated = "terminated"

	pending      = "pending"
	stopping     = "stopping"
	shuttingDown = "shutting-down"
)

var stateCodes = map[string]int{pending: 0, StateRunning: 16, shuttingDown: 32, StateTerminated: 48, stopping: 64, StateStopped: 80}

func stateShape(name string) *api.InstanceState {
	return &api.InstanceState{Code: new(stateCodes[name]), Name: &name}
}
