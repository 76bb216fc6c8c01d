package validate

import "strings"

// pattern is an ARN of a policy or of the catalogue, taken apart. Two patterns
// meet if some text fits both.
type pattern []token

// token is a character of a pattern, or one of the two that stand for any number
// of characters.
type token int32

const (
	anyRun  token = -1 // any characters, also none
	nameRun token = -2 // any but slashes
	anyOne  token = -3 // any one character
)

// parsePattern reads a resource of a policy. A variable can be anything.
func parsePattern(text string) pattern {
	var p pattern
	for text != "" {
		if rest, ok := variable(text); ok {
			p, text = append(p, anyRun), rest
			continue
		}
		switch text[0] {
		case '*':
			p = append(p, anyRun)
		case '?':
			p = append(p, anyOne)
		default:
			p = append(p, token(text[0]))
		}
		text = text[1:]
	}
	return p
}

// maxVariable is how long a variable may be to be taken for one: much longer than
// the key of a tag.
const maxVariable = 1000

// variable takes a variable from the start of a text.
func variable(text string) (rest string, ok bool) {
	if !strings.HasPrefix(text, "${") {
		return text, false
	}
	end := strings.IndexByte(text[:min(len(text), maxVariable)], '}')
	return text[end+1:], end > 0
}

// parseTemplate reads an ARN of the catalogue, whose variables stand for at least
// one character.
func parseTemplate(text string) pattern {
	var p pattern
	for text != "" {
		rest, ok := variable(text)
		if !ok {
			p, text = append(p, token(text[0])), text[1:]
			continue
		}
		run := anyRun
		if flat[text[2:len(text)-len(rest)-1]] {
			run = nameRun
		}
		p, text = append(p, anyOne, run), rest
	}
	return p
}

// flat are the variables of the catalogue that stand for names without slashes,
// where that tells one resource type from another: a bucket from its objects, a
// table from its indexes.
var flat = map[string]bool{"BucketName": true, "AccessPointName": true, "TableName": true, "Partition": true, "Region": true, "Account": true}

// meets reports whether some text fits both patterns. Its time is at most the
// product of their lengths.
func (p pattern) meets(q pattern) bool {
	row := make([]bool, len(q)+1) // row[j]: some text fits both what is left of p before here and q[:j]
	row[0] = true
	for i := 0; ; i++ {
		below, more := make([]bool, len(q)+1), false
		for j := range row {
			if !row[j] {
				continue
			}
			if i == len(p) && j == len(q) {
				return true
			}
			right, down, across := steps(p, q, i, j)
			if right {
				row[j+1] = true
			}
			below[j] = below[j] || down
			if across {
				below[j+1] = true
			}
			more = more || down || across
		}
		if !more {
			return false
		}
		row = below
	}
}

// steps tells how to go on from p[i] and q[j]: past q[j], past p[i], past both.
func steps(p, q pattern, i, j int) (right, down, across bool) {
	switch {
	case i == len(p):
		return q[j].run(), false, false
	case j == len(q):
		return false, p[i].run(), false
	}
	a, b := p[i], q[j]
	switch {
	case a.run() && b.run():
		return true, true, false
	case a.run():
		return a.takes(b), true, false
	case b.run():
		return true, b.takes(a), false
	}
	return false, false, a == b || a == anyOne || b == anyOne
}

func (t token) run() bool { return t == anyRun || t == nameRun }

// takes reports whether a run can go over a character.
func (t token) takes(c token) bool { return t == anyRun || c != '/' }
