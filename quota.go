package writ

import "maps"

// Quotas are numbers that a service does not exceed, by name.
type Quotas map[string]int

// With are the quotas with other numbers for those of them that others names.
func (q Quotas) With(others map[string]int) Quotas {
	all := maps.Clone(q)
	for name, n := range others {
		if _, ok := q[name]; ok {
			all[name] = n
		}
	}
	return all
}
