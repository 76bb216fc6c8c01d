package validate

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/writ-iam/writ/policy"
)

// source is the text of a document. What walks through it relies on that it is
// JSON, which policy.Parse has made sure of.
type source string

// span is a piece of the text: the offsets of its first byte and just after its last.
type span struct{ from, to int }

// member is a name of an object with its value.
type member struct{ name, value span }

// token gives the string, number, word, object or array that begins at an offset.
func (s source) token(from int) span {
	depth, at := 0, from
	for at < len(s) {
		switch s[at] {
		case '"':
			at = s.closingQuote(at)
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		default:
			at += max(0, strings.IndexAny(string(s[at:]), "\"{}[],: \t\r\n")-1)
		}
		at++
		if depth == 0 {
			break
		}
	}
	return span{from, min(at, len(s))}
}

// closingQuote finds the end of the string whose opening quote is at an offset.
func (s source) closingQuote(at int) int {
	for at++; at < len(s) && s[at] != '"'; at++ {
		if s[at] == '\\' {
			at++
		}
	}
	return at
}

// next goes to the next byte that is not white space or one of skip.
func (s source) next(at int, skip string) int {
	rest := strings.TrimLeft(string(s[at:]), " \t\r\n"+skip)
	return len(s) - len(rest)
}

// members gives the members of the object whose opening brace is at an offset.
func (s source) members(at int) map[string]member {
	members := map[string]member{}
	for at = s.next(at+1, ""); at < len(s) && s[at] == '"'; {
		name := s.token(at)
		value := s.token(s.next(name.to, ":"))
		members[s.text(name)] = member{name, value}
		at = s.next(value.to, ",")
	}
	return members
}

// text decodes the string of a span.
func (s source) text(at span) (text string) {
	if json.Unmarshal([]byte(s[at.from:at.to]), &text) != nil {
		return ""
	}
	return text
}

// quote encodes a string so that it can stand in the text.
func quote(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(text) != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// places returns a function that tells the places of offsets, which must not
// become smaller from call to call.
func (s source) places() func(offset int) policy.Position {
	p := policy.Position{Line: 1, Column: 1}
	return func(offset int) policy.Position {
		p = s.after(p, offset)
		return p
	}
}

// after counts on from a place to an offset behind it.
func (s source) after(p policy.Position, offset int) policy.Position {
	passed := string(s[p.Offset:max(offset, p.Offset)])
	if i := strings.LastIndexByte(passed, '\n'); i >= 0 {
		p.Line += strings.Count(passed, "\n")
		p.Column = 1
		passed = passed[i+1:]
	}
	p.Column += utf8.RuneCountInString(passed)
	p.Offset = max(offset, p.Offset)
	return p
}
