package policy

import (
	"math"
	"strings"

	"github.com/writ-iam/writ/arn"
)

// span is some of the patterns of a policy.
type span struct{ from, to uint32 }

// pattern is a text with '*' and '?' as wildcards that stands in the policy's
// document, and what is asked of it first: a policy needs little more memory
// than its document. The zero pattern matches nothing.
type pattern struct {
	at   uint32 // its place in the document
	size uint16
	head uint16 // bytes before the first wildcard
	hint uint16 // to reject most texts without reading the policy's: the last two of those bytes, or the kin of an action
	tail uint8  // bytes after the last wildcard that are compared at once
	kind patternKind
}

type patternKind uint8

const (
	nothing    patternKind = iota
	itself                 // the resource whose policy it is, as neither Resource nor NotResource is there
	everything             // a lone star
	apart                  // the one of rest.apart that has the number in at

	// Those that stand in the document:
	exact  // no wildcards
	prefix // only a star at the end
	glob   // any wildcards
	fields // an ARN with wildcards in its first five fields
)

// newPattern takes a text apart that stands in the document. An ARN is compared
// field by field if wildcards come before its fifth colon.
func newPattern(v Value, isARN bool) pattern {
	text := v.Text
	first, last := strings.IndexAny(text, "*?"), strings.LastIndexAny(text, "*?")
	p := pattern{at: uint32(v.Pos.Offset + 1), size: uint16(len(text)), kind: glob}
	switch {
	case text == star:
		p.kind = everything
		return p
	case first < 0:
		first, last = len(text), len(text)-1
		p.kind = exact
	case isARN && strings.Count(text[:first], ":") < 5:
		p.kind = fields
	case first == len(text)-1 && text[first] == '*':
		p.kind = prefix
	}
	p.head, p.tail = uint16(first), uint8(min(len(text)-1-last, math.MaxUint8))
	if first >= 2 {
		p.hint = lastTwo(text[:first])
	}
	return p
}

func lastTwo(s string) uint16 { return uint16(s[len(s)-2]) | uint16(s[len(s)-1])<<8 }

// service is the place of an action's service, 0 if it is of any or set apart.
func (p *pattern) service() uint8 { return kin(p.hint).service() }

func (p *pattern) text(src string) string { return src[p.at : p.at+uint32(p.size)] }

// fitsAction compares without regard to letter case (R49). The pattern stands
// in the document of the policy that e is looking at or, apart, in r.
func (p *pattern) fitsAction(e *evaluation, r *rest) bool {
	if p.kind < exact {
		return p.kind == everything || p.kind == apart && r.apart[p.at].MatchFold(e.Action)
	}
	s, head := e.Action, int(p.head)
	if len(s) < head || !kin(p.hint).fits(e.kin) {
		return false
	}
	text := p.text(e.policy.src)
	switch {
	case s[:head] != text[:head] && !arn.MatchFold(text[:head], s[:head]):
		return false
	case p.kind == prefix:
		return true
	case p.kind == exact:
		return len(s) == head
	}
	return arn.MatchFold(text[head:], s[head:])
}

// fitsResource compares with regard to letter case (R54, R61). Trust policies,
// for one, never name the resource.
func (p *pattern) fitsResource(e *evaluation, r *rest) bool {
	if p.kind < exact {
		return p.kind == everything ||
			p.kind == apart && r.apart[p.at].MatchARN(e.Context, e.Resource) ||
			p.kind == itself && e.part == Resource
	}
	s, head, tail := e.Resource, int(p.head), int(p.tail)
	if len(s) < head+tail || head >= 2 && lastTwo(s[:head]) != p.hint {
		return false
	}
	text := p.text(e.policy.src)
	switch {
	case s[:head] != text[:head]:
		return false
	case p.kind == prefix:
		return true
	case p.kind == exact:
		return len(s) == head
	case s[len(s)-tail:] != text[len(text)-tail:]:
		return false
	case p.kind == fields:
		return arn.MatchARN(text, s)
	}
	return arn.Match(text[head:len(text)-tail], s[head:len(s)-tail])
}
