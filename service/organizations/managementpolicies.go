package organizations

import (
	"slices"
	"strings"

	"github.com/writ-iam/writ/service/organizations/inherit"
)

// shapes are what the types of management policies may hold (Organizations User
// Guide, the pages on the syntax of each). Of some only the name on top is
// checked: what stands below belongs to services that Writ does not have.
var shapes = map[string]*inherit.Shape{
	tagPolicy:                          {Fields: fields{"tags": {Free: tagShape}}},
	"BACKUP_POLICY":                    {Fields: fields{"plans": {Free: planShape}}},
	"AISERVICES_OPT_OUT_POLICY":        {Fields: fields{"services": {Free: optOutShape}}},
	"DECLARATIVE_POLICY_EC2":           {Fields: fields{"ec2_attributes": ec2Shape}},
	"CHATBOT_POLICY":                   under("chatbot"),
	"SECURITYHUB_POLICY":               under("securityhub"),
	"INSPECTOR_POLICY":                 under("inspector"),
	"UPGRADE_ROLLOUT_POLICY":           under("upgrade_rollout"),
	"BEDROCK_POLICY":                   under("bedrock"),
	"S3_POLICY":                        under("s3_attributes"),
	"NETWORK_SECURITY_DIRECTOR_POLICY": under("network_security_director"),
}

type fields = map[string]*inherit.Shape

// under is the shape of a type of which the name on top is checked.
func under(name string) *inherit.Shape {
	return &inherit.Shape{Fields: fields{name: inherit.Any}, Needs: []string{name}}
}

// one is the shape of a setting that is one of some words.
func one(words ...string) *inherit.Shape { return &inherit.Shape{Value: oneOf(words...)} }

func oneOf(words ...string) func(string) bool {
	return func(text string) bool { return slices.Contains(words, text) }
}

// optOutShape is of an AI service, or of all ("default"). Which there are changes;
// their names are in lower case.
var optOutShape = &inherit.Shape{
	Named: func(name string, _ *inherit.Setting) bool {
		return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
	},
	Fields: fields{"opt_out_policy": one("optIn", "optOut")},
	Needs:  []string{"opt_out_policy"},
}
