package policy

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxSize is the length in bytes of the longest text that is read, sixteen times
// what the IAM API accepts as a policy document.
const MaxSize = 2 << 20

// maxString is the length in bytes of the longest string that is read, more
// than a whole document of AWS has.
const maxString = 65_000

// maxDepth is how deep a text may be nested. A policy document needs six levels.
const maxDepth = 32

// lexer reads JSON (RFC 8259) piece by piece, and knows where it is. Its
// methods panic when they fail, which Parse recovers.
type lexer struct {
	src   string
	at    int      // offset of the next byte
	depth int      // of objects and arrays
	mark  Position // the last position that was asked for

	failed *SyntaxError // why fail panicked
}

// fail gives up at the offset.
func (l *lexer) fail(offset int, format string, args ...any) {
	p := l.position(offset)
	l.failed = &SyntaxError{Offset: p.Offset, Line: p.Line, Column: p.Column, Msg: fmt.Sprintf(format, args...)}
	panic(l.failed)
}

// position counts on from the last one, which is nearly always before.
func (l *lexer) position(offset int) Position {
	if offset < l.mark.Offset || l.mark.Line == 0 {
		l.mark = Position{Line: 1, Column: 1}
	}
	passed := l.src[l.mark.Offset:offset]
	if i := strings.LastIndexByte(passed, '\n'); i >= 0 {
		l.mark.Line += strings.Count(passed, "\n")
		l.mark.Column = 1
		passed = passed[i+1:]
	}
	l.mark.Column += utf8.RuneCountInString(passed)
	l.mark.Offset = offset
	return l.mark
}

// peek skips white space and returns the next byte, 0 at the end of the text.
func (l *lexer) peek() byte {
	for l.at < len(l.src) {
		switch c := l.src[l.at]; c {
		case ' ', '\t', '\n', '\r':
			l.at++
		case 0:
			l.fail(l.at, "unexpected character U+0000")
		default:
			return c
		}
	}
	return 0
}

// take skips white space and then c, if c is next.
func (l *lexer) take(c byte) bool {
	if l.peek() != c {
		return false
	}
	l.at++
	return true
}

func (l *lexer) expect(c byte, where string) {
	if !l.take(c) {
		l.unexpected("%q %s", c, where)
	}
}

// unexpected fails at the next byte, which is not what was wanted.
func (l *lexer) unexpected(format string, args ...any) {
	found := "end of text"
	if l.at < len(l.src) {
		r, _ := utf8.DecodeRuneInString(l.src[l.at:])
		found = strconv.QuoteRune(r)
	}
	l.fail(l.at, "expected %s, found %s", fmt.Sprintf(format, args...), found)
}

// object reads an object. For each member it calls f, which must read the value.
func (l *lexer) object(f func(name Value)) {
	l.open('{')
	names := nameSet{}
	for first := true; !l.take('}'); first = false {
		if !first {
			l.expect(',', "or '}' after a member")
		}
		if l.peek() != '"' {
			l.unexpected("a member's name in quotes")
		}
		name := l.string()
		if !names.add(name.Text) {
			l.fail(name.Pos.Offset, "duplicate name %q", name.Text)
		}
		l.expect(':', "after a member's name")
		f(name)
	}
	l.depth--
}

// array reads an array. For each element it calls f, which must read it.
func (l *lexer) array(f func()) {
	l.open('[')
	for first := true; !l.take(']'); first = false {
		if !first {
			l.expect(',', "or ']' after an element")
		}
		f()
	}
	l.depth--
}

func (l *lexer) open(c byte) {
	l.expect(c, "")
	if l.depth++; l.depth > maxDepth {
		l.fail(l.at-1, "nested deeper than %d levels", maxDepth)
	}
}

// nameSet finds duplicates, most often among very few names.
type nameSet struct {
	few  []string
	many map[string]bool
}

func (s *nameSet) add(name string) (added bool) {
	if s.many == nil {
		for _, n := range s.few {
			if n == name {
				return false
			}
		}
		if s.few = append(s.few, name); len(s.few) == 16 {
			s.many = map[string]bool{}
			for _, n := range s.few {
				s.many[n] = true
			}
		}
		return true
	}
	if s.many[name] {
		return false
	}
	s.many[name] = true
	return true
}

// skip reads any value and forgets it.
func (l *lexer) skip() {
	switch l.peek() {
	case '{':
		l.object(func(Value) { l.skip() })
	case '[':
		l.array(l.skip)
	default:
		l.scalar()
	}
}

// scalar reads a string, number, true, false or null. All but strings keep
// their text as it is written (R129).
func (l *lexer) scalar() Value {
	switch c := l.peek(); {
	case c == '"':
		return l.string()
	case c == '-' || '0' <= c && c <= '9':
		return l.number()
	case c < 'a' || 'z' < c:
		l.unexpected("a value")
	}
	return l.word()
}

func (l *lexer) word() Value {
	start, end := l.at, l.at
	for end < len(l.src) && 'a' <= l.src[end] && l.src[end] <= 'z' {
		end++
	}
	v := Value{Text: l.src[start:end], Pos: l.position(start)}
	switch v.Text {
	case "true", "false":
		v.kind = boolean
	case "null":
		v.kind = null
	default:
		l.fail(start, "unknown word %q", v.Text)
	}
	l.at, v.end = end, end
	return v
}

func (l *lexer) number() Value {
	start := l.at
	if l.src[l.at] == '-' {
		l.at++
	}
	if whole := l.digits(); whole > 1 && l.src[l.at-whole] == '0' {
		l.fail(l.at-whole, "number with a leading zero")
	}
	if l.at < len(l.src) && l.src[l.at] == '.' {
		l.at++
		l.digits()
	}
	if l.at < len(l.src) && (l.src[l.at] == 'e' || l.src[l.at] == 'E') {
		l.at++
		if l.at < len(l.src) && (l.src[l.at] == '+' || l.src[l.at] == '-') {
			l.at++
		}
		l.digits()
	}
	return Value{Text: l.src[start:l.at], Pos: l.position(start), end: l.at, kind: number}
}

// digits reads at least one digit and returns how many there were.
func (l *lexer) digits() int {
	start := l.at
	for l.at < len(l.src) && '0' <= l.src[l.at] && l.src[l.at] <= '9' {
		l.at++
	}
	if l.at == start {
		l.unexpected("a digit")
	}
	return l.at - start
}

// string reads a string, whose opening quote is next.
func (l *lexer) string() Value {
	v := Value{Pos: l.position(l.at), kind: text}
	l.at++
	var decoded []byte
	for {
		n := plainLength(l.src[l.at:])
		plain := l.src[l.at : l.at+n]
		if l.at += n; l.at == len(l.src) {
			l.fail(v.Pos.Offset, "string without a closing quote")
		}
		if l.src[l.at] == '"' && decoded == nil {
			v.Text = plain
			break
		}
		decoded = append(decoded, plain...)
		if l.src[l.at] == '"' {
			v.Text = string(decoded)
			break
		}
		decoded = utf8.AppendRune(decoded, l.special())
	}
	if len(v.Text) > maxString {
		l.fail(v.Pos.Offset, "string longer than %d bytes", maxString)
	}
	l.at++
	v.end = l.at
	return v
}

// plainLength is how far s goes without a quote, an escape, a control character
// or anything that is or looks like invalid UTF-8.
func plainLength(s string) int {
	i := 0
	for i < len(s) {
		c := s[i]
		if c == '"' || c == '\\' || c < ' ' {
			return i
		}
		size := 1
		if c >= utf8.RuneSelf {
			var r rune
			if r, size = utf8.DecodeRuneInString(s[i:]); r == utf8.RuneError {
				return i
			}
		}
		i += size
	}
	return i
}

// special reads what is not a plain character in a string.
func (l *lexer) special() rune {
	r, size := utf8.DecodeRuneInString(l.src[l.at:])
	switch {
	case r == '\\':
		return l.escape()
	case r < ' ':
		l.fail(l.at, "control character U+%04X in a string", r)
	case size == 1:
		l.fail(l.at, "invalid UTF-8 in a string")
	}
	l.at += size // U+FFFD, written as such
	return r
}

// simple holds the escapes of one letter.
var simple = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

func (l *lexer) escape() rune {
	start := l.at
	if l.at+1 == len(l.src) {
		l.fail(start, "string without a closing quote")
	}
	c := l.src[l.at+1]
	if r, ok := simple[c]; ok {
		l.at += 2
		return r
	}
	r := l.hex()
	if !utf16.IsSurrogate(r) {
		return r
	}
	if r = utf16.DecodeRune(r, l.hex()); r == utf8.RuneError {
		l.fail(start, "invalid surrogate pair")
	}
	return r
}

// hex reads \uXXXX.
func (l *lexer) hex() rune {
	rest := l.src[l.at:]
	if len(rest) < 6 || rest[:2] != `\u` {
		l.fail(l.at, "invalid escape")
	}
	n, err := strconv.ParseUint(rest[2:6], 16, 16)
	if err != nil {
		l.fail(l.at, "invalid escape")
	}
	l.at += 6
	return rune(n)
}
