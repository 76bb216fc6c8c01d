package s3

import (
	"bytes"
	"testing"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/s3"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/blobs"
)

// codes knows one device of root's, with one code that is good once.
type codes struct{ used bool }

func (c *codes) UseCode(_ *writ.Call, serial, code string) (bool, error) {
	if serial != "arn:aws:iam::111122223333:mfa/root" {
		return false, store.ErrNotFound
	}
	good := code == "123456" && !c.used
	c.used = c.used || good
	return good, nil
}

func callOf(t *testing.T, kind policy.PrincipalType) *writ.Call {
	return &writ.Call{Time: time.Now(), Caller: &writ.Caller{Principal: policy.Principal{Type: kind, Account: "111122223333"}},
		Decision: &writ.Decision{Allowed: true}, Context: t.Context()}
}

// Only root, with a good code, turns MFA delete on and off and removes versions
// (S3 User Guide, "Configuring MFA delete").
func TestMFADelete(t *testing.T) {
	keys, err := store.NewKeyring(bytes.Repeat([]byte{1}, store.MasterKeySize))
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), "memory:", store.Options{Keys: keys})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.Guard = func(*store.Tx, *writ.Call) error { return nil }
	db.Describe = func(*writ.Call) []byte { return nil }
	objects, err := blobs.Open("memory:")
	if err != nil {
		t.Fatal(err)
	}
	device := new(codes)
	s := New(db, objects, nil, device)
	root, user := callOf(t, policy.RootUser), callOf(t, policy.User)
	if err := db.Update(root, func(tx *store.Tx) error {
		return buckets.Insert(tx, &bucket{Name: "lab", Account: "111122223333"})
	}); err != nil {
		t.Fatal(err)
	}
	const good, wrong = "arn:aws:iam::111122223333:mfa/root 123456", "arn:aws:iam::111122223333:mfa/root 000000"
	put := func(c *writ.Call, mfa *string, status, mfaDelete string) error {
		device.used = false
		_, err := s.PutBucketVersioning(c, &api.PutBucketVersioningInput{Bucket: "lab", MFA: mfa,
			VersioningConfiguration: api.VersioningConfiguration{Status: &status, MFADelete: optional(mfaDelete)}})
		return err
	}
	remove := func(c *writ.Call, mfa *string) error {
		device.used = false
		_, err := s.DeleteObject(c, &api.DeleteObjectInput{Bucket: "lab", Key: "a", VersionId: new(nullVersion), MFA: mfa})
		return err
	}
	for _, step := range []struct {
		what   string
		err    error
		denied bool
	}{
		{"a user turns it on", put(user, new(good), enabled, enabled), true},
		{"root turns it on without a code", put(root, nil, enabled, enabled), true},
		{"with a wrong one", put(root, new(wrong), enabled, enabled), true},
		{"with another's device", put(root, new("arn:aws:iam::111122223333:mfa/other 123456"), enabled, enabled), true},
		{"a user says that it is off", put(user, nil, enabled, disabled), false},
		{"root turns it on", put(root, new(good), enabled, enabled), false},
		{"a version is removed without a code", remove(root, nil), true},
		{"by a user", remove(user, new(good)), true},
		{"with a wrong one", remove(root, new(wrong)), true},
		{"with a good one", remove(root, new(good)), false},
		{"versions are suspended without a code", put(root, nil, suspended, ""), true},
		{"it is turned off without a code", put(root, nil, enabled, disabled), true},
		{"it is turned off", put(root, new(good), suspended, disabled), false},
		{"a version is removed", remove(user, nil), false},
	} {
		told, _ := writ.AsError(step.err)
		if denied := step.err != nil && told.Code == "AccessDenied"; denied != step.denied || step.err != nil && !denied {
			t.Errorf("%s: %v", step.what, step.err)
		}
	}
	b, err := s.bucket(root, "lab")
	if err != nil || b.Versioning != suspended || b.MFADelete != disabled {
		t.Errorf("%+v, %v", b, err)
	}
}
