package main

import "strings"

// edit is one step from a text to another: keep pieces are taken over from where
// the last edit ended, cut pieces are left out, text is put in their place.
type edit struct {
	keep, cut int
	text      string
}

// diff returns the edits that make text b out of a. A piece ends in a comma, so
// that policies are compared action by action.
func diff(a, b string) []edit {
	from, to := strings.SplitAfter(a, ","), strings.SplitAfter(b, ",")
	var edits []edit
	x, y, keep := 0, 0, 0
	for _, r := range append(runs(from, to), run{len(from), len(to), 0}) {
		e := edit{keep, r.a - x, strings.Join(to[y:r.b], "")}
		if e.cut > 0 || e.text != "" {
			edits = append(edits, e)
			keep = 0
		}
		keep += r.n
		x, y = r.a+r.n, r.b+r.n
	}
	return edits
}

// run is n pieces that are equal from a on in one list and from b on in another.
type run struct{ a, b, n int }

// runs finds what two lists have in common: their longest run, and the runs
// before and behind it.
func runs(a, b []string) []run {
	r := longestRun(a, b)
	if r.n == 0 {
		return nil
	}
	found := append(runs(a[:r.a], b[:r.b]), r)
	for _, s := range runs(a[r.a+r.n:], b[r.b+r.n:]) {
		found = append(found, run{r.a + r.n + s.a, r.b + r.n + s.b, s.n})
	}
	return found
}

func longestRun(a, b []string) (longest run) {
	places := make(map[string][]int, len(b))
	for y, piece := range b {
		places[piece] = append(places[piece], y)
	}
	lengths := make(map[int]int) // of the runs that end in b before each place
	for x, piece := range a {
		next := make(map[int]int, len(places[piece]))
		for _, y := range places[piece] {
			n := lengths[y] + 1
			next[y+1] = n
			if n > longest.n {
				longest = run{x + 1 - n, y + 1 - n, n}
			}
		}
		lengths = next
	}
	return longest
}
