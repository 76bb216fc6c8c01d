package s3

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
)

// The settings of this file can't be made here, since nothing would come of
// them: what sets them is not implemented. What is read is true of every bucket,
// and what Terraform and the SDKs ask of each.

func (s *Service) GetBucketNotificationConfiguration(c *writ.Call, in *api.GetBucketNotificationConfigurationInput) (*api.GetBucketNotificationConfigurationOutput, error) {
	_, err := s.bucket(c, in.Bucket)
	return &api.GetBucketNotificationConfigurationOutput{}, err
}

func (s *Service) GetBucketLogging(c *writ.Call, in *api.GetBucketLoggingInput) (*api.GetBucketLoggingOutput, error) {
	_, err := s.bucket(c, in.Bucket)
	return &api.GetBucketLoggingOutput{}, err
}

func (s *Service) GetBucketRequestPayment(c *writ.Call, in *api.GetBucketRequestPaymentInput) (*api.GetBucketRequestPaymentOutput, error) {
	_, err := s.bucket(c, in.Bucket)
	return &api.GetBucketRequestPaymentOutput{Payer: new("BucketOwner")}, err
}

func (s *Service) GetBucketAccelerateConfiguration(c *writ.Call, in *api.GetBucketAccelerateConfigurationInput) (*api.GetBucketAccelerateConfigurationOutput, error) {
	_, err := s.bucket(c, in.Bucket)
	return &api.GetBucketAccelerateConfigurationOutput{}, err
}

func (s *Service) GetBucketWebsite(c *writ.Call, in *api.GetBucketWebsiteInput) (*api.GetBucketWebsiteOutput, error) {
	return nil, s.never(c, in.Bucket, "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")
}

func (s *Service) GetBucketReplication(c *writ.Call, in *api.GetBucketReplicationInput) (*api.GetBucketReplicationOutput, error) {
	return nil, s.never(c, in.Bucket, "ReplicationConfigurationNotFoundError", "The replication configuration was not found")
}

func (s *Service) GetObjectLockConfiguration(c *writ.Call, in *api.GetObjectLockConfigurationInput) (*api.GetObjectLockConfigurationOutput, error) {
	return nil, s.never(c, in.Bucket, "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket")
}

func (s *Service) never(c *writ.Call, name, code, message string) error {
	b, err := s.bucket(c, name)
	if err != nil {
		return err
	}
	return missing(code, message, b)
}
