package wire

import (
	"reflect"

	"github.com/writ-iam/writ/model"
)

// Fits says whether a struct type holds what the shape has: nil, or what is
// wrong. Decode and Encode panic on types that do not fit.
func Fits(shape *model.Shape, t reflect.Type) error { panic("wire") }
