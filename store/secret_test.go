package store_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/writ-iam/writ/store"
)

type device struct {
	Name  string
	Seed  store.Secret  `json:"seed,omitzero"`
	Spare *store.Secret `json:"spare,omitempty"`
	last  store.Secret  // not stored
}

var devices = store.NewTable("test/device", func(d *device) store.Key { return store.K(d.Name) })

// TestSecretHides prints, logs and marshals a secret in every way that a
// mistake might take.
func TestSecretHides(t *testing.T) {
	const plaintext = "JBSWY3DPEHPK3PXP"
	secret := store.NewSecret([]byte(plaintext))
	d := device{Name: "phone", Seed: secret, Spare: &secret, last: secret}
	var log bytes.Buffer
	for _, logger := range []*slog.Logger{slog.New(slog.NewTextHandler(&log, nil)), slog.New(slog.NewJSONHandler(&log, nil))} {
		logger.Info("x", "secret", secret, "device", d, "pointer", &d)
	}
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	printed := log.String() + string(text)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
		printed += fmt.Sprintf(verb+verb+verb+verb, secret, &secret, d, &d)
	}
	for _, form := range []any{plaintext, fmt.Sprintf("%x", plaintext), fmt.Sprintf("%X", plaintext), fmt.Sprint([]byte(plaintext))[1:20]} {
		if strings.Contains(printed, form.(string)) {
			t.Errorf("the secret shows as %v in %s", form, printed)
		}
	}
	if got, err := secret.Reveal(); err != nil || string(got) != plaintext {
		t.Errorf("Reveal = %q, %v", got, err)
	}
}

func TestNoSecret(t *testing.T) {
	var none store.Secret
	if _, err := none.Reveal(); err == nil || !none.IsZero() {
		t.Errorf("no secret reveals something: %v", err)
	}
	var outside device
	if err := json.Unmarshal([]byte(`{"Name": "x", "seed": "[sealed]"}`), &outside); err != nil {
		t.Fatal(err)
	}
	if _, err := outside.Seed.Reveal(); !errors.Is(err, store.ErrSealed) {
		t.Errorf("a secret decoded outside a table reveals %v", err)
	}
	db := open(t, "memory:")
	err := db.Maintain(t.Context(), "put", func(tx *store.Tx) error { return devices.Put(tx, &outside) })
	if !errors.Is(err, store.ErrSealed) {
		t.Errorf("a secret that is not there was stored: %v", err)
	}
	err = db.Maintain(t.Context(), "put", func(tx *store.Tx) error {
		empty := store.NewSecret(nil)
		return devices.Put(tx, &device{Name: "y", Spare: &empty})
	})
	if err != nil {
		t.Fatal(err)
	}
	err = db.View(t.Context(), func(tx *store.Tx) error {
		d, err := devices.Get(tx, "y")
		if err != nil || !d.Seed.IsZero() {
			t.Errorf("Get = %v, %v", d, err)
		}
		got, err := d.Spare.Reveal()
		if len(got) != 0 || got == nil {
			t.Errorf("an empty secret reveals %q", got)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSecretInMap(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a table keeps secrets where they are not sealed")
		}
	}()
	type bag struct{ Secrets map[string]store.Secret }
	store.NewTable("test/bag", func(*bag) store.Key { return store.K("x") })
}

type chain struct {
	Next   *chain
	Name   string
	Links  []struct{ Secret store.Secret }
	Secret store.Secret
}

var chains = store.NewTable("test/chain", func(c *chain) store.Key { return store.K(c.Name) })

// TestSecretsBelow keeps secrets in a type that contains itself.
func TestSecretsBelow(t *testing.T) {
	db := open(t, "memory:")
	secret := func(text string) store.Secret { return store.NewSecret([]byte(text)) }
	links := []struct{ Secret store.Secret }{{secret("3")}, {secret("4")}}
	c := &chain{Name: "a", Secret: secret("1"), Next: &chain{Secret: secret("2"), Links: links}}
	if err := db.Maintain(t.Context(), "put", func(tx *store.Tx) error { return chains.Put(tx, c) }); err != nil {
		t.Fatal(err)
	}
	err := db.View(t.Context(), func(tx *store.Tx) error {
		c, err := chains.Get(tx, "a")
		if err != nil {
			return err
		}
		for i, s := range []store.Secret{c.Secret, c.Next.Secret, c.Next.Links[0].Secret, c.Next.Links[1].Secret} {
			if got, err := s.Reveal(); err != nil || string(got) != fmt.Sprint(i+1) {
				t.Errorf("secret %d is %q, %v", i+1, got, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
