package iam

import (
	"strings"
	"testing"

	"github.com/writ-iam/writ/catalogue"
)

// What the table says is held against the catalogue: each policy is one that
// only services can attach.
func TestLinkedServices(t *testing.T) {
	names := map[string]string{}
	for service, linked := range linkedServices {
		if other, taken := names[linked.role]; taken {
			t.Errorf("%s and %s have the same role", service, other)
		}
		names[linked.role] = service
		if !strings.HasPrefix(linked.role, "AWSServiceRoleFor") || len(linked.role) > maxRoleName || !strings.HasSuffix(service, ".amazonaws.com") {
			t.Errorf("%s: %s", service, linked.role)
		}
		if linked.policy == "" {
			continue
		}
		p, ok := catalogue.ManagedPolicy("arn:aws:iam::aws:policy" + linkedPath + linked.policy)
		if !ok || p.Attachable {
			t.Errorf("%s: %s is no policy of a service-linked role", service, linked.policy)
		}
	}
}
