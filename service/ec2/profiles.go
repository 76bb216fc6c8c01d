package ec2

import (
	"errors"
	"strings"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
	"github.com/writ-iam/writ/store"
)

// profile finds the instance profile that a request names, with the role in it;
// nil if it names none.
func (s *Service) profile(tx *store.Tx, account string, spec *api.IamInstanceProfileSpecification) (*writ.InstanceProfile, error) {
	if spec == nil || spec.Arn == nil && spec.Name == nil {
		return nil, nil
	}
	if spec.Arn != nil && spec.Name != nil {
		return nil, invalidCombination("The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'")
	}
	if spec.Arn != nil {
		const invalid = "Value (%s) for parameter iamInstanceProfile.arn is invalid. Invalid IAM Instance Profile ARN"
		if !strings.HasPrefix(*spec.Arn, "arn:") { // policies compare it as it is given: it must not be a name
			return nil, invalidValue(invalid, *spec.Arn)
		}
		return s.carrier(tx, account, *spec.Arn, invalid)
	}
	return s.carrier(tx, account, *spec.Name, "Value (%s) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name")
}

// carrier finds an instance profile that holds a role.
func (s *Service) carrier(tx *store.Tx, account, nameOrARN, invalid string) (*writ.InstanceProfile, error) {
	p, err := s.profiles.InstanceProfile(tx, account, nameOrARN)
	if errors.Is(err, store.ErrNotFound) {
		return nil, invalidValue(invalid, nameOrARN)
	}
	if err == nil && p.Role == nil {
		return nil, invalidValue("IAM Instance Profile %q has no associated IAM Roles", p.ARN)
	}
	return p, err
}

// associate makes the association with the profile that a request names; nil if
// it names none.
func (s *Service) associate(tx *store.Tx, c *writ.Call, spec *api.IamInstanceProfileSpecification, id string) (*association, error) {
	p, err := s.profile(tx, c.Scope.Account, spec)
	if p == nil || err != nil {
		return nil, err
	}
	return &association{ID: id, ARN: p.ARN, ProfileID: p.ID, Since: c.Time.Truncate(1e9)}, nil
}
