package policy

import (
	"cmp"
	"slices"
	"strings"
)

// Principals calls f for every value of Principal and NotPrincipal with its
// kind: AWS, Service, Federated, CanonicalUser, or "*" for a lone star.
func (d *Document) Principals(f func(kind, value string)) {
	for _, p := range d.principals() {
		f(p.Kind, p.Text)
	}
}

// principals returns all of them in the order of the text.
func (d *Document) principals() []PrincipalValue {
	var all []PrincipalValue
	for _, s := range d.Statements {
		all = append(all, s.Principal...)
		all = append(all, s.NotPrincipal...)
	}
	slices.SortFunc(all, func(a, b PrincipalValue) int { return cmp.Compare(a.Pos.Offset, b.Pos.Offset) })
	return all
}

// MapPrincipals returns the document with each AWS principal replaced by what
// f returns for it; f's first error ends it. All else, the layout too, stays as
// it is. IAM stores trust policies with the unique ids of users and roles, and
// shows their ARNs.
func (d *Document) MapPrincipals(f func(string) (string, error)) (*Document, error) {
	var out strings.Builder
	done := 0
	for _, p := range d.principals() {
		if p.Kind != "AWS" {
			continue
		}
		to, err := f(p.Text)
		if err != nil {
			return nil, err
		}
		if to != p.Text {
			out.WriteString(d.src[done:p.Pos.Offset])
			out.WriteString(quote(to))
			done = p.end
		}
	}
	out.WriteString(d.src[done:])
	return reparse(out.String()), nil
}
