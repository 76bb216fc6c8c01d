package awstest

import (
	"cmp"
	"net/http"

	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/sigv4"
)

// Call makes one signed call of an operation, given by its name in the model,
// and returns the answer as the AWS CLI would show it. An error that the server
// answered is a *Failure.
func (l *Lab) Call(creds sigv4.Credentials, service, operation string, params map[string]any) (map[string]any, error) {
	m, err := model.Load(service)
	if err != nil {
		return nil, err
	}
	if params == nil {
		params = map[string]any{}
	}
	return l.call(creds, m.Operations[operation], params)
}

func (l *Lab) call(creds sigv4.Credentials, op *model.Operation, params map[string]any) (map[string]any, error) {
	if op.TakesForm() {
		r, err := l.encodeForm(creds, op, params)
		if err != nil {
			return nil, err
		}
		return decode(op, l.Do(r))
	}
	r, body, err := encode(op, params)
	if err != nil {
		return nil, err
	}
	if creds.AccessKeyID != "" {
		if err := l.sign(r, creds, op, body); err != nil {
			return nil, err
		}
	}
	return decode(op, l.Do(r))
}

func (l *Lab) sign(r *http.Request, creds sigv4.Credentials, op *model.Operation, body []byte) error {
	scope := sigv4.Scope{Region: cmp.Or(l.Region, "us-east-1"), Service: op.Service.Metadata.SigningName}
	return sigv4.Sign(r, creds, scope, sigv4.HashPayload(body), l.Now())
}
