package inherit

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// deepest is how far objects may be nested; no documented type needs half of it.
const deepest = 32

// read reads JSON strictly: one value, no name twice in an object, nothing that
// is not UTF-8.
func read(text string) (any, error) {
	if !utf8.ValidString(text) {
		return nil, errors.New("not UTF-8")
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	v, err := value(d, 0)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("more than one value")
	}
	return v, nil
}

func value(d *json.Decoder, depth int) (any, error) {
	t, err := d.Token()
	switch {
	case err != nil:
		return nil, err
	case depth > deepest:
		return nil, errors.New("nested too deeply")
	case t == json.Delim('{'):
		return object(d, depth+1)
	case t == json.Delim('['):
		return array(d, depth+1)
	}
	return t, nil
}

func object(d *json.Decoder, depth int) (map[string]any, error) {
	members := map[string]any{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		name := t.(string) // the decoder has nothing else where a name stands
		if _, twice := members[name]; twice {
			return nil, fmt.Errorf("%q stands there twice", name)
		}
		if members[name], err = value(d, depth); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return members, err
}

func array(d *json.Decoder, depth int) ([]any, error) {
	items := []any{}
	for d.More() {
		v, err := value(d, depth)
		if err != nil {
			return nil, err
		}
		items = append(items, v)
	}
	_, err := d.Token()
	return items, err
}
