package organizations

import (
	"cmp"
	"errors"

	"github.com/writ-iam/writ/authz"
	"github.com/writ-iam/writ/store"
)

// TagPolicy returns what the effective tag policy of an account demands; nil if it
// has none. It runs in the loads of caches.
func (s *Service) TagPolicy(tx *store.Tx, account string) (authz.TagPolicy, error) {
	e, err := s.effective.GetTx(tx, effectiveKey{account, tagPolicy})
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all := authz.TagPolicy{}
	tags := e.Members["tags"]
	if tags == nil {
		return all, nil
	}
	for name, t := range tags.Members {
		rule := &authz.TagRule{Key: name, Values: t.Texts("tag_value"), Enforced: t.Texts("enforced_for"), Required: t.Texts("report_required_tag_for")}
		for _, key := range t.Texts("tag_key") {
			rule.Key = cmp.Or(key, name)
		}
		if !t.Empty() {
			all[name] = rule
		}
	}
	return all, nil
}
