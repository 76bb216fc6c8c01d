package model

import (
	"regexp"
	"regexp/syntax"
	"sync"
)

// Match says whether a value fits the shape's pattern; without a pattern
// everything does. AWS matches the whole value, whatever anchors the pattern has.
func (s *Shape) Match(value string) bool {
	return s.Pattern == "" || s.match()(value)
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
	s.match = sync.OnceValue(func() func(string) bool { return matcher(re2) })
}

// javaEscape is Java's way to write a code unit, which RE2 does not know.
var javaEscape = regexp.MustCompile(`\\u([0-9A-Fa-f]{4})`)

// matcher compiles a pattern. Most patterns of the models, and all that policy
// documents have to pass, say only which characters there may be: those are
// read off without the regular expression's machine, which is ten times slower.
func matcher(re2 string) func(string) bool {
	tree, err := syntax.Parse(re2, syntax.Perl)
	if err == nil && (tree.Op == syntax.OpPlus || tree.Op == syntax.OpStar) && tree.Sub[0].Op == syntax.OpCharClass {
		least := 0
		if tree.Op == syntax.OpPlus {
			least = 1
		}
		class := tree.Sub[0].Rune
		return func(value string) bool { return len(value) >= least && within(class, value) }
	}
	return regexp.MustCompile(`^(?:` + re2 + `)$`).MatchString
}

// within says whether all characters of a value are in the class, which is
// pairs of first and last characters in ascending order.
func within(class []rune, value string) bool {
next:
	for _, r := range value {
		for i := 0; i < len(class) && class[i] <= r; i += 2 {
			if r <= class[i+1] {
				continue next
			}
		}
		return false
	}
	return true
}
