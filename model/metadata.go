package model

import (
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
)

// Describe returns the metadata of a service without decoding the rest of its
// model, so that a request can be routed among many services of which few are
// ever called.
func Describe(name string) (Metadata, error) {
	return describe(data, name)
}

func describe(fsys fs.FS, name string) (m Metadata, err error) {
	f, err := fsys.Open("data/" + name + ".json")
	if err != nil {
		return m, err
	}
	defer f.Close()
	raw, err := metadata(f)
	if err != nil {
		return m, fmt.Errorf("model %s: %w", name, err)
	}
	if raw, err = patchMetadata(fsys, name, raw); err != nil {
		return m, fmt.Errorf("model %s: %w", name, err)
	}
	err = json.Unmarshal(raw, &m)
	m.complete()
	return m, err
}

// metadata finds the member of that name, which stands first in AWS's models,
// and reads no further.
func metadata(file io.Reader) (json.RawMessage, error) {
	d := json.NewDecoder(file)
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil || name == "metadata" {
			return value, err
		}
	}
	return nil, fmt.Errorf("no metadata")
}

func patchMetadata(fsys fs.FS, name string, raw json.RawMessage) (json.RawMessage, error) {
	all, err := corrections(fsys, name)
	if err != nil {
		return nil, err
	}
	for i, c := range all {
		var change struct{ Metadata json.RawMessage }
		if err := json.Unmarshal(c.Merge, &change); err != nil {
			return nil, fmt.Errorf("patch %d: %w", i, err)
		}
		if change.Metadata == nil {
			continue
		}
		if raw, err = merge(raw, change.Metadata); err != nil {
			return nil, fmt.Errorf("patch %d: %w", i, err)
		}
	}
	return raw, nil
}
