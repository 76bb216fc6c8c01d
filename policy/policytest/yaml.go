package policytest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// toJSON converts YAML. Numbers and truth values keep their text, and what YAML
// takes for a date is a string, as a policy's version must be.
func toJSON(data []byte) ([]byte, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	if len(doc.Content) == 0 {
		return nil, errors.New("no cases")
	}
	var c converter
	if err := c.write(doc.Content[0]); err != nil {
		return nil, err
	}
	return c.out.Bytes(), nil
}

// What aliases of aliases, and an alias of itself, can grow to.
const (
	maxJSON  = 64 << 20
	maxDepth = 100
)

type converter struct {
	out   bytes.Buffer
	depth int
}

func (c *converter) write(n *yaml.Node) error {
	if c.depth++; c.depth > maxDepth || c.out.Len() > maxJSON {
		return errors.New("aliases make the file too large")
	}
	defer func() { c.depth-- }()
	switch n.Kind {
	case yaml.AliasNode:
		return c.write(n.Alias)
	case yaml.SequenceNode:
		return c.sequence(n.Content)
	case yaml.MappingNode:
		return c.mapping(n.Content)
	}
	return c.scalar(n)
}

func (c *converter) sequence(items []*yaml.Node) error {
	c.out.WriteByte('[')
	for i, item := range items {
		if i > 0 {
			c.out.WriteByte(',')
		}
		if err := c.write(item); err != nil {
			return err
		}
	}
	c.out.WriteByte(']')
	return nil
}

func (c *converter) mapping(nodes []*yaml.Node) error {
	c.out.WriteByte('{')
	for i := 0; i < len(nodes); i += 2 {
		if i > 0 {
			c.out.WriteByte(',')
		}
		name, value := nodes[i], nodes[i+1]
		if name.Kind != yaml.ScalarNode {
			return fmt.Errorf("line %d: a name must be a string", name.Line)
		}
		c.text(name.Value)
		c.out.WriteByte(':')
		if err := c.write(value); err != nil {
			return err
		}
	}
	c.out.WriteByte('}')
	return nil
}

func (c *converter) scalar(n *yaml.Node) error {
	switch n.Tag {
	case "!!null":
		c.out.WriteString("null")
	case "!!bool", "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			c.out.WriteString(n.Value)
			return nil
		}
		c.text(n.Value) // .inf, 0x1F, True
	default:
		c.text(n.Value)
	}
	return nil
}

func (c *converter) text(s string) {
	quoted, _ := json.Marshal(s) // strings always marshal
	c.out.Write(quoted)
}
