package organizations

import (
	"encoding/json"
	"errors"

	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// administratorActions are what the API reference opens to the delegated
// administrators of any service ("API operations by account").
var administratorActions = []string{
	"organizations:DescribeAccount", "organizations:DescribeCreateAccountStatus", "organizations:DescribeEffectivePolicy",
	"organizations:DescribeOrganizationalUnit", "organizations:DescribePolicy", "organizations:DescribeResourcePolicy",
	"organizations:ListAWSServiceAccessForOrganization", "organizations:ListAccounts", "organizations:ListAccountsForParent",
	"organizations:ListAccountsWithInvalidEffectivePolicy", "organizations:ListChildren", "organizations:ListCreateAccountStatus",
	"organizations:ListDelegatedAdministrators", "organizations:ListDelegatedServicesForAccount",
	"organizations:ListEffectivePolicyValidationErrors", "organizations:ListHandshakesForOrganization",
	"organizations:ListOrganizationalUnitsForParent", "organizations:ListParents", "organizations:ListPolicies",
	"organizations:ListPoliciesForTarget", "organizations:ListRoots", "organizations:ListTagsForResource",
	"organizations:ListTargetsForPolicy",
}

// delegation is what other accounts than the management account may do, compiled:
// what the resource policy says, and what delegated administrators may. It is nil
// if nothing is delegated.
func (s *Service) delegation(tx *store.Tx, id string) (*policy.Policy, error) {
	var d struct {
		Version   string            `json:",omitempty"`
		Statement []json.RawMessage // its own, before that of the administrators
	}
	name := "delegated administrators of " + id
	p, err := resourcePolicies.Get(tx, id)
	switch {
	case err == nil:
		doc, err := s.shown(tx, p)
		if err != nil {
			return nil, err
		}
		d.Version = doc.Version
		for _, st := range doc.Statements {
			d.Statement = append(d.Statement, json.RawMessage(doc.Source()[st.Start.Offset:st.End.Offset]))
		}
		name = p.ID
	case !errors.Is(err, store.ErrNotFound):
		return nil, err
	}
	may, err := administratorStatement(tx, id)
	if err != nil {
		return nil, err
	}
	if may != nil {
		d.Statement = append(d.Statement, may)
	}
	if d.Statement == nil {
		return nil, nil
	}
	text, err := json.Marshal(d)
	return policy.Load(name, text), err
}

// administratorStatement lets the accounts that are registered read; nil if none is.
func administratorStatement(tx *store.Tx, id string) (json.RawMessage, error) {
	var accounts []string
	for d, err := range delegates.Scan(tx, store.K(id)) {
		if err != nil {
			return nil, err
		}
		accounts = append(accounts, d.Account)
	}
	if accounts == nil {
		return nil, nil
	}
	return json.Marshal(map[string]any{"Effect": "Allow", "Principal": map[string]any{"AWS": accounts},
		"Action": administratorActions, "Resource": "*"})
}
