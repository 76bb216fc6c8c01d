package wire

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// parseXML reads a body that is one element. Namespaces are not looked at, as
// S3 does not; documents with a DTD or with processing instructions beyond the
// declaration are refused.
func parseXML(body []byte) (n node, err error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	for {
		token, err := d.Token()
		if err != nil {
			return n, badXML(err)
		}
		start, ok := token.(xml.StartElement)
		switch {
		case ok:
			if n, err = parseElement(d, start, 0); err != nil {
				return n, badXML(err)
			}
			return n, onlySpace(d)
		case !harmless(token):
			return n, noText
		}
	}
}

// parseElement reads what is inside of an element whose start was read.
func parseElement(d *xml.Decoder, start xml.StartElement, depth int) (node, error) {
	if depth > maxDepth {
		return node{}, tooDeep
	}
	n := node{kind: element, fields: attributes(start)}
	var text strings.Builder
	for {
		token, err := d.Token()
		if err != nil {
			return n, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			child, err := parseElement(d, t, depth+1)
			if err != nil {
				return n, err
			}
			n.fields = append(n.fields, field{t.Name.Local, child})
		case xml.EndElement:
			n.text = text.String()
			return n, nil
		case xml.CharData:
			text.Write(t)
		case xml.Comment:
		default:
			return n, noText
		}
	}
}

// attributes are read as children, under their name and the usual prefix of
// their namespace: xsi:type is the only one in AWS's models.
func attributes(start xml.StartElement) (all []field) {
	for _, a := range start.Attr {
		if a.Name.Space == instanceNamespace {
			all = append(all, field{"xsi:" + a.Name.Local, node{kind: element, text: a.Value}})
		}
	}
	return all
}

// onlySpace wants nothing to follow.
func onlySpace(d *xml.Decoder) error {
	for {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return badXML(err)
		case !harmless(token):
			return noText
		}
	}
}

func harmless(token xml.Token) bool {
	switch t := token.(type) {
	case xml.Comment:
		return true
	case xml.CharData:
		return len(bytes.TrimSpace(t)) == 0
	case xml.ProcInst:
		return t.Target == "xml"
	}
	return false
}

func badXML(err error) error {
	if _, ok := err.(malformed); ok {
		return err
	}
	return noText
}
