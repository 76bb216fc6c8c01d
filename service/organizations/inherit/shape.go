package inherit

// Shape says what a setting of a type of policies may hold. A shape with Fields
// or Free is of settings with members, one with List of lists of values, any
// other of single values.
type Shape struct {
	Fields map[string]*Shape // members by their fixed names
	Free   *Shape            // of members whose names the author chooses, and which are not case sensitive
	List   bool

	// Value says whether something may be a value; nil accepts all.
	Value func(text string) bool
	// Named says whether a setting may stand under a name; nil accepts all.
	Named func(name string, s *Setting) bool

	Needs    []string // members that every policy must have
	Required []string // members that effective policies must have
	Most     int      // members or values of effective policies; 0 is any number
}

// Any is the shape of settings that nothing is known of.
var Any = &Shape{}

func (sh *Shape) holdsMembers() bool { return sh.Fields != nil || sh.Free != nil }

// member is the shape of what stands under a name; nil if nothing may.
func (sh *Shape) member(name string) *Shape {
	switch {
	case sh == Any:
		return Any
	case sh.Fields[name] != nil:
		return sh.Fields[name]
	}
	return sh.Free
}

// operators are those that its settings may use: only lists can be added to.
func (sh *Shape) operators() Operators {
	switch {
	case sh == Any || sh.List:
		return all
	case sh.holdsMembers():
		return none
	}
	return Assign
}
