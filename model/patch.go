package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
)

// correction is one entry of <svc>.patch.json: what is merged into the model
// (RFC 7396: null removes) and why.
type correction struct {
	Reason string          `json:"reason"`
	Merge  json.RawMessage `json:"merge"`
}

// patch applies <svc>.patch.json, if there is one, to a model's JSON.
func patch(fsys fs.FS, name string, raw []byte) ([]byte, error) {
	all, err := corrections(fsys, name)
	if err != nil {
		return nil, err
	}
	for i, c := range all {
		if raw, err = merge(raw, c.Merge); err != nil {
			return nil, fmt.Errorf("patch %d: %w", i, err)
		}
	}
	return raw, nil
}

// corrections reads <svc>.patch.json; none if there is no such file.
func corrections(fsys fs.FS, name string) ([]correction, error) {
	file, err := fs.ReadFile(fsys, "data/"+name+".patch.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []correction
	if err := strict(file, &all); err != nil {
		return nil, fmt.Errorf("patch: %w", err)
	}
	for i, c := range all {
		if c.Reason == "" {
			return nil, fmt.Errorf("patch %d gives no reason", i)
		}
	}
	return all, nil
}

// merge is RFC 7396 on raw JSON. Objects keep the order of their members, and
// new ones follow at the end.
func merge(target, change json.RawMessage) (json.RawMessage, error) {
	if !isObject(change) {
		return change, nil
	}
	if !isObject(target) {
		target = json.RawMessage("{}")
	}
	changes, err := fields(change)
	if err != nil {
		return nil, err
	}
	old, err := fields(target)
	if err != nil {
		return nil, err
	}
	for _, c := range changes {
		if old, err = mergeField(old, c); err != nil {
			return nil, err
		}
	}
	return object(old), nil
}

func mergeField(old []field, c field) ([]field, error) {
	for i := range old {
		if old[i].name != c.name {
			continue
		}
		if string(c.value) == "null" {
			return append(old[:i], old[i+1:]...), nil
		}
		merged, err := merge(old[i].value, c.value)
		old[i].value = merged
		return old, err
	}
	if string(c.value) == "null" {
		return nil, fmt.Errorf("%q is not there to be removed", c.name)
	}
	return append(old, c), nil
}

// field is one member of a JSON object.
type field struct {
	name  string
	value json.RawMessage
}

func isObject(raw json.RawMessage) bool {
	return bytes.HasPrefix(bytes.TrimSpace(raw), []byte("{"))
}

func fields(raw json.RawMessage) ([]field, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	var all []field
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		f := field{name: name.(string)}
		if err := d.Decode(&f.value); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

func object(all []field) json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range all {
		if i > 0 {
			b.WriteByte(',')
		}
		name, _ := json.Marshal(f.name)
		b.Write(name)
		b.WriteByte(':')
		b.Write(f.value)
	}
	b.WriteByte('}')
	return b.Bytes()
}

// strict decodes JSON and refuses unknown fields, which in hand-written data
// are typing errors.
func strict(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
