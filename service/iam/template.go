package iam

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"

	api "github.com/writ-iam/writ/api/iam"
)

// placeholders are where a template takes a parameter: @{bucketName}. They mean
// something only within a string of the document.
var placeholders = regexp.MustCompile(`@\{[^{}"]*\}`)

// render puts parameters into a template, which is valid JSON. A value can't get
// out of the string that it is put into. A string with a parameter that is a list
// becomes a string for each of its values.
func render(template string, parameters []parameter) (string, error) {
	r := renderer{values: map[string]parameter{}, used: map[string]bool{}}
	for _, p := range parameters {
		if err := r.add(p); err != nil {
			return "", err
		}
	}
	if err := r.document(template); err != nil {
		return "", err
	}
	for name := range r.values {
		if !r.used[name] {
			return "", api.InvalidInputException("The policy template has no parameter %s.", name)
		}
	}
	var compact bytes.Buffer
	err := json.Compact(&compact, []byte(r.out.String()))
	return compact.String(), err
}

type renderer struct {
	values map[string]parameter
	used   map[string]bool
	out    strings.Builder
}

func (r *renderer) add(p parameter) error {
	_, twice := r.values[p.Name]
	if twice || p.Name == "" || len(p.Values) == 0 || p.Type != "stringList" && len(p.Values) > 1 {
		return api.InvalidInputException("The parameter %s must be given once, and have one value, or several if it is a stringList.", p.Name)
	}
	r.values[p.Name] = p
	return nil
}

// document copies the text and renders the strings in it.
func (r *renderer) document(text string) error {
	before := byte(0) // the last character that is no space
	for text != "" {
		if text[0] != '"' {
			if !strings.ContainsRune(" \t\r\n", rune(text[0])) {
				before = text[0]
			}
			r.out.WriteByte(text[0])
			text = text[1:]
			continue
		}
		end := literalEnd(text)
		if err := r.literal(text[1:end-1], before == ':'); err != nil {
			return err
		}
		text, before = text[end:], '"'
	}
	return nil
}

// literalEnd is where the string that a text begins with ends.
func literalEnd(text string) int {
	i := 1
	for i < len(text)-1 && text[i] != '"' {
		if text[i] == '\\' {
			i++
		}
		i++
	}
	return i + 1
}

// literal writes a string, or a string for each value of the list in it. What a
// value contains is never a placeholder.
func (r *renderer) literal(inner string, alone bool) error {
	all, from := []string{""}, 0
	for _, at := range placeholders.FindAllStringIndex(inner, -1) {
		name := inner[at[0]+2 : at[1]-1]
		p, ok := r.values[name]
		if !ok {
			return api.InvalidInputException("The parameter %s of the policy template must be specified.", name)
		}
		r.used[name] = true
		var err error
		if all, err = continued(all, inner[from:at[0]], p.Values); err != nil {
			return err
		}
		from = at[1]
	}
	for i := range all {
		all[i] += inner[from:]
	}
	text := `"` + strings.Join(all, `","`) + `"`
	if alone && len(all) > 1 {
		text = "[" + text + "]"
	}
	r.out.WriteString(text)
	return nil
}

// maxRendered bounds what is rendered of one string, in bytes.
const maxRendered = 1 << 16

// continued appends a text and each of the values to each of the beginnings.
func continued(beginnings []string, text string, values []string) ([]string, error) {
	var all []string
	size := 0
	for _, b := range beginnings {
		for _, v := range values {
			all = append(all, b+text+escaped(v))
			if size += len(all[len(all)-1]); size > maxRendered {
				return nil, api.InvalidInputException("The policy template with its parameters is too long.")
			}
		}
	}
	return all, nil
}

// escaped is a value as it stands in a JSON string.
func escaped(v string) string {
	quoted, _ := json.Marshal(v) // a string: it cannot fail
	return string(quoted[1 : len(quoted)-1])
}
