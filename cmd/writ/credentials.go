package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// credentials is the access key of the admin user of the first start, in the
// file that `writ env` reads.
type credentials struct {
	AccessKeyID     string
	SecretAccessKey string
	Region          string
	Endpoint        string
}

const credentialsFile = "admin-credentials.json"

func (c *credentials) write(dir string) error {
	raw, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return writeSecret(filepath.Join(dir, credentialsFile), string(raw)+"\n")
}

func readCredentials(dir string) (*credentials, error) {
	raw, err := os.ReadFile(filepath.Join(dir, credentialsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no credentials in %s: start the server there first (writ serve), or name its directory (--data)", dir)
	}
	if err != nil {
		return nil, err
	}
	c := new(credentials)
	return c, json.Unmarshal(raw, c)
}

// relocate tells `writ env` where the server is now, which need not be where it
// was at its first start. A file that its owner has deleted stays deleted.
func relocate(dir, region, endpoint string) error {
	if _, err := os.Stat(filepath.Join(dir, credentialsFile)); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	c, err := readCredentials(dir)
	if err != nil || c.Region == region && c.Endpoint == endpoint {
		return err
	}
	c.Region, c.Endpoint = region, endpoint
	return c.write(dir)
}
