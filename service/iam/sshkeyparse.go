package iam

import (
	"crypto/md5"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"strings"

	"golang.org/x/crypto/ssh"

	api "github.com/writ-iam/writ/api/iam"
)

// Lengths of RSA keys that IAM takes (API reference, UploadSSHPublicKey).
const minRSA, maxRSA = 2048, 16384

// parseSSHKey reads an RSA public key, a line of ssh-rsa or PEM, and returns it
// in SSH's encoding.
func parseSSHKey(body string) (wire []byte, err error) {
	body = strings.TrimSpace(body)
	if strings.HasPrefix(body, ssh.KeyAlgoRSA+" ") {
		return parseSSHLine(body)
	}
	block, rest := pem.Decode([]byte(body))
	if block == nil || len(rest) > 0 || !strings.HasPrefix(body, "-----BEGIN ") {
		return nil, unrecognizedKey()
	}
	var key any
	switch block.Type {
	case "PUBLIC KEY":
		key, err = x509.ParsePKIXPublicKey(block.Bytes)
	case "RSA PUBLIC KEY":
		key, err = x509.ParsePKCS1PublicKey(block.Bytes)
	default:
		return nil, unrecognizedKey()
	}
	if err != nil {
		return nil, invalidKey()
	}
	return rsaWire(key)
}

// parseSSHLine reads "ssh-rsa AAAA… comment".
func parseSSHLine(line string) ([]byte, error) {
	fields := strings.Fields(line)
	if len(fields) < 2 || strings.ContainsAny(line, "\r\n") {
		return nil, invalidKey()
	}
	wire, err := base64.StdEncoding.DecodeString(fields[1])
	if err != nil {
		return nil, invalidKey()
	}
	key, err := ssh.ParsePublicKey(wire)
	if err != nil || key.Type() != ssh.KeyAlgoRSA {
		return nil, invalidKey()
	}
	return rsaWire(key.(ssh.CryptoPublicKey).CryptoPublicKey())
}

// rsaWire is the one encoding that a key has, however it was written.
func rsaWire(key any) ([]byte, error) {
	k, ok := key.(*rsa.PublicKey)
	if !ok || k.N.BitLen() < minRSA || k.N.BitLen() > maxRSA {
		return nil, invalidKey()
	}
	public, err := ssh.NewPublicKey(k)
	if err != nil {
		return nil, invalidKey()
	}
	return public.Marshal(), nil
}

func unrecognizedKey() error {
	return api.UnrecognizedPublicKeyEncodingException("Invalid public key uploaded.")
}

func invalidKey() error { return api.InvalidPublicKeyException("Invalid body for public key") }

// encoded is the key as "SSH" or "PEM".
func (k *sshKey) encoded(encoding string) (string, error) {
	if encoding == "SSH" {
		return ssh.KeyAlgoRSA + " " + base64.StdEncoding.EncodeToString(k.Wire), nil
	}
	key, err := ssh.ParsePublicKey(k.Wire)
	if err != nil {
		return "", err
	}
	der, err := x509.MarshalPKIXPublicKey(key.(ssh.CryptoPublicKey).CryptoPublicKey())
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), err
}

// fingerprint is MD5 of the key in SSH's encoding, as `ssh-keygen -l -E md5`
// shows it. It names the key to people, and nothing relies on it.
func (k *sshKey) fingerprint() string {
	sum := md5.Sum(k.Wire)
	return strings.ReplaceAll(fmt.Sprintf("% x", sum[:]), " ", ":")
}
