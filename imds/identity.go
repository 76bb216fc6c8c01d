package imds

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"

	"github.com/smallstep/pkcs7"

	"github.com/writ-iam/writ/service/ec2"
)

// identity is the instance identity document and its signatures: an instance
// proves with them to third parties which one it is (EC2 User Guide, "Instance
// identity documents").
func (s *Service) identity(ctx context.Context, i *ec2.Instance) directory {
	doc := identityDocument(i)
	signed := func(sign func(*signer, []byte) ([]byte, error)) leaf {
		return func() (*answer, error) {
			key, err := s.key.signer(ctx)
			if err != nil {
				return nil, err
			}
			signature, err := sign(key, []byte(doc))
			return text(lines(base64.StdEncoding.EncodeToString(signature))), err
		}
	}
	return directory{
		{name: "document", node: value(doc)},
		{name: "pkcs7", node: signed((*signer).envelope)},
		{name: "rsa2048", node: signed((*signer).envelope)},
		{name: "signature", node: signed((*signer).signature)},
	}
}

func identityDocument(i *ec2.Instance) string {
	return object(
		field{"accountId", i.Account},
		field{"architecture", i.Architecture},
		field{"availabilityZone", i.Zone},
		field{"billingProducts", nil},
		field{"devpayProductCodes", nil},
		field{"marketplaceProductCodes", nil},
		field{"imageId", i.Image},
		field{"instanceId", i.ID},
		field{"instanceType", i.Type},
		field{"kernelId", nil},
		field{"pendingTime", stamp(i.Launched)},
		field{"privateIp", i.PrivateIP.String()},
		field{"ramdiskId", nil},
		field{"region", i.Region},
		field{"version", "2017-09-30"})
}

// signature is the bare RSA signature over the document's SHA-256.
func (s *signer) signature(doc []byte) ([]byte, error) {
	hash := sha256.Sum256(doc)
	return rsa.SignPKCS1v15(rand.Reader, s.private, crypto.SHA256, hash[:])
}

// envelope is PKCS #7 signed data that holds the document and the certificate.
// Who checks it must trust the installation's own, not the one that comes along.
func (s *signer) envelope(doc []byte) ([]byte, error) {
	data, err := pkcs7.NewSignedData(doc)
	if err != nil {
		return nil, err
	}
	data.SetDigestAlgorithm(pkcs7.OIDDigestAlgorithmSHA256)
	if err := data.AddSigner(s.certificate, s.private, pkcs7.SignerInfoConfig{}); err != nil {
		return nil, err
	}
	return data.Finish()
}
