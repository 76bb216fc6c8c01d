package imds

import (
	"context"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/arn"
	"github.com/writ-iam/writ/service/ec2"
)

// Source is what the metadata service reads, and by which it makes its calls.
// The server is one.
type Source interface {
	writ.Inner

	// Instance returns an instance, store.ErrNotFound if there is none of that id.
	Instance(ctx context.Context, account, region, id string) (*ec2.Instance, error)

	// Running returns the instances that run, of all accounts.
	Running(ctx context.Context) ([]*ec2.Instance, error)

	// InstanceAt returns the instance, with its account, that a machine's IP
	// address was registered for; store.ErrNotFound if there is none.
	InstanceAt(ctx context.Context, address string) (account, id string, err error)
}

func arnOf(i *ec2.Instance) string {
	return arn.ARN{Partition: i.Partition, Service: "ec2", Region: i.Region, Account: i.Account, Resource: "instance/" + i.ID}.String()
}

// roleOf is the role that the instance has now, nil if it has none.
func roleOf(i *ec2.Instance) *writ.Issuer {
	if i.Profile == nil {
		return nil
	}
	return i.Profile.Role
}
