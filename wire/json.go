package wire

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

// Texts of the JSON protocols' SerializationException, as AWS has them; most
// unreadable bodies get none at all.
const (
	noText     = malformed("")
	strayList  = malformed("Start of list found where not expected")
	strayMap   = malformed("Start of structure or map found where not expected.")
	wantList   = malformed("Expected list or null")
	wantStruct = malformed("Expected null")
)

// parseJSON reads a body that must be an object. Names that occur twice are
// refused, as readers differ in which of the two they take.
func parseJSON(body []byte) (node, error) {
	if !utf8.Valid(body) || !json.Valid(body) {
		return node{}, noText
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	n, err := parseValue(d, 0)
	if err != nil {
		return n, err
	}
	switch n.kind {
	case object:
		return n, nil
	case list:
		return n, strayList
	}
	return n, noText
}

func parseValue(d *json.Decoder, depth int) (node, error) {
	if depth > maxDepth {
		return node{}, tooDeep
	}
	token, err := d.Token()
	if err != nil {
		return node{}, noText
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '[' {
			return parseList(d, depth+1)
		}
		return parseObject(d, depth+1)
	case string:
		return node{kind: text, text: t}, nil
	case json.Number:
		return node{kind: number, text: t.String()}, nil
	case bool:
		if t {
			return node{kind: boolTrue}, nil
		}
		return node{kind: boolFalse}, nil
	}
	return node{kind: null}, nil
}

func parseList(d *json.Decoder, depth int) (node, error) {
	n := node{kind: list}
	for d.More() {
		element, err := parseValue(d, depth)
		if err != nil {
			return n, err
		}
		n.fields = append(n.fields, field{node: element})
	}
	_, err := d.Token()
	return n, err
}

func parseObject(d *json.Decoder, depth int) (node, error) {
	n := node{kind: object}
	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		name, _ := token.(string)
		if err != nil || seen[name] {
			return n, noText
		}
		seen[name] = true
		value, err := parseValue(d, depth)
		if err != nil {
			return n, err
		}
		n.fields = append(n.fields, field{name, value})
	}
	_, err := d.Token()
	return n, err
}
