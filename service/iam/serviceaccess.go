package iam

import (
	"regexp"
	"strings"

	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
)

// grants are what permissions policies say, as far as it decides whether an
// action might be allowed at all, on any resource and under any conditions:
// conditions may be met, so that what an Allow demands is not asked, and a Deny
// with conditions is none.
type grants struct {
	allow, deny []*policy.Statement
	closed      bool // one of the policies can't be read: it denies everything
}

func (g *grants) add(p *policy.Policy) {
	doc := p.Document()
	if doc == nil {
		g.closed = true
		return
	}
	for _, s := range doc.Statements {
		switch {
		case s.Effect == "Allow":
			g.allow = append(g.allow, s)
		case s.Effect == "Deny" && len(s.Conditions) == 0:
			g.deny = append(g.deny, s)
		}
	}
}

// allows says whether an action of a service might be allowed.
func (g *grants) allows(service *catalogue.Service, a *catalogue.Action) bool {
	if g.closed {
		return false
	}
	action := service.Prefix + ":" + a.Name
	for _, s := range g.allow {
		if !speaksOf(s, action) {
			continue
		}
		for _, resource := range resourcesOf(s) {
			if applies(resource, service, a) && !g.denies(action, resource) {
				return true
			}
		}
	}
	return false
}

// names says whether an action of a service might be among those allowed, before
// the service's actions are looked at: most policies name few services.
func (g *grants) names(prefix string) bool {
	for _, s := range g.allow {
		if s.Action == nil {
			return true
		}
		for _, v := range s.Action {
			service, _, found := strings.Cut(v.Text, ":")
			if !found || arn.MatchFold(service, prefix) {
				return true
			}
		}
	}
	return false
}

// denies says whether an action is denied on all that a pattern stands for.
func (g *grants) denies(action, resource string) bool {
	for _, s := range g.deny {
		if !speaksOf(s, action) {
			continue
		}
		for _, v := range s.Resource {
			if covers(v.Text, resource) {
				return true
			}
		}
	}
	return false
}

func speaksOf(s *policy.Statement, action string) bool {
	if s.Action == nil {
		return s.NotAction != nil && !matchesAction(s.NotAction, action)
	}
	return matchesAction(s.Action, action)
}

func matchesAction(patterns []policy.Value, action string) bool {
	for _, v := range patterns {
		if arn.MatchFold(v.Text, action) {
			return true
		}
	}
	return false
}

// variable is a policy variable: what it will be is not known.
var variable = regexp.MustCompile(`\$\{[^}]*\}`)

// resourcesOf are patterns of what a statement stands for. All but some is as
// good as all, unless the some is all.
func resourcesOf(s *policy.Statement) []string {
	if s.Resource == nil {
		for _, v := range s.NotResource {
			if everything(v.Text) {
				return nil
			}
		}
		return []string{"*"}
	}
	var all []string
	for _, v := range s.Resource {
		all = append(all, variable.ReplaceAllLiteralString(v.Text, "*"))
	}
	return all
}

func everything(pattern string) bool { return pattern != "" && strings.Trim(pattern, "*") == "" }

// covers says whether a pattern stands for all that another does. It may say no
// where it is hard to tell.
func covers(pattern, other string) bool {
	if everything(pattern) || pattern == other {
		return true
	}
	// A star of the other's is a character that only a star of the pattern's takes.
	return !strings.ContainsAny(pattern, "?$") && arn.Match(pattern, other)
}

// applies says whether a pattern of resources can be one of those that an action
// acts on. An action without resources has to be allowed on everything.
func applies(pattern string, service *catalogue.Service, a *catalogue.Action) bool {
	if everything(pattern) {
		return true
	}
	for _, r := range a.Resources {
		t, ok := service.ResourceType(r.Type)
		if ok && meetARNs(pattern, variable.ReplaceAllLiteralString(t.ARN, "*")) {
			return true
		}
	}
	return false
}

// meetARNs says whether two patterns of ARNs can stand for the same. Wildcards
// do not go beyond their field.
func meetARNs(a, b string) bool {
	if strings.Count(a, ":") < 5 || strings.Count(b, ":") < 5 {
		return meet(a, b)
	}
	as, bs := strings.SplitN(a, ":", 6), strings.SplitN(b, ":", 6)
	for _, i := range []int{2, 0, 1, 3, 4, 5} { // most differ in the service
		if !meet(as[i], bs[i]) {
			return false
		}
	}
	return true
}

// meet says whether two patterns can stand for the same text. ends[j] tells, for
// the part of a that was looked at, whether it meets the first j characters of b.
func meet(a, b string) bool {
	if !strings.ContainsAny(b, "*?") {
		return arn.Match(a, b)
	}
	if !strings.ContainsAny(a, "*?") {
		return arn.Match(b, a)
	}
	ends := make([]bool, len(b)+1)
	ends[0] = true
	for j := range len(b) {
		ends[j+1] = ends[j] && b[j] == '*'
	}
	for i := range len(a) {
		before := ends[0] // what ends[j] was for one character less of a
		ends[0] = ends[0] && a[i] == '*'
		for j := range len(b) {
			was := ends[j+1]
			switch {
			case a[i] == '*' || b[j] == '*':
				ends[j+1] = was || ends[j]
			default:
				ends[j+1] = before && (a[i] == b[j] || a[i] == '?' || b[j] == '?')
			}
			before = was
		}
	}
	return ends[len(b)]
}
