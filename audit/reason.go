package audit

import (
	"encoding/json"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/policy"
)

// Reason is why a check ended as it did. It is kept beside the event, not in
// it: CloudTrail has no place for it, and only those who may explain requests
// may read it.
type Reason struct {
	Action    string `json:"action"`
	Resource  string `json:"resource"`
	Decision  string `json:"decision"`
	By        string `json:"by"`
	Policy    string `json:"policy,omitempty"`
	Statement string `json:"sid,omitempty"`
	Text      string `json:"text"`
}

// reasons explains every check of a decision. It is called for what was
// decided by policies only, since an explanation costs more than a decision.
func reasons(c *writ.Call) []byte {
	if c.Decision == nil || len(c.Decision.Checks) == 0 {
		return nil
	}
	all := make([]Reason, 0, len(c.Decision.Checks))
	for i := range c.Decision.Checks {
		all = append(all, reason(&c.Decision.Checks[i]))
	}
	note, err := json.Marshal(all)
	if err != nil {
		return nil
	}
	return note
}

func reason(check *writ.Check) Reason {
	r := Reason{Action: check.Action, Resource: check.Resource.ARN, Decision: check.Result.Decision.String(), By: check.Result.By.String()}
	if check.Result.Policy != nil {
		r.Policy = check.Result.Policy.Name()
	}
	if st := check.Result.Statement(); st != nil {
		r.Statement = st.Sid
	}
	if check.Result.Decision == policy.Allow {
		r.Text = allowed(&r)
	} else {
		r.Text = check.Policies.Explain(check.Request).Text()
	}
	return r
}

// allowed says in a line what a full explanation would: an allowed call has one
// statement that let it through, and explaining every call would slow each.
func allowed(r *Reason) string {
	switch {
	case r.Policy == "":
		return "allowed: " + r.By
	case r.Statement == "":
		return "allowed by " + r.Policy
	}
	return "allowed by statement " + r.Statement + " of " + r.Policy
}

// Reasons reads what an event's note says; nil if there is none.
func Reasons(note []byte) ([]Reason, error) {
	if note == nil {
		return nil, nil
	}
	var all []Reason
	return all, json.Unmarshal(note, &all)
}
