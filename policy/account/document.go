package account

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/writ-iam/writ/policy"
)

// Document is the text of a policy document. In a dump it is an object, as the
// AWS CLI shows it, or a string, as the API does: JSON, perhaps URL-encoded. A
// text that parses is laid out as Document.String does, so that positions in it
// mean the same wherever it was read from.
type Document string

// UnmarshalJSON takes an object or a string.
func (d *Document) UnmarshalJSON(data []byte) error {
	text := string(data)
	if data[0] == '"' {
		_ = json.Unmarshal(data, &text) // a string into a string: it cannot fail
		if plain, err := url.PathUnescape(text); err == nil && strings.HasPrefix(text, "%") {
			text = plain
		}
	}
	if doc, err := policy.Parse([]byte(text)); err == nil {
		text = doc.String()
	}
	*d = Document(text)
	return nil
}

// MarshalJSON gives an object, or a string if the text does not parse.
func (d Document) MarshalJSON() ([]byte, error) {
	if _, err := policy.Parse([]byte(d)); err == nil {
		return []byte(d), nil
	}
	return json.Marshal(string(d))
}
