package imds_test

import (
	"net/http"
	"testing"

	"github.com/writ-iam/writ/internal/awstest"
)

// The instances of an account that is closed get no credentials, and those that
// they have are good for nothing.
func TestClosedAccount(t *testing.T) {
	m := newMachine(t, nil)
	had := m.credentials()
	if _, err := m.Call(had.sign(), "iam", "ListUsers", nil); err != nil {
		t.Fatal(err)
	}
	m.close()
	if _, err := m.Call(had.sign(), "iam", "ListUsers", nil); err == nil {
		t.Error("the credentials are still good")
	}
	if status, body, _ := m.ask(http.MethodGet, "/latest/meta-data/iam/security-credentials/reader", tokenHeader, m.token()); status == http.StatusOK {
		t.Errorf("there are still credentials: %s", body)
	}
}

// close has the lab's account closed by another.
func (m *machine) close() {
	m.Helper()
	other := m.AddAccount(m.T, "222222222222")
	must := func(out map[string]any, err error) map[string]any {
		if err != nil {
			m.Fatal(err)
		}
		return out
	}
	must(m.Call(other, "organizations", "CreateOrganization", map[string]any{}))
	asked := must(m.Call(other, "organizations", "InviteAccountToOrganization", map[string]any{"Target": map[string]any{"Type": "ACCOUNT", "Id": awstest.Account}}))
	must(m.Call(awstest.Root, "organizations", "AcceptHandshake", map[string]any{"HandshakeId": asked["Handshake"].(map[string]any)["Id"]}))
	must(m.Call(other, "organizations", "CloseAccount", map[string]any{"AccountId": awstest.Account}))
}
