package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/policy/account"
	"github.com/writ-iam/writ/policy/policytest"
)

// question is a request with its policies, as the flags of evaluate and explain
// say it.
type question struct {
	principal, sessionName, issuer string
	action, resource, owner        string
	identity, boundary, session    []string
	resourcePolicy, endpoint       string
	scps, rcps                     []string
	context                        []string
	request                        string
	accountFiles                   []string
}

func (q *question) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&q.principal, "principal", "", "who asks: `ARN` of a user, role, session, root user or identity provider, a service's name, or anonymous")
	f.StringVar(&q.sessionName, "session-name", "", "`NAME` of the session if the principal is a role; otherwise any session of it is meant")
	f.StringVar(&q.issuer, "federated-by", "", "`ARN` of the user who called GetFederationToken, for a federated user")
	f.StringVar(&q.action, "action", "", "`ACTION` that is asked for: s3:GetObject")
	f.StringVar(&q.resource, "resource", "*", "`ARN` of what it is asked for; * for actions that have no resource")
	f.StringVar(&q.owner, "resource-account", "", "`ACCOUNT` that owns the resource; otherwise the one in its ARN, or else the principal's")
	f.StringArrayVar(&q.identity, "policy", nil, "`FILE` with an identity policy; may be repeated")
	f.StringArrayVar(&q.boundary, "boundary", nil, "`FILE` with the permissions boundary")
	f.StringArrayVar(&q.session, "session", nil, "`FILE` with a session policy; may be repeated")
	f.StringVar(&q.resourcePolicy, "resource-policy", "", "`FILE` with the resource's policy, or the role's trust policy")
	f.StringVar(&q.endpoint, "endpoint-policy", "", "`FILE` with the policy of the VPC endpoint that the request comes through")
	f.StringArrayVar(&q.scps, "scp", nil, "`FILE` with the SCPs of one level, one document or a list; repeat from the root to the account")
	f.StringArrayVar(&q.rcps, "rcp", nil, "`FILE` with the RCPs of one level, on the path to the resource's account")
	f.StringArrayVar(&q.context, "context", nil, "context key as `KEY=VALUE`: aws:SourceIp=192.0.2.1, aws:TagKeys=a,b; may be repeated")
	f.StringVar(&q.request, "request", "", "`FILE` with the whole request in the format of policy tests, instead of the flags above")
	accountFlag(cmd, &q.accountFiles)
}

// read gives the request and its policies.
func (q *question) read(cmd *cobra.Command) (*policy.Policies, *policy.Request, error) {
	directory, err := openAccounts(q.accountFiles)
	if err != nil {
		return nil, nil, err
	}
	if q.request != "" {
		return q.fromFile(cmd, directory)
	}
	return q.fromFlags(directory)
}

func (q *question) fromFile(cmd *cobra.Command, directory *account.Directory) (*policy.Policies, *policy.Request, error) {
	for _, name := range []string{"principal", "action", "resource", "policy", "boundary", "session", "resource-policy", "endpoint-policy", "scp", "rcp", "context", "resource-account"} {
		if cmd.Flags().Changed(name) {
			return nil, nil, fmt.Errorf("--%s and --request: the file says it all", name)
		}
	}
	text, err := readInput(cmd, q.request)
	if err != nil {
		return nil, nil, err
	}
	c, err := policytest.ReadRequest(text, func(name string) ([]byte, error) {
		return os.ReadFile(filepath.Join(filepath.Dir(q.request), name))
	})
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", q.request, err)
	}
	if directory != nil {
		err = directory.Complete(&c.Policies, &c.Request)
	}
	assumeRole(c.Request.Principal)
	return &c.Policies, &c.Request, err
}

func (q *question) fromFlags(directory *account.Directory) (p *policy.Policies, r *policy.Request, err error) {
	if q.principal == "" || q.action == "" {
		return nil, nil, errors.New("--principal and --action are needed, or --request")
	}
	service, name, ok := strings.Cut(q.action, ":")
	if !ok || service == "" || name == "" || strings.ContainsAny(q.action, "*?") {
		return nil, nil, fmt.Errorf("--action: %q is not one action of the form service:Name, such as s3:GetObject", q.action)
	}
	r = &policy.Request{Action: q.action, Resource: q.resource, ResourceAccount: q.owner}
	if r.Principal, err = principalOf(q.principal, q.sessionName); err != nil {
		return nil, nil, err
	}
	if err := q.aim(r); err != nil {
		return nil, nil, err
	}
	if r.Context, err = contextOf(q.context); err != nil {
		return nil, nil, err
	}
	if p, err = q.policies(); err != nil {
		return nil, nil, err
	}
	return p, r, q.complete(directory, p, r)
}

// aim checks the resource and finds its owner.
func (q *question) aim(r *policy.Request) error {
	r.Principal.UserARN = q.issuer
	if r.Resource == "*" {
		return nil
	}
	a, err := arn.Parse(r.Resource)
	if err != nil {
		return fmt.Errorf("--resource: %q is neither an ARN nor *", r.Resource)
	}
	if r.ResourceAccount == "" && len(a.Account) == 12 {
		r.ResourceAccount = a.Account
	}
	return nil
}

// complete adds what the account knows, to which the identity policies of flags
// are added; without an account they are all there is.
func (q *question) complete(directory *account.Directory, p *policy.Policies, r *policy.Request) error {
	identity := p.Identity
	p.Identity = nil
	if directory == nil {
		assumeRole(r.Principal)
		directory = account.NewDirectory(&account.Details{}, managedPolicy)
		p.Identity = []*policy.Policy{}
	}
	err := directory.Complete(p, r)
	assumeRole(r.Principal)
	p.Identity = append(p.Identity, identity...)
	return err
}

func (q *question) policies() (*policy.Policies, error) {
	var f policyFiles
	p := &policy.Policies{
		Identity: f.list(q.identity),
		Boundary: f.list(q.boundary),
		Session:  f.list(q.session),
		SCPs:     f.levels(q.scps),
		RCPs:     f.levels(q.rcps),
	}
	if q.resourcePolicy != "" {
		p.Resource = f.list([]string{q.resourcePolicy})[0]
	}
	if q.endpoint != "" {
		p.Endpoint = f.list([]string{q.endpoint})
	}
	return p, f.err
}

// contextOf reads KEY=VALUE and KEY=VALUE,VALUE.
func contextOf(pairs []string) (*policy.Context, error) {
	c := &policy.Context{}
	for _, pair := range pairs {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return nil, fmt.Errorf("--context: %q is not of the form KEY=VALUE", pair)
		}
		if _, twice := c.Get(key); twice {
			return nil, fmt.Errorf("--context: %s is given twice; several values are separated by commas", key)
		}
		c.Set(key, strings.Split(value, ",")...)
	}
	return c, nil
}
