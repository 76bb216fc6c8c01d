package validate

import (
	"iter"
	"strings"

	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
)

// action is a value of Action or NotAction.
type action struct {
	policy.Value
	prefix, name string
	malformed    bool               // not of the form service:name
	service      *catalogue.Service // nil if there is none, or all
	matches      []*catalogue.Action
	types        []*catalogue.ResourceType // that the matches act on
}

func parseAction(v policy.Value) action {
	prefix, name, ok := strings.Cut(v.Text, ":")
	return action{Value: v, prefix: prefix, name: name, malformed: !ok || strings.Contains(name, ":") || !isVendor(prefix)}
}

// isVendor tells whether s can stand before the colon.
func isVendor(s string) bool {
	return s == "*" || s != "" && !strings.ContainsFunc(s, func(r rune) bool { return !isAlphanumeric(r) && r != '-' && r != '.' })
}

// every reports whether a is all there is.
func (a *action) every() bool { return a.Text == "*" || a.Text == "*:*" }

// wild reports whether a has wildcards.
func (a *action) wild() bool { return strings.ContainsAny(a.Text, "*?") }

// names reports whether a covers the action with this full name.
func (a *action) names(name string) bool {
	return arn.NewGlob(strings.ToLower(a.Text)).MatchFold(name)
}

// own is the prefix of Writ's own actions, which AWS does not have.
const own = "writ"

// actionForm checks what can be seen without knowing any service.
func (c *checker) actionForm(a *action) {
	at := c.value(a.Value)
	switch {
	case c.kind == policy.TrustPolicy && !strings.EqualFold(a.prefix, "sts"):
		c.refuse("UNSUPPORTED_ACTION_IN_POLICY", at, "a trust policy is about actions of sts, and %q is not one", a.Text)
	case a.prefix == "*" && c.kind == policy.ResourceControlPolicy:
		c.refuse("RCP_SYNTAX_ERROR_ACTION", at, "a resource control policy names the services whose actions it denies")
	case a.Text == "*" || !a.malformed:
	case strings.Contains(a.Text, "${"):
		c.refuse("VARIABLE_UNSUPPORTED_IN_ELEMENT", at, "actions have no variables: %q is taken as it stands", a.Text)
	case a.prefix == a.Text || strings.Contains(a.name, ":"):
		c.refuse("INVALID_ACTION", at, "the action %q is not of the form service:action", a.Text)
	case strings.ContainsAny(a.prefix, "*?"):
		c.refuse("WILDCARD_IN_SERVICE_NAME", at, "the service of %q must be named in full", a.Text)
	default:
		c.refuse("INVALID_SERVICE_IN_ACTION", at, "%q cannot be the name of a service", a.prefix)
	}
}

// actions looks up what the statement names.
func (c *checker) actions(s *statement) {
	for i := range s.action {
		a := &s.action[i]
		switch {
		case a.malformed || a.Text == "*" || strings.EqualFold(a.prefix, own):
		case a.prefix == "*":
			c.report("WILDCARD_IN_SERVICE_NAME", c.value(a.Value), "%q is about actions of all services; name the service", a.Text)
		default:
			c.lookUp(a)
		}
	}
}

func (c *checker) lookUp(a *action) {
	service, ok := catalogue.LookupService(a.prefix)
	if !ok {
		c.unknownService(a)
		return
	}
	if !c.afford(len(service.Actions) * 16) {
		return
	}
	a.service, a.matches = service, matching(service, a.name)
	if len(a.matches) == 0 {
		c.unknownAction(a)
	}
	if a.types = c.types(a); c.work > maxWork {
		a.matches = nil // nothing is said of what was not looked at
	}
	if c.kind == policy.ResourceControlPolicy && !service.RCP {
		c.report("UNSUPPORTED_ACTION_IN_POLICY", c.value(a.Value), "resource control policies have no effect on %s", service.Name)
	}
}

// matching lists the actions of a service that fit a name with wildcards.
func matching(service *catalogue.Service, name string) []*catalogue.Action {
	glob := arn.NewGlob(strings.ToLower(name))
	if glob.Literal() {
		if a, ok := service.Action(name); ok {
			return []*catalogue.Action{a}
		}
		return nil
	}
	var list []*catalogue.Action
	for i := range service.Actions {
		if a := &service.Actions[i]; glob.MatchFold(a.Name) {
			list = append(list, a)
		}
	}
	return list
}

func (c *checker) unknownService(a *action) {
	f := c.report("INVALID_SERVICE_IN_ACTION", c.value(a.Value), "AWS has no service %q", a.prefix)
	if name, ok := c.near(a.prefix, services); ok {
		f.Message += meant(name, ok)
		f.Fix = quote(name + ":" + a.name)
	}
}

func (c *checker) unknownAction(a *action) {
	at := c.value(a.Value)
	if a.wild() {
		c.report("INVALID_ACTION", at, "no action of %s fits %q", a.service.Name, a.Text)
		return
	}
	name, ok := c.near(a.name, each(a.service.Actions, func(a catalogue.Action) string { return a.Name }))
	f := c.report("INVALID_ACTION", at, "%s has no action %q", a.service.Name, a.name)
	if ok {
		f.Message += meant(a.service.Prefix+":"+name, ok)
		f.Fix = quote(a.service.Prefix + ":" + name)
	}
}

// each gives the names of the elements of a list.
func each[T any](list []T, name func(T) string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, t := range list {
			if !yield(name(t)) {
				return
			}
		}
	}
}
