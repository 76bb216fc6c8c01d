package wire

import (
	"encoding/base64"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/writ-iam/writ/model"
)

// appendMembers renders the members of a structure in the model's order. Absent
// ones are left out, but for required lists, maps and blobs, which are there
// and empty, and so are those that stand elsewhere: in headers, in the element.
func appendMembers(b []byte, p *plan, v reflect.Value) []byte {
	for i := range p.members {
		m := &p.members[i]
		if f, ok := m.get(v); ok && m.Location == "" && !m.XMLAttribute {
			b = appendXML(b, m.wire, m.plan, &m.Ref, f)
		}
	}
	return b
}

// get returns a member's value; ok is false if it is absent.
func (m *bound) get(v reflect.Value) (f reflect.Value, ok bool) {
	f = v.Field(m.field)
	if m.pointer {
		return f.Elem(), !f.IsNil()
	}
	return f, m.Required || !nilable(m.Shape.Type) || !f.IsNil()
}

func appendXML(b []byte, name string, p *plan, r *model.Ref, v reflect.Value) []byte {
	switch p.shape.Type {
	case "structure":
		b = openXML(b, name)
		b = appendAttributes(b, p, v)
		b = appendMembers(b, p, v)
		return closeXML(b, name)
	case "list":
		return appendXMLList(b, name, p, r, v)
	case "map":
		return appendXMLMap(b, name, p, r, v)
	}
	b = openXML(b, name)
	b = appendXMLScalar(b, r, v)
	return closeXML(b, name)
}

// appendAttributes adds to an element that was just opened those members that
// are attributes: xsi:type is the only one in AWS's models.
func appendAttributes(b []byte, p *plan, v reflect.Value) []byte {
	for i := range p.members {
		m := &p.members[i]
		if f, ok := m.get(v); ok && m.XMLAttribute {
			b = append(b[:len(b)-1], ` xmlns:xsi="`+instanceNamespace+`" `+m.wire+`="`...)
			b = append(appendXMLScalar(b, &m.Ref, f), `">`...)
		}
	}
	return b
}

const instanceNamespace = "http://www.w3.org/2001/XMLSchema-instance"

func appendXMLList(b []byte, name string, p *plan, r *model.Ref, v reflect.Value) []byte {
	if isFlat(r) {
		for i := range v.Len() {
			b = appendXML(b, name, p.elem, p.shape.Member, v.Index(i))
		}
		return b
	}
	b = openXML(b, name)
	start, element := len(b), elementName(p.shape.Member, "member")
	for i := range v.Len() {
		b = appendXML(b, element, p.elem, p.shape.Member, v.Index(i))
		if i == 0 { // the others will be about as long
			b = slices.Grow(b, (len(b)-start)*v.Len())
		}
	}
	return closeXML(b, name)
}

func appendXMLMap(b []byte, name string, p *plan, r *model.Ref, v reflect.Value) []byte {
	entry := "entry"
	if isFlat(r) {
		entry = name
	} else {
		b = openXML(b, name)
	}
	for _, key := range sortedKeys(v) {
		b = openXML(b, entry)
		b = appendElement(b, elementName(p.shape.Key, "key"), key.String())
		b = appendXML(b, elementName(p.shape.Value, "value"), p.elem, p.shape.Value, v.MapIndex(key))
		b = closeXML(b, entry)
	}
	if isFlat(r) {
		return b
	}
	return closeXML(b, name)
}

// sortedKeys makes answers the same each time.
func sortedKeys(v reflect.Value) []reflect.Value {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	return keys
}

func appendXMLScalar(b []byte, r *model.Ref, v reflect.Value) []byte {
	switch r.Shape.Type {
	case "string":
		return escapeXML(b, v.String())
	case "boolean":
		return strconv.AppendBool(b, v.Bool())
	case "integer", "long":
		return strconv.AppendInt(b, v.Int(), 10)
	case "timestamp":
		return appendTime(b, outFormat(r, "iso8601"), instant(v))
	case "blob":
		return base64.StdEncoding.AppendEncode(b, v.Bytes())
	}
	return strconv.AppendFloat(b, v.Float(), 'g', -1, 64)
}

// instant returns the time in v, without an allocation where v has an address.
func instant(v reflect.Value) time.Time {
	if v.CanAddr() {
		return *v.Addr().Interface().(*time.Time)
	}
	return v.Interface().(time.Time)
}

// outFormat is the model's timestamp format, or the usual one.
func outFormat(r *model.Ref, usual string) string {
	if r.TimestampFormat != "" {
		return r.TimestampFormat
	}
	if r.Shape.TimestampFormat != "" {
		return r.Shape.TimestampFormat
	}
	return usual
}

func appendTime(b []byte, format string, t time.Time) []byte {
	t = t.UTC()
	switch format {
	case "iso8601":
		return t.AppendFormat(b, time.RFC3339)
	case "rfc822":
		return t.AppendFormat(b, "Mon, 02 Jan 2006 15:04:05 GMT")
	}
	return appendUnix(b, t)
}

// appendUnix prints seconds, with milliseconds only where there are any.
func appendUnix(b []byte, t time.Time) []byte {
	ms := t.UnixMilli()
	if ms%1000 == 0 {
		return strconv.AppendInt(b, ms/1000, 10)
	}
	return strconv.AppendFloat(b, float64(ms)/1000, 'f', 3, 64)
}

func openXML(b []byte, name string) []byte {
	b = append(b, '<')
	b = append(b, name...)
	return append(b, '>')
}

func closeXML(b []byte, name string) []byte {
	b = append(b, "</"...)
	b = append(b, name...)
	return append(b, '>')
}

func appendElement(b []byte, name, text string) []byte {
	b = openXML(b, name)
	b = escapeXML(b, text)
	return closeXML(b, name)
}

// escapeXML appends text so that an XML 1.0 parser reads the same text again.
// What XML cannot say at all (most control characters, broken UTF-8) becomes
// U+FFFD.
func escapeXML(b []byte, s string) []byte {
	start := 0
	for i := 0; i < len(s); {
		if plainXML[s[i]] {
			i++
			continue
		}
		size, instead := escapeRune(s[i:])
		if instead != "" {
			b = append(b, s[start:i]...)
			b = append(b, instead...)
			start = i + size
		}
		i += size
	}
	return append(b, s[start:]...)
}

// plainXML marks the bytes that stand for themselves.
var plainXML = func() (all [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		all[c] = c != '&' && c != '<' && c != '>' && c != '"'
	}
	return all
}()

// escapeRune says what stands for the first character of s; "" if it may stay.
// A line feed may, as parsers keep it, but not a carriage return.
func escapeRune(s string) (size int, instead string) {
	r, size := utf8.DecodeRuneInString(s)
	switch r {
	case '\t', '\n':
		return size, ""
	case '\r':
		return size, "&#xD;"
	case '&':
		return size, "&amp;"
	case '<':
		return size, "&lt;"
	case '>':
		return size, "&gt;"
	case '"':
		return size, "&quot;"
	}
	if r < ' ' || r == utf8.RuneError && size == 1 || r == 0xFFFE || r == 0xFFFF {
		return size, "\uFFFD"
	}
	return size, ""
}
