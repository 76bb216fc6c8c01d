package server

import (
	"net/http"
	"reflect"

	"github.com/writ-iam/writ"
)

// dryRun ends a call of EC2 that was only to find out whether it would be
// allowed (EC2 API reference, "DryRun"): it is, or it would not have come here.
func dryRun(c *writ.Call) error {
	if c.Operation.Service.Metadata.Protocol != "ec2" {
		return nil
	}
	member := reflect.ValueOf(c.Input).Elem().FieldByName("DryRun")
	if !member.IsValid() || member.IsNil() || !member.Elem().Bool() {
		return nil
	}
	return writ.Errorf(http.StatusPreconditionFailed, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.")
}
