package validate

// Check is something that Document looks for.
type Check struct {
	Code     string
	Severity Severity // of its findings, but for those that keep AWS from storing the document: they are errors
	Summary  string
	AWS      bool // IAM Access Analyzer has a check of this code
}

// Checks lists all that Document looks for: first what IAM Access Analyzer has
// too (IAM User Guide, "IAM policy validation check reference"), then our own.
// The list must not be modified.
//
// INVALID_ARN_RESOURCE and MISSING_QUALIFIER are errors to Access Analyzer. Here
// they are warnings: what AWS publishes of ARNs and of the types of keys lacks
// some that its own managed policies use.
func Checks() []Check { return checks[:] }

var checks = [...]Check{
	// The text and its elements.
	{"JSON_SYNTAX_ERROR", Error, "The text is not JSON, or no policy document", true},
	{"DATA_TYPE_MISMATCH", Error, "The value of an element has the wrong JSON type", true},
	{"INVALID_POLICY_ELEMENT", Error, "There is no element of this name", true},
	{"UNSUPPORTED_ELEMENT_COMBINATION", Error, "An element stands beside its opposite", true},
	{"INVALID_VERSION", Error, "There is no such version of the policy language", true},
	{"MISSING_VERSION", Warning, "The document has no Version", true},
	{"MISSING_STATEMENT", Error, "The document has no statement", true},
	{"MISSING_EFFECT", Error, "The statement has no Effect", true},
	{"INVALID_EFFECT", Error, "The effect is neither Allow nor Deny", true},
	{"UNSUPPORTED_SID", Error, "The Sid has characters that IAM does not allow", true},
	{"UNIQUE_SIDS_REQUIRED", Error, "Two statements have the same Sid", true},
	{"EMPTY_SID_VALUE", Suggestion, "The Sid is empty", true},
	{"POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA", Warning, "The document is longer than its quota", true},
	{"POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA", Warning, "The document is longer than its quota", true},
	{"POLICY_SIZE_EXCEEDS_SCP_QUOTA", Error, "The document is longer than its quota", true},
	{"REDUNDANT_STATEMENT", Suggestion, "Another statement says all that this one says", true},

	// Principals.
	{"MISSING_PRINCIPAL", Error, "The statement names no principal", true},
	{"UNSUPPORTED_PRINCIPAL", Error, "This kind of document names no principals in this way", true},
	{"INVALID_PRINCIPAL_KEY", Error, "There is no such type of principal", true},
	{"INVALID_PRINCIPAL_FORMAT", Error, "This cannot be a principal", true},
	{"INVALID_SERVICE_PRINCIPAL_FORMAT", Error, "This cannot be the principal of a service", true},
	{"INVALID_ROLE_REFERENCE", Warning, "A role is named by its unique id", true},
	{"INVALID_USER_REFERENCE", Warning, "A user is named by its unique id", true},
	{"UNSUPPORTED_WILDCARD_IN_PRINCIPAL", Error, "Wildcards do not match parts of a principal", true},
	{"REDUNDANT_PRINCIPAL", Suggestion, "The same principal stands twice", true},
	{"ALLOW_WITH_NOT_PRINCIPAL", SecurityWarning, "Everybody but a few is allowed something", true},
	{"MISMATCHED_ACTION_FOR_PRINCIPAL", Error, "This principal assumes roles with another action", true},
	{"RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", SecurityWarning, "A service is let in on behalf of any customer", true},
	{"ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE", Error, "A trust policy has a Resource", true},
	{"ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL", Error, "A trust policy has a lone star for its principals", true},
	{"RCP_SYNTAX_ERROR_NOTACTION", Error, "A resource control policy has a NotAction", true},

	// Actions.
	{"MISSING_ACTION", Error, "The statement names no action", true},
	{"INVALID_ACTION", Error, "The service has no such action", true},
	{"INVALID_SERVICE_IN_ACTION", Error, "There is no such service", true},
	{"UNSUPPORTED_ACTION_IN_POLICY", Error, "The action has no effect in this kind of document", true},
	{"WILDCARD_IN_SERVICE_NAME", Suggestion, "An action is said of all services", true},
	{"REDUNDANT_ACTION", Suggestion, "Another value says this already", true},

	// Resources.
	{"MISSING_RESOURCE", Error, "The statement names no resource", true},
	{"INVALID_ARN_PREFIX", Error, "The resource is no ARN", true},
	{"INVALID_PARTITION", Error, "There is no such partition", true},
	{"MISSING_ARN_FIELD", Error, "The ARN has fewer than six fields", true},
	{"INVALID_SERVICE", Error, "There is no such service", true},
	{"INVALID_ARN_SERVICE_CASE", Error, "The service of the ARN is not in small letters", true},
	{"INVALID_ARN_REGION", Error, "There is no such region", true},
	{"INVALID_ARN_ACCOUNT", Error, "This is not the id of an account", true},
	{"MISSING_ARN_REGION", Error, "ARNs of such resources have a region", true},
	{"ARN_REGION_NOT_ALLOWED", Error, "ARNs of such resources have no region", true},
	{"ARN_ACCOUNT_NOT_ALLOWED", Error, "ARNs of such resources have no account", true},
	{"INVALID_ARN_RESOURCE", Warning, "The service has no resource with such an ARN", true},
	{"REDUNDANT_RESOURCE", Suggestion, "Another value says this already", true},

	// Conditions.
	{"INVALID_CONDITION_KEY_FORMAT", Error, "The condition key has no prefix", true},
	{"INVALID_GLOBAL_CONDITION_KEY", Error, "There is no such global condition key", true},
	{"INVALID_SERVICE_CONDITION_KEY", Error, "There is no such condition key", true},
	{"DEPRECATED_GLOBAL_CONDITION_KEY", Warning, "The condition key is out of use", true},
	{"DUPLICATE_KEYS_WITH_DIFFERENT_CASE", Error, "The condition has the same key twice", true},
	{"INVALID_CONDITION_OPERATOR", Error, "There is no such condition operator", true},
	{"NULL_WITH_IF_EXISTS", Error, "Null has no IfExists", true},
	{"NULL_WITH_QUALIFIER", Error, "Null has no ForAllValues and no ForAnyValue", true},
	{"MISSING_QUALIFIER", Warning, "A key of several values needs ForAllValues or ForAnyValue", true},
	{"FORALLVALUES_WITH_SINGLE_VALUED_KEY", SecurityWarning, "ForAllValues allows requests without the key", true},
	{"INVALID_CONDITION_MULTIPLE_BOOLEAN", Error, "The condition holds whether the key is true or false", true},
	{"TYPE_MISMATCH", Warning, "The operator does not compare values of the key's type", true},
	{"TYPE_MISMATCH_BOOLEAN", Warning, "The value is neither true nor false", true},
	{"TYPE_MISMATCH_DATE", Warning, "The value is not a date", true},
	{"TYPE_MISMATCH_IP_RANGE", Warning, "The value is not an IP address or range", true},
	{"TYPE_MISMATCH_NUMBER", Warning, "The value is not a number", true},
	{"STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS", Warning, "ARNs are compared as if they had no fields", true},
	{"WILDCARD_WITHOUT_LIKE_OPERATOR", Warning, "The operator does not know wildcards", true},
	{"INVALID_DATE_VALUE", Warning, "The date is written as seconds since 1970", true},
	{"IMPROVE_IP_RANGE", Suggestion, "The range has bits that do not count", true},
	{"EMPTY_OBJECT_CONDITION", Suggestion, "The condition is empty", true},
	{"EMPTY_ARRAY_CONDITION", Suggestion, "The condition key has no values", true},

	// Variables.
	{"VARIABLE_UNSUPPORTED_IN_VERSION", Error, "This version of the policy language has no variables", true},
	{"VARIABLE_UNSUPPORTED_IN_ELEMENT", Error, "Variables have no meaning here", true},
	{"INVALID_VARIABLE_FOR_OPERATOR", Error, "Variables have no meaning for this operator", true},
	{"EMPTY_VARIABLE", Error, "The variable has no name", true},
	{"MISSING_BRACE_IN_VARIABLE", Error, "The variable has no closing brace", true},
	{"MISSING_QUOTE_IN_VARIABLE", Error, "The default value of the variable is not in quotes", true},
	{"MISSING_TAG_KEY_IN_VARIABLE", Error, "The variable lacks the key of a tag", true},
	{"UNSUPPORTED_SPACE_IN_VARIABLE", Error, "The name of the variable has spaces", true},

	// Roles that can be passed or created freely.
	{"PASS_ROLE_WITH_STAR_IN_RESOURCE", SecurityWarning, "Any role can be passed to any service", true},
	{"PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE", SecurityWarning, "Any role can be passed to any service", true},
	{"PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION", SecurityWarning, "Any role can be passed to any service", true},
	{"PASS_ROLE_WITH_NOT_RESOURCE", SecurityWarning, "All but a few roles can be passed to any service", true},
	{"PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE", SecurityWarning, "All but a few roles can be passed to any service", true},
	{"PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE", SecurityWarning, "All but a few roles can be passed to any service", true},
	{"CREATE_SLR_WITH_STAR_IN_RESOURCE", Warning, "Service-linked roles of any service can be created", true},
	{"CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE", Warning, "Service-linked roles of any service can be created", true},
	{"CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION", Warning, "Service-linked roles of any service can be created", true},
	{"CREATE_SLR_WITH_NOT_RESOURCE", Warning, "Service-linked roles of all but a few services can be created", true},
	{"CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE", Warning, "Service-linked roles of all but a few services can be created", true},
	{"CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE", Warning, "Service-linked roles of all but a few services can be created", true},

	// Our own, where AWS refuses the document or takes it for something else.
	{"MALFORMED_POLICY_DOCUMENT", Error, "AWS does not store this document", false},
	{"DEPRECATED_VERSION", Warning, "The version of the policy language is out of date", false},
	{"POLICY_SIZE_EXCEEDS_SESSION_POLICY_QUOTA", Warning, "The document is longer than its quota", false},
	{"POLICY_SIZE_EXCEEDS_RCP_QUOTA", Error, "The document is longer than its quota", false},
	{"RCP_SYNTAX_ERROR_ALLOW", Error, "A resource control policy allows something", false},
	{"RCP_SYNTAX_ERROR_ACTION", Error, "A resource control policy denies all actions", false},
	{"RCP_SYNTAX_ERROR_PRINCIPAL", Error, "A resource control policy names principals", false},
	{"MISSING_ARN_ACCOUNT", Warning, "ARNs of such resources have an account", false},
	{"TYPE_MISMATCH_ARN", Warning, "The value is not an ARN", false},
	{"TYPE_MISMATCH_BINARY", Warning, "The value is not base64", false},
	{"MULTIVALUED_KEY_IN_VARIABLE", Error, "The variable never has a value", false},

	// Our own, where a part of the document never has an effect.
	{"RESOURCE_DOES_NOT_FIT_ACTION", Warning, "The action does not act on the statement's resources", false},
	{"ACTION_WITHOUT_RESOURCE_TYPES", Warning, "The action cannot be limited to resources", false},
	{"RESOURCE_WITHOUT_ACTION", Suggestion, "No action of the statement acts on the resource", false},
	{"UNSUPPORTED_CONDITION_KEY_FOR_ACTION", Warning, "Requests for the statement's actions never have the condition key", false},
	{"CONDITION_KEY_NOT_OF_ALL_ACTIONS", Suggestion, "Requests for some of the statement's actions never have the condition key", false},
	{"REDUNDANT_CONDITION_VALUE", Suggestion, "The same value stands twice", false},

	// Our own, where more or less is allowed than was meant.
	{"FULL_ACCESS", SecurityWarning, "Everything is allowed", false},
	{"PRIVILEGE_ESCALATION", SecurityWarning, "The bearer can gain all rights", false},
	{"ALLOW_WITH_NOT_ACTION", SecurityWarning, "All but a few actions are allowed", false},
	{"ALLOW_WITH_NOT_RESOURCE", SecurityWarning, "Something is allowed on all but a few resources", false},
	{"DENY_WITH_NOT_PRINCIPAL", Warning, "Deny with NotPrincipal denies more than it seems to", false},
	{"PUBLIC_ACCESS", SecurityWarning, "Something is allowed to everybody", false},
	{"PUBLIC_BY_SOURCE_IP", SecurityWarning, "An address is all that is asked of the caller", false},
	{"MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL", SecurityWarning, "Whoever has a token of the provider can assume the role", false},
	{"MFA_DENY_WITHOUT_IF_EXISTS", SecurityWarning, "Requests signed with long-term keys are not denied", false},
	{"MFA_ALLOW_WITH_IF_EXISTS", SecurityWarning, "Requests signed with long-term keys are allowed without MFA", false},
	{"DENY_BY_SOURCE_IP_WITHOUT_VIA_AWS_SERVICE", Warning, "Requests that services make for the caller are denied too", false},
	{"FORALLVALUES_WITHOUT_NULL_CHECK", Warning, "ForAllValues allows requests without the key", false},
}

var severities = bySeverity()

func bySeverity() map[string]Severity {
	m := make(map[string]Severity, len(checks))
	for _, c := range checks {
		m[c.Code] = c.Severity
	}
	return m
}
