package iam

import (
	"bytes"

	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
)

// scriptFiles are the files of a script, by name.
func scriptFiles(t testing.TB, script string) map[string]string {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", script))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, file := range archive.Files {
		files[file.Name] = string(file.Data)
	}
	return files
}

func seeds(f *testing.F, script string) {
	for _, text := range scriptFiles(f, script) {
		f.Add(text)
	}
}

// Whatever is taken for a key has one encoding, in which it is read again.
func FuzzParseSSHKey(f *testing.F) {
	seeds(f, "sshkeys.txtar")
	f.Fuzz(func(t *testing.T, body string) {
		wire, err := parseSSHKey(body)
		if err != nil {
			return
		}
		k := &sshKey{Wire: wire}
		for _, encoding := range []string{"SSH", "PEM"} {
			again, err := k.encoded(encoding)
			if err != nil {
				t.Fatal(err)
			}
			if same, err := parseSSHKey(again); err != nil || !bytes.Equal(same, wire) {
				t.Errorf("%s reads %q otherwise: %v", encoding, again, err)
			}
		}
	})
}

// Nothing that is shown to the parsers of certificates, keys and chains brings
// them down, and a key that is not the certificate's is never taken for it.
func FuzzParseServer(f *testing.F) {
	seeds(f, "servercertificates.txtar")
	seeds(f, "signingcertificates.txtar")
	files := scriptFiles(f, "servercertificates.txtar")
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		parseServer(text, files["key.pem"], "", now)
		parseServer(files["server.pem"], files["key.pem"], text, now)
		parseSigning(text, now)
		if _, err := parseServer(files["server.pem"], text, "", now); err == nil {
			if _, err := parseServer(files["server.pem"], files["otherkey.pem"], "", now); err == nil {
				t.Error("another key is taken for the certificate's")
			}
		}
	})
}

// An API key holds its alias and password, and no other text holds the same.
func FuzzOpenToken(f *testing.F) {
	f.Add("ABSKYWRhLWF0LTExMTEyMjIyMzMzMzpwYXNz")
	f.Add("ABSK")
	f.Fuzz(func(t *testing.T, text string) {
		login, password, ok := openToken("ABSK", text)
		if ok && openedToken("ABSK", token("ABSK", login, password)) != [2]string{login, password} {
			t.Errorf("%q is %q and %q, which make another token", text, login, password)
		}
	})
}

func openedToken(prefix, text string) [2]string {
	login, password, _ := openToken(prefix, text)
	return [2]string{login, password}
}
