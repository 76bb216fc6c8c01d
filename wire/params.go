package wire

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/writ-iam/writ"
)

// param is one parameter of a query string or form.
type param struct{ name, value string }

// maxParams bounds the parameters of one request. The largest honest requests
// (policy simulations) have a few thousand.
const maxParams = 10_000

// appendParams reads a query string or form body.
func appendParams(all []param, s string) ([]param, error) {
	for s != "" {
		var pair string
		if pair, s, _ = strings.Cut(s, "&"); pair == "" {
			continue
		}
		p, err := parseParam(pair)
		if err != nil {
			return nil, err
		}
		if all = append(all, p); len(all) > maxParams {
			return nil, writ.Errorf(400, "InvalidQueryParameter", "The request has more than %d parameters.", maxParams)
		}
	}
	return all, nil
}

func parseParam(pair string) (p param, err error) {
	name, value, _ := strings.Cut(pair, "=")
	if p.name, err = url.QueryUnescape(name); err == nil {
		p.value, err = url.QueryUnescape(value)
	}
	if err != nil || !utf8.ValidString(p.name) || !utf8.ValidString(p.value) {
		return p, writ.Errorf(404, "MalformedQueryString", "The query string contains a syntax error.")
	}
	return p, nil
}

// arrange sorts parameters so that what lies below one name stands together,
// and refuses names that occur twice: AWS takes the first, but which of two
// values a signature, a proxy or an audit has looked at should never matter.
func arrange(all []param) error {
	slices.SortFunc(all, func(a, b param) int { return compareNames(a.name, b.name) })
	for i := 1; i < len(all); i++ {
		if all[i].name == all[i-1].name {
			return writ.Errorf(400, "InvalidQueryParameter", "The parameter %s is there more than once.", all[i].name)
		}
	}
	return nil
}

// compareNames orders names byte by byte, dots before anything else.
func compareNames(a, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] == b[i] {
			continue
		}
		if a[i] == '.' || b[i] != '.' && a[i] < b[i] {
			return -1
		}
		return 1
	}
	return len(a) - len(b)
}

// tree makes a node of arranged parameters, whose names all begin with the same
// skip bytes.
func tree(all []param, skip, depth int) (n node, err error) {
	if depth > maxDepth {
		return n, tooDeep
	}
	n.kind = branch
	n.fields = make([]field, 0, min(len(all), 16))
	for len(all) > 0 {
		name := segment(all[0].name[skip:])
		same := together(all, skip+len(name))
		child, err := below(all[:same], skip+len(name), depth)
		if err != nil {
			return n, err
		}
		n.fields = append(n.fields, field{name, child})
		all = all[same:]
	}
	return n, nil
}

// below makes the node of the parameters that share their first end bytes.
func below(all []param, end, depth int) (node, error) {
	if len(all[0].name) > end {
		return tree(all, end+1, depth+1)
	}
	if len(all) > 1 {
		return node{}, malformed("The parameter " + all[0].name + " is a value and has members.")
	}
	return node{kind: raw, text: all[0].value}, nil
}

func segment(name string) string {
	s, _, _ := strings.Cut(name, ".")
	return s
}

// together counts the parameters at the front that share the first one's first
// end bytes as whole segments.
func together(all []param, end int) int {
	prefix := all[0].name[:end]
	for i := 1; i < len(all); i++ {
		name := all[i].name
		if !strings.HasPrefix(name, prefix) || len(name) > end && name[end] != '.' {
			return i
		}
	}
	return len(all)
}
