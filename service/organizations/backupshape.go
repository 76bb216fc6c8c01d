package organizations

import "github.com/writ-iam/writ/service/organizations/inherit"

// planShape is of a backup plan (Organizations User Guide, "Backup policy syntax
// and examples").
var planShape = &inherit.Shape{
	Required: []string{"regions", "rules", "selections"},
	Fields: fields{
		"rules":   {Free: ruleShape, Most: 10},
		"regions": {List: true},
		"selections": {Fields: fields{
			"tags":      {Free: selectionShape("tag_key", "tag_value")},
			"resources": {Free: selectionShape("resource_types")},
		}},
		"advanced_backup_settings": {Fields: fields{"ec2": {Fields: fields{
			"windows_vss": one("enabled", "disabled"),
			"WindowsVSS":  one("enabled", "disabled"), // as the guide spelled it first
		}}}},
		"backup_plan_tags": {Free: backupTag},
		"scan_settings":    inherit.Any,
	},
}

var ruleShape = &inherit.Shape{
	Required: []string{"target_backup_vault_name"},
	Fields: fields{
		"schedule_expression":                          {},
		"schedule_expression_timezone":                 {},
		"start_backup_window_minutes":                  number,
		"complete_backup_window_minutes":               number,
		"enable_continuous_backup":                     truth,
		"target_backup_vault_name":                     {},
		"target_logically_air_gapped_backup_vault_arn": {},
		"recovery_point_tags":                          {Free: backupTag},
		"lifecycle":                                    lifecycle,
		"copy_actions":                                 {Free: copyShape},
		"index_actions":                                {Fields: fields{"resource_types": {List: true}}},
		"scan_actions":                                 inherit.Any,
	},
}

var copyShape = &inherit.Shape{Fields: fields{"target_backup_vault_arn": {}, "lifecycle": lifecycle}}

var lifecycle = &inherit.Shape{Fields: fields{
	"move_to_cold_storage_after_days":           number,
	"delete_after_days":                         number,
	"to_delete_after_days":                      number, // as some of the guide's examples have it
	"opt_in_to_archive_for_supported_resources": truth,
}}

var (
	backupTag = &inherit.Shape{Fields: fields{"tag_key": {}, "tag_value": {}}}
	truth     = one("true", "false")
	number    = &inherit.Shape{Value: between(0, 1<<31-1)}
)

// selectionShape is of resources that are backed up, by tags or by themselves.
func selectionShape(required ...string) *inherit.Shape {
	return &inherit.Shape{
		Required: append([]string{"iam_role_arn"}, required...),
		Fields: fields{
			"iam_role_arn":       {},
			"tag_key":            {},
			"tag_value":          {List: true},
			"resource_types":     {List: true},
			"not_resource_types": {List: true},
			"conditions":         inherit.Any,
		},
	}
}
