package server

import (
	"github.com/writ-iam/writ/audit"
	"github.com/writ-iam/writ/authz"
	"github.com/writ-iam/writ/egress"
	"github.com/writ-iam/writ/oidc"
	"github.com/writ-iam/writ/service/account"
	"github.com/writ-iam/writ/service/cloudtrail"
	"github.com/writ-iam/writ/service/ec2"
	"github.com/writ-iam/writ/service/iam"
	"github.com/writ-iam/writ/service/organizations"
	"github.com/writ-iam/writ/service/s3"
	"github.com/writ-iam/writ/service/sts"
	"github.com/writ-iam/writ/service/tagging"
	"github.com/writ-iam/writ/service/writ"
)

// services are all that Writ serves, and how they are joined. A service never
// imports another; what one needs of another is an interface it declares, and
// here is where it gets it.
type services struct {
	iam        *iam.Service
	orgs       *organizations.Service
	account    *account.Service
	s3         *s3.Service
	sts        *sts.Service
	cloudtrail *cloudtrail.Service
	ec2        *ec2.Service
	tagging    *tagging.Service
	writ       *writ.Service
}

// service is one entry of the list: its model's name and what implements it.
type service struct {
	name string
	impl any
}

func newServices(o Options, log *audit.Log) *services {
	i := iam.New(o.Store, log, o.Quotas)
	i.Issuers = o.Issuer + issuers
	i.Outside = outside{o.Egress, o.OIDCKeys}
	orgs := organizations.New(o.Store, i, log, o.Quotas)
	i.Organizations = orgs
	a := account.New(o.Store, i, orgs)
	t := sts.New(o.Store, o.Keys, i, a)
	objects := s3.New(o.Store, o.Objects, i, i)
	machines := ec2.New(o.Store, i, a)
	return &services{
		iam:        i,
		orgs:       orgs,
		account:    a,
		s3:         objects,
		sts:        t,
		cloudtrail: cloudtrail.New(o.Store, o.Events),
		ec2:        machines,
		tagging:    tagging.New(o.Store, orgs, machines, i, objects, orgs),
		writ:       writ.New(o.Store, o.Events, o.hosts(), i, t, a, orgs),
	}
}

// outside is where identity providers are asked, or are not.
type outside struct {
	*egress.Client
	*oidc.Keys
}

func (s *services) list() []service {
	return []service{
		{"account", s.account},
		{"cloudtrail", s.cloudtrail},
		{"ec2", s.ec2},
		{"iam", s.iam},
		{"organizations", s.orgs},
		{"resourcegroupstaggingapi", s.tagging},
		{"s3", s.s3},
		{"sts", s.sts},
		{"writ", s.writ},
	}
}

// sources are what decisions read.
func (s *services) sources() authz.Sources {
	return authz.Sources{
		Accounts:      s.iam,
		Identities:    s.iam,
		Organizations: s.orgs,
		TagPolicies:   s.orgs,
		Factors:       s.sts,
		Resources:     map[string]authz.Resources{"account": s.account, "ec2": s.ec2, "iam": s.iam, "organizations": s.orgs, "s3": s.s3, "sts": s.sts},
	}
}
