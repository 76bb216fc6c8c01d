package organizations

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/organizations"
)

// Some errors say by a Reason what is wrong.

func reasoned(e *writ.Error, reason string) *writ.Error {
	e.Fields = map[string]any{"Reason": reason}
	return e
}

func constraint(reason, format string, args ...any) *writ.Error {
	return reasoned(api.ConstraintViolationException(format, args...), reason)
}

func invalid(reason, format string, args ...any) *writ.Error {
	return reasoned(api.InvalidInputException(format, args...), reason)
}
