package ec2

import (
	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/store"
)

// Tagged returns what an account has that has tags, in all regions.
func (s *Service) Tagged(tx *store.Tx, scope writ.Scope) (all []writ.Tagged, err error) {
	last := ""
	for t, err := range tags.Scan(tx, store.K(scope.Account)) {
		if err != nil {
			return nil, err
		}
		if place := t.Region + "/" + t.Resource; place != last {
			k, err := kindOf(t.Resource)
			if err != nil {
				return nil, err
			}
			name := arn.ARN{Partition: scope.Partition, Service: "ec2", Region: t.Region, Account: scope.Account, Resource: k.resource + "/" + t.Resource}
			all = append(all, writ.Tagged{ARN: name.String(), Type: "ec2:" + k.resource, Region: t.Region, Tags: map[string]string{}})
			last = place
		}
		all[len(all)-1].Tags[t.Key] = t.Value
	}
	return all, nil
}
