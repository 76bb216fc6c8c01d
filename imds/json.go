package imds

import (
	"strings"

	"github.com/writ-iam/writ/wire"
)

// field is a member of a document; a value that is no text is null.
type field struct {
	name  string
	value any
}

// object writes a JSON object as EC2 does: a member on each line, in the order
// given. What is signed must not change its looks, so it is written by hand.
func object(fields ...field) string {
	var b []byte
	for i, f := range fields {
		b = append(b, []string{"{\n  ", ",\n  "}[min(i, 1)]...)
		b = wire.AppendString(b, f.name)
		b = append(b, " : "...)
		if v, ok := f.value.(string); ok {
			b = wire.AppendString(b, v)
		} else {
			b = append(b, "null"...)
		}
	}
	return string(append(b, "\n}"...))
}

// lines breaks base64 as PEM does.
func lines(text string) string {
	var b strings.Builder
	for len(text) > 64 {
		b.WriteString(text[:64])
		b.WriteByte('\n')
		text = text[64:]
	}
	b.WriteString(text)
	return b.String()
}
