package authz

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/store"
)

// checkTags refuses a call that would set tags which the tag policy over a
// resource's account does not let be set.
func (a *Authorizer) checkTags(tx *store.Tx, c *writ.Call, check *model.Check, all []writ.Check) error {
	tags := setTags(c, check)
	if tags == nil || a.tagPolicies == nil {
		return nil
	}
	for i := range all {
		r := &all[i].Resource
		p, err := a.tagPolicies.GetTx(tx, r.Account)
		if err != nil {
			return err
		}
		if wrong := p.refused(taggedType(check, r), tags); !wrong.OK() {
			return tagViolation(c, wrong)
		}
	}
	return nil
}

// setTags are the tags that a call sets on what a check is about; nil if it sets none.
func setTags(c *writ.Call, check *model.Check) (set map[string]string) {
	from := check.Tags
	if from == "" {
		from = check.Keys["aws:RequestTag/*"]
	}
	if from == "" || check.Tagged == model.Untagged {
		return nil
	}
	tags(asked(c, from), from, func(key, value string) {
		if set == nil {
			set = map[string]string{}
		}
		set[key] = value
	})
	return set
}

// taggedType is what tag policies call the type of what a call tags.
func taggedType(check *model.Check, r *writ.Resource) string {
	kind := cmp.Or(check.Tagged, r.Type, kindIn(r.ARN))
	return check.Service() + ":" + cmp.Or(tagPolicyTypes[kind], kind)
}

// tagPolicyTypes are the types that tag policies call otherwise than the catalogue.
var tagPolicyTypes = map[string]string{"organizationalunit": "ou"}

// kindIn is the resource type that an ARN begins its resource with.
func kindIn(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	kind, _, _ := strings.Cut(parts[len(parts)-1], "/")
	return kind
}

// tagViolation is how each service says that tags do not comply.
func tagViolation(c *writ.Call, wrong Compliance) error {
	message := "The tag policy does not allow the specified value for the following tag key: '%s'."
	keys := wrong.Values
	if len(wrong.Keys) > 0 {
		message, keys = "The tag policy does not allow the specified capitalization of the following tag key: '%s'.", wrong.Keys
	}
	e := writ.Errorf(http.StatusBadRequest, "TagPolicyViolation", message, keys[0])
	switch c.Operation.Service.Name {
	case "iam":
		e.Code = "InvalidInput"
	case "organizations":
		e.Code, e.Fields = "ConstraintViolationException", map[string]any{"Reason": "TAG_POLICY_VIOLATION"}
	case "s3":
		e.Code = "InvalidTag"
	}
	return e
}
