package condition

import (
	"strings"
	"unicode/utf8"
	"unsafe"

	"github.com/writ-iam/writ/arn"
)

// Text is a value of a policy that may hold wildcards and variables. Without
// variables it is one arn.Glob; with them it becomes one for each request. What
// a variable brings in is data: a star in it is a star (R108).
type Text struct {
	constant arn.Glob // all of it, if parts is nil
	parts    []part
	pinned   bool // its first five fields, of an ARN, have no wildcards
}

// part is some literal text followed by a variable.
type part struct {
	literal  string
	variable string // name of the key; "" at the end of the text
	hash     uint64
	fallback string // default value (R104)
	has      bool   // a fallback
}

// Syntax says what is special in a Text besides its characters.
type Syntax uint8

const (
	Wildcards Syntax = 1 << iota // '*' and '?'
	Variables                    // ${key}, ${key, 'default'}, ${*}, ${?}, ${$}: policies of version 2012-10-17
)

// ParseText reads s. It never fails: what is not a well-formed variable stays
// literal text or, inside braces, is a variable that no request has.
func ParseText(s string, syntax Syntax) Text { return parseText("", s, syntax) }

// ParseARN reads an ARN. Variables work only after the fifth colon (R109).
func ParseARN(s string, syntax Syntax) Text {
	i := fifthColon(s)
	head := parseText("", s[:i], syntax&^Variables)
	t := parseText(string(head.constant), s[i:], syntax)
	t.pinned = i < len(s) && head.constant.Literal()
	return t
}

func fifthColon(s string) int {
	at := 0
	for range 5 {
		i := strings.IndexByte(s[at:], ':')
		if i < 0 {
			return len(s)
		}
		at += i + 1
	}
	return at
}

func parseText(head, s string, syntax Syntax) Text {
	r := textReader{s: s, end: -1}
	r.literal.WriteString(head)
	for {
		n := strings.IndexAny(r.s[r.at:], special[syntax])
		if n < 0 {
			r.literal.WriteString(r.s[r.at:])
			return r.text()
		}
		r.literal.WriteString(r.s[r.at : r.at+n])
		r.at += n
		switch r.s[r.at] {
		case '*':
			r.literal.WriteString(arn.Run)
			r.at++
		case '?':
			r.literal.WriteString(arn.Char)
			r.at++
		default:
			r.variable()
		}
	}
}

// textReader reads a Text from its beginning to its end, in linear time.
type textReader struct {
	s       string
	at      int             // how far it is read
	end     int             // where the name of a variable that begins at or after at would end; before at, not looked for yet
	literal strings.Builder // since the last variable
	parts   []part
}

func (r *textReader) text() Text {
	if r.parts == nil {
		return Text{constant: arn.Glob(r.literal.String())}
	}
	return Text{parts: append(r.parts, part{literal: r.literal.String()})}
}

// nameEnd is the place of the first comma, brace or quote from here, or the
// length of the text. It is looked for once for all the variables before it.
func (r *textReader) nameEnd() int {
	if r.end < r.at {
		r.end = len(r.s)
		if n := strings.IndexAny(r.s[r.at:], ",}'"); n >= 0 {
			r.end = r.at + n
		}
	}
	return r.end
}

// special lists the characters that begin something in each Syntax.
var special = [...]string{0: "", Wildcards: "*?", Variables: "$", Wildcards | Variables: "*?$"}

// variable reads what begins with a '$': a variable, an escape, or nothing of
// the kind, and then it is just that character.
func (r *textReader) variable() {
	end := r.nameEnd()
	if !strings.HasPrefix(r.s[r.at:], "${") || end == len(r.s) || r.s[end] == '\'' {
		r.literal.WriteByte('$')
		r.at++
		return
	}
	name := r.s[r.at+2 : end]
	if r.s[end] == '}' {
		r.at = end + 1
		if name == "*" || name == "?" || name == "$" { // R105
			r.literal.WriteString(name)
			return
		}
		r.add(part{variable: known(name), hash: hash(name)})
		return
	}
	fallback, after, ok := parseFallback(r.s[end+1:]) // a default may hold a brace
	if !ok {
		r.literal.WriteByte('$')
		r.at++
		return
	}
	name = strings.TrimSpace(name)
	r.at = len(r.s) - len(after)
	r.add(part{variable: known(name), hash: hash(name), fallback: fallback, has: true})
}

// add ends the literal before a variable.
func (r *textReader) add(p part) {
	p.literal = r.literal.String()
	r.literal.Reset()
	r.parts = append(r.parts, p)
}

// known keeps a variable without a name from looking like none at all.
func known(name string) string {
	if name == "" {
		return "}"
	}
	return name
}

// parseFallback reads  'default' }  after the comma.
func parseFallback(s string) (fallback, rest string, ok bool) {
	s, ok = strings.CutPrefix(strings.TrimLeft(s, " "), "'")
	if !ok {
		return "", "", false
	}
	fallback, s, ok = strings.Cut(s, "'")
	if !ok {
		return "", "", false
	}
	rest, ok = strings.CutPrefix(strings.TrimLeft(s, " "), "}")
	return fallback, rest, ok
}

// fixed gives the text if it has no variables.
func (t *Text) fixed() (g arn.Glob, ok bool) { return t.constant, t.parts == nil }

// glob gives the text with its variables replaced, written to buf. ok is false
// if a variable has no value (R102, R103). The Glob lives as long as buf does.
func (t *Text) glob(c *Context, buf []byte) (g arn.Glob, ok bool) {
	b, ok := t.appendTo(buf, c)
	return arn.Glob(unsafe.String(unsafe.SliceData(b), len(b))), ok
}

// equal reports whether the text, which has no wildcards, is s.
func (t *Text) equal(c *Context, s string) bool {
	if t.parts == nil {
		return string(t.constant) == s
	}
	return t.equalReplaced(c, s)
}

func (t *Text) equalReplaced(c *Context, s string) bool {
	var buf [256]byte
	g, ok := t.glob(c, buf[:0])
	return ok && string(g) == s
}

// equalFold is equal without regard to letter case.
func (t *Text) equalFold(c *Context, s string) bool {
	if g, ok := t.fixed(); ok {
		return strings.EqualFold(string(g), s)
	}
	var buf [256]byte
	g, ok := t.glob(c, buf[:0])
	return ok && strings.EqualFold(string(g), s)
}

// Match reports whether the text fits all of s.
func (t *Text) Match(c *Context, s string) bool {
	if g, ok := t.fixed(); ok {
		return g.Match(s)
	}
	var buf [256]byte
	g, ok := t.glob(c, buf[:0])
	return ok && g.Match(s)
}

// MatchFold reports whether the text, which has no variables, fits all of s
// without regard to the case of ASCII letters.
func (t *Text) MatchFold(s string) bool { return t.constant.MatchFold(s) }

// MatchARN reports whether the text fits the ARN s, field by field.
func (t *Text) MatchARN(c *Context, s string) bool {
	if t.pinned { // the literal head holds all colons that count
		return t.Match(c, s)
	}
	if g, ok := t.fixed(); ok {
		return g.MatchARN(s)
	}
	var buf [256]byte
	g, ok := t.glob(c, buf[:0])
	return ok && g.MatchARN(s)
}

// Expand gives the text with its variables replaced, as a person would write
// it. ok is false if a variable has no value.
func (t *Text) Expand(c *Context) (text string, ok bool) {
	if t.parts == nil {
		return t.constant.String(), true
	}
	b, ok := t.appendTo(nil, c)
	return arn.Glob(b).String(), ok
}

// Literals returns the stretches of text that all that the Text fits must hold.
func (t *Text) Literals() []string {
	wildcard := func(r rune) bool { return r == utf8.RuneError }
	literals := strings.FieldsFunc(string(t.constant), wildcard)
	for _, p := range t.parts {
		literals = append(literals, strings.FieldsFunc(p.literal, wildcard)...)
	}
	return literals
}

// Unset calls f for each variable of the text that has no value in c and no default.
func (t *Text) Unset(c *Context, f func(key string)) {
	for i := range t.parts {
		p := &t.parts[i]
		if _, ok := p.value(c); !ok {
			f(p.variable)
		}
	}
}

func (t *Text) appendTo(b []byte, c *Context) ([]byte, bool) {
	for i := range t.parts {
		p := &t.parts[i]
		b = append(b, p.literal...)
		v, ok := p.value(c)
		if !ok {
			return b, false
		}
		b = append(b, v...)
	}
	return b, true
}

// value gives the one value of the variable, or its default.
func (p *part) value(c *Context) (string, bool) {
	if p.variable == "" {
		return "", true
	}
	e := c.find(p.hash, p.variable)
	if e == nil || e.multi {
		return p.fallback, p.has
	}
	return plain(c.values[e.from]), true
}

// plain keeps a request from bringing in a wildcard: their bytes are not UTF-8.
func plain(s string) string {
	if strings.IndexByte(s, arn.Run[0]) < 0 && strings.IndexByte(s, arn.Char[0]) < 0 {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
