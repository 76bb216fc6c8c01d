package validate_test

import (
	"testing"

	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/policy"
)

// Resource control policies take effect where the catalogue says that they do.
func TestControlledServices(t *testing.T) {
	all := policy.Load("all", []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`))
	none := policy.Load("none", []byte(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}}`))
	policies := &policy.Policies{Identity: []*policy.Policy{all}, RCPs: [][]*policy.Policy{{none}}}
	for _, name := range catalogue.Services() {
		s, _ := catalogue.LookupService(name)
		r := &policy.Request{Principal: &policy.Principal{Type: policy.User, Account: "111122223333"}, Action: name + ":Do", Resource: "*",
			ResourceAccount: "111122223333", Context: new(policy.Context)}
		if denied := policies.Evaluate(r).By == policy.RCP; denied != s.RCP {
			t.Errorf("%s: denied %t, listed %t", name, denied, s.RCP)
		}
	}
}
