package ec2

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/ec2"
)

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"*", "", true}, {"*", "abc", true}, {"a*", "abc", true}, {"*c", "abc", true}, {"a*c", "abbc", true},
		{"a?c", "abc", true}, {"a?c", "ac", false}, {"?", "", false}, {"a", "A", false}, {"*a*b*", "xaxbx", true}, {"*a*b", "xaxbx", false},
		{`a\*c`, "a*c", true}, {`a\*c`, "abc", false}, {`a\?`, "a?", true}, {`\\`, `\`, true}, {"web-?", "web-12", false}, {"**", "x", true},
	} {
		if got := matches(c.pattern, c.text); got != c.want {
			t.Errorf("%q and %q: %v", c.pattern, c.text, got)
		}
	}
}

func TestZoneIDs(t *testing.T) {
	for region, want := range map[string]string{"us-east-1": "use1-az1", "ap-southeast-2": "apse2-az1", "ap-northeast-1": "apne1-az1",
		"eu-central-1": "euc1-az1", "us-gov-west-1": "usgw1-az1", "cn-northwest-1": "cnnw1-az1", "ca-west-1": "caw1-az1", "eu-north-1": "eun1-az1"} {
		if got := zonesOf(region)[0].id; got != want {
			t.Errorf("%s: %s, want %s", region, got, want)
		}
	}
}

// The addresses that a subnet gives out are all but the first four and the last.
func TestAddresses(t *testing.T) {
	s := networkOf(writ.Scope{Partition: "aws", Account: "111122223333", Region: "us-east-1"}).subnets()[1]
	if s.size() != 4091 || s.address(0).String() != "172.31.16.4" || s.address(4090).String() != "172.31.31.254" || s.address(4091) != s.address(0) {
		t.Errorf("%d addresses from %s to %s", s.size(), s.address(0), s.address(4090))
	}
	for text, want := range map[string]bool{"172.31.16.4": true, "172.31.16.3": false, "172.31.31.254": true, "172.31.31.255": false, "172.31.32.4": false,
		"10.0.0.1": false, "::1": false, "::ffff:172.31.16.4": false} {
		if got := s.holds(netip.MustParseAddr(text)); got != want {
			t.Errorf("holds %s: %v", text, got)
		}
	}
}

func TestNothingIsIgnored(t *testing.T) {
	in := &api.StartInstancesInput{InstanceIds: []string{"i-1"}, DryRun: new(true)}
	if err := onlyServed(in, "InstanceIds"); err != nil {
		t.Error(err)
	}
	in.AdditionalInfo = new("x")
	if err := onlyServed(in, "InstanceIds"); err == nil || err.Error() != "NotImplemented: The parameter AdditionalInfo is not implemented." {
		t.Error(err)
	}
	if err := onlyServed((*api.Placement)(nil)); err != nil {
		t.Error(err)
	}
}

// FuzzReadPublicKey reads what clients bring: it is refused, or has a form and a
// fingerprint, and in that form is the same key again.
func FuzzReadPublicKey(f *testing.F) {
	const line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMXzhaASWQr9p/WGHcHWuIZl0gJoDw73DucxRSbYFGgx"
	f.Add([]byte(line + " me@host\n"))
	f.Add([]byte(strings.Fields(line)[1]))
	f.Add([]byte("---- BEGIN SSH2 PUBLIC KEY ----\nComment: \"a\\\nb\"\nAAAAC3NzaC1lZDI1NTE5AAAAIMXzhaASWQr9p/WGHcHW\nuIZl0gJoDw73DucxRSbYFGgx\n---- END SSH2 PUBLIC KEY ----"))
	f.Add([]byte("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAxfOFoBJZCv2n9YYdwda4hmXSAmgPDvcO5zFFJtgUaDE=\n-----END PUBLIC KEY-----"))
	f.Add([]byte("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQ=="))
	f.Fuzz(func(t *testing.T, material []byte) {
		k, err := readPublicKey(material)
		if err != nil {
			return
		}
		again, err := readPublicKey([]byte(k.public))
		if err != nil || again != k || k.fingerprint == "" {
			t.Errorf("%+v is read again as %+v, %v", k, again, err)
		}
	})
}

// All forms of one key are the same key.
func TestPublicKeyForms(t *testing.T) {
	const body = "AAAAC3NzaC1lZDI1NTE5AAAAIMXzhaASWQr9p/WGHcHWuIZl0gJoDw73DucxRSbYFGgx"
	want, err := readPublicKey([]byte("ssh-ed25519 " + body + " me@host"))
	if err != nil || want.kind != keyEd25519 || want.public != "ssh-ed25519 "+body {
		t.Fatalf("%+v, %v", want, err)
	}
	for _, text := range []string{body, "ssh-ed25519 " + body + "\n",
		"---- BEGIN SSH2 PUBLIC KEY ----\r\nComment: \"a\\\r\nb: c\"\r\nx-y: z\r\n" + body[:40] + "\r\n" + body[40:] + "\r\n---- END SSH2 PUBLIC KEY ----\r\n",
		"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAxfOFoBJZCv2n9YYdwda4hmXSAmgPDvcO5zFFJtgUaDE=\n-----END PUBLIC KEY-----",
		"MCowBQYDK2VwAyEAxfOFoBJZCv2n9YYdwda4hmXSAmgPDvcO5zFFJtgUaDE="} {
		if got, err := readPublicKey([]byte(text)); err != nil || got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

// The keys that are made here are those that their public halves say.
func TestGenerate(t *testing.T) {
	for _, kind := range []string{keyRSA, keyEd25519} {
		made, err := generate(kind)
		if err != nil {
			t.Fatal(err)
		}
		read, err := readPublicKey([]byte(made.public))
		if err != nil || read.kind != kind || read.public != made.public || !strings.Contains(made.private, "PRIVATE KEY") {
			t.Errorf("%s: %+v, %v", kind, read, err)
		}
		if sameSum := read.fingerprint == made.fingerprint; sameSum != (kind == keyEd25519) {
			t.Errorf("%s: fingerprints %s and %s", kind, made.fingerprint, read.fingerprint)
		}
	}
}
