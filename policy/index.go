package policy

import (
	"math/bits"
	"slices"
)

// index finds the statements of a policy that may match a request, among very
// many. Each is filed under a key for each of its resources: a stretch of text
// that whatever it matches must hold, or must end with, and that few other
// statements have. A request asks for all such stretches of its resource.
// Statements without one are filed under their actions, and failing that, are
// always tried.
type index struct {
	filed   map[uint64][]int32 // by gram, ending, or action
	filter  []uint64           // Bloom filter of the keys
	shift   int                // of a product, to its bit in the filter
	grams   bool               // some are filed by gram
	actions bool               // some are filed by action
	others  []int32
}

const (
	manyStatements = 8 // from which there is an index
	manyResources  = 4 // from which the resources of a statement are filed apart
	gramSize       = 6 // bytes
	gramMask       = 1<<(8*gramSize) - 1
	endingSize     = 3  // bytes
	maxHits        = 16 // after which trying all statements is no slower

	factor = 0x9E3779B97F4A7C15 // spreads keys over the filter
)

// Keys that are no grams have a bit of their own above those.
const (
	anEnding = 1 << 62
	anAction = 1 << 63
)

// search tries the statements that may be about the request.
func (x *index) search(e *evaluation) {
	if e.some(x.others) ||
		x.actions && x.under(e, actionKey(e.Action)) ||
		x.under(e, endingKey(e.Resource)) || !x.grams {
		return
	}
	var seen [maxHits]uint64 // a gram that comes again finds nothing new
	hits, gram := 0, uint64(0)
	for i := range len(e.Resource) {
		gram = (gram<<8 | uint64(e.Resource[i])) & gramMask
		if !x.mayHave(gram) || slices.Contains(seen[:hits], gram) {
			continue
		}
		list := x.filed[gram]
		if list == nil {
			continue
		}
		if hits == maxHits {
			e.all()
			return
		}
		seen[hits] = gram
		hits++
		if e.some(list) {
			return
		}
	}
}

// under searches the statements that are filed under a key.
func (x *index) under(e *evaluation, key uint64) (ends bool) {
	return x.mayHave(key) && e.some(x.filed[key])
}

func (x *index) mayHave(key uint64) bool {
	bit := key * factor >> x.shift
	return x.filter[bit/64]&(1<<(bit%64)) != 0
}

// actionKey hashes an action, letter case ignored.
func actionKey(action string) uint64 {
	h := uint64(14695981039346656037) // FNV-1a
	for i := range len(action) {
		h = (h ^ uint64(action[i]|0x20)) * 1099511628211
	}
	return h | anAction
}

// endingKey takes the last bytes of a text.
func endingKey(text string) uint64 {
	key := uint64(0)
	for i := max(0, len(text)-endingSize); i < len(text); i++ {
		key = key<<8 | uint64(text[i])
	}
	return key | anEnding
}

// newIndex files the statements of a policy.
func newIndex(p *Policy) *index {
	x := &index{filed: map[uint64][]int32{}}
	common := map[uint64]int{} // how many resources have a key
	for i := range p.statements {
		for _, keys := range p.statements[i].resourceKeys(p) {
			for _, key := range keys {
				common[key]++
			}
		}
	}
	size := bits.Len(uint(len(p.statements))) + 6 // some 64 bits for each
	x.filter, x.shift = make([]uint64, max(1, 1<<size/64)), 64-size
	for i := range p.statements {
		x.file(int32(i), p, common)
	}
	return x
}

// split gives each resource a statement of its own where there are many.
func (p *Policy) split(statements []sifted) (list []sifted) {
	for _, s := range statements {
		more := p.some(s.moreResources)
		if len(more)+1 < manyResources {
			list = append(list, s)
			continue
		}
		one := s
		one.moreResources = span{}
		list = append(list, one)
		for _, one.resource = range more {
			list = append(list, one)
		}
	}
	return list
}

// file files a statement under the rarest key of each of its resources or, if
// one has none, under its actions.
func (x *index) file(i int32, p *Policy, common map[uint64]int) {
	s := &p.statements[i]
	keys := rarest(s.resourceKeys(p), common)
	if keys == nil {
		keys = s.actionKeys(p)
		x.actions = x.actions || keys != nil
	}
	if keys == nil {
		x.others = append(x.others, i)
	}
	for _, key := range keys {
		x.grams = x.grams || key <= gramMask
		bit := key * factor >> x.shift
		x.filter[bit/64] |= 1 << (bit % 64)
		x.filed[key] = append(x.filed[key], i)
	}
}

// rarest picks a key for each resource, nil if there is none for some.
func rarest(resources [][]uint64, common map[uint64]int) (list []uint64) {
	for _, keys := range resources {
		if len(keys) == 0 {
			return nil
		}
		list = append(list, slices.MinFunc(keys, func(a, b uint64) int { return common[a] - common[b] }))
	}
	return list
}

// actionKeys returns a key for each action, nil if one has wildcards.
func (s *statement) actionKeys(p *Policy) (list []uint64) {
	for _, a := range append([]pattern{s.action}, p.some(s.moreActions)...) {
		if a.kind != exact {
			return nil
		}
		list = append(list, actionKey(a.text(p.src)))
	}
	return list
}
