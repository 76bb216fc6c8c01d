package condition

const nullName = "Null"

// isNull is the wanted absence of a key: true if it must be missing or have no
// values (R80).
type isNull bool

func null(value string, _ Syntax) operand {
	if b, ok := parseBool(value); ok {
		return isNull(b)
	}
	return nil
}

func (o isNull) match(value string, _ *Context) bool { return (value == "") == bool(o) }

// presence tells isNull of the values of a key: "" if there are none.
func presence(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return "present"
}
