package wire

import (
	"encoding/json"
	"reflect"

	"github.com/writ-iam/writ/model"
)

// eventTime is how CloudTrail prints a timestamp inside requestParameters and
// responseElements ("CloudTrail log event examples": "Mar 24, 2014 9:11:59 PM").
const eventTime = `"Jan 2, 2006 3:04:05 PM"`

// Parameters renders an input or output, given as a pointer to its struct, as
// CloudTrail's requestParameters and responseElements. Sensitive members are
// left out, as CloudTrail does for IAM and STS. It returns nil if there is
// nothing to show.
func Parameters(shape *model.Shape, v any) json.RawMessage {
	value := reflect.ValueOf(v)
	if !value.IsValid() || value.IsNil() {
		return nil
	}
	if shape == nil || len(shape.Members) == 0 {
		return nil
	}
	value = value.Elem()
	b := eventStyle.object(make([]byte, 0, 256), mustPlan(shape, value.Type()), value)
	if len(b) == len("{}") {
		return nil
	}
	return b
}
