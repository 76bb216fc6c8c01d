package organizations

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
	"github.com/writ-iam/writ/service/organizations/inherit"
	"github.com/writ-iam/writ/store"
)

// ListEffectivePolicyValidationErrors says what is wrong with an account's
// effective policy. It is computed when it is asked for.
func (s *Service) ListEffectivePolicyValidationErrors(c *writ.Call, in *api.ListEffectivePolicyValidationErrorsInput) (*api.ListEffectivePolicyValidationErrorsOutput, error) {
	out := &api.ListEffectivePolicyValidationErrorsOutput{AccountId: &in.AccountId, PolicyType: &in.PolicyType, EvaluationTimestamp: &c.Time}
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		m, err := o.member(tx, in.AccountId)
		if err != nil {
			return err
		}
		above, err := o.within(tx, m.Parent)
		if err != nil {
			return err
		}
		out.Path = new(o.pathOf(above) + m.Account + "/")
		problems, err := s.problems(tx, in.AccountId, in.PolicyType)
		if err != nil {
			return or(err, noEffectivePolicy())
		}
		rows, next, err := turn(s, c, paging{in.NextToken, in.MaxResults}, []string{in.AccountId, in.PolicyType}, func(after store.Key, limit int) ([]*inherit.Problem, store.Key, error) {
			return part(problems, after, limit)
		})
		if err != nil {
			return err
		}
		out.NextToken = next
		out.EffectivePolicyValidationErrors, err = each(rows, problemShape)
		return err
	})
	return out, err
}

func problemShape(p *inherit.Problem) (api.EffectivePolicyValidationError, error) {
	return api.EffectivePolicyValidationError{ErrorCode: &p.Code, ErrorMessage: &p.Message, PathToError: &p.Path, ContributingPolicies: p.From}, nil
}

// problems are what is wrong with an account's effective policy, by place.
func (s *Service) problems(tx *store.Tx, account, policyType string) ([]*inherit.Problem, error) {
	e, err := s.effective.GetTx(tx, effectiveKey{account, policyType})
	if err != nil {
		return nil, err
	}
	var all []*inherit.Problem
	for _, p := range shapes[policyType].Validate(e.Effective) {
		all = append(all, &p)
	}
	return all, nil
}

// ListAccountsWithInvalidEffectivePolicy looks at a page of members at a time, so
// a page may have none of them and yet not be the last.
func (s *Service) ListAccountsWithInvalidEffectivePolicy(c *writ.Call, in *api.ListAccountsWithInvalidEffectivePolicyInput) (*api.ListAccountsWithInvalidEffectivePolicyOutput, error) {
	out := &api.ListAccountsWithInvalidEffectivePolicyOutput{PolicyType: &in.PolicyType}
	err := s.read(c, func(tx *store.Tx, o *organization) error {
		if !o.enabledType(in.PolicyType) {
			return noEffectivePolicy()
		}
		rows, next, err := turn(s, c, paging{in.NextToken, in.MaxResults}, []string{in.PolicyType}, func(after store.Key, limit int) ([]*member, store.Key, error) {
			return members.PageBy(tx, "organization", store.K(o.ID), after, limit)
		})
		if err != nil {
			return err
		}
		out.NextToken = next
		if rows, err = s.invalid(tx, rows, in.PolicyType); err != nil {
			return err
		}
		out.Accounts, err = each(rows, func(m *member) (api.Account, error) { return s.memberShape(tx, c, o, m) })
		return err
	})
	return out, err
}

// invalid keeps the members whose effective policy has something wrong with it.
func (s *Service) invalid(tx *store.Tx, all []*member, policyType string) (those []*member, err error) {
	for _, m := range all {
		problems, err := s.problems(tx, m.Account, policyType)
		if or(err, nil) != nil {
			return nil, err
		}
		if len(problems) > 0 {
			those = append(those, m)
		}
	}
	return those, nil
}
