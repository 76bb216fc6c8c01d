package validate

import (
	"slices"
	"strings"

	"github.com/writ-iam/writ/catalogue"
)

// fit compares the resources of a statement with those that its actions act on.
// One statement may mix both: an action needs one resource that it fits, and a
// resource one action.
func (c *checker) fit(s *statement) {
	if s.everything() {
		return
	}
	var types []*catalogue.ResourceType
	for i := range s.action {
		types = append(types, s.action[i].types...)
	}
	fitting := 0
	if s.Resource != nil && !s.notAction {
		for i := range s.action {
			fitting += c.fitAction(s, &s.action[i])
		}
	}
	for i := range s.resource {
		if r := &s.resource[i]; r.isARN {
			c.fitResource(s, r, types, fitting > 0)
		}
	}
}

// fitAction reports an action that none of the resources is for, and returns how
// many actions there is one for.
func (c *checker) fitAction(s *statement, a *action) int {
	switch {
	case len(a.matches) == 0:
		return 0
	case len(a.types) == 0:
		c.report("ACTION_WITHOUT_RESOURCE_TYPES", c.value(a.Value), "%s cannot be limited to resources: it needs the Resource \"*\"", a.Text)
		return 0
	}
	for i := range s.resource {
		if r := &s.resource[i]; !r.isARN || c.fitsAny(r, a.types) {
			return 1
		}
	}
	f := c.report("RESOURCE_DOES_NOT_FIT_ACTION", c.value(a.Value), "%s does not act on the statement's resources, but on %s", a.Text, forms(a.types))
	if text, ok := c.otherwise(s, a.types); ok {
		f.Message += meant(text, ok)
	}
	return 0
}

// otherwise finds the resource that was meant if a bucket stands for its objects,
// or objects for their bucket.
func (c *checker) otherwise(s *statement, types []*catalogue.ResourceType) (string, bool) {
	for i := range s.resource {
		for _, text := range []string{s.resource[i].Text + "/*", strings.TrimSuffix(s.resource[i].Text, "/*")} {
			v := s.resource[i].Value
			v.Text = text
			if r := parseResource(v); r.isARN && c.fitsAny(&r, types) {
				return text, true
			}
		}
	}
	return "", false
}

// fitResource reports a resource that no action is for. If other resources have
// their actions the action may be what is missing.
func (c *checker) fitResource(s *statement, r *resource, types []*catalogue.ResourceType, othersFit bool) {
	if c.fitsAny(r, types) {
		return
	}
	service, ok := catalogue.LookupService(r.fields[2])
	switch {
	case strings.ContainsAny(r.fields[2], "*?"):
	case !ok:
		c.unknownARN(r, types)
	case !c.fitsAny(r, all(service)):
		c.unfit(r, ofService(r.fields[2], slices.Concat(all(service), types)))
	case othersFit && s.understood() && s.Resource != nil:
		c.report("RESOURCE_WITHOUT_ACTION", c.value(r.Value), "none of the statement's actions acts on %s", r.Text)
	}
}

// unknownARN reports an ARN whose service the catalogue does not have. Some ARNs
// have other names for services than actions have: those are among the types.
func (c *checker) unknownARN(r *resource, types []*catalogue.ResourceType) {
	service := r.fields[2]
	if known := ofService(service, types); len(known) > 0 {
		c.unfit(r, known)
		return
	}
	name, ok := c.near(service, services)
	f := c.report("INVALID_SERVICE", c.value(r.Value), "AWS has no service %q%s", service, meant(name, ok))
	if ok {
		f.Fix = quote(r.with(2, name).text())
	}
}

// understood reports whether the catalogue knows all actions of the statement.
func (s *statement) understood() bool {
	return !s.notAction && len(s.action) > 0 && !slices.ContainsFunc(s.action, func(a action) bool { return len(a.matches) == 0 })
}

// types lists the types of resources that the action acts on.
func (c *checker) types(a *action) []*catalogue.ResourceType {
	var types []*catalogue.ResourceType
	for _, match := range a.matches {
		for _, r := range match.Resources {
			if !c.afford(16 + len(types)) {
				return nil
			}
			if t, ok := a.service.ResourceType(r.Type); ok && !slices.Contains(types, t) {
				types = append(types, t)
			}
		}
	}
	return types
}

// all lists the resource types of a service.
func all(service *catalogue.Service) []*catalogue.ResourceType {
	types := make([]*catalogue.ResourceType, len(service.ResourceTypes))
	for i := range service.ResourceTypes {
		types[i] = &service.ResourceTypes[i]
	}
	return types
}

// ofService keeps the types whose ARNs name a service.
func ofService(name string, types []*catalogue.ResourceType) []*catalogue.ResourceType {
	return slices.DeleteFunc(slices.Clone(types), func(t *catalogue.ResourceType) bool {
		return strings.SplitN(t.ARN, ":", 4)[2] != name
	})
}

// fitsAny reports whether r can be the ARN of a resource of one of the types.
func (c *checker) fitsAny(r *resource, types []*catalogue.ResourceType) bool {
	if slices.ContainsFunc(types, func(t *catalogue.ResourceType) bool { return c.fits(r, t) }) {
		return true
	}
	return r.ofAWS() && c.fitsAny(r.with(4, "*"), types)
}

func (c *checker) fits(r *resource, t *catalogue.ResourceType) bool {
	template := c.template(t)
	for i, p := range r.patterns {
		if !c.afford(16+len(p)*len(template[i])) || !p.meets(template[i]) {
			return c.work > maxWork // nothing is said of what was not looked at
		}
	}
	return true
}

// template takes the ARN of a type apart, once.
func (c *checker) template(t *catalogue.ResourceType) *[6]pattern {
	if c.templates[t] == nil {
		var patterns [6]pattern
		for i, field := range strings.SplitN(t.ARN, ":", 6) {
			patterns[i] = parseTemplate(field)
		}
		c.templates[t] = &patterns
	}
	return c.templates[t]
}
