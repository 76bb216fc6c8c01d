package main

import (
	"encoding/json"
	"fmt"
)

// file is a model as it lies on disk. What is kept stays as it was written,
// since the order of a structure's members counts.
type file struct {
	Version    string                     `json:"version"`
	Metadata   json.RawMessage            `json:"metadata"`
	Operations map[string]*operation      `json:"operations"`
	Shapes     map[string]*shape          `json:"shapes"`
	Pagination map[string]json.RawMessage `json:"pagination"`
}

type operation struct {
	Name   string          `json:"name"`
	HTTP   json.RawMessage `json:"http"`
	Cut    bool            `json:"cut,omitempty"`
	Input  *ref            `json:"input,omitempty"`
	Output *ref            `json:"output,omitempty"`
}

// ref is the use of a shape, with all that is said of it.
type ref struct {
	shape string
	raw   json.RawMessage
}

func (r *ref) UnmarshalJSON(raw []byte) error {
	var named struct{ Shape string }
	err := json.Unmarshal(raw, &named)
	r.shape, r.raw = named.Shape, append(json.RawMessage(nil), raw...)
	return err
}

func (r *ref) MarshalJSON() ([]byte, error) { return r.raw, nil }

// shape has what is kept of a shape: not its bounds and its pattern.
type shape struct {
	Type         string          `json:"type"`
	Required     json.RawMessage `json:"required,omitempty"`
	Members      json.RawMessage `json:"members,omitempty"`
	Member       *ref            `json:"member,omitempty"`
	Key          *ref            `json:"key,omitempty"`
	Value        *ref            `json:"value,omitempty"`
	Enum         json.RawMessage `json:"enum,omitempty"`
	LocationName string          `json:"locationName,omitempty"`
	Flattened    bool            `json:"flattened,omitempty"`
	Sensitive    bool            `json:"sensitive,omitempty"`
}

// refs are the uses of other shapes in this one.
func (s *shape) refs() ([]*ref, error) {
	all := []*ref{s.Member, s.Key, s.Value}
	if s.Members == nil {
		return all, nil
	}
	members := map[string]*ref{}
	if err := json.Unmarshal(s.Members, &members); err != nil {
		return nil, err
	}
	for _, r := range members {
		all = append(all, r)
	}
	return all, nil
}

// cut is the part of a model that the rules speak of, and the names of the rest.
func (f *file) cut(rules map[string]json.RawMessage) (*file, error) {
	c := &file{Version: f.Version, Metadata: f.Metadata, Operations: map[string]*operation{},
		Shapes: map[string]*shape{}, Pagination: map[string]json.RawMessage{}}
	for name, op := range f.Operations {
		if rules[name] == nil {
			c.Operations[name] = &operation{Name: op.Name, HTTP: op.HTTP, Cut: true}
			continue
		}
		if op.Cut {
			return nil, fmt.Errorf("operation %s was cut off before: the whole model is needed", name)
		}
		c.Operations[name] = op
		if pages, ok := f.Pagination[name]; ok {
			c.Pagination[name] = pages
		}
		for _, r := range []*ref{op.Input, op.Output} {
			if err := c.keep(f, r); err != nil {
				return nil, fmt.Errorf("operation %s: %w", name, err)
			}
		}
	}
	return c, nil
}

// keep takes over a shape and all that it reaches.
func (c *file) keep(from *file, r *ref) error {
	if r == nil || c.Shapes[r.shape] != nil {
		return nil
	}
	s := from.Shapes[r.shape]
	if s == nil {
		return fmt.Errorf("no shape %q", r.shape)
	}
	c.Shapes[r.shape] = s
	below, err := s.refs()
	if err != nil {
		return err
	}
	for _, r := range below {
		if err := c.keep(from, r); err != nil {
			return err
		}
	}
	return nil
}
