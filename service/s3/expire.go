package s3

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/writ-iam/writ/store"
)

// Expire removes what the lifecycle rules of all buckets say is past its time.
// The server calls it every hour. As in S3 it leaves no event.
func (s *Service) Expire(ctx context.Context, now time.Time) error {
	due, err := s.due(ctx, now)
	if err != nil {
		return err
	}
	for _, k := range due {
		if err := s.expireKey(ctx, k.bucket, k.key, now); err != nil {
			return err
		}
	}
	return s.abortUploads(ctx, now)
}

type bucketKey struct{ bucket, key string }

// due finds the keys of which something is past its time.
func (s *Service) due(ctx context.Context, now time.Time) (due []bucketKey, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		due = nil
		for b, err := range buckets.Scan(tx, store.K()) {
			if err != nil {
				return err
			}
			if len(b.Lifecycle) == 0 {
				continue
			}
			if err := keys(tx, b.Name, func(versions []*object) {
				if gone, _ := b.expired(versions, now); len(gone) > 0 {
					due = append(due, bucketKey{b.Name, versions[0].Key})
				}
			}); err != nil {
				return err
			}
		}
		return nil
	})
	return due, err
}

// keys calls fn with all versions of each key of a bucket, newest first.
func keys(tx *store.Tx, bucket string, fn func(versions []*object)) error {
	var versions []*object
	for o, err := range objects.Scan(tx, store.K(bucket)) {
		if err != nil {
			return err
		}
		if len(versions) > 0 && versions[0].Key != o.Key {
			fn(versions)
			versions = nil
		}
		versions = append(versions, o)
	}
	if len(versions) > 0 {
		fn(versions)
	}
	return nil
}

// expireKey decides again on what is true now, and removes it.
func (s *Service) expireKey(ctx context.Context, bucket, key string, now time.Time) error {
	random := rand.Text()
	var removed []part
	err := s.db.Maintain(ctx, "lifecycle", func(tx *store.Tx) error {
		removed = nil
		b, err := buckets.Get(tx, bucket)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		var versions []*object
		for o, err := range objects.Scan(tx, store.K(bucket, key)) {
			if err != nil {
				return err
			}
			versions = append(versions, o)
		}
		gone, mark := b.expired(versions, now)
		for _, o := range gone {
			if mark && o == versions[0] {
				replaced, err := b.add(tx, &object{Bucket: bucket, Key: key, Deleted: true, Account: b.Account, Modified: now}, o, now, random)
				if err != nil {
					return err
				}
				removed = append(removed, replaced...)
				continue
			}
			removed = append(removed, o.Parts...)
			if err := objects.Delete(tx, versionKey(bucket, key, o.Order)); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		s.discard(removed)
	}
	return err
}

// expired are the versions of a key that are past their time. mark says that the
// current one, if it is among them, is not removed but marked as deleted, since
// the bucket has versions.
func (b *bucket) expired(versions []*object, now time.Time) (gone []*object, mark bool) {
	for i, o := range versions {
		for j := range b.Lifecycle {
			r := &b.Lifecycle[j]
			if r.fits(o) && (i == 0 && r.endsCurrent(o, len(versions) == 1, now) || i > 0 && r.endsNoncurrent(i, versions[i-1], now)) {
				gone = append(gone, o)
				break
			}
		}
	}
	return gone, b.Versioning != "" && len(versions) > 0 && !versions[0].Deleted
}

// endsCurrent says whether the current version goes. A mark of deletion goes if
// nothing is left under it.
func (r *lifecycleRule) endsCurrent(o *object, alone bool, now time.Time) bool {
	aged := r.Days > 0 && !now.Before(midnight(o.Modified, r.Days)) || r.Date != nil && !now.Before(*r.Date)
	if o.Deleted {
		return alone && (aged || value(r.Markers))
	}
	return aged
}

// endsNoncurrent says whether the version goes that is the i-th counted from the
// current one, which is 0.
func (r *lifecycleRule) endsNoncurrent(i int, successor *object, now time.Time) bool {
	return r.Noncurrent > 0 && i > r.Newest && !now.Before(midnight(successor.Modified, r.Noncurrent))
}

// midnight is the midnight that follows so many days after a time (S3 User Guide,
// "Lifecycle rules: based on an object's age").
func midnight(t time.Time, days int) time.Time {
	return t.UTC().AddDate(0, 0, days).Truncate(24 * time.Hour).Add(24 * time.Hour)
}

// abortUploads forgets the uploads that were begun too long ago.
func (s *Service) abortUploads(ctx context.Context, now time.Time) error {
	var parts []part
	err := s.db.Maintain(ctx, "lifecycle of uploads", func(tx *store.Tx) error {
		parts = nil
		for b, err := range buckets.Scan(tx, store.K()) {
			if err != nil {
				return err
			}
			ended, err := b.abortUploads(tx, now)
			if err != nil {
				return err
			}
			parts = append(parts, ended...)
		}
		return nil
	})
	if err == nil {
		s.discard(parts)
	}
	return err
}

func (b *bucket) abortUploads(tx *store.Tx, now time.Time) (parts []part, err error) {
	var stale []*upload
	for u, err := range uploads.Scan(tx, store.K(b.Name)) {
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(b.Lifecycle, func(r lifecycleRule) bool { return r.endsUpload(u, now) }) {
			stale = append(stale, u)
		}
	}
	for _, u := range stale {
		ended, err := u.end(tx)
		if err != nil {
			return nil, err
		}
		parts = append(parts, ended...)
	}
	return parts, nil
}

func (r *lifecycleRule) endsUpload(u *upload, now time.Time) bool {
	return r.Enabled && r.Abort > 0 && strings.HasPrefix(u.Key, value(r.Prefix)) && !now.Before(midnight(u.Initiated, r.Abort))
}
