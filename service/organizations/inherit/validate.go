package inherit

import (
	"fmt"
	"maps"
	"slices"
)

// Problem is what makes an effective policy invalid, though each of the policies
// that it comes from is fine.
type Problem struct {
	Code    string
	Message string
	Path    string // names, separated by "/"
	From    []string
}

// Validate says what is wrong with an effective policy, in the order of paths.
func (sh *Shape) Validate(e *Effective) []Problem { return sh.validate(e, "", "") }

func (sh *Shape) validate(e *Effective, name, path string) (all []Problem) {
	if e.Empty() {
		return nil
	}
	for _, member := range sh.Required {
		if m := e.Members[member]; m == nil || m.Empty() {
			all = append(all, Problem{"KEY_REQUIRED", fmt.Sprintf("'%s' is missing", member), path, e.sources()})
		}
	}
	if n := e.size(); sh.Most > 0 && n > sh.Most {
		all = append(all, Problem{"ELEMENTS_TOO_MANY", fmt.Sprintf("'%s' exceeds the allowed maximum limit %d", name, sh.Most), path, e.sources()})
	}
	for _, member := range slices.Sorted(maps.Keys(e.Members)) {
		all = append(all, sh.member(member).validate(e.Members[member], member, join(path, member))...)
	}
	return all
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "/" + name
}

// size is how many values or members are set.
func (e *Effective) size() (n int) {
	if list, ok := e.Value.([]any); ok {
		return len(list)
	}
	for _, m := range e.Members {
		if !m.Empty() {
			n++
		}
	}
	return n
}

// sources are the policies that a part comes from, members counted; sorted.
func (e *Effective) sources() []string {
	from := slices.Clone(e.From)
	for _, m := range e.Members {
		from = append(from, m.sources()...)
	}
	slices.Sort(from)
	return slices.Compact(from)
}
