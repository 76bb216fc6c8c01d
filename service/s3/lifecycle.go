package s3

import (
	"crypto/rand"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/store"
)

// lifecycleRule says what of a bucket goes when (S3 User Guide, "Lifecycle
// configuration elements"). There is one storage class here, and so no
// transition.
type lifecycleRule struct {
	ID      string
	Enabled bool

	Prefix     *string // nil is not written, and like ""
	Tags       []tag
	Over       *int64 // bytes: larger than this
	Under      *int64 // smaller than this
	And, Older bool   // the filter is written as a conjunction, or as a Prefix of the rule

	Days       int // of the current version; 0 is never
	Date       *time.Time
	Markers    *bool // marks of deletion go when nothing is under them
	Noncurrent int   // days after a version was replaced; 0 is never
	Newest     int   // of which so many are kept however old they are
	Abort      int   // days after an upload in parts was begun; 0 is never
}

const maxLifecycleRules = 1000

// sizeDefault is the answer about transitions, which there are none of.
const sizeDefault = "all_storage_classes_128K"

func (s *Service) PutBucketLifecycleConfiguration(c *writ.Call, in *api.PutBucketLifecycleConfigurationInput) (*api.PutBucketLifecycleConfigurationOutput, error) {
	if in.LifecycleConfiguration == nil || len(in.LifecycleConfiguration.Rules) == 0 || len(in.LifecycleConfiguration.Rules) > maxLifecycleRules {
		return nil, malformedXML()
	}
	var rules []lifecycleRule
	seen := map[string]bool{}
	for i := range in.LifecycleConfiguration.Rules {
		rule, err := newLifecycleRule(&in.LifecycleConfiguration.Rules[i])
		if err != nil {
			return nil, err
		}
		if seen[rule.ID] {
			return nil, invalidArgument("ID", rule.ID, "Rule ID must be unique. Found same ID for more than one rule")
		}
		seen[rule.ID] = true
		rules = append(rules, *rule)
	}
	err := s.change(c, in.Bucket, func(_ *store.Tx, b *bucket) error {
		b.Lifecycle = rules
		return nil
	})
	return &api.PutBucketLifecycleConfigurationOutput{TransitionDefaultMinimumObjectSize: new(sizeDefault)}, err
}

func (s *Service) GetBucketLifecycleConfiguration(c *writ.Call, in *api.GetBucketLifecycleConfigurationInput) (*api.GetBucketLifecycleConfigurationOutput, error) {
	b, err := s.bucket(c, in.Bucket)
	if err != nil {
		return nil, err
	}
	if b.Lifecycle == nil {
		return nil, missing("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist", b)
	}
	out := &api.GetBucketLifecycleConfigurationOutput{TransitionDefaultMinimumObjectSize: new(sizeDefault)}
	for i := range b.Lifecycle {
		out.Rules = append(out.Rules, b.Lifecycle[i].shown())
	}
	return out, nil
}

func (s *Service) DeleteBucketLifecycle(c *writ.Call, in *api.DeleteBucketLifecycleInput) (*api.DeleteBucketLifecycleOutput, error) {
	err := s.change(c, in.Bucket, func(_ *store.Tx, b *bucket) error {
		b.Lifecycle = nil
		return nil
	})
	return &api.DeleteBucketLifecycleOutput{}, err
}

func newLifecycleRule(in *api.LifecycleRule) (*lifecycleRule, error) {
	r := &lifecycleRule{ID: value(in.ID), Enabled: in.Status == "Enabled"}
	switch {
	case len(in.Transitions)+len(in.NoncurrentVersionTransitions) > 0:
		return nil, writ.NotImplemented("There is one storage class here: transitions are not implemented")
	case len(r.ID) > 255:
		return nil, invalidArgument("ID", r.ID, "ID length should not exceed allowed limit of 255")
	case (in.Filter == nil) == (in.Prefix == nil):
		return nil, malformedXML()
	case in.Expiration == nil && in.NoncurrentVersionExpiration == nil && in.AbortIncompleteMultipartUpload == nil:
		return nil, invalidRequest("At least one action needs to be specified in a rule")
	}
	if r.ID == "" {
		r.ID = rand.Text()
	}
	if err := r.filter(in); err != nil {
		return nil, err
	}
	if err := r.expiration(in.Expiration); err != nil {
		return nil, err
	}
	if err := r.abort(in.AbortIncompleteMultipartUpload); err != nil {
		return nil, err
	}
	return r, r.noncurrent(in.NoncurrentVersionExpiration)
}

func (r *lifecycleRule) abort(in *api.AbortIncompleteMultipartUpload) error {
	if in == nil {
		return nil
	}
	r.Abort = value(in.DaysAfterInitiation)
	switch {
	case r.Abort <= 0:
		return invalidArgument("DaysAfterInitiation", "", "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer")
	case len(r.Tags) > 0:
		return invalidRequest("AbortIncompleteMultipartUpload cannot be specified with Tags.")
	case r.Over != nil || r.Under != nil:
		return invalidRequest("AbortIncompleteMultipartUpload cannot be specified with object size filter.")
	}
	return nil
}

// filter reads which objects a rule is about: a Filter holds one demand, or And
// with several.
func (r *lifecycleRule) filter(in *api.LifecycleRule) (err error) {
	if in.Filter == nil {
		r.Prefix, r.Older = in.Prefix, true
		return nil
	}
	f := in.Filter
	r.Prefix, r.Over, r.Under = f.Prefix, f.ObjectSizeGreaterThan, f.ObjectSizeLessThan
	var tags []api.Tag
	if f.Tag != nil {
		tags = []api.Tag{*f.Tag}
	}
	alone := count1(f.Prefix != nil) + count1(f.Tag != nil) + count1(r.Over != nil) + count1(r.Under != nil)
	if f.And != nil {
		alone++
		r.And, r.Prefix, r.Over, r.Under, tags = true, f.And.Prefix, f.And.ObjectSizeGreaterThan, f.And.ObjectSizeLessThan, f.And.Tags
	}
	if alone > 1 || r.Over != nil && r.Under != nil && *r.Under <= *r.Over {
		return malformedXML()
	}
	r.Tags, err = bucketTags(tags)
	return err
}

func count1(is bool) int {
	if is {
		return 1
	}
	return 0
}

func (r *lifecycleRule) expiration(in *api.LifecycleExpiration) error {
	if in == nil {
		return nil
	}
	r.Days, r.Date, r.Markers = value(in.Days), in.Date, in.ExpiredObjectDeleteMarker
	switch {
	case count1(in.Days != nil)+count1(in.Date != nil)+count1(in.ExpiredObjectDeleteMarker != nil) != 1:
		return malformedXML()
	case in.Days != nil && *in.Days <= 0:
		return invalidArgument("Days", "", "'Days' for Expiration action must be a positive integer")
	case in.Date != nil && !in.Date.Equal(in.Date.UTC().Truncate(24*time.Hour)):
		return invalidArgument("Date", in.Date.UTC().Format(time.RFC3339), "'Date' must be at midnight GMT")
	case in.ExpiredObjectDeleteMarker != nil && len(r.Tags) > 0:
		return invalidRequest("ExpiredObjectDeleteMarker cannot be specified with Tags.")
	}
	return nil
}

func (r *lifecycleRule) noncurrent(in *api.NoncurrentVersionExpiration) error {
	if in == nil {
		return nil
	}
	r.Noncurrent, r.Newest = value(in.NoncurrentDays), value(in.NewerNoncurrentVersions)
	switch {
	case r.Noncurrent <= 0:
		return invalidArgument("NoncurrentDays", "", "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer")
	case in.NewerNoncurrentVersions != nil && (r.Newest < 1 || r.Newest > 100):
		return invalidArgument("NewerNoncurrentVersions", "", "'NewerNoncurrentVersions' for NoncurrentVersionExpiration action must be between 1 and 100")
	}
	return nil
}

// shown writes a rule as it was written.
func (r *lifecycleRule) shown() api.LifecycleRule {
	out := api.LifecycleRule{ID: &r.ID, Status: "Disabled"}
	if r.Enabled {
		out.Status = "Enabled"
	}
	var tags []api.Tag
	for _, t := range r.Tags {
		tags = append(tags, api.Tag(t))
	}
	switch {
	case r.Older:
		out.Prefix = r.Prefix
	case r.And:
		out.Filter = &api.LifecycleRuleFilter{And: &api.LifecycleRuleAndOperator{Prefix: r.Prefix, Tags: tags, ObjectSizeGreaterThan: r.Over, ObjectSizeLessThan: r.Under}}
	default:
		out.Filter = &api.LifecycleRuleFilter{Prefix: r.Prefix, ObjectSizeGreaterThan: r.Over, ObjectSizeLessThan: r.Under}
		if len(tags) == 1 {
			out.Filter.Tag = &tags[0]
		}
	}
	if r.Days > 0 || r.Date != nil || r.Markers != nil {
		out.Expiration = &api.LifecycleExpiration{Days: positive(r.Days), Date: r.Date, ExpiredObjectDeleteMarker: r.Markers}
	}
	if r.Noncurrent > 0 {
		out.NoncurrentVersionExpiration = &api.NoncurrentVersionExpiration{NoncurrentDays: &r.Noncurrent, NewerNoncurrentVersions: positive(r.Newest)}
	}
	if r.Abort > 0 {
		out.AbortIncompleteMultipartUpload = &api.AbortIncompleteMultipartUpload{DaysAfterInitiation: &r.Abort}
	}
	return out
}

func positive(n int) *int {
	if n <= 0 {
		return nil
	}
	return &n
}

// fits says whether a rule is about an object.
func (r *lifecycleRule) fits(o *object) bool {
	if !r.Enabled || !strings.HasPrefix(o.Key, value(r.Prefix)) || r.Over != nil && o.Size <= *r.Over || r.Under != nil && o.Size >= *r.Under {
		return false
	}
	for _, want := range r.Tags {
		if !hasTag(o.Tags, want) {
			return false
		}
	}
	return true
}

func hasTag(tags []tag, want tag) bool {
	for _, t := range tags {
		if t == want {
			return true
		}
	}
	return false
}
