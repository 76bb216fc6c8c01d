package wire

import (
	"slices"
	"strconv"
	"strings"

	"github.com/writ-iam/writ/model"
)

// quantity is what constraints look at: the text of a string and the size of
// anything. Strings are counted in code points, as AWS counts them.
type quantity struct {
	text string
	size float64
}

// meets says whether a value keeps all constraints of its shape.
func (q quantity) meets(s *model.Shape) bool {
	return (s.Min == nil || q.size >= *s.Min) && (s.Max == nil || q.size <= *s.Max) &&
		(len(s.Enum) == 0 || slices.Contains(s.Enum, q.text)) && s.Match(q.text)
}

// faults lists the constraints that a value breaks, in AWS's words and order.
func (q quantity) faults(s *model.Shape) (all []string) {
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, q.text) {
		all = append(all, enumRule(s))
	}
	if s.Message == "" && !s.Match(q.text) {
		all = append(all, patternRule(s))
	}
	if s.Max != nil && q.size > *s.Max {
		all = append(all, sizeRule(s, "less", *s.Max))
	}
	if s.Min != nil && q.size < *s.Min {
		all = append(all, sizeRule(s, "greater", *s.Min))
	}
	return all
}

// rules lists all constraints of a shape: AWS prints them together for the
// elements of a list or map, however many break however few.
func rules(s *model.Shape) string {
	var all []string
	if s.Max != nil {
		all = append(all, sizeRule(s, "less", *s.Max))
	}
	if s.Min != nil {
		all = append(all, sizeRule(s, "greater", *s.Min))
	}
	if s.Pattern != "" {
		all = append(all, patternRule(s))
	}
	if len(s.Enum) > 0 {
		all = append(all, enumRule(s))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

func enumRule(s *model.Shape) string {
	return "Member must satisfy enum value set: [" + strings.Join(s.Enum, ", ") + "]"
}

func patternRule(s *model.Shape) string {
	return "Member must satisfy regular expression pattern: " + s.Pattern
}

func sizeRule(s *model.Shape, than string, limit float64) string {
	what := "length"
	if isNumber(s) {
		what = "value"
	}
	return "Member must have " + what + " " + than + " than or equal to " + strconv.FormatFloat(limit, 'f', -1, 64)
}

func isNumber(s *model.Shape) bool {
	switch s.Type {
	case "integer", "long", "float", "double":
		return true
	}
	return false
}
