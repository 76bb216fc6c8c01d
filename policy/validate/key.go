package validate

import (
	"slices"
	"strings"

	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
)

// key looks up a condition key. It is nil and ok if nobody can know it, as with
// keys of OIDC providers; if AWS does not have it, that is reported. A finding
// can be repaired if the key is all that stands at the place.
func (c *checker) key(name string, at span, repairable bool) (key *catalogue.ConditionKey, ok bool) {
	prefix, _, _ := strings.Cut(name, ":")
	if !c.afford(5000) {
		return nil, true
	}
	if strings.EqualFold(name, "aws:PrincipalOrgMasterAccountId") {
		return nil, true // used by AWS's own policies, and on no page
	}
	if strings.EqualFold(name, "aws:ARN") {
		c.report("DEPRECATED_GLOBAL_CONDITION_KEY", at, "aws:ARN is out of use: take aws:PrincipalArn or aws:SourceArn")
		return nil, true
	}
	if key, ok := lookupKey(name); ok {
		return key, true
	}
	if !strings.Contains(name, ":") || strings.EqualFold(prefix, own) || isIssuer(prefix) {
		return nil, true
	}
	code, what := "INVALID_SERVICE_CONDITION_KEY", "AWS has no condition key"
	if strings.EqualFold(prefix, "aws") {
		code, what = "INVALID_GLOBAL_CONDITION_KEY", "AWS has no global condition key"
	}
	nearest, found := c.nearKey(name)
	if _, known := catalogue.LookupService(prefix); c.kind == policy.TrustPolicy && !known && !found && !strings.EqualFold(prefix, "aws") {
		return nil, true // a provider without a dot in its name
	}
	f := c.report(code, at, "%s %q%s", what, name, meant(nearest, found))
	if repairable {
		c.repaired(f, nearest)
	}
	return nil, false
}

// isIssuer tells whether the part of a key before the colon is the address of an
// OIDC provider: token.actions.githubusercontent.com, localhost/realms/a.
func isIssuer(prefix string) bool { return strings.ContainsAny(prefix, "./") }

// lookupKey is catalogue.LookupKey for keys of all notations that the catalogue
// has: some templates have no variable.
func lookupKey(name string) (*catalogue.ConditionKey, bool) {
	if key, ok := catalogue.LookupKey(name); ok {
		return key, true
	}
	prefix, _, _ := strings.Cut(name, ":")
	service, ok := catalogue.LookupService(prefix)
	if !ok {
		return nil, false
	}
	i := slices.IndexFunc(service.ConditionKeys, func(k catalogue.ConditionKey) bool { return isKey(k.Name, name) })
	if i < 0 {
		return nil, false
	}
	return &service.ConditionKeys[i], true
}

// isKey reports whether a name is the key, or made from the template of keys.
func isKey(key, name string) bool {
	stem, template := stem(key)
	if template {
		return len(name) > len(stem) && strings.EqualFold(name[:len(stem)], stem)
	}
	return strings.EqualFold(name, key)
}

// stem gives the part of a template of keys that all of them begin with. The
// catalogue writes templates in four ways: aws:ResourceTag/${TagKey},
// s3:ExistingObjectTag/<key>, ssm:resourceTag/tag-key, glacier:ResourceTag/.
func stem(key string) (stem string, template bool) {
	if i := strings.IndexAny(key, "$<"); i > 0 {
		return key[:i], true
	}
	if stem, ok := strings.CutSuffix(key, "tag-key"); ok {
		return stem, true
	}
	return key, strings.HasSuffix(key, "/")
}

// nearKey finds the key that is most like a misspelt one, among the global ones
// and those of the service that it names.
func (c *checker) nearKey(name string) (string, bool) {
	prefix, _, _ := strings.Cut(name, ":")
	keys := catalogue.GlobalKeys()
	if service, ok := catalogue.LookupService(prefix); ok {
		keys = service.ConditionKeys
	} else if !strings.EqualFold(prefix, "aws") {
		return c.nearPrefix(name)
	}
	base, tag, tagged := strings.Cut(name, "/")
	nearest, ok := c.near(base, each(keys, func(k catalogue.ConditionKey) string {
		stem, template := stem(k.Name)
		if template && tagged {
			return strings.TrimSuffix(stem, "/")
		}
		return k.Name
	}))
	if ok && tagged && !strings.Contains(nearest, "/") {
		nearest += "/" + tag
	}
	return nearest, ok
}

// nearPrefix repairs the prefix of a key.
func (c *checker) nearPrefix(name string) (string, bool) {
	prefix, rest, _ := strings.Cut(name, ":")
	nearest, ok := c.near(prefix, services)
	if !ok {
		return "", false
	}
	nearest += ":" + rest
	_, ok = lookupKey(nearest)
	return nearest, ok
}

// has reports whether requests for the action can have the key.
func (a *action) has(key string) bool {
	return slices.ContainsFunc(a.matches, func(match *catalogue.Action) bool { return hasKey(a.service, match, key) })
}

func hasKey(service *catalogue.Service, a *catalogue.Action, key string) bool {
	isIt := func(name string) bool { return isKey(name, key) }
	return slices.ContainsFunc(a.ConditionKeys, isIt) || slices.ContainsFunc(a.Resources, func(r catalogue.ActionResource) bool {
		t, ok := service.ResourceType(r.Type)
		return slices.ContainsFunc(r.ConditionKeys, isIt) || ok && slices.ContainsFunc(t.ConditionKeys, isIt)
	})
}

// general reports whether requests for any action can have the key. Of the global
// keys only those about tags in the request and on the resource depend on the action.
func general(key string) bool {
	for _, tags := range []string{"aws:RequestTag/${TagKey}", "aws:ResourceTag/${TagKey}", "aws:TagKeys"} {
		if isKey(tags, key) {
			return false
		}
	}
	return slices.ContainsFunc(catalogue.GlobalKeys(), func(k catalogue.ConditionKey) bool { return isKey(k.Name, key) })
}
