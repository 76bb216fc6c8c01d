package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
)

// Outline returns the names of a service's operations with their rules, nil for
// those that have none. It decodes none of the model but these, so that a server
// can know at its start what it will serve.
func Outline(name string) (map[string]*Rule, error) { return outline(data, name) }

func outline(fsys fs.FS, name string) (map[string]*Rule, error) {
	raw, err := fs.ReadFile(fsys, "data/"+name+".json")
	if err != nil {
		return nil, err
	}
	operations, err := operationNames(raw)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", name, err)
	}
	all := map[string]*Rule{}
	for operation := range operations {
		all[operation] = nil
	}
	rules, err := readRules(fsys, name)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", name, err)
	}
	for operation, rule := range rules {
		all[operation] = rule
	}
	return all, nil
}

// operationNames finds the member "operations", which stands before the shapes in
// AWS's models, and reads no further.
func operationNames(raw []byte) (names map[string]struct{}, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	for d.More() {
		member, err := d.Token()
		if err != nil {
			return nil, err
		}
		if member == "operations" {
			err := d.Decode(&names)
			return names, err
		}
		var skipped json.RawMessage
		if err := d.Decode(&skipped); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("no operations")
}
