package wire

import (
	"net/http"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/model"
)

// This file is for services that tell of a broken constraint by a reason (see
// model.Metadata.Faults).

// reasons are the texts that go with them.
var reasons = map[string]string{
	"INPUT_REQUIRED":      "You must specify a value for every required parameter.",
	"INVALID_ENUM":        "You specified an invalid value.",
	"INVALID_PATTERN":     "You provided a value that does not match the required pattern.",
	"MAX_LENGTH_EXCEEDED": "You specified a value that is longer than allowed.",
	"MIN_LENGTH_EXCEEDED": "You specified a value that is shorter than allowed.",
	"MAX_VALUE_EXCEEDED":  "You specified a number that is larger than allowed.",
	"MIN_VALUE_EXCEEDED":  "You specified a number that is smaller than allowed.",
}

// reason names the first constraint that a value breaks.
func (q quantity) reason(s *model.Shape) string {
	what := "LENGTH"
	if isNumber(s) {
		what = "VALUE"
	}
	switch {
	case q.faults(s) == nil:
		return ""
	case s.Max != nil && q.size > *s.Max:
		return "MAX_" + what + "_EXCEEDED"
	case s.Min != nil && q.size < *s.Min:
		return "MIN_" + what + "_EXCEEDED"
	case len(s.Enum) > 0:
		return "INVALID_ENUM"
	}
	return "INVALID_PATTERN"
}

func reasoned(code, reason string) error {
	e := writ.Errorf(http.StatusBadRequest, code, "%s", reasons[reason])
	e.Fields = map[string]any{"Reason": reason}
	return e
}
