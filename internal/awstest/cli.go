package awstest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/writ-iam/writ/model"
)

// The functions of this file read a command line as the AWS CLI does.

// command finds the operation that a command names: "create-user".
func command(service, name string) (*model.Operation, error) {
	m, err := model.Load(service)
	if err != nil {
		return nil, err
	}
	for _, op := range m.Operations {
		if kebab(op.Name) == name {
			return op, nil
		}
	}
	return nil, fmt.Errorf("%s has no operation %s", service, name)
}

var (
	word = regexp.MustCompile(`(.)([A-Z][a-z]+)`)
	hump = regexp.MustCompile(`([a-z0-9])([A-Z])`)
)

// kebab is the CLI's spelling of a name: UserName is user-name.
func kebab(name string) string {
	name = word.ReplaceAllString(name, "$1-$2")
	return strings.ToLower(hump.ReplaceAllString(name, "$1-$2"))
}

// options reads --name value… into members of the operation's input. read
// returns the content of a file://.
func options(op *model.Operation, args []string, read func(string) string) (map[string]any, error) {
	params := map[string]any{}
	for len(args) > 0 {
		option := args[0]
		n := 1
		for n < len(args) && !strings.HasPrefix(args[n], "--") {
			n++
		}
		values := args[1:n]
		args = args[n:]
		m, on, err := member(op, option)
		if err != nil {
			return nil, err
		}
		for i, v := range values {
			if file, ok := strings.CutPrefix(v, "file://"); ok {
				values[i] = read(file)
			}
		}
		if params[m.Name], err = argument(m.Shape, values, on); err != nil {
			return nil, fmt.Errorf("%s: %w", option, err)
		}
	}
	return params, nil
}

// member finds the input member that an option sets; --no-x sets x to false.
func member(op *model.Operation, option string) (m *model.Member, on bool, err error) {
	for i := range op.Input.Members {
		m := &op.Input.Members[i]
		switch option {
		case "--" + kebab(m.Name):
			return m, true, nil
		case "--no-" + kebab(m.Name):
			return m, false, nil
		}
	}
	return nil, false, fmt.Errorf("%s has no option %s", kebab(op.Name), option)
}

func argument(shape *model.Shape, values []string, on bool) (any, error) {
	if len(values) == 1 && strings.ContainsAny(values[0][:min(1, len(values[0]))], "[{") && (shape.Type == "list" || shape.Type == "structure" || shape.Type == "map") {
		var v any
		err := json.Unmarshal([]byte(values[0]), &v)
		return v, err
	}
	switch shape.Type {
	case "list":
		all := []any{}
		for _, v := range values {
			item, err := argument(shape.Member.Shape, []string{v}, on)
			if err != nil {
				return nil, err
			}
			all = append(all, item)
		}
		return all, nil
	case "boolean":
		return on, nil
	}
	if len(values) != 1 {
		return nil, fmt.Errorf("%d values", len(values))
	}
	return scalar(shape, values[0])
}

func scalar(shape *model.Shape, text string) (any, error) {
	switch shape.Type {
	case "structure":
		return shorthand(shape, text)
	case "integer", "long":
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return text, nil // let the server refuse it
		}
		return n, nil
	}
	return text, nil
}

// shorthand reads Key=a,Value=b.
func shorthand(shape *model.Shape, text string) (any, error) {
	all := map[string]any{}
	for pair := range strings.SplitSeq(text, ",") {
		name, v, ok := strings.Cut(pair, "=")
		m := shape.Lookup(name)
		if !ok || m == nil {
			return nil, fmt.Errorf("%q is not shorthand of %s", pair, shape.Name)
		}
		if all[name] = v; m.Shape.Type == "list" {
			all[name] = []any{v}
		}
	}
	return all, nil
}
