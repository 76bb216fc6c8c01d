package policytest

import (
	"bytes"
	"encoding/json"
	"errors"
)

// ReadRequest reads one case whose decision is not known yet: in JSON or YAML,
// alone or as a list of one, with or without expect. Unknown fields are an error
// as they are for Read.
func ReadRequest(data []byte, open func(name string) ([]byte, error)) (*Case, error) {
	if !json.Valid(data) {
		converted, err := toJSON(data)
		if err != nil {
			return nil, err
		}
		data = converted
	}
	if data = bytes.TrimSpace(data); data[0] == '[' {
		var list []json.RawMessage
		if err := json.Unmarshal(data, &list); err != nil || len(list) != 1 {
			return nil, errors.Join(errors.New("one request is wanted"), err)
		}
		data = list[0]
	}
	f := fields{Expect: "allowed"}
	if err := decode(data, &f, true); err != nil {
		return nil, err
	}
	b := builder{open: open}
	return b.build(&f), b.err
}
