package iam

import (
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
)

// Results of a permission check.
const (
	coverAllowed = "ALLOWED"
	coverDenied  = "DENIED"
	coverUnsure  = "UNSURE"
)

// grantable says whether the caller could grant all that a request asks for: DENIED
// if something of it is certainly denied, ALLOWED if everything is certainly
// allowed. What depends on conditions, or on things that a pattern stands for,
// is not certain.
func grantable(c *writ.Call, d *delegation) (string, error) {
	doc, err := policy.Parse([]byte(d.Policy))
	if err != nil {
		return "", err
	}
	asked := newCoverage(c)
	if c.Caller.Type == policy.RootUser && c.Caller.Session == nil && asked.policies.SCPs == nil {
		return coverAllowed, nil
	}
	result := coverAllowed
	for _, s := range doc.Statements {
		if s.Effect != "Allow" {
			continue
		}
		switch asked.statement(s) {
		case coverDenied:
			return coverDenied, nil
		case coverUnsure:
			result = coverUnsure
		}
	}
	return result, nil
}

// coverage asks what the caller may do, as this call was decided.
type coverage struct {
	policies policy.Policies
	request  policy.Request
}

func newCoverage(c *writ.Call) *coverage {
	decided := &c.Decision.Checks[0]
	asked := &coverage{*decided.Policies, *decided.Request}
	asked.policies.Resource = delegating(c.Caller.Account)
	asked.request.ResourceAccount = c.Caller.Account
	return asked
}

func (q *coverage) statement(s *policy.Statement) string {
	if len(s.Conditions) > 0 || s.NotAction != nil || s.NotResource != nil {
		return coverUnsure
	}
	result := coverAllowed
	for _, pattern := range s.Action {
		actions := actionsOf(pattern.Text)
		if actions == nil {
			result = coverUnsure
		}
		for _, action := range actions {
			for _, resource := range s.Resource {
				switch q.one(action, resource.Text) {
				case coverDenied:
					return coverDenied
				case coverUnsure:
					result = coverUnsure
				}
			}
		}
	}
	return result
}

// one asks for one action. A pattern of resources is one of those that it stands
// for itself: if that is denied, not all are allowed.
func (q *coverage) one(action, resource string) string {
	q.request.Action, q.request.Resource = action, resource
	if q.policies.Evaluate(&q.request).Decision != policy.Allow {
		return coverDenied
	}
	known, ok := catalogue.LookupAction(action)
	whole := resource == "*" && ok && len(known.Resources) == 0
	if !whole && strings.ContainsAny(resource, "*?$") {
		return coverUnsure
	}
	return coverAllowed
}

// actionsOf are the actions that a pattern stands for; nil if they can't be told.
func actionsOf(pattern string) []string {
	prefix, name, _ := strings.Cut(pattern, ":")
	if !strings.ContainsAny(pattern, "*?") {
		return []string{pattern}
	}
	service, ok := catalogue.LookupService(strings.ToLower(prefix))
	if !ok {
		return nil
	}
	var all []string
	for _, a := range service.Actions {
		if arn.MatchFold(name, a.Name) {
			all = append(all, prefix+":"+a.Name)
		}
	}
	return all
}
