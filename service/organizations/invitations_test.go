package organizations_test

import (
	"strings"
	"testing"
	"time"

	"github.com/writ-iam/writ/internal/awstest"
)

// An organization may send 20 invitations in a day, cancelled ones included.
func TestInvitationsPerDay(t *testing.T) {
	lab := awstest.New(t)
	lab.AddAccount(t, "222222222222")
	call := func(operation string, params map[string]any) (map[string]any, error) {
		return lab.Call(awstest.Root, "organizations", operation, params)
	}
	invite := func() error {
		out, err := call("InviteAccountToOrganization", map[string]any{"Target": map[string]any{"Type": "ACCOUNT", "Id": "222222222222"}})
		if err == nil {
			_, err = call("CancelHandshake", map[string]any{"HandshakeId": out["Handshake"].(map[string]any)["Id"]})
		}
		return err
	}
	if _, err := call("CreateOrganization", map[string]any{}); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if err := invite(); err != nil {
			t.Fatal(err)
		}
	}
	if err := invite(); err == nil || !strings.HasPrefix(err.Error(), "HandshakeConstraintViolationException") || !strings.HasSuffix(err.Error(), "HANDSHAKE_RATE_LIMIT_EXCEEDED") {
		t.Errorf("the 21st: %v", err)
	}
	lab.Advance(24 * time.Hour)
	if err := invite(); err != nil {
		t.Errorf("a day later: %v", err)
	}
}
