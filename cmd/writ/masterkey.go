package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/writ-iam/writ/store"
)

// The master key seals every secret in the store. It comes from the
// environment, from a file that the operator names, or, with a warning, from a
// file beside the data.
const (
	masterKeyVariable = "WRIT_MASTER_KEY"
	masterKeyFile     = "master.key"
)

// keyring opens the master key. beside says that it lies with the data it guards.
func (c *config) keyring() (keys *store.Keyring, beside bool, err error) {
	text, beside, err := c.masterKeyText()
	if err != nil {
		return nil, false, err
	}
	master, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(master) != store.MasterKeySize {
		return nil, false, fmt.Errorf("the master key must be %d bytes in base64", store.MasterKeySize)
	}
	keys, err = store.NewKeyring(master)
	return keys, beside, err
}

func (c *config) masterKeyText() (text string, beside bool, err error) {
	if text = os.Getenv(masterKeyVariable); text != "" {
		os.Unsetenv(masterKeyVariable) // children and core dumps need not have it
		return text, false, nil
	}
	if c.masterKey != "" {
		raw, err := os.ReadFile(c.masterKey)
		return string(raw), false, err
	}
	file := filepath.Join(c.data, masterKeyFile)
	raw, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		text, err := c.newMasterKey(file)
		return text, true, err
	}
	return string(raw), true, err
}

// newMasterKey makes a key for data that does not exist yet. Data that does
// exist was sealed with another, which a new one could never open.
func (c *config) newMasterKey(file string) (string, error) {
	if entries, err := os.ReadDir(c.data); err == nil && len(entries) > 0 {
		return "", fmt.Errorf("%s holds data but no %s: give the master key it was made with (--master-key-file or %s)", c.data, masterKeyFile, masterKeyVariable)
	}
	master := make([]byte, store.MasterKeySize)
	rand.Read(master)
	text := base64.StdEncoding.EncodeToString(master) + "\n"
	if err := os.MkdirAll(c.data, 0o700); err != nil {
		return "", err
	}
	return text, writeSecret(file, text)
}

// writeSecret writes a file that only its owner may read, whole or not at all.
func writeSecret(file, text string) error {
	tmp, err := os.CreateTemp(filepath.Dir(file), ".new-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(text)
	if err := errors.Join(err, tmp.Sync(), tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), file)
}
