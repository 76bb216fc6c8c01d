package validate

import (
	"iter"
	"strings"

	"github.com/writ-iam/writ/catalogue"
)

// maxName is how long a name may be to be searched for, in bytes.
const maxName = 100

// near finds the name that is most like a misspelt one, if any is. Letter case
// counts for nothing.
func (c *checker) near(name string, among iter.Seq[string]) (nearest string, ok bool) {
	if len(name) > maxName || len(c.found) >= maxFindings {
		return "", false
	}
	name = strings.ToLower(name)
	best := 1 + max(1, len(name)/4)
	for candidate := range among {
		if !c.afford(len(name) * len(candidate)) {
			return "", false
		}
		if d := distance(name, strings.ToLower(candidate), best); d < best {
			best, nearest = d, candidate
		}
	}
	return nearest, nearest != ""
}

// services gives the prefixes of all services, and the one of global keys.
func services(yield func(string) bool) {
	for _, name := range append(catalogue.Services(), "aws") {
		if !yield(name) {
			return
		}
	}
}

// meant is the end of a message that proposes a name.
func meant(name string, ok bool) string {
	if !ok {
		return ""
	}
	return "; did you mean " + name + "?"
}

// distance counts the letters to insert, delete, replace or swap with their
// neighbour to make a of b. It gives up at limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		least := row[0]
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least >= limit {
			return limit
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
