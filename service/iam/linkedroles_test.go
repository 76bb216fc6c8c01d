package iam_test

import (
	"testing"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/authn"
	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/service/iam"
	"github.com/writ-iam/writ/store"
)

// The sessions of service-linked roles are known as such to decisions: the
// ceilings of organizations do not reach them (R26, R31). No other role's are,
// whatever it is called.
func TestLinkedSessions(t *testing.T) {
	l := awstest.New(t)
	trust := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ecs.amazonaws.com"},"Action":"sts:AssumeRole"}}`
	for _, test := range []struct {
		operation string
		params    map[string]any
		want      bool
	}{
		{"CreateServiceLinkedRole", map[string]any{"AWSServiceName": "ecs.amazonaws.com"}, true},
		{"CreateRole", map[string]any{"RoleName": "AWSServiceRoleForMe", "Path": "/aws-service-roles/", "AssumeRolePolicyDocument": trust}, false},
	} {
		out, err := l.Call(awstest.Root, "iam", test.operation, test.params)
		if err != nil {
			t.Fatal(err)
		}
		id := out["Role"].(map[string]any)["RoleId"].(string)
		var behind *authn.Entity
		err = l.Store.View(t.Context(), func(tx *store.Tx) error {
			behind, err = iam.New(l.Store, nil, nil).Entity(tx, writ.Issuer{Type: writ.IssuerRole, Partition: "aws", Account: awstest.Account, ID: id})
			return err
		})
		if err != nil || behind.ServiceLinked != test.want {
			t.Errorf("%s: %+v, %v", test.operation, behind, err)
		}
	}
}
