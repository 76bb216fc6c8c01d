package organizations

import (
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/audit"
)

// What becomes of memberships is told in the management account's log by events
// of Organizations itself: the calls of accounts that come in and leave are in
// their own logs alone (API reference, CreateAccount, AcceptHandshake,
// LeaveOrganization).

// joined tells that an account has come into the organization.
func (s *Service) joined(c *writ.Call, management, account, method string) error {
	return s.tell(c, management, "AccountJoinedOrganization", map[string]any{"accountId": account, "joinedMethod": method, "joinedTime": eventTime(c.Time)})
}

// departed tells that an account has left.
func (s *Service) departed(c *writ.Call, management, account, method string) error {
	return s.tell(c, management, "AccountDepartedOrganization", map[string]any{"accountId": account, "departedMethod": method, "departedTime": eventTime(c.Time)})
}

// created tells what became of a request to make an account, without its name.
func (s *Service) created(c *writ.Call, management string, r *creation) error {
	status := map[string]string{"id": r.ID, "state": r.state(), "accountName": "****",
		"requestedTimestamp": eventTime(r.Requested), "completedTimestamp": eventTime(r.Requested)}
	if r.Failure != "" {
		status["failureReason"] = r.Failure
	} else {
		status["accountId"] = r.Account
	}
	err := s.tell(c, management, "CreateAccountResult", map[string]any{"createAccountStatus": status})
	if err != nil || r.Failure != "" {
		return err
	}
	return s.joined(c, management, r.Account, "Created")
}

// tell records an event that no account's call is. Who has called from where is
// the business of the account that did.
func (s *Service) tell(c *writ.Call, management, name string, details map[string]any) error {
	return s.log.Notify(c, audit.Notice{Type: audit.ServiceEvent, Source: principal, Name: name, Account: management,
		Identity: audit.UserIdentity{AccountID: management, InvokedBy: principal}, Details: details})
}

// eventTime is a time as CloudTrail shows it among parameters.
func eventTime(t time.Time) string { return t.UTC().Format("Jan 2, 2006 3:04:05 PM") }
