package iam

import (
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// GetHumanReadableSummary tells in English what a delegation request asks for.
// It is computed from the policy, not by a language model.
func (s *Service) GetHumanReadableSummary(c *writ.Call, in *api.GetHumanReadableSummaryInput) (*api.GetHumanReadableSummaryOutput, error) {
	id := delegationOf(c, in.EntityArn)
	if id == "" {
		return nil, api.InvalidInputException("%s is not the ARN of a delegation request of this account.", in.EntityArn)
	}
	var d *delegation
	err := s.db.View(c.Context, func(tx *store.Tx) (err error) {
		d, err = findDelegation(tx, c, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	if in.Locale != nil && !strings.HasPrefix(strings.ToLower(*in.Locale), "en") {
		return &api.GetHumanReadableSummaryOutput{Locale: in.Locale, SummaryState: new("NOT_SUPPORTED")}, nil
	}
	doc, err := policy.Parse([]byte(d.Policy))
	if err != nil {
		return nil, err
	}
	return &api.GetHumanReadableSummaryOutput{SummaryContent: new(doc.Summary()), Locale: new(or(in.Locale, "en")), SummaryState: new("AVAILABLE")}, nil
}
