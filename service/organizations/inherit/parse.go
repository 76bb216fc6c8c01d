package inherit

import (
	"errors"
	"fmt"
	"strings"
)

// Parse reads a policy of a type. The error says what is wrong with it.
func Parse(text string, sh *Shape) (*Setting, error) {
	v, err := read(text)
	if err != nil {
		return nil, err
	}
	return parse("", v, sh)
}

func parse(name string, v any, sh *Shape) (*Setting, error) {
	members, ok := v.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("%q is no object", name)
	}
	s := &Setting{children: all}
	for member, v := range members {
		err := s.operator(member, v)
		if !strings.HasPrefix(member, "@@") {
			err = s.member(member, v, sh)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", member, err)
		}
	}
	return s, s.check(name, sh)
}

// member reads what stands under a name.
func (s *Setting) member(name string, v any, sh *Shape) error {
	below := sh.member(name)
	if below == nil {
		return errors.New("unknown")
	}
	if sh.Fields[name] == nil {
		name = strings.ToLower(name)
	}
	if s.Members[name] != nil {
		return errors.New("stands there twice")
	}
	m, err := parse(name, v, below)
	if s.Members == nil {
		s.Members = map[string]*Setting{}
	}
	s.Members[name] = m
	return err
}

// operator reads an operator with its values.
func (s *Setting) operator(name string, v any) (err error) {
	switch name {
	case assignName:
		s.Assign, err = assigned(v)
	case appendName:
		s.Append, err = scalars(v)
	case removeName:
		s.Remove, err = scalars(v)
	case controlName:
		s.children, err = control(v)
	default:
		err = errors.New("no operator")
	}
	return err
}

func assigned(v any) (any, error) {
	if scalar(v) {
		return v, nil
	}
	return scalars(v)
}

func scalar(v any) bool {
	switch v.(type) {
	case nil, []any, map[string]any:
		return false
	}
	return true
}

func scalars(v any) ([]any, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, errors.New("no list")
	}
	for _, item := range list {
		if !scalar(item) {
			return nil, errors.New("a list may hold texts, numbers and truth values")
		}
	}
	return list, nil
}

// control reads what policies further down may use: some operators, or one word
// for all or none of them.
func control(v any) (allowed Operators, err error) {
	list, err := scalars(v)
	if err != nil || len(list) == 0 {
		return none, errors.Join(err, errors.New("no operators"))
	}
	for _, item := range list {
		word, _ := item.(string)
		operator, ok := controls[word]
		if !ok || len(list) > 1 && (operator == all || operator == none) {
			return none, errors.New("not what child policies can be allowed")
		}
		allowed |= operator
	}
	return allowed, nil
}

// check holds a setting against its shape.
func (s *Setting) check(name string, sh *Shape) error {
	switch used := s.sets(); {
	case used&^sh.operators() != 0:
		return fmt.Errorf("%q does not take these operators", name)
	case used != 0 && s.Members != nil:
		return fmt.Errorf("%q has both values and members", name)
	case sh.Named != nil && !sh.Named(name, s):
		return fmt.Errorf("%q has the wrong name", name)
	}
	for _, member := range sh.Needs {
		if s.Members[member] == nil {
			return fmt.Errorf("%q lacks %s", name, member)
		}
	}
	return s.checkValues(name, sh)
}

func (s *Setting) checkValues(name string, sh *Shape) error {
	if _, list := s.Assign.([]any); sh != Any && s.Assign != nil && list != sh.List {
		return fmt.Errorf("%q takes other values", name)
	}
	for _, values := range [][]any{listed(s.Assign), s.Append, s.Remove} {
		for _, v := range values {
			if sh.Value != nil && !sh.Value(Text(v)) {
				return fmt.Errorf("%q can't be %v", name, v)
			}
		}
	}
	return nil
}
