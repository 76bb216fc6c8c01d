package authz

import (
	"fmt"
	"testing"
)

func TestTagPolicy(t *testing.T) {
	p := TagPolicy{
		"costcenter": {Key: "CostCenter", Values: []string{"100", "3*", "*@example.com", "a*z"}, Enforced: []string{"ec2:*", "iam:user"}},
		"project":    {Key: "project", Enforced: []string{"s3:ALL_SUPPORTED"}, Required: []string{"ec2:instance", "s3:*"}},
	}
	type tags = map[string]string
	for _, test := range []struct {
		resourceType string
		tags         tags
		refused      string
		found        string
	}{
		{"ec2:instance", tags{"CostCenter": "100", "Other": "x"}, "{[] []}", "{[project] []}"},
		{"ec2:volume", tags{"CostCenter": "30"}, "{[] []}", "{[] []}"},
		{"ec2:volume", tags{"CostCenter": "me@example.com"}, "{[] []}", "{[] []}"},
		{"ec2:volume", tags{"CostCenter": "az"}, "{[] []}", "{[] []}"},
		{"ec2:volume", tags{"CostCenter": "a"}, "{[] [CostCenter]}", "{[] [CostCenter]}"}, // the wildcard does not overlap
		{"ec2:volume", tags{"CostCenter": "200"}, "{[] [CostCenter]}", "{[] [CostCenter]}"},
		{"ec2:volume", tags{"CostCenter": ""}, "{[] [CostCenter]}", "{[] [CostCenter]}"},
		{"ec2:volume", tags{"costcenter": "100"}, "{[costcenter] []}", "{[costcenter] []}"},
		{"ec2:volume", tags{"costcenter": "100", "COSTCENTER": "1", "CostCenter": "1"}, "{[COSTCENTER costcenter] [CostCenter]}", "{[COSTCENTER costcenter] [CostCenter]}"},
		{"ec2:key-pair", tags{"CostCenter": "200"}, "{[] []}", "{[] [CostCenter]}"}, // a wildcard is for the types that AWS lists
		{"iam:user", tags{"CostCenter": "200"}, "{[] [CostCenter]}", "{[] [CostCenter]}"},
		{"iam:role", tags{"CostCenter": "200"}, "{[] []}", "{[] [CostCenter]}"},
		{"s3:bucket", tags{"Project": ""}, "{[Project] []}", "{[Project project] []}"},
		{"s3:bucket", tags{"project": ""}, "{[] []}", "{[] []}"},
		{"s3:bucket", nil, "{[] []}", "{[project] []}"},
	} {
		if got := fmt.Sprint(p.refused(test.resourceType, test.tags)); got != test.refused {
			t.Errorf("%s %v: refused %s, want %s", test.resourceType, test.tags, got, test.refused)
		}
		if got := fmt.Sprint(p.Check(test.resourceType, test.tags)); got != test.found {
			t.Errorf("%s %v: found %s, want %s", test.resourceType, test.tags, got, test.found)
		}
	}
	if c := TagPolicy(nil).Check("ec2:instance", tags{"x": "y"}); !c.OK() {
		t.Error(c)
	}
}
