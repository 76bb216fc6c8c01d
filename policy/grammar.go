package policy

// grammar is what one Kind of document must and must not have.
type grammar struct {
	texts     *texts
	principal presence
	resource  presence
	current   bool // only in the current version of the language
	plainSid  bool // letters and digits
	denyOnly  bool // statements deny, and name the services of what they deny
}

type presence uint8

const (
	optional presence = iota
	required
	forbidden
	object   // required, as an object, and without NotPrincipal
	everyone // required to be "*"
)

var grammars = [...]grammar{
	IdentityPolicy:        {texts: &legacyTexts, principal: forbidden, resource: required, plainSid: true},
	ManagedPolicy:         {texts: &legacyTexts, principal: forbidden, resource: required, plainSid: true, current: true},
	SessionPolicy:         {texts: &fieldTexts, principal: forbidden, resource: required},
	TrustPolicy:           {texts: &fieldTexts, principal: object, resource: forbidden},
	ResourcePolicy:        {texts: &fieldTexts, principal: required},
	EndpointPolicy:        {texts: &fieldTexts, principal: required, resource: required},
	ServiceControlPolicy:  {texts: &organizationTexts, principal: forbidden, resource: required, current: true},
	ResourceControlPolicy: {texts: &organizationTexts, principal: everyone, resource: required, current: true, denyOnly: true},
}

// texts are the messages of one of AWS's parsers.
type texts struct {
	json        string // not JSON
	syntax      string // anything that has no message of its own
	noStatement string
	sameSid     string
	outdated    string // where only the current version of the language will do

	of         func(Problem) string
	prohibited func(element string) string
	missing    func(element string) string
}

// legacyTexts are those of the IAM operations that store identity policies.
var legacyTexts = texts{
	json:        "Syntax errors in policy.",
	syntax:      "Syntax errors in policy.",
	noStatement: "Syntax errors in policy.",
	sameSid:     "Statement IDs (SID) in a single policy must be unique.",
	outdated:    "Policy document must be version 2012-10-17 or greater.",
	of:          func(Problem) string { return "Syntax errors in policy." },
	prohibited:  func(string) string { return "Policy document should not specify a principal." },
	missing: func(element string) string {
		switch element {
		case "Action":
			return "Policy statement must contain actions."
		case "Resource":
			return "Policy statement must contain resources."
		}
		return "Syntax errors in policy."
	},
}

// fieldTexts are those of trust, session and resource policies.
var fieldTexts = texts{
	json:        "This policy contains invalid Json",
	syntax:      "Syntax error in policy.",
	noStatement: "Could not parse the policy: Statement is empty!",
	sameSid:     "The Statement Ids in the policy are not unique",
	of: func(p Problem) string {
		switch p.fault {
		case badElement:
			return "Unknown field " + p.Element
		case badVersion:
			return "The policy must contain a valid version string"
		case badOperator:
			return "Invalid Condition type : " + p.Element
		case badPrincipal:
			return "Invalid principal in policy"
		}
		return "Syntax error in policy."
	},
	prohibited: func(element string) string { return "Has prohibited field " + element },
	missing:    func(element string) string { return "Missing required field " + element },
}

// organizationTexts are those of AWS Organizations, which has one for all.
var organizationTexts = texts{
	json:        organizationText,
	syntax:      organizationText,
	noStatement: organizationText,
	sameSid:     organizationText,
	outdated:    organizationText,
	of:          func(Problem) string { return organizationText },
	prohibited:  func(string) string { return organizationText },
	missing:     func(string) string { return organizationText },
}

const organizationText = "The provided policy document does not meet the requirements of the specified policy type."
