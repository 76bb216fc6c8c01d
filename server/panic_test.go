package server_test

import (
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/api/sts"
	"github.com/writ-iam/writ/internal/awstest"
)

// A panic in one request answers InternalFailure, tells nothing, is recorded
// under its request id, and hurts no other request.
func TestPanic(t *testing.T) {
	lab := awstest.New(t)
	lab.Server.Replace("sts", "GetCallerIdentity", func(*writ.Call, *sts.GetCallerIdentityInput) (*sts.GetCallerIdentityOutput, error) {
		panic("the secret of the house")
	})
	var others sync.WaitGroup
	for range 8 {
		others.Go(func() {
			if _, err := lab.Call(awstest.Root, "iam", "ListUsers", nil); err != nil {
				t.Error(err)
			}
		})
	}
	_, err := lab.Call(awstest.Root, "sts", "GetCallerIdentity", nil)
	others.Wait()
	failure, ok := err.(*awstest.Failure)
	if !ok || failure.Status != 500 || failure.Code != "InternalFailure" || strings.Contains(failure.Message, "secret") {
		t.Fatalf("%v", err)
	}
	if event := find(t, lab, awstest.Account, failure.RequestID); event["errorCode"] != "InternalFailure" || strings.Contains(event["errorMessage"].(string), "secret") {
		t.Errorf("event %v", event)
	}
	answer := lab.Do(request(t, awstest.Root, listUsers, lab.Now()))
	if io.Copy(io.Discard, answer.Body); answer.StatusCode != 200 {
		t.Errorf("afterwards: %d", answer.StatusCode)
	}
}
