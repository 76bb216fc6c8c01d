package awstest

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/writ-iam/writ/model"
)

// encodeEC2 writes parameters under EC2's own names, lists without words around
// their elements: TagSpecification.1.Tag.1.Key.
func encodeEC2(op *model.Operation, params map[string]any) (*http.Request, []byte, error) {
	form := url.Values{"Action": {op.Name}, "Version": {op.Service.Metadata.APIVersion}}
	if op.Input != nil {
		flattenEC2(form, "", op.Input, params)
	}
	r, body := postForm(form)
	return r, body, nil
}

func flattenEC2(form url.Values, prefix string, shape *model.Shape, v any) {
	switch v := v.(type) {
	case map[string]any:
		for i := range shape.Members {
			m := &shape.Members[i]
			if member, ok := v[m.Name]; ok {
				flattenEC2(form, join(prefix, nameEC2(m)), m.Shape, member)
			}
		}
	case []any:
		for i, item := range v {
			flattenEC2(form, join(prefix, strconv.Itoa(i+1)), shape.Member.Shape, item)
		}
	default:
		text := fmt.Sprint(v)
		if shape.Type == "blob" {
			text = base64.StdEncoding.EncodeToString([]byte(text))
		}
		form.Set(prefix, text)
	}
}

func nameEC2(m *model.Member) string {
	name := m.Name
	if m.LocationName != "" {
		name = m.LocationName
	}
	if m.QueryName != "" {
		name = m.QueryName
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

func decodeEC2(op *model.Operation, r *http.Response, body []byte) (map[string]any, error) {
	var root node
	if err := xml.NewDecoder(bytes.NewReader(body)).Decode(&root); err != nil {
		return nil, fmt.Errorf("awstest: %w in %s", err, body)
	}
	if r.StatusCode < 300 {
		if op.Output == nil {
			return map[string]any{}, nil
		}
		return structure(op.Output, &root), nil
	}
	if all := root.child("Errors"); all != nil && all.child("Error") != nil {
		e := all.child("Error")
		return nil, &Failure{Status: r.StatusCode, Code: e.text("Code"), Message: e.text("Message"), RequestID: root.text("RequestID")}
	}
	return nil, errors.New("awstest: no <Error> in " + string(body))
}
