package audit

import (
	"encoding/json"
	"strings"

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
	// Otherwise is the decision without service control policies, of the last
	// check of a call that they alone denied. "" where that was not asked.
	Otherwise string `json:"otherwise,omitempty"`
	// Keys are the context keys that the event does not tell (past.go); nil in
	// notes that were written before there were any.
	Keys map[string][]string `json:"keys,omitempty"`
}

// appendReasons says of every check why it ended as it did, and of a call that
// no policy was asked about why none was. It adds nothing if nothing was decided.
func appendReasons(b []byte, c *writ.Call) []byte {
	if c.Decision == nil {
		return b
	}
	o := object(append(b, '['))
	for i := range c.Decision.Checks {
		o.next()
		check := &c.Decision.Checks[i]
		r := reason(check)
		r.Otherwise = otherwise(c, check)
		r.append(&o, func() { untold(&o, c, check) })
	}
	if r, ok := withoutPolicies(c); ok {
		o.next()
		r.append(&o, func() {})
	}
	return append(o, ']')
}

// withoutPolicies is the reason of what is allowed to everybody, and of what
// the kind of the credentials forbids whatever policies say.
func withoutPolicies(c *writ.Call) (r Reason, ok bool) {
	n := len(c.Decision.Checks)
	if c.Decision.Allowed && n > 0 {
		return r, false
	}
	r = Reason{Action: c.Operation.Service.Metadata.SigningName + ":" + c.Operation.Name, Resource: "*"}
	if c.Decision.Allowed {
		r.Decision, r.By, r.Text = policy.Allow.String(), policy.Always.String(), "allowed: "+c.Operation.Rule.Exempt
		return r, true
	}
	told, known := writ.AsError(c.Err)
	r.Decision, r.By, r.Text = policy.ExplicitDeny.String(), "credentials", told.Message
	return r, known && (n == 0 || c.Decision.Checks[n-1].Result.Decision == policy.Allow)
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
		r.Text = allowed(&r, check)
	} else {
		r.Text = denial(check)
	}
	return r
}

// otherwise says what would have been decided without service control policies.
// What a call needs beyond a denied permission has not been asked, so nothing is
// said of a check before the last.
func otherwise(c *writ.Call, check *writ.Check) string {
	last := c.Decision.Checks[len(c.Decision.Checks)-1]
	if check.Result.Decision == policy.Allow || check.Result.By != policy.SCP || check.Request != last.Request || c.Decision.Unasked {
		return ""
	}
	rest := *check.Policies
	rest.SCPs = nil
	return rest.Evaluate(check.Request).Decision.String()
}

// maxText bounds what is kept of an explanation: a policy of thousands of
// statements must not make each denial a large event.
const maxText = 32 << 10

// denial is the whole reasoning, and what would allow the call.
func denial(check *writ.Check) string {
	text := check.Policies.Explain(check.Request).Text()
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "") + "\n(cut: the explanation is too long)\n"
	}
	return text + "\n" + policy.Advice(check.Policies.Suggest(check.Request))
}

// allowed says in a line what a full explanation would: an allowed call has one
// statement that let it through, and explaining every call would slow each. From
// account to account, the resource's policy did, too.
func allowed(r *Reason, check *writ.Check) string {
	text := "allowed by "
	switch {
	case r.Policy == "":
		return "allowed: " + r.By
	case r.Statement != "":
		text += "statement " + r.Statement + " of "
	}
	text += r.Policy
	if check.Result.By == policy.IdentityAndResource {
		text += " in account " + check.Request.Principal.Account + " and by " + check.Policies.Resource.Name() + " in account " + check.Resource.Account
	}
	return text
}

// Reasons reads what an event's note says; nil if there is none.
func Reasons(note []byte) ([]Reason, error) {
	if note == nil {
		return nil, nil
	}
	var all []Reason
	return all, json.Unmarshal(note, &all)
}
