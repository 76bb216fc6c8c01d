package condition

import (
	"encoding/base64"
	"strings"
)

// bytes64 is the base64 of some bytes (R94). Strict base64 has one text for
// each value, so equal bytes are equal texts.
type bytes64 string

func binary(value string, _ Syntax) operand {
	if strings.ContainsAny(value, "\r\n") { // which the decoder would skip
		return nil
	}
	if _, err := base64.StdEncoding.Strict().DecodeString(value); err != nil {
		return nil
	}
	return bytes64(value)
}

func (o bytes64) match(value string, _ *Context) bool { return value == string(o) }
