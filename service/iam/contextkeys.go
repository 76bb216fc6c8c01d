package iam

import (
	"regexp"
	"slices"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// GetContextKeysForCustomPolicy lists the context keys that policies ask for.
func (s *Service) GetContextKeysForCustomPolicy(c *writ.Call, in *api.GetContextKeysForCustomPolicyInput) (*api.GetContextKeysForCustomPolicyOutput, error) {
	given, err := compiled("PolicyInputList", in.PolicyInputList, policy.IdentityPolicy)
	if err != nil {
		return nil, err
	}
	return &api.GetContextKeysForCustomPolicyOutput{ContextKeyNames: contextKeys(given)}, nil
}

// GetContextKeysForPrincipalPolicy lists the context keys that the policies of a
// user, group or role ask for, and those of the input. As in AWS a permissions
// boundary is not among them.
func (s *Service) GetContextKeysForPrincipalPolicy(c *writ.Call, in *api.GetContextKeysForPrincipalPolicyInput) (*api.GetContextKeysForPrincipalPolicyOutput, error) {
	all, err := compiled("PolicyInputList", in.PolicyInputList, policy.IdentityPolicy)
	if err != nil {
		return nil, err
	}
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		h, e, err := findSource(tx, c, in.PolicySourceArn)
		if err != nil {
			return err
		}
		own, err := s.ownedBy(tx, h, e)
		for _, o := range own {
			all = append(all, o.Policy)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return &api.GetContextKeysForPrincipalPolicyOutput{ContextKeyNames: contextKeys(all)}, nil
}

// contextKeys are the keys of the policies' conditions and variables, sorted,
// each once whatever its case.
func contextKeys(policies []*policy.Policy) []string {
	keys := []string{}
	for _, p := range policies {
		doc := p.Document()
		if doc == nil {
			continue // it can't be read: it denies, whatever the context
		}
		for _, s := range doc.Statements {
			keys = append(keys, statementKeys(s, doc.Version == "2012-10-17")...)
		}
	}
	slices.SortFunc(keys, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	return slices.CompactFunc(keys, strings.EqualFold)
}

// variableKey is a policy variable; what begins with none of the letters is one of
// the characters that can be written so.
var variableKey = regexp.MustCompile(`\$\{([A-Za-z][^},]*)`)

// statementKeys are the keys of one statement. Only the current version of the
// language has variables.
func statementKeys(s *policy.Statement, variables bool) (keys []string) {
	texts := slices.Concat(s.Resource, s.NotResource)
	for _, c := range s.Conditions {
		keys = append(keys, c.Key.Text)
		texts = append(texts, c.Values...)
	}
	if !variables {
		return keys
	}
	for _, v := range texts {
		for _, found := range variableKey.FindAllStringSubmatch(v.Text, -1) {
			keys = append(keys, strings.TrimSpace(found[1]))
		}
	}
	return keys
}
