package saml

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	_ "crypto/sha1" // for OAEP, whose default it is and where it does no harm
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/beevik/etree"
)

const encryption11NS = "http://www.w3.org/2009/xmlenc11#"

// block is a way to encrypt data (XML Encryption 1.1, section 5.2).
type block struct {
	size int // of the key, in bytes
	open func(cipher.Block, []byte) ([]byte, error)
	// proves says that a changed ciphertext does not decrypt. Without that,
	// answers to changed ones give the plaintext away byte by byte.
	proves bool
}

var blocks = map[string]block{
	encryption11NS + "aes128-gcm": {16, openGCM, true},
	encryption11NS + "aes192-gcm": {24, openGCM, true},
	encryption11NS + "aes256-gcm": {32, openGCM, true},
	encryptionNS + "aes128-cbc":   {16, openCBC, false},
	encryptionNS + "aes192-cbc":   {24, openCBC, false},
	encryptionNS + "aes256-cbc":   {32, openCBC, false},
}

var digests = map[string]crypto.Hash{
	"":                                       crypto.SHA1,
	"http://www.w3.org/2000/09/xmldsig#sha1": crypto.SHA1,
	"http://www.w3.org/2001/04/xmlenc#sha256":       crypto.SHA256,
	"http://www.w3.org/2001/04/xmldsig-more#sha384": crypto.SHA384,
	"http://www.w3.org/2001/04/xmlenc#sha512":       crypto.SHA512,
}

var masks = map[string]crypto.Hash{
	"":                          crypto.SHA1,
	encryption11NS + "mgf1sha1": crypto.SHA1, encryption11NS + "mgf1sha256": crypto.SHA256,
	encryption11NS + "mgf1sha384": crypto.SHA384, encryption11NS + "mgf1sha512": crypto.SHA512,
}

// maxKeys bounds how many encrypted keys of a response are tried.
const maxKeys = 4

var errDecrypt = errors.New("it does not decrypt")

// opened returns the one assertion of a response. covered says that the
// response's own signature has been verified.
func opened(response *etree.Element, covered bool, e Expected) (*etree.Element, error) {
	found := assertions(response)
	switch {
	case len(found) != 1:
		return nil, fmt.Errorf("%w: not one assertion", ErrMalformed)
	case is(found[0], assertionNS, "EncryptedAssertion"):
		plaintext, err := decrypt(found[0], covered, e.Keys)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrEncryption, err)
		}
		return parse(plaintext, assertionNS, "Assertion")
	case e.Encrypted:
		return nil, fmt.Errorf("%w: it is not encrypted", ErrEncryption)
	}
	return found[0], nil
}

func decrypt(assertion *etree.Element, covered bool, keys []*rsa.PrivateKey) ([]byte, error) {
	data := child(assertion, encryptionNS, "EncryptedData")
	b, known := blocks[algorithm(child(data, encryptionNS, "EncryptionMethod"))]
	if !known || !b.proves && !covered {
		return nil, errors.New("the algorithm is not accepted")
	}
	ciphertext, err := cipherValue(data)
	if err != nil {
		return nil, err
	}
	wrapped := append(children(child(data, signatureNS, "KeyInfo"), encryptionNS, "EncryptedKey"), children(assertion, encryptionNS, "EncryptedKey")...)
	for _, w := range wrapped[:min(len(wrapped), maxKeys)] {
		for _, key := range keys {
			if secret, err := unwrap(w, key); err == nil && len(secret) == b.size {
				return b.decrypt(secret, ciphertext)
			}
		}
	}
	return nil, errDecrypt
}

func (b block) decrypt(secret, ciphertext []byte) ([]byte, error) {
	c, err := aes.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	return b.open(c, ciphertext)
}

// unwrap decrypts the key of the data with RSA-OAEP, the only way that has no
// padding to ask questions about.
func unwrap(wrapped *etree.Element, key *rsa.PrivateKey) ([]byte, error) {
	method := child(wrapped, encryptionNS, "EncryptionMethod")
	digest, known := digests[algorithm(child(method, signatureNS, "DigestMethod"))]
	mask := crypto.SHA1
	switch algorithm(method) {
	case encryptionNS + "rsa-oaep-mgf1p":
	case encryption11NS + "rsa-oaep":
		var ok bool
		mask, ok = masks[algorithm(child(method, encryption11NS, "MGF"))]
		known = known && ok
	default:
		known = false
	}
	if !known {
		return nil, errors.New("the algorithm is not accepted")
	}
	ciphertext, err := cipherValue(wrapped)
	if err != nil {
		return nil, err
	}
	return key.Decrypt(nil, ciphertext, &rsa.OAEPOptions{Hash: digest, MGFHash: mask})
}

func algorithm(method *etree.Element) string {
	if method == nil {
		return ""
	}
	return method.SelectAttrValue("Algorithm", "")
}

func cipherValue(el *etree.Element) ([]byte, error) {
	value := child(child(el, encryptionNS, "CipherData"), encryptionNS, "CipherValue")
	if value == nil {
		return nil, errors.New("there is no ciphertext")
	}
	return base64.StdEncoding.DecodeString(strings.Join(strings.Fields(value.Text()), ""))
}

func openGCM(c cipher.Block, ciphertext []byte) ([]byte, error) {
	gcm, err := cipher.NewGCM(c)
	if err != nil {
		return nil, err
	}
	if len(ciphertext) < gcm.NonceSize() {
		return nil, errDecrypt
	}
	return gcm.Open(nil, ciphertext[:gcm.NonceSize()], ciphertext[gcm.NonceSize():], nil)
}

// openCBC undoes the padding of XML Encryption, whose last byte counts it.
func openCBC(c cipher.Block, ciphertext []byte) ([]byte, error) {
	if len(ciphertext) < 2*aes.BlockSize || len(ciphertext)%aes.BlockSize != 0 {
		return nil, errDecrypt
	}
	plaintext := make([]byte, len(ciphertext)-aes.BlockSize)
	cipher.NewCBCDecrypter(c, ciphertext[:aes.BlockSize]).CryptBlocks(plaintext, ciphertext[aes.BlockSize:])
	padding := int(plaintext[len(plaintext)-1])
	if padding == 0 || padding > aes.BlockSize {
		return nil, errDecrypt
	}
	return plaintext[:len(plaintext)-padding], nil
}
