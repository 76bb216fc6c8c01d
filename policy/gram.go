package policy

import "strings"

// resourceKeys returns for each resource the keys under which it may be filed,
// which are none if there is no resource.
func (s *statement) resourceKeys(p *Policy) [][]uint64 {
	list := [][]uint64{s.keysOf(&s.resource, p)}
	for _, r := range p.some(s.moreResources) {
		list = append(list, s.keysOf(&r, p))
	}
	return list
}

// keysOf returns the ending first: it is looked for at one place only.
func (s *statement) keysOf(resource *pattern, p *Policy) (list []uint64) {
	if resource.kind == apart {
		return gramsOf(s.apart[resource.at].Literals())
	}
	text := resource.text(p.src)
	if resource.tail >= endingSize || resource.kind == exact {
		list = append(list, endingKey(text))
	}
	return append(list, gramsOf(strings.FieldsFunc(text, isWildcard))...)
}

func isWildcard(r rune) bool { return r == '*' || r == '?' }

// maxLiteral bounds the work for one literal, in bytes. Its end tells more than
// its beginning, which many have in common.
const maxLiteral = 128

// gramsOf returns what a text must hold that holds all the literals.
func gramsOf(literals []string) (list []uint64) {
	for _, literal := range literals {
		literal = literal[max(0, len(literal)-maxLiteral):]
		gram := uint64(0)
		for i := range len(literal) {
			gram = (gram<<8 | uint64(literal[i])) & gramMask
			if i >= gramSize-1 {
				list = append(list, gram)
			}
		}
	}
	return list
}
