package ec2

import (
	"slices"
	"strings"

	api "github.com/writ-iam/writ/api/ec2"
)

// fields are the filters of a Describe operation: what each looks at.
type fields[T any] map[string]func(*T) []string

// filtered leaves those of all that every filter lets through: one of its
// values fits one of the things that it looks at. tagsOf is nil for what has no
// tags.
func filtered[T any](all []T, filters []api.Filter, known fields[T], tagsOf func(*T) []api.Tag) ([]T, error) {
	for _, f := range filters {
		if f.Name == nil {
			return nil, missing("Filter.Name")
		}
		of, ok := known[*f.Name]
		if tagged, isTag := tagFilter(*f.Name); isTag && tagsOf != nil {
			of, ok = func(t *T) []string { return tagged(tagsOf(t)) }, true
		}
		if !ok {
			return nil, invalidValue("The filter '%s' is invalid", *f.Name)
		}
		all = slices.DeleteFunc(all, func(t T) bool { return !fits(f.Values, of(&t)) })
	}
	return all, nil
}

// tagFilter returns what a filter on tags looks at.
func tagFilter(name string) (of func([]api.Tag) []string, ok bool) {
	key, byKey := strings.CutPrefix(name, "tag:")
	if !byKey && name != "tag-key" {
		return nil, false
	}
	return func(all []api.Tag) (texts []string) {
		for _, t := range all {
			switch {
			case !byKey:
				texts = append(texts, *t.Key)
			case *t.Key == key:
				texts = append(texts, *t.Value)
			}
		}
		return texts
	}, true
}

func fits(patterns, texts []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		return slices.ContainsFunc(texts, func(t string) bool { return matches(p, t) })
	})
}

// matches says whether a filter's value fits: * stands for any characters, ? for
// one, and a backslash before either for itself. It remembers the last star
// alone, so it takes at most the product of both lengths.
func matches(pattern, text string) bool {
	p, t, star, mark := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && pattern[p] == '?':
			p, t = p+1, t+1
		case p+1 < len(pattern) && pattern[p] == '\\' && pattern[p+1] == text[t]:
			p, t = p+2, t+1
		case p < len(pattern) && pattern[p] != '\\' && pattern[p] == text[t]:
			p, t = p+1, t+1
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// one is the only thing that a filter looks at; none if it is absent.
func one(s *string) []string {
	if s == nil {
		return nil
	}
	return []string{*s}
}
