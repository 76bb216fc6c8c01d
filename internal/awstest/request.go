package awstest

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"

	"github.com/writ-iam/writ/model"
)

// encode makes the request that an SDK would send for an operation; params are
// its members by name, in the types of encoding/json.
func encode(op *model.Operation, params map[string]any) (*http.Request, []byte, error) {
	switch op.Service.Metadata.Protocol {
	case "query":
		return encodeQuery(op, params)
	case "ec2":
		return encodeEC2(op, params)
	case "json":
		return encodeJSON(op, params)
	case "rest-json":
		return encodeREST(op, params)
	case "rest-xml":
		return encodeRESTXML(op, params)
	}
	return nil, nil, fmt.Errorf("awstest: no client for protocol %s", op.Service.Metadata.Protocol)
}

func encodeQuery(op *model.Operation, params map[string]any) (*http.Request, []byte, error) {
	form := url.Values{"Action": {op.Name}, "Version": {op.Service.Metadata.APIVersion}}
	if op.Input != nil {
		flatten(form, "", op.Input, params)
	}
	r, body := postForm(form)
	return r, body, nil
}

func postForm(form url.Values) (*http.Request, []byte) {
	body := []byte(form.Encode())
	r := httptest.NewRequest("POST", "http://localhost/", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return r, body
}

// flatten writes a value under its dotted name: Tags.member.1.Key.
func flatten(form url.Values, prefix string, shape *model.Shape, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, m := range shape.Members {
			if member, ok := v[m.Name]; ok {
				flatten(form, join(prefix, m.Name), m.Shape, member)
			}
		}
	case []any:
		for i, item := range v {
			flatten(form, join(prefix, "member."+strconv.Itoa(i+1)), shape.Member.Shape, item)
		}
	default:
		text := fmt.Sprint(v)
		if shape.Type == "blob" {
			text = base64.StdEncoding.EncodeToString([]byte(text))
		}
		form.Set(prefix, text)
	}
}

func join(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + "." + name
}

func encodeJSON(op *model.Operation, params map[string]any) (*http.Request, []byte, error) {
	body, err := json.Marshal(params)
	if err != nil {
		return nil, nil, err
	}
	r := httptest.NewRequest("POST", "http://localhost/", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/x-amz-json-"+op.Service.Metadata.JSONVersion)
	r.Header.Set("X-Amz-Target", op.Service.Metadata.TargetPrefix+"."+op.Name)
	return r, body, nil
}

// encodeREST puts labels into the path and query members into the query; what
// is left is the body.
func encodeREST(op *model.Operation, params map[string]any) (*http.Request, []byte, error) {
	path, query, rest := op.URI, url.Values{}, map[string]any{}
	for _, m := range op.Input.Members {
		v, ok := params[m.Name]
		switch {
		case !ok:
		case m.Location == "uri":
			path = strings.ReplaceAll(path, "{"+m.LocationName+"}", url.PathEscape(fmt.Sprint(v)))
		case m.Location == "querystring":
			query.Set(m.LocationName, fmt.Sprint(v))
		default:
			rest[cmp.Or(m.LocationName, m.Name)] = v
		}
	}
	var body []byte
	if len(rest) > 0 {
		body, _ = json.Marshal(rest)
	}
	target := "http://localhost" + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	return httptest.NewRequest(op.Method, target, strings.NewReader(string(body))), body, nil
}
