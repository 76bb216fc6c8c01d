package organizations

import (
	"strings"

	"github.com/writ-iam/writ/service/organizations/inherit"
)

const tagPolicy = "TAG_POLICY"

// tagShape is of what a tag policy says of one tag key (Organizations User Guide,
// "Tag policy syntax and examples").
var tagShape = &inherit.Shape{
	Named: spelled,
	Fields: fields{
		"tag_key":                 {},
		"tag_value":               {List: true, Value: func(text string) bool { return strings.Count(text, "*") <= 1 }},
		"enforced_for":            {List: true, Value: resourceTypeOf},
		"report_required_tag_for": {List: true, Value: resourceTypeOf},
	},
}

// spelled says whether a tag key is its policy key but for upper and lower case.
func spelled(name string, s *inherit.Setting) bool {
	if name == "" {
		return false
	}
	key := s.Members["tag_key"]
	return key == nil || key.Assign == nil || strings.EqualFold(inherit.Text(key.Assign), name)
}

// resourceTypeOf says whether a text names a resource type, or all of a service:
// "ec2:instance", "ec2:*", "ec2:ALL_SUPPORTED".
func resourceTypeOf(text string) bool {
	service, kind, ok := strings.Cut(text, ":")
	return ok && service != "" && !strings.Contains(service, "*") && kind != "" && (kind == "*" || !strings.Contains(kind, "*"))
}
