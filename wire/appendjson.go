package wire

import (
	"encoding/base64"
	"reflect"
	"strconv"
	"unicode/utf8"

	"github.com/writ-iam/writ/model"
)

// style is how a value is written as JSON: for a client or for an event.
type style struct {
	name   func(*bound) string
	time   string // usual timestamp format; "event" is CloudTrail's
	hide   bool   // leave out sensitive members
	inBody bool   // leave out members that do not go into the body
}

var (
	clientStyle = style{name: func(m *bound) string { return m.wire }, time: "unixTimestamp", inBody: true}
	eventStyle  = style{name: func(m *bound) string { return m.camel }, time: "event", hide: true}
)

func (s *style) object(b []byte, p *plan, v reflect.Value) []byte {
	b = append(b, '{')
	first := true
	for i := range p.members {
		m := &p.members[i]
		if m.Streaming || s.hide && secret(m.Shape) || s.inBody && m.Location != "" {
			continue
		}
		f, ok := m.get(v)
		if !ok {
			continue
		}
		b = appendName(b, s.name(m), first)
		b = s.value(b, m.plan, &m.Ref, f)
		first = false
	}
	return append(b, '}')
}

func appendName(b []byte, name string, first bool) []byte {
	if !first {
		b = append(b, ',')
	}
	return append(AppendString(b, name), ':')
}

// secret says whether a shape, or what a list or map of it holds, stays out of
// events.
func secret(s *model.Shape) bool {
	switch {
	case s.Sensitive || s.Unrecorded:
		return true
	case s.Type == "list":
		return secret(s.Member.Shape)
	case s.Type == "map":
		return secret(s.Key.Shape) || secret(s.Value.Shape)
	}
	return false
}

func (s *style) value(b []byte, p *plan, r *model.Ref, v reflect.Value) []byte {
	switch p.shape.Type {
	case "structure":
		return s.object(b, p, v)
	case "list":
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			b = s.value(b, p.elem, p.shape.Member, v.Index(i))
		}
		return append(b, ']')
	case "map":
		b = append(b, '{')
		for i, key := range sortedKeys(v) {
			b = appendName(b, key.String(), i == 0)
			b = s.value(b, p.elem, p.shape.Value, v.MapIndex(key))
		}
		return append(b, '}')
	}
	return s.scalar(b, r, v)
}

func (s *style) scalar(b []byte, r *model.Ref, v reflect.Value) []byte {
	switch r.Shape.Type {
	case "string":
		return AppendString(b, v.String())
	case "boolean":
		return strconv.AppendBool(b, v.Bool())
	case "integer", "long":
		return strconv.AppendInt(b, v.Int(), 10)
	case "timestamp":
		return s.timestamp(b, r, v)
	case "blob":
		b = append(b, '"')
		b = base64.StdEncoding.AppendEncode(b, v.Bytes())
		return append(b, '"')
	}
	return strconv.AppendFloat(b, v.Float(), 'g', -1, 64)
}

func (s *style) timestamp(b []byte, r *model.Ref, v reflect.Value) []byte {
	if s.time == "event" {
		return instant(v).UTC().AppendFormat(b, eventTime)
	}
	format := outFormat(r, s.time)
	if format == "unixTimestamp" {
		return appendUnix(b, instant(v))
	}
	b = append(b, '"')
	b = appendTime(b, format, instant(v))
	return append(b, '"')
}

// AppendString appends a JSON string; broken UTF-8 becomes U+FFFD.
func AppendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		size := 1
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if size = n; r != utf8.RuneError || n > 1 {
				i += n
				continue
			}
		}
		b = append(b, s[start:i]...)
		b = appendEscape(b, c)
		i += size
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

func appendEscape(b []byte, c byte) []byte {
	const hex = "0123456789abcdef"
	switch {
	case c == '"' || c == '\\':
		return append(b, '\\', c)
	case c == '\n':
		return append(b, `\n`...)
	case c == '\r':
		return append(b, `\r`...)
	case c == '\t':
		return append(b, `\t`...)
	case c >= utf8.RuneSelf:
		return append(b, "\uFFFD"...)
	}
	return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}
