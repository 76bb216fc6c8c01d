package wire

import (
	"encoding/json"

	"github.com/writ-iam/writ/model"
)

// Parameters renders an input or output as CloudTrail's requestParameters and
// responseElements, without its sensitive members. It returns nil if there is
// nothing to show.
func Parameters(shape *model.Shape, v any) json.RawMessage { panic("wire") }
