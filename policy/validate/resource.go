package validate

import (
	"regexp"
	"slices"
	"strings"

	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
)

// resource is a value of Resource or NotResource.
type resource struct {
	policy.Value
	fields   [6]string // of the ARN; missing ones are stars, as IAM adds them
	patterns [6]pattern
	isARN    bool
}

func parseResource(v policy.Value) resource {
	if !strings.HasPrefix(v.Text, "arn:") {
		return resource{Value: v}
	}
	fields, ok := arn.Split(v.Text + strings.Repeat(":*", max(0, 5-strings.Count(v.Text, ":"))))
	r := resource{Value: v, fields: fields, isARN: ok}
	for i, field := range fields {
		r.patterns[i] = parsePattern(field)
	}
	return r
}

// star reports whether r is all resources.
func (r *resource) star() bool { return r.Text == "*" }

// partitions are all that AWS has.
var partitions = []string{"*", "aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"}

// resourceForm checks what IAM checks of a resource.
func (c *checker) resourceForm(r *resource) {
	at := c.value(r.Value)
	fields := strings.SplitN(r.Text, ":", 6)
	switch {
	case r.star():
	case fields[0] != "arn":
		c.refuse("INVALID_ARN_PREFIX", at, `the resource %q is neither "*" nor an ARN, which begins with arn:`, r.Text)
	case len(fields) > 1 && !slices.Contains(partitions, fields[1]):
		name, ok := c.near(fields[1], slices.Values(partitions[1:]))
		c.refuse("INVALID_PARTITION", at, "AWS has no partition %q%s", fields[1], meant(name, ok))
	case !r.formed():
		c.refuse("MISSING_ARN_FIELD", at, "the ARN %q is not of the form arn:partition:service:region:account:resource", r.Text)
	}
}

// formed reports whether IAM takes r for an ARN, to which it may add fields.
func (r *resource) formed() bool {
	fields := strings.SplitN(r.Text, ":", 6)
	return len(fields) > 3 && fields[2] != "" && (len(fields) == 6 || !strings.Contains(r.Text, "::"))
}

// resources checks what IAM stores but no request can fit.
func (c *checker) resources(s *statement) {
	for i := range s.resource {
		r := &s.resource[i]
		head := fifthColon(r.Text)
		c.variables(r.Value, head)
		if r.isARN = r.isARN && !strings.Contains(r.Text[:head], "${"); r.isARN && r.formed() {
			c.arnFields(r)
		}
	}
}

// fifthColon gives the offset of the last field of an ARN, which is the only one
// that may hold variables.
func fifthColon(text string) int {
	at := 0
	for range 5 {
		n := strings.IndexByte(text[at:], ':')
		if n < 0 {
			return len(text)
		}
		at += n + 1
	}
	return at
}

var (
	regionForm  = regexp.MustCompile(`^([a-z]{2,4}(-[a-z]+)+-\d+|aws-global)$`)
	accountForm = regexp.MustCompile(`^(\d{12}|aws|amazon|aws-marketplace|aws-managed|cloudfront|third-party)$`)
)

func (c *checker) arnFields(r *resource) {
	at := c.value(r.Value)
	service, region, account := r.fields[2], r.fields[3], r.fields[4]
	if n := strings.Count(r.Text, ":"); n < 5 {
		c.report("MISSING_ARN_FIELD", at, "the ARN %q has %d of six fields; IAM takes the others as stars", r.Text, n+1)
	}
	if lower := strings.ToLower(service); lower != service {
		f := c.report("INVALID_ARN_SERVICE_CASE", at, "services in ARNs are in small letters: %q never matches", service)
		c.repaired(f, strings.Replace(r.Text, ":"+service+":", ":"+lower+":", 1))
	}
	if !free(region) && !regionForm.MatchString(region) {
		c.report("INVALID_ARN_REGION", at, "%q is not the name of a region", region)
	}
	if !free(account) && !accountForm.MatchString(account) {
		c.report("INVALID_ARN_ACCOUNT", at, "%q is not the id of an account, which has 12 digits", account)
	}
}

// free reports whether a field says nothing that could be wrong, or says it with
// variables, which are reported elsewhere.
func free(field string) bool { return field == "" || strings.ContainsAny(field, "*?$") }

// unfit reports a resource that is like none that its service has.
func (c *checker) unfit(r *resource, known []*catalogue.ResourceType) {
	at := c.value(r.Value)
	if len(known) == 0 {
		return
	}
	service, region, account := r.fields[2], r.fields[3], r.fields[4]
	switch {
	case c.fitsAny(r.with(3, "*"), known) && region == "":
		c.report("MISSING_ARN_REGION", at, "such resources of %s have a region in their ARN", service)
	case c.fitsAny(r.with(3, "*"), known):
		c.repaired(c.report("ARN_REGION_NOT_ALLOWED", at, "such resources of %s have no region in their ARN", service), r.with(3, "").text())
	case c.fitsAny(r.with(4, "*"), known) && account == "":
		if !r.ofAWS() {
			c.report("MISSING_ARN_ACCOUNT", at, "such resources of %s have an account in their ARN", service)
		}
	case c.fitsAny(r.with(4, "*"), known):
		c.repaired(c.report("ARN_ACCOUNT_NOT_ALLOWED", at, "such resources of %s have no account in their ARN", service), r.with(4, "").text())
	default:
		c.report("INVALID_ARN_RESOURCE", at, "%s has no resource with such an ARN: %s", service, forms(known))
	}
}

// ownedByAWS are the services some of whose resources belong to AWS itself and so
// have no account in their ARNs: documents of Systems Manager, images and
// snapshots of EC2.
var ownedByAWS = map[string]bool{"ssm": true, "ec2": true}

func (r *resource) ofAWS() bool { return r.fields[4] == "" && ownedByAWS[r.fields[2]] }

// with gives the resource with another field.
func (r *resource) with(field int, text string) *resource {
	other := *r
	other.fields[field], other.patterns[field] = text, parsePattern(text)
	return &other
}

func (r *resource) text() string { return strings.Join(r.fields[:], ":") }

// forms lists the first of the ARNs that resources of some types have.
func forms(types []*catalogue.ResourceType) string {
	var list []string
	for _, t := range types {
		if !slices.Contains(list, t.ARN) {
			list = append(list, t.ARN)
		}
	}
	return some(list)
}
