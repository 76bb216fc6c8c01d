package imds_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/smallstep/pkcs7"

	"github.com/writ-iam/writ/internal/awstest"
)

// The metadata are what EC2 says of the instance.
func TestMetadata(t *testing.T) {
	m := newMachine(t, map[string]any{"UserData": base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\n\x00"))})
	i := m.call("ec2", "DescribeInstances", map[string]any{"InstanceIds": []any{m.id}})["Reservations"].([]any)[0].(map[string]any)["Instances"].([]any)[0].(map[string]any)
	for path, want := range map[string]any{
		"meta-data/ami-id":                      i["ImageId"],
		"meta-data/ami-launch-index":            "0",
		"meta-data/hostname":                    i["PrivateDnsName"],
		"meta-data/instance-id":                 m.id,
		"meta-data/instance-life-cycle":         "on-demand",
		"meta-data/instance-type":               i["InstanceType"],
		"meta-data/local-ipv4":                  i["PrivateIpAddress"],
		"meta-data/placement/region":            "us-east-1",
		"meta-data/placement/availability-zone": i["Placement"].(map[string]any)["AvailabilityZone"],
		"meta-data/security-groups":             "default",
		"meta-data/services/domain":             "amazonaws.com",
		"meta-data/services/partition":          "aws",
		"meta-data/network/interfaces/macs/" + m.get("meta-data/mac") + "/vpc-id":    i["VpcId"],
		"meta-data/network/interfaces/macs/" + m.get("meta-data/mac") + "/subnet-id": i["SubnetId"],
		"meta-data/network/interfaces/macs/" + m.get("meta-data/mac") + "/owner-id":  awstest.Account,
		"user-data": "#!/bin/sh\n\x00",
	} {
		if got := m.get(path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

// Directories list what is in them; those among it end in a slash.
func TestListings(t *testing.T) {
	m := newMachine(t, nil)
	for path, want := range map[string]string{
		"":                             "dynamic/\nmeta-data/",
		"dynamic/instance-identity/":   "document\npkcs7\nrsa2048\nsignature",
		"meta-data/iam/":               "info\nsecurity-credentials/",
		"meta-data/placement":          "availability-zone\navailability-zone-id\nregion",
		"meta-data/network/":           "interfaces/",
		"meta-data/services/":          "domain\npartition",
		"meta-data/network/interfaces": "macs/",
	} {
		if got := m.get(path); got != want {
			t.Errorf("%s lists %q, want %q", path, got, want)
		}
	}
	if _, all, _ := m.ask("GET", "/", tokenHeader, m.token()); !strings.HasPrefix(all, "1.0\n2007-01-19\n") || !strings.HasSuffix(all, "\nlatest") {
		t.Errorf("the versions are %q", all)
	}
}

// The key pair of the launch is what sshd would let in.
func TestPublicKeys(t *testing.T) {
	m := newMachine(t, nil)
	m.call("ec2", "CreateKeyPair", map[string]any{"KeyName": "mine", "KeyType": "ed25519"})
	m.run(map[string]any{"KeyName": "mine"})
	if list := m.get("meta-data/public-keys/"); list != "0=mine" {
		t.Errorf("keys are %q", list)
	}
	if key := m.get("meta-data/public-keys/0/openssh-key"); !strings.HasPrefix(key, "ssh-ed25519 AAAA") {
		t.Errorf("the key is %q", key)
	}
}

// Whoever has the installation's certificate can check which instance it is.
func TestIdentity(t *testing.T) {
	m := newMachine(t, nil)
	doc := m.get("dynamic/instance-identity/document")
	var said map[string]any
	if err := json.Unmarshal([]byte(doc), &said); err != nil || said["instanceId"] != m.id || said["accountId"] != awstest.Account || said["region"] != "us-east-1" || said["version"] != "2017-09-30" {
		t.Fatalf("%v %s", err, doc)
	}
	certificate := m.certificate()
	signature, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(m.get("dynamic/instance-identity/signature"), "\n", ""))
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256([]byte(doc))
	if err := rsa.VerifyPKCS1v15(certificate.PublicKey.(*rsa.PublicKey), crypto.SHA256, hash[:], signature); err != nil {
		t.Errorf("signature: %v", err)
	}
	for _, name := range []string{"pkcs7", "rsa2048"} {
		block, _ := pem.Decode([]byte("-----BEGIN PKCS7-----\n" + m.get("dynamic/instance-identity/"+name) + "\n-----END PKCS7-----\n"))
		if block == nil {
			t.Fatalf("%s is no PEM", name)
		}
		envelope, err := pkcs7.Parse(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		envelope.Certificates = []*x509.Certificate{certificate}
		if err := envelope.Verify(); err != nil || string(envelope.Content) != doc {
			t.Errorf("%s: %v, %s", name, err, envelope.Content)
		}
	}
}

// certificate is what the server publishes.
func (m *machine) certificate() *x509.Certificate {
	m.Helper()
	w := httptest.NewRecorder()
	m.Server.Handler().ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/_writ/instance-identity.pem", nil))
	block, _ := pem.Decode(w.Body.Bytes())
	if block == nil {
		m.Fatalf("no certificate: %d %s", w.Code, w.Body)
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		m.Fatal(err)
	}
	return c
}
