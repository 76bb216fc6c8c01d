package imds

import (
	"context"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/sts"
	"github.com/writ-iam/writ/service/ec2"
)

// delivery is the way in which credentials reach the instance (ec2:RoleDelivery).
type delivery string

const (
	version1  delivery = "1.0"
	version2  delivery = "2.0"
	container delivery = ""
)

const (
	lifetime = 6 * time.Hour // of credentials
	// overlap is how long before the old credentials expire new ones are handed
	// out. EC2 promises five minutes, but SDKs take what has less than 20 left
	// for a sign that the service fails.
	overlap = time.Hour
	// retry is how long a refusal stands before the role is tried again: asking
	// must not fill the log with denials.
	retry = 10 * time.Second
)

// principal is whom a role's trust policy has to name.
const principal = "ec2.amazonaws.com"

// credentials are what was last handed out, or why nothing was.
type credentials struct {
	role    string // unique id
	issued  *api.Credentials
	updated time.Time
	refused *writ.Error // nil if issued is good
}

// good says whether the credentials still stand for the role.
func (c *credentials) good(role *writ.Issuer, now time.Time) bool {
	switch {
	case c == nil || c.role != role.ID:
		return false
	case c.refused != nil:
		return now.Sub(c.updated) < retry
	}
	return c.issued.Expiration.Sub(now) > overlap
}

// current returns the credentials that are now handed out in one way, new ones
// when it is time.
func (s *Service) current(ctx context.Context, i *ec2.Instance, role *writ.Issuer, by delivery) (*credentials, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now().UTC()
	old := s.issued[by]
	if old.good(role, now) {
		return old, nil
	}
	issued, err := s.assume(ctx, i, role, by, now)
	next := &credentials{role: role.ID, issued: issued, updated: now}
	if err != nil {
		told, known := writ.AsError(err)
		if !known || told.Status >= 500 {
			return keep(old, role, now, err)
		}
		next.refused = told
	}
	s.issued[by] = next
	return next, nil
}

// keep goes on with old credentials while new ones can't be had for a reason
// that will pass.
func keep(old *credentials, role *writ.Issuer, now time.Time, err error) (*credentials, error) {
	if old == nil || old.role != role.ID || old.refused != nil || !old.issued.Expiration.After(now) {
		return nil, err
	}
	return old, nil
}

// assume asks STS, as EC2, for a session named after the instance.
func (s *Service) assume(ctx context.Context, i *ec2.Instance, role *writ.Issuer, by delivery, now time.Time) (*api.Credentials, error) {
	scope := writ.Scope{Partition: i.Partition, Account: i.Account, Region: i.Region}
	to := &writ.Instance{ARN: arnOf(i), VPC: i.VPC, PrivateIP: i.PrivateIP.String(), Delivery: string(by)}
	// A client that hangs up does not take the session from those who wait for
	// it, too.
	c := writ.ByService(context.WithoutCancel(ctx), now, principal, scope,
		writ.Chain{SourceArn: to.ARN, SourceAccount: i.Account, Instance: to})
	out, err := s.source.Call(c, "sts", "AssumeRole", &api.AssumeRoleInput{
		RoleArn: role.ARN, RoleSessionName: i.ID, DurationSeconds: new(int(lifetime / time.Second))})
	if err != nil {
		return nil, err
	}
	return out.(*api.AssumeRoleOutput).Credentials, nil
}
