package ec2

import (
	"reflect"
	"slices"

	"github.com/writ-iam/writ"
)

// EC2's model declares no errors: codes are those of the EC2 API reference,
// "Error codes for the Amazon EC2 API", all of them answered with status 400.

func fault(code, format string, args ...any) *writ.Error {
	return writ.Errorf(400, code, format, args...)
}

func invalidValue(format string, args ...any) *writ.Error {
	return fault("InvalidParameterValue", format, args...)
}

func invalidCombination(format string, args ...any) *writ.Error {
	return fault("InvalidParameterCombination", format, args...)
}

func missing(parameter string) *writ.Error {
	return fault("MissingParameter", "The request must contain the parameter %s", parameter)
}

// onlyServed refuses an input that has members beside the named ones: what was
// asked for is done or refused, never ignored.
func onlyServed(in any, names ...string) error {
	v := reflect.Indirect(reflect.ValueOf(in))
	if !v.IsValid() {
		return nil
	}
	for f := range v.Type().Fields() {
		if value := v.FieldByIndex(f.Index); !value.IsZero() && f.Name != "DryRun" && !slices.Contains(names, f.Name) {
			return writ.NotImplemented("The parameter %s is not implemented.", f.Name)
		}
	}
	return nil
}
