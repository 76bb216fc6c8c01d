package arn

import (
	"strings"
	"unicode/utf8"
)

// Glob is a pattern of literal text, stars and question marks. In a Glob the
// wildcards are Run and Char, bytes that no UTF-8 text holds, so that '*' and
// '?' may stand for themselves; NewGlob makes wildcards of them.
//
// Matching takes time linear in the text, whatever the pattern: the ends are
// anchored, and each stretch between two stars is looked for once, at its
// leftmost place, which is as good as any other.
type Glob string

const (
	Run  = "\xff" // any number of characters, also none
	Char = "\xfe" // exactly one character
)

var wildcards = strings.NewReplacer("*", Run, "?", Char)

// NewGlob reads every '*' and '?' of pattern as a wildcard. The pattern must be valid UTF-8.
func NewGlob(pattern string) Glob { return Glob(wildcards.Replace(pattern)) }

// Literal reports whether g has no wildcards and so fits one text only.
func (g Glob) Literal() bool { return strings.IndexByte(string(g), Run[0]) < 0 && noChar(string(g)) }

// String gives the pattern with its wildcards as '*' and '?'.
func (g Glob) String() string {
	return strings.NewReplacer(Run, "*", Char, "?").Replace(string(g))
}

// Match reports whether g fits the whole of s. Letter case counts, and a star
// reaches across every character.
func (g Glob) Match(s string) bool {
	head, rest, starred := strings.Cut(string(g), Run)
	n := prefix(head, s)
	if n < 0 || !starred {
		return n == len(s)
	}
	last := strings.LastIndexByte(rest, Run[0])
	end := suffix(rest[last+1:], s[n:])
	if end < 0 || last < 0 {
		return end >= 0
	}
	s, rest = s[n:n+end], rest[:last]
	for more := true; more; {
		var part string
		part, rest, more = strings.Cut(rest, Run)
		if n = find(part, s); n < 0 {
			return false
		}
		s = s[n:]
	}
	return true
}

// MatchARN reports whether g fits the ARN s field by field: no wildcard reaches
// across a colon but in the last field. Both must have six fields.
func (g Glob) MatchARN(s string) bool {
	p := string(g)
	for range 5 {
		i, j := strings.IndexByte(p, ':'), strings.IndexByte(s, ':')
		if i < 0 || j < 0 || !Glob(p[:i]).Match(s[:j]) {
			return false
		}
		p, s = p[i+1:], s[j+1:]
	}
	return Glob(p).Match(s)
}

// MatchFold is Match for a g in lower case and ASCII text of any case.
func (g Glob) MatchFold(s string) bool {
	star, retry := -1, 0 // where to go on when the last star takes one character more
	i, j := 0, 0
	for j < len(s) {
		switch {
		case i < len(g) && g[i] == Run[0]:
			star, retry = i, j
			i++
		case i < len(g) && (g[i] == Char[0] || g[i] == lower(s[j])):
			i, j = i+1, j+1
		case star >= 0:
			retry++
			i, j = star+1, retry
		default:
			return false
		}
	}
	for i < len(g) && g[i] == Run[0] {
		i++
	}
	return i == len(g)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

func noChar(part string) bool { return strings.IndexByte(part, Char[0]) < 0 }

// prefix returns the length of the start of s that part fits, -1 if none.
func prefix(part, s string) int {
	if strings.HasPrefix(s, part) {
		return len(part)
	}
	rest := s
	for {
		literal, after, more := strings.Cut(part, Char)
		if !strings.HasPrefix(rest, literal) {
			return -1
		}
		rest = rest[len(literal):]
		if !more {
			return len(s) - len(rest)
		}
		if rest == "" {
			return -1
		}
		_, size := utf8.DecodeRuneInString(rest)
		rest, part = rest[size:], after
	}
}

// suffix returns where the end of s that part fits begins, -1 if none.
func suffix(part, s string) int {
	for {
		i := strings.LastIndexByte(part, Char[0])
		literal := part[i+1:]
		if !strings.HasSuffix(s, literal) {
			return -1
		}
		s = s[:len(s)-len(literal)]
		if i < 0 {
			return len(s)
		}
		if s == "" {
			return -1
		}
		_, size := utf8.DecodeLastRuneInString(s)
		s, part = s[:len(s)-size], part[:i]
	}
}

// find returns where the leftmost place in s that part fits ends, -1 if there is none.
func find(part, s string) int {
	if noChar(part) {
		i := strings.Index(s, part)
		if i < 0 {
			return -1
		}
		return i + len(part)
	}
	for i := range s {
		if n := prefix(part, s[i:]); n >= 0 {
			return i + n
		}
	}
	return -1
}
