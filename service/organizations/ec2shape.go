package organizations

import (
	"strconv"
	"strings"

	"github.com/writ-iam/writ/service/organizations/inherit"
)

// ec2Shape is of the attributes that declarative policies for EC2 set
// (Organizations User Guide, "Declarative policy syntax and examples").
var ec2Shape = &inherit.Shape{Fields: fields{
	"exception_message": {},
	"vpc_block_public_access": {Fields: fields{"internet_gateway_block": {
		Required: []string{"exclusions_allowed", "mode"},
		Fields: fields{
			"mode":               one("off", "block_ingress", "block_bidirectional"),
			"exclusions_allowed": one("enabled", "disabled"),
		},
	}}},
	"serial_console_access":        {Fields: fields{"status": one("enabled", "disabled")}},
	"image_block_public_access":    {Fields: fields{"state": one("unblocked", "block_new_sharing")}},
	"snapshot_block_public_access": {Fields: fields{"state": one("unblocked", "block_new_sharing", "block_all_sharing")}},
	"instance_metadata_defaults": {Fields: fields{
		"http_tokens":                 one("no_preference", "required", "optional"),
		"http_tokens_enforced":        one("no_preference", "enabled", "disabled"),
		"http_put_response_hop_limit": {Value: between(-1, 64)},
		"http_endpoint":               one("no_preference", "enabled", "disabled"),
		"instance_metadata_tags":      one("no_preference", "enabled", "disabled"),
	}},
	"allowed_images_settings": {Fields: fields{
		"state":          one("enabled", "disabled", "audit_mode"),
		"image_criteria": {Free: criteria},
	}},
}}

// criteria are what allowed images are told by: "criteria_1" to "criteria_10".
var criteria = &inherit.Shape{
	Named: func(name string, _ *inherit.Setting) bool {
		n, ok := strings.CutPrefix(name, "criteria_")
		return ok && between(1, 10)(n) && n[0] != '0'
	},
	Fields: fields{
		"allowed_image_providers":    {List: true, Value: provider},
		"image_names":                {List: true, Value: length(1, 128)},
		"marketplace_product_codes":  {List: true, Value: length(1, 25)},
		"creation_date_condition":    {Fields: fields{"maximum_days_since_created": number}},
		"deprecation_time_condition": {Fields: fields{"maximum_days_since_deprecated": number}},
	},
}

func provider(text string) bool {
	return kindOf(text) == accountKind || oneOf("amazon", "aws_marketplace", "aws_backup_vault")(text)
}

// between says whether a text is a whole number within bounds.
func between(least, most int) func(string) bool {
	return func(text string) bool {
		n, err := strconv.Atoi(text)
		return err == nil && least <= n && n <= most
	}
}

// length says whether a text is that long, in bytes.
func length(least, most int) func(string) bool {
	return func(text string) bool { return least <= len(text) && len(text) <= most }
}
