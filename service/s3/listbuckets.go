package s3

import (
	"errors"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/store"
)

// maxBuckets is how many buckets one answer lists at most.
const maxBuckets = 10_000

// ListBuckets lists the caller's account's own buckets, one page if MaxBuckets
// asks for pages.
func (s *Service) ListBuckets(c *writ.Call, in *api.ListBucketsInput) (*api.ListBucketsOutput, error) {
	limit := maxBuckets
	if in.MaxBuckets != nil {
		limit = *in.MaxBuckets
	}
	scope := c.Scope.Account + "\x00ListBuckets\x00" + value(in.Prefix) + "\x00" + value(in.BucketRegion)
	after, err := s.db.OpenMarker(scope, value(in.ContinuationToken))
	if errors.Is(err, store.ErrMarker) {
		return nil, invalidArgument("continuation-token", *in.ContinuationToken, "The continuation token provided is incorrect")
	}
	out := &api.ListBucketsOutput{Buckets: []api.Bucket{}, Owner: owner(c.Scope.Account), Prefix: in.Prefix}
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		rows, next, err := buckets.PageBy(tx, "account", store.K(c.Scope.Account).Starting(value(in.Prefix)), after, limit)
		for _, b := range rows {
			if in.BucketRegion == nil || *in.BucketRegion == b.Region {
				out.Buckets = append(out.Buckets, api.Bucket{Name: &b.Name, CreationDate: &b.Created, BucketRegion: &b.Region, BucketArn: new(b.arn())})
			}
		}
		if next != nil {
			out.ContinuationToken = new(s.db.SealMarker(scope, next))
		}
		return err
	})
	return out, err
}

func owner(account string) *api.Owner { return &api.Owner{ID: new(canonicalID(account))} }
