package policy

import (
	"math/bits"
	"slices"
)

// index finds the statements of a policy that may match a request, among very
// many. Each is filed under grams, one for each of its resources: a stretch of
// text that whatever it matches must hold, and that few other statements
// have. A request asks for all grams of its resource. Statements without a
// gram are filed under their actions, and failing that, are always tried.
type index struct {
	*set
	filed   map[uint64][]int32 // by gram or by hash of the action
	filter  []uint64           // Bloom filter of the grams
	shift   int                // of a product, to its bit in the filter
	actions bool               // some are filed by action
	others  []int32
}

const (
	manyStatements = 8 // from which an index is worth its while
	manyResources  = 4 // from which the resources of a statement are filed apart
	gramSize       = 6 // bytes
	gramMask       = 1<<(8*gramSize) - 1
	gramFactor     = 0x9E3779B97F4A7C15 // spreads grams over the filter
	maxHits        = 16                 // after which trying all statements is no slower
)

// split gives each resource a statement of its own if there are many.
func (s *statement) split() []statement {
	if len(s.resource) < manyResources {
		return []statement{*s}
	}
	var list []statement
	for i := range s.resource {
		one := *s
		one.resource = s.resource[i : i+1 : i+1]
		list = append(list, one)
	}
	return list
}

// search tries the statements that may be about the request.
func (x *index) search(e *evaluation, f func(*statement) bool) {
	if !x.try(e, x.others, f) {
		return
	}
	if x.actions && !x.try(e, x.filed[actionKey(e.Action)], f) {
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
			x.tryAll(e, f)
			return
		}
		seen[hits] = gram
		hits++
		if !x.try(e, list, f) {
			return
		}
	}
}

func (x *index) mayHave(gram uint64) bool {
	bit := gram * gramFactor >> x.shift
	return x.filter[bit/64]&(1<<(bit%64)) != 0
}

// actionKey hashes an action, letter case ignored, to what is no gram.
func actionKey(action string) uint64 {
	h := uint64(14695981039346656037) // FNV-1a
	for i := range len(action) {
		h = (h ^ uint64(action[i]|0x20)) * 1099511628211
	}
	return h | 1<<63
}

// newIndex files the statements of a set; nil if they are too few.
func newIndex(s *set) *index {
	statements := s.statements
	if len(statements) < manyStatements {
		return nil
	}
	x := &index{set: s, filed: map[uint64][]int32{}}
	common := map[uint64]int{} // how many resources have a gram
	for i := range statements {
		for r := range statements[i].resource {
			for _, gram := range statements[i].resource[r].grams() {
				common[gram]++
			}
		}
	}
	size := bits.Len(uint(len(statements))) + 4 // sixteen bits for each
	x.filter, x.shift = make([]uint64, max(1, 1<<size/64)), 64-size
	for i := range statements {
		x.file(int32(i), common)
	}
	return x
}

// file files a statement under the rarest gram of each of its resources or, if
// one has none, under its actions.
func (x *index) file(i int32, common map[uint64]int) {
	s := &x.statements[i]
	keys := s.rarestGrams(common)
	for _, gram := range keys {
		bit := gram * gramFactor >> x.shift
		x.filter[bit/64] |= 1 << (bit % 64)
	}
	if keys == nil {
		keys = s.actionKeys()
		x.actions = x.actions || keys != nil
	}
	if keys == nil {
		x.others = append(x.others, i)
	}
	for _, key := range keys {
		x.filed[key] = append(x.filed[key], i)
	}
}

// rarestGrams returns a gram for each resource, nil if there is none for some.
func (s *statement) rarestGrams(common map[uint64]int) (list []uint64) {
	for r := range s.resource {
		rarest, found := uint64(0), false
		for _, gram := range s.resource[r].grams() {
			if !found || common[gram] < common[rarest] {
				rarest, found = gram, true
			}
		}
		if !found {
			return nil
		}
		list = append(list, rarest)
	}
	return list
}

// actionKeys returns a key for each action, nil if one has wildcards.
func (s *statement) actionKeys() (list []uint64) {
	for _, p := range s.action {
		if !p.literal {
			return nil
		}
		list = append(list, actionKey(string(p.glob)))
	}
	return list
}

// grams returns what the texts that p fits must hold.
func (p *resourcePattern) grams() (list []uint64) {
	for _, literal := range p.text.Literals() {
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
