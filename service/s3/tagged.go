package s3

import (
	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// Tagged returns the buckets of an account that have tags.
func (s *Service) Tagged(tx *store.Tx, scope writ.Scope) (all []writ.Tagged, err error) {
	for b, err := range buckets.ScanBy(tx, "account", store.K(scope.Account)) {
		if err != nil {
			return nil, err
		}
		if len(b.Tags) == 0 {
			continue
		}
		tags := map[string]string{}
		for _, t := range b.Tags {
			tags[t.Key] = t.Value
		}
		all = append(all, writ.Tagged{ARN: b.arn(), Type: "s3:bucket", Region: b.Region, Tags: tags})
	}
	return all, nil
}
