// Package inherit reads the management policies of AWS Organizations (tag
// policies, backup policies and their kin) and merges those over an account into
// its effective policy.
//
// Its one idea: a policy is a tree of settings, each with the operators that it
// applies to what was inherited, and what its children may do to it. Merging
// walks down the organization a level at a time; the policies of one level are
// laid over what was inherited together, so that none of them limits another.
// What a type of policies may hold is data, a Shape; how policies merge is the
// same for all (Organizations User Guide, "Understanding management policy
// inheritance").
package inherit

// Operators is a set of value-setting operators.
type Operators uint8

const (
	Assign Operators = 1 << iota
	Append
	Remove

	none Operators = 0
	all            = Assign | Append | Remove
)

// The names of the operators.
const (
	assignName  = "@@assign"
	appendName  = "@@append"
	removeName  = "@@remove"
	controlName = "@@operators_allowed_for_child_policies"
)

// controls are what @@operators_allowed_for_child_policies may list.
var controls = map[string]Operators{
	"@@all": all, "@@none": none, assignName: Assign, appendName: Append, removeName: Remove,
}

// Setting is a policy, or a part of it: either it has members, or values that its
// operators apply. Values are strings, json.Numbers and truth values; only what
// is assigned may also be a list of them.
type Setting struct {
	Assign  any // nil if nothing is
	Append  []any
	Remove  []any
	Members map[string]*Setting

	children Operators // what policies further down may use here
}

// sets says which operators a setting uses.
func (s *Setting) sets() (used Operators) {
	if s.Assign != nil {
		used |= Assign
	}
	if s.Append != nil {
		used |= Append
	}
	if s.Remove != nil {
		used |= Remove
	}
	return used
}
