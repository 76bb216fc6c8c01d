package s3

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
)

// What is set here is what is true already: every object's bytes are sealed with
// a key of their own (SSE-S3). Other ways are not implemented.

func (s *Service) PutBucketEncryption(c *writ.Call, in *api.PutBucketEncryptionInput) (*api.PutBucketEncryptionOutput, error) {
	rules := in.ServerSideEncryptionConfiguration.Rules
	if len(rules) != 1 {
		return nil, malformedXML()
	}
	by, blocked := rules[0].ApplyServerSideEncryptionByDefault, rules[0].BlockedEncryptionTypes
	switch {
	case by != nil && by.SSEAlgorithm == encryption && by.KMSMasterKeyID != nil:
		return nil, invalidArgument("ApplyServerSideEncryptionByDefault", encryption, "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse")
	case by != nil && by.SSEAlgorithm != encryption, value(rules[0].BucketKeyEnabled):
		return nil, writ.NotImplemented("Default encryption with KMS keys is not implemented")
	case blocked != nil && (len(blocked.EncryptionType) != 1 || blocked.EncryptionType[0] != "SSE-C"):
		return nil, writ.NotImplemented("Encryption with customers' keys is not implemented, and so always blocked")
	}
	_, err := s.bucket(c, in.Bucket)
	return &api.PutBucketEncryptionOutput{}, err
}

func (s *Service) GetBucketEncryption(c *writ.Call, in *api.GetBucketEncryptionInput) (*api.GetBucketEncryptionOutput, error) {
	if _, err := s.bucket(c, in.Bucket); err != nil {
		return nil, err
	}
	rule := api.ServerSideEncryptionRule{BucketKeyEnabled: new(false), ApplyServerSideEncryptionByDefault: &api.ServerSideEncryptionByDefault{SSEAlgorithm: encryption}}
	return &api.GetBucketEncryptionOutput{ServerSideEncryptionConfiguration: &api.ServerSideEncryptionConfiguration{Rules: []api.ServerSideEncryptionRule{rule}}}, nil
}

// DeleteBucketEncryption goes back to SSE-S3, as in AWS.
func (s *Service) DeleteBucketEncryption(c *writ.Call, in *api.DeleteBucketEncryptionInput) (*api.DeleteBucketEncryptionOutput, error) {
	_, err := s.bucket(c, in.Bucket)
	return &api.DeleteBucketEncryptionOutput{}, err
}
