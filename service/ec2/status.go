package ec2

import (
	"strconv"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/store"
)

// DescribeInstanceStatus tells of running instances, unless all are asked for.
// An instance is as well as its host, and the host is answering.
func (s *Service) DescribeInstanceStatus(c *writ.Call, in *api.DescribeInstanceStatusInput) (*api.DescribeInstanceStatusOutput, error) {
	everything := isTrue(in.IncludeAllInstances)
	all, err := view(s, c, func(tx *store.Tx) (all []api.InstanceStatus, err error) {
		if len(in.InstanceIds) > 0 {
			if _, err := findInstances(tx, c, in.InstanceIds); err != nil {
				return nil, err
			}
		}
		rows, err := shown(tx, c)
		for _, i := range rows {
			if (everything || i.State == StateRunning) && asked(in.InstanceIds, i.ID) {
				all = append(all, i.status())
			}
		}
		return all, err
	})
	if err != nil {
		return nil, err
	}
	p := paging{max: in.MaxResults, token: in.NextToken, ids: len(in.InstanceIds)}
	if all, err = filtered(all, in.Filters, statusListing.fields, nil); err != nil {
		return nil, err
	}
	all, next, err := page(s, c, all, p, statusListing.id)
	return &api.DescribeInstanceStatusOutput{InstanceStatuses: all, NextToken: next}, err
}

func asked(ids []string, id string) bool {
	for _, i := range ids {
		if i == id {
			return true
		}
	}
	return len(ids) == 0
}

func (i *instance) status() api.InstanceStatus {
	health := &api.InstanceStatusSummary{Status: new("not-applicable")}
	if i.State == StateRunning {
		health = &api.InstanceStatusSummary{Status: new("ok"), Details: []api.InstanceStatusDetails{{Name: new("reachability"), Status: new("passed")}}}
	}
	return api.InstanceStatus{InstanceId: &i.ID, AvailabilityZone: &i.Zone, AvailabilityZoneId: new(zoneID(i.Region, i.Zone)), InstanceState: stateShape(i.State),
		InstanceStatus: health, SystemStatus: health}
}

var statusListing = listing[api.InstanceStatus]{instanceKind, func(s *api.InstanceStatus) string { return *s.InstanceId }, fields[api.InstanceStatus]{
	"availability-zone":      func(s *api.InstanceStatus) []string { return one(s.AvailabilityZone) },
	"instance-state-code":    func(s *api.InstanceStatus) []string { return []string{strconv.Itoa(*s.InstanceState.Code)} },
	"instance-state-name":    func(s *api.InstanceStatus) []string { return one(s.InstanceState.Name) },
	"instance-status.status": func(s *api.InstanceStatus) []string { return one(s.InstanceStatus.Status) },
	"system-status.status":   func(s *api.InstanceStatus) []string { return one(s.SystemStatus.Status) },
}, nil}
