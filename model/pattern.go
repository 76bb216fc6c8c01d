package model

import (
	"regexp"
	"sync"
)

// Match says whether a value fits the shape's pattern; without a pattern
// everything does. AWS matches the whole value, whatever anchors the pattern has.
func (s *Shape) Match(value string) bool {
	return s.Pattern == "" || s.regexp().MatchString(value)
}

// setPattern keeps AWS's spelling for messages and defers compiling to the
// first use: most patterns of a model are never asked in the life of a process,
// and some cost milliseconds. re2 is the same pattern in Go's syntax, "" if a
// change of escapes is all it takes.
func (s *Shape) setPattern(pattern, re2 string) {
	s.Pattern = pattern
	if re2 == "" {
		re2 = javaEscape.ReplaceAllString(pattern, `\x{$1}`)
	}
	s.regexp = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:` + re2 + `)$`) })
}

// javaEscape is Java's way to write a code unit, which RE2 does not know.
var javaEscape = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)
