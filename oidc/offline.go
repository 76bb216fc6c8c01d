package oidc

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// readDir reads the keys of providers that can't be asked. Every file *.json of
// the directory is the key set of one provider with a member "issuer" added:
//
//	{"issuer": "https://oidc.internal/cluster-1", "keys": [{"kty": "RSA", …}]}
//
// A provider whose keys are given is never asked.
func readDir(dir string) (map[string][]jose.JSONWebKey, error) {
	if _, err := os.Stat(dir); err != nil {
		return nil, err
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	all := map[string][]jose.JSONWebKey{}
	for _, name := range names {
		issuer, keys, err := readKeys(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if _, twice := all[issuer]; twice {
			return nil, fmt.Errorf("%s: the keys of %s are given twice", name, issuer)
		}
		all[issuer] = keys
	}
	return all, nil
}

// readKeys demands that all keys of a file are of use: whoever wrote the file
// can mend it.
func readKeys(name string) (issuer string, keys []jose.JSONWebKey, err error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return "", nil, err
	}
	var file struct {
		Issuer string            `json:"issuer"`
		Keys   []jose.JSONWebKey `json:"keys"`
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return "", nil, err
	}
	if !strings.HasPrefix(file.Issuer, "https://") {
		return "", nil, errors.New(`"issuer" must be the provider's URL, https://…`)
	}
	if len(file.Keys) == 0 {
		return "", nil, errors.New("there are no keys")
	}
	for i := range file.Keys {
		if !file.Keys[i].IsPublic() {
			return "", nil, fmt.Errorf("key %q is not a public key", file.Keys[i].KeyID)
		}
	}
	return file.Issuer, file.Keys, nil
}
