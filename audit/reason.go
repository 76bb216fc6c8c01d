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
		r := reason(check, account(c))
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

// reason is what the account that reads it may know: of another one's things
// which side decided, and not what the policies there say.
func reason(check *writ.Check, reader string) Reason {
	r := Reason{Action: check.Action, Resource: check.Resource.ARN, Decision: check.Result.Decision.String(), By: check.Result.By.String()}
	theirs := isForeign(check, reader)
	if by := check.Result.By; !theirs || by != policy.Resource && by != policy.RCP {
		if check.Result.Policy != nil {
			r.Policy = check.Result.Policy.Name()
		}
		if st := check.Result.Statement(); st != nil {
			r.Statement = st.Sid
		}
	}
	switch {
	case check.Result.Decision == policy.Allow:
		r.Text = allowed(&r, check)
	case theirs:
		r.Text = foreignDenial(check)
	default:
		r.Text = explained(check.Policies.Explain(check.Request), check.Policies.Suggest(check.Request))
	}
	return r
}

// isForeign says whether a check was about a thing of another account than the
// reader's. AWS's own are nobody's.
func isForeign(check *writ.Check, reader string) bool {
	owner := check.Resource.Account
	return owner != reader && owner != "" && owner != "aws"
}

// foreignDenial explains what the policies on the caller's side did. Those of the
// resource's are not told, nor whether there are any: whom a role trusts, and on
// which condition, is its account's secret, and whether there is such a role. So
// are its tags, which a statement of the caller's could ask for and show.
func foreignDenial(check *writ.Check) string {
	own, request := *check.Policies, *check.Request
	own.Resource, own.RCPs, own.RCPTargets = nil, nil, nil
	request.Context = unresourced(check)
	x := own.Explain(&request)
	x.Decision, x.By = check.Result.Decision, check.Result.By
	if x.Across != nil {
		x.Across.Open = true
	}
	return explained(x, own.Suggest(&request)) + "\nWhat the policies of account " + check.Resource.Account + " say, and what tags there are, is not told.\n"
}

// unresourced are the context keys of a check but for those that are facts about
// the resource.
func unresourced(check *writ.Check) *policy.Context {
	k := new(policy.Context)
	for key, values := range check.Request.Context.All() {
		_, fact := check.Resource.Keys[key]
		if !fact && !strings.Contains(strings.ToLower(key), "resourcetag/") {
			k.Set(key, values...)
		}
	}
	return k
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

// explained is the reasoning, and what would allow the call.
func explained(x *policy.Explanation, changes []policy.Change) string {
	text := x.Text()
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "") + "\n(cut: the explanation is too long)\n"
	}
	return text + "\n" + policy.Advice(changes)
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
