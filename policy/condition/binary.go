package condition

import (
	"encoding/base64"
	"slices"
	"strings"
)

// base64s are bytes in base64 (R94). Strict base64 has one text for each value,
// so equal bytes are equal texts.
type base64s struct{ list []string }

func binaryEquals(v values) operand {
	return &base64s{parsed(v, func(s string) (string, bool) {
		_, err := base64.StdEncoding.Strict().DecodeString(s)
		return s, err == nil && !strings.ContainsAny(s, "\r\n") // which the decoder skips
	})}
}

func (o *base64s) match(value string, _ *Context) bool { return slices.Contains(o.list, value) }
