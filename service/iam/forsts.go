package iam

import (
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// The methods of this file are what STS asks of IAM.

// Role returns a role of any account by its ARN, and how long its sessions may last.
func (s *Service) Role(tx *store.Tx, arn string) (writ.Issuer, time.Duration, error) {
	r, err := roleByARN(tx, arn)
	if err != nil {
		return writ.Issuer{}, 0, err
	}
	return writ.Issuer{Type: writ.IssuerRole, Partition: r.Partition, Account: r.Account, Name: r.Name, ID: r.ID, ARN: r.arn()}, r.MaxSession, nil
}

// KeyAccount returns the account of a long-term access key, active or not.
func (s *Service) KeyAccount(tx *store.Tx, id string) (string, error) {
	k, err := accessKeys.Get(tx, id)
	if err != nil {
		return "", err
	}
	return k.Account, nil
}
