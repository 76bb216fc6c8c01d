package arn

import (
	"strings"
	"unicode/utf8"
)

// wildcards are the bytes that stand for any characters and for one.
//
// Matching takes time linear in the text, whatever the pattern: the ends are
// anchored, and each stretch between two stars is looked for once, at its
// leftmost place, which is as good as any other.
type wildcards struct{ run, char byte }

var (
	coded   = wildcards{Run[0], Char[0]}
	written = wildcards{'*', '?'}
)

// in reports whether the pattern has any.
func (w wildcards) in(pattern string) bool {
	return strings.IndexByte(pattern, w.run) >= 0 || strings.IndexByte(pattern, w.char) >= 0
}

func (w wildcards) match(pattern, s string) bool {
	head, rest, starred := cut(pattern, w.run)
	n := w.prefix(head, s)
	if n < 0 || !starred {
		return n == len(s)
	}
	last := strings.LastIndexByte(rest, w.run)
	end := w.suffix(rest[last+1:], s[n:])
	if end < 0 || last < 0 {
		return end >= 0
	}
	s, rest = s[n:n+end], rest[:last]
	for more := true; more; {
		var part string
		part, rest, more = cut(rest, w.run)
		if n = w.find(part, s); n < 0 {
			return false
		}
		s = s[n:]
	}
	return true
}

func (w wildcards) matchARN(pattern, s string) bool {
	for range 5 {
		i, j := strings.IndexByte(pattern, ':'), strings.IndexByte(s, ':')
		if i < 0 || j < 0 || !w.match(pattern[:i], s[:j]) {
			return false
		}
		pattern, s = pattern[i+1:], s[j+1:]
	}
	return w.match(pattern, s)
}

// matchFold goes back to the last star only. It compares bytes, and is meant for ASCII.
func (w wildcards) matchFold(pattern, s string) bool {
	star, retry := -1, 0 // where to go on when the last star takes one character more
	i, j := 0, 0
	for j < len(s) {
		switch {
		case i < len(pattern) && pattern[i] == w.run:
			star, retry = i, j
			i++
		case i < len(pattern) && (pattern[i] == w.char || lower(pattern[i]) == lower(s[j])):
			i, j = i+1, j+1
		case star >= 0:
			retry++
			i, j = star+1, retry
		default:
			return false
		}
	}
	for i < len(pattern) && pattern[i] == w.run {
		i++
	}
	return i == len(pattern)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

// cut is strings.Cut at a byte.
func cut(s string, at byte) (before, after string, found bool) {
	if i := strings.IndexByte(s, at); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// prefix returns the length of the start of s that part fits, -1 if none.
func (w wildcards) prefix(part, s string) int {
	rest := s
	for {
		literal, after, more := cut(part, w.char)
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
func (w wildcards) suffix(part, s string) int {
	for {
		i := strings.LastIndexByte(part, w.char)
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
func (w wildcards) find(part, s string) int {
	if strings.IndexByte(part, w.char) < 0 {
		i := strings.Index(s, part)
		if i < 0 {
			return -1
		}
		return i + len(part)
	}
	for i := range s {
		if n := w.prefix(part, s[i:]); n >= 0 {
			return i + n
		}
	}
	return -1
}
