package arn

import "strings"

// Glob is a pattern of literal text, stars and question marks. In a Glob the
// wildcards are Run and Char, bytes that no UTF-8 text holds, so that '*' and
// '?' may stand for themselves; NewGlob makes wildcards of them. Where no star
// stands for itself, Match, MatchARN and MatchFold take the text as it is written.
type Glob string

const (
	Run  = "\xff" // any number of characters, also none
	Char = "\xfe" // exactly one character
)

var replacer = strings.NewReplacer("*", Run, "?", Char)

// NewGlob reads every '*' and '?' of pattern as a wildcard. The pattern must be valid UTF-8.
func NewGlob(pattern string) Glob { return Glob(replacer.Replace(pattern)) }

// Literal reports whether g has no wildcards and so fits one text only.
func (g Glob) Literal() bool { return !coded.in(string(g)) }

// String gives the pattern with its wildcards as '*' and '?'.
func (g Glob) String() string {
	return strings.NewReplacer(Run, "*", Char, "?").Replace(string(g))
}

// Match reports whether g fits the whole of s. Letter case counts, and a star
// reaches across every character.
func (g Glob) Match(s string) bool { return coded.match(string(g), s) }

// MatchARN reports whether g fits the ARN s field by field: no wildcard reaches
// across a colon but in the last field. Both must have six fields.
func (g Glob) MatchARN(s string) bool { return coded.matchARN(string(g), s) }

// MatchFold is Match without regard to the case of ASCII letters.
func (g Glob) MatchFold(s string) bool { return coded.matchFold(string(g), s) }

// Match is [Glob.Match] for a pattern in which '*' and '?' are the wildcards.
func Match(pattern, s string) bool { return written.match(pattern, s) }

// MatchARN is [Glob.MatchARN] for a pattern in which '*' and '?' are the wildcards.
func MatchARN(pattern, s string) bool { return written.matchARN(pattern, s) }

// MatchFold is [Glob.MatchFold] for a pattern in which '*' and '?' are the wildcards.
func MatchFold(pattern, s string) bool { return written.matchFold(pattern, s) }
