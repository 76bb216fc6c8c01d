package policytest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// ReadFile reads the cases of a file: a list in JSON or YAML, or JSON lines.
// Fields that the format does not have are an error, unless their names begin
// with "x-" or the file is JSON lines.
func ReadFile(path string) ([]*Case, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	cases, err := Read(data, func(name string) ([]byte, error) {
		return os.ReadFile(filepath.Join(filepath.Dir(path), name))
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return cases, nil
}

// Read is ReadFile for a file's contents. The function open reads the files
// that policies are kept in.
func Read(data []byte, open func(name string) ([]byte, error)) ([]*Case, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // which some editors begin files with
	switch text := bytes.TrimSpace(data); {
	case bytes.HasPrefix(text, []byte("{")):
		return readLines(text, open)
	case !bytes.HasPrefix(text, []byte("[")):
		converted, err := toJSON(data)
		if err != nil {
			return nil, err
		}
		data = converted
	}
	return readList(data, open)
}

func readList(data []byte, open func(string) ([]byte, error)) ([]*Case, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, err
	}
	var cases []*Case
	for i, raw := range list {
		c, err := readCase(raw, true, open)
		if err != nil {
			return nil, fmt.Errorf("case %d: %w", i+1, err)
		}
		cases = append(cases, c)
	}
	return cases, nil
}

func readLines(data []byte, open func(string) ([]byte, error)) ([]*Case, error) {
	var cases []*Case
	for d := json.NewDecoder(bytes.NewReader(data)); ; {
		var raw json.RawMessage
		if err := d.Decode(&raw); err == io.EOF {
			return cases, nil
		} else if err != nil {
			return nil, fmt.Errorf("line %d: %w", len(cases)+1, err)
		}
		c, err := readCase(raw, false, open)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", len(cases)+1, err)
		}
		cases = append(cases, c)
	}
}

func readCase(raw json.RawMessage, strict bool, open func(string) ([]byte, error)) (*Case, error) {
	var f fields
	if err := decode(raw, &f, strict); err != nil {
		return nil, err
	}
	b := builder{open: open}
	c := b.build(&f)
	if b.err != nil && f.ID != "" {
		return nil, fmt.Errorf("%s: %w", f.ID, b.err)
	}
	return c, b.err
}

// decode fills f. Strictly, it refuses unknown fields, but for those that
// begin with "x-".
func decode(raw json.RawMessage, f *fields, strict bool) error {
	if !strict {
		return json.Unmarshal(raw, f)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return err
	}
	for _, name := range []string{"principal", "org"} {
		var inner map[string]json.RawMessage
		if json.Unmarshal(members[name], &inner) == nil && inner != nil {
			members[name] = withoutNotes(inner)
		}
	}
	d := json.NewDecoder(bytes.NewReader(withoutNotes(members)))
	d.DisallowUnknownFields()
	return d.Decode(f)
}

// withoutNotes leaves out the members whose names begin with "x-".
func withoutNotes(members map[string]json.RawMessage) json.RawMessage {
	for name := range members {
		if strings.HasPrefix(name, "x-") {
			delete(members, name)
		}
	}
	rest, _ := json.Marshal(members) // what was JSON is JSON
	return rest
}
