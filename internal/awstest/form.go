package awstest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"

	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/sigv4"
)

// encodeForm fills in the form that a web page would show. A policy among the
// fields is signed as the server behind the page would sign it.
func (l *Lab) encodeForm(creds sigv4.Credentials, op *model.Operation, params map[string]any) (*http.Request, error) {
	fields := map[string]string{}
	extra, _ := params["Fields"].(map[string]any)
	for name, v := range extra {
		fields[name] = fmt.Sprint(v)
	}
	path := op.URI
	for i := range op.Input.Members {
		m := &op.Input.Members[i]
		if v, ok := params[m.Name]; ok && m.Location == "form" {
			fields[m.LocationName] = fmt.Sprint(v)
		}
		if m.Location == "uri" {
			path = strings.ReplaceAll(path, "{"+m.LocationName+"}", url.PathEscape(fmt.Sprint(params[m.Name])))
		}
	}
	if policy, ok := fields["policy"]; ok {
		l.signForm(creds, fields, policy)
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		w.WriteField(name, fields[name])
	}
	file, err := w.CreateFormFile("file", "file.txt")
	if err != nil {
		return nil, err
	}
	fmt.Fprint(file, params[op.Input.Payload])
	w.Close()
	r := httptest.NewRequest(op.Method, "http://localhost"+path, &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r, nil
}

func (l *Lab) signForm(creds sigv4.Credentials, fields map[string]string, policy string) {
	now := l.Now().UTC()
	scope := sigv4.Scope{Date: now.Format("20060102"), Region: "us-east-1", Service: "s3"}
	signing := map[string]string{"x-amz-algorithm": "AWS4-HMAC-SHA256", "x-amz-credential": creds.AccessKeyID + "/" + scope.String(),
		"x-amz-date": now.Format("20060102T150405Z")}
	if creds.SessionToken != "" {
		signing["x-amz-security-token"] = creds.SessionToken
	}
	fields["policy"] = base64.StdEncoding.EncodeToString([]byte(policy))
	signing["x-amz-signature"] = sigv4.NewKey(creds.SecretAccessKey, scope).SignText(fields["policy"])
	for name, value := range signing {
		if _, own := fields[name]; !own {
			fields[name] = value
		}
	}
}
