package ec2

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"strings"

	"golang.org/x/crypto/ssh"
)

// Types of keys.
const (
	keyRSA     = "rsa"
	keyEd25519 = "ed25519"
)

// key is the public half of a key pair, with AWS's fingerprint (Amazon EC2 User
// Guide, "Verify the fingerprint of your key pair").
type key struct {
	kind        string
	public      string // in OpenSSH's form, without a comment
	fingerprint string
}

// generated is a new key pair; private is in PEM.
type generated struct {
	key
	private string
}

func generate(kind string) (generated, error) {
	if kind == keyEd25519 {
		return generateEd25519()
	}
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return generated{}, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return generated{}, err
	}
	k, err := newKey(private.Public())
	sum := sha1.Sum(der) // of the private key, for keys that AWS makes
	k.fingerprint = colons(sum[:])
	return generated{k, encodePEM(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(private)})}, err
}

func generateEd25519() (generated, error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return generated{}, err
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		return generated{}, err
	}
	k, err := newKey(public)
	return generated{k, encodePEM(block)}, err
}

// encodePEM leaves out the line feed at the end, as AWS does.
func encodePEM(block *pem.Block) string {
	return strings.TrimSuffix(string(pem.EncodeToMemory(block)), "\n")
}

// newKey is the key of a public key, with the fingerprint of imported ones.
func newKey(public crypto.PublicKey) (key, error) {
	line, err := ssh.NewPublicKey(public)
	if err != nil {
		return key{}, err
	}
	k := key{kind: keyRSA, public: strings.TrimSuffix(string(ssh.MarshalAuthorizedKey(line)), "\n")}
	if line.Type() == ssh.KeyAlgoED25519 {
		k.kind = keyEd25519
		sum := sha256.Sum256(line.Marshal())
		k.fingerprint = base64.StdEncoding.EncodeToString(sum[:])
		return k, nil
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	sum := md5.Sum(der)
	k.fingerprint = colons(sum[:])
	return k, err
}

func colons(sum []byte) string {
	parts := make([]string, len(sum))
	for i, b := range sum {
		parts[i] = hex.EncodeToString([]byte{b})
	}
	return strings.Join(parts, ":")
}

// readPublicKey reads a public key as clients give it: in OpenSSH's form, or
// DER, bare or in base64 or PEM, or in the form of RFC 4716.
func readPublicKey(material []byte) (key, error) {
	public, ok := parsePublicKey(bytes.TrimSpace(material))
	if !ok {
		return key{}, fault("InvalidKey.Format", "Key is not in valid OpenSSH public key format")
	}
	if k, isRSA := public.(*rsa.PublicKey); isRSA {
		if bits := k.N.BitLen(); bits != 1024 && bits != 2048 && bits != 4096 {
			return key{}, fault("InvalidKeyPair.Format", "Key length of %d is not supported: it must be 1024, 2048 or 4096", bits)
		}
	}
	return newKey(public)
}

func parsePublicKey(material []byte) (crypto.PublicKey, bool) {
	if line, _, _, _, err := ssh.ParseAuthorizedKey(material); err == nil {
		return supported(line)
	}
	if block, _ := pem.Decode(material); block != nil {
		return fromDER(block.Bytes)
	}
	text := string(material)
	if bytes.HasPrefix(material, []byte("---- BEGIN SSH2 PUBLIC KEY ----")) {
		text = bodyRFC4716(text)
	}
	if data, err := base64.StdEncoding.DecodeString(text); err == nil {
		if wire, err := ssh.ParsePublicKey(data); err == nil {
			return supported(wire)
		}
		return fromDER(data)
	}
	return fromDER(material)
}

// bodyRFC4716 is the base64 between the markers: what stands after the headers,
// which may be continued over lines.
func bodyRFC4716(text string) string {
	var body strings.Builder
	continued := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if header := continued || strings.Contains(line, ":"); header || strings.HasPrefix(line, "----") {
			continued = header && strings.HasSuffix(line, `\`)
			continue
		}
		body.WriteString(line)
	}
	return body.String()
}

func fromDER(der []byte) (crypto.PublicKey, bool) {
	public, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		return nil, false
	}
	line, err := ssh.NewPublicKey(public)
	if err != nil {
		return nil, false
	}
	return supported(line)
}

// supported leaves RSA and ED25519 keys alone.
func supported(line ssh.PublicKey) (crypto.PublicKey, bool) {
	if t := line.Type(); t != ssh.KeyAlgoRSA && t != ssh.KeyAlgoED25519 {
		return nil, false
	}
	public, ok := line.(ssh.CryptoPublicKey)
	if !ok {
		return nil, false
	}
	return public.CryptoPublicKey(), true
}
