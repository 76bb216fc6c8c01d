package iam

import (
	"encoding/json"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/events"
)

// door is a service with root, and with a user bob who has a password, and a
// clock of its own.
type door struct {
	*Service
	t   *testing.T
	log *events.Writer
	now time.Time
}

const (
	home     = "111122223333"
	rootWord = "Root-wagon+1"
	bobWord  = "Plum-wagon+7"
)

func newDoor(t *testing.T) *door {
	s, log := newServiceWithLog(t, "memory:", account{ID: home, Partition: "aws", Alias: "acme", Email: "root@example.com", RootPassword: cheap(rootWord)})
	d := &door{s, t, log, time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)}
	_, err := s.CreateUser(d.call(""), &api.CreateUserInput{UserName: "bob"})
	d.ok(err)
	id := d.user("bob").ID
	d.ok(s.db.Maintain(t.Context(), "bob's password", func(tx *store.Tx) error {
		return loginProfiles.Insert(tx, &loginProfile{Account: home, UserID: id, Created: d.now, Set: d.now, Hash: cheap(bobWord)})
	}))
	return d
}

// cheap is a hash that costs next to nothing, for tests of many attempts.
func cheap(password string) hashed {
	return recipe{memory: 8, passes: 1, threads: 1, salt: []byte("somesalt")}.hash(password)
}

func (d *door) ok(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// call is one by root from an address.
func (d *door) call(from string) *writ.Call {
	c := callIn(d.t.Context(), home)
	c.ID, c.Time, c.Scope.Region = uuid.NewString(), d.now, "us-east-1"
	c.Source.IP, _ = netip.ParseAddr(from)
	c.Caller = &writ.Caller{ID: home, Principal: policy.Principal{Type: policy.RootUser, Account: home, ARN: "arn:aws:iam::" + home + ":root"}}
	return c
}

func (d *door) try(from string, in SignIn) *SignedIn {
	d.t.Helper()
	c := d.call(from)
	c.Caller, c.Scope.Account = nil, ""
	got, err := d.SignIn(c, in)
	d.ok(err)
	return got
}

func (d *door) want(from string, in SignIn, want Outcome) *SignedIn {
	d.t.Helper()
	got := d.try(from, in)
	if got.Outcome != want {
		d.t.Fatalf("%s/%s from %s is %d, want %d", in.Account, in.User, from, got.Outcome, want)
	}
	return got
}

func bob(password string) SignIn { return SignIn{Account: home, User: "bob", Password: password} }

// found are the events of a name, the newest first.
func (d *door) found(account, name string) []map[string]any {
	d.t.Helper()
	entries, _, err := d.log.Lookup(d.t.Context(), events.Query{Account: account, Limit: 50, Attribute: &events.Attribute{Name: "EventName", Value: name}})
	d.ok(err)
	var all []map[string]any
	for _, e := range entries {
		var event map[string]any
		d.ok(json.Unmarshal(e.Event, &event))
		all = append(all, event)
	}
	return all
}

// last is the newest event of a name; those of the same time are in no order.
func (d *door) last(name string) map[string]any {
	d.t.Helper()
	all := d.found(home, name)
	if len(all) == 0 {
		d.t.Fatalf("there is no event %s", name)
	}
	return all[0]
}

func TestSignIn(t *testing.T) {
	d := newDoor(t)
	for _, in := range []SignIn{bob(bobWord), {Account: "acme", User: "BOB", Password: bobWord}} {
		got := d.want("192.0.2.1", in, Admitted)
		if got.Caller.ARN != "arn:aws:iam::"+home+":user/bob" || got.Caller.Type != policy.User || got.Caller.AccessKeyID != "" || !got.MFA.IsZero() {
			t.Errorf("bob is %+v", got)
		}
	}
	e := d.last("ConsoleLogin")
	if e["responseElements"].(map[string]any)["ConsoleLogin"] != "Success" || e["additionalEventData"].(map[string]any)["MFAUsed"] != "No" ||
		e["userIdentity"].(map[string]any)["userName"] != "bob" || e["errorMessage"] != nil {
		t.Errorf("the event is %v", e)
	}
	u, err := d.GetUser(d.call(""), &api.GetUserInput{UserName: new("bob")})
	d.ok(err)
	if u.User.PasswordLastUsed == nil || !u.User.PasswordLastUsed.Equal(d.now) {
		t.Errorf("the password was last used %v", u.User.PasswordLastUsed)
	}
	all, err := d.ListUsers(d.list(), &api.ListUsersInput{})
	d.ok(err)
	if all.Users[0].PasswordLastUsed == nil {
		t.Error("ListUsers does not tell when the password was last used")
	}
}

func (d *door) user(name string) (u *user) {
	d.t.Helper()
	d.ok(d.db.View(d.t.Context(), func(tx *store.Tx) (err error) {
		u, err = users.Get(tx, home, name)
		return err
	}))
	return u
}

// list is a call whose operation has a name, as markers need.
func (d *door) list() *writ.Call {
	c := d.call("")
	c.Operation = operation(d.t, "iam", "ListUsers")
	return c
}

func TestRootSignsIn(t *testing.T) {
	d := newDoor(t)
	for _, name := range []string{home, "acme", "Root@Example.com"} {
		got := d.want("192.0.2.1", SignIn{Account: name, Password: rootWord}, Admitted)
		if got.Caller.Type != policy.RootUser || got.Caller.ARN != "arn:aws:iam::"+home+":root" {
			t.Errorf("root is %+v", got.Caller)
		}
	}
	d.now = d.now.Add(time.Second)
	d.want("192.0.2.1", SignIn{Account: home, Password: bobWord}, Refused)
	if e := d.last("ConsoleLogin"); e["userIdentity"].(map[string]any)["type"] != "Root" || e["errorMessage"] != "Failed authentication" {
		t.Errorf("the event is %v", e)
	}
}

// Whatever does not exist is refused alike; a name that is none may be a
// password, and is in no event.
func TestNobodySignsIn(t *testing.T) {
	d := newDoor(t)
	_, err := d.CreateUser(d.call(""), &api.CreateUserInput{UserName: "carol"})
	d.ok(err)
	for _, in := range []SignIn{
		bob("Plum-wagon+8"), bob(""),
		{Account: home, User: "carol", Password: ""},
		{Account: home, User: "secret-word", Password: bobWord},
		{Account: "999999999999", User: "bob", Password: bobWord},
		{Account: "acme2", User: "bob", Password: bobWord},
		{Account: "root@example.com", User: "bob", Password: bobWord},
		{Account: "nobody@example.com", Password: rootWord},
		{Account: "", User: "", Password: ""},
	} {
		if got := d.want("192.0.2.1", in, Refused); got.Caller != nil {
			t.Errorf("%+v is told who it is", in)
		}
	}
	for _, e := range d.found(home, "ConsoleLogin") {
		if who := e["userIdentity"].(map[string]any); who["userName"] == "secret-word" || e["responseElements"].(map[string]any)["ConsoleLogin"] != "Failure" {
			t.Errorf("the event is %v", e)
		}
	}
	if n := len(d.found("", "ConsoleLogin")); n != 5 {
		t.Errorf("%d attempts at no account are recorded, want 5", n)
	}
}

// Who tries too often is locked out, longer each time: from that source, for that user.
func TestLockOut(t *testing.T) {
	d := newDoor(t)
	const from, elsewhere = "192.0.2.1", "192.0.2.2"
	for range 5 {
		d.want(from, bob("wrong"), Refused)
	}
	locked := d.want(from, bob(bobWord), Locked)
	if wait := locked.Until.Sub(d.now); wait != 30*time.Second {
		t.Errorf("the first lock is for %v", wait)
	}
	d.want(elsewhere, bob(bobWord), Admitted)
	d.want(from, SignIn{Account: home, Password: rootWord}, Admitted)

	for _, wait := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute} {
		d.now = d.now.Add(wait)
		d.want(from, bob("wrong"), Refused)
		d.want(from, bob(bobWord), Locked)
	}
	if n := len(d.found(home, "SignInLocked")); n != 4 {
		t.Errorf("%d locks are recorded, want 4", n)
	}
	if n := len(d.found(home, "SignInUnlocked")); n != 3 {
		t.Errorf("%d ends of locks are recorded, want 3", n)
	}
	d.now = d.now.Add(4 * time.Minute)
	d.want(from, bob(bobWord), Admitted)
	d.want(from, bob("wrong"), Refused)
	d.want(from, bob(bobWord), Admitted) // all was forgotten
}

// The longest lock is an hour, and a day without attempts makes them forgotten.
func TestLockEnds(t *testing.T) {
	d := newDoor(t)
	c := d.call("192.0.2.1")
	lock := passwordOfUser(d.user("bob").ID, c)
	for range 20 {
		made, err := d.Service.try(c, lock)
		d.ok(err)
		if made.locked || made.until.Sub(c.Time) > time.Hour {
			t.Fatalf("a lock is for %v", made.until.Sub(c.Time))
		}
		c.Time = c.Time.Add(time.Hour)
	}
	d.now = c.Time
	d.want("192.0.2.1", bob(bobWord), Admitted)
	d.ok(d.db.Maintain(t.Context(), "attempts", func(tx *store.Tx) error {
		return triesTable.Put(tx, &tries{At: lock.at, From: lock.from, Failed: 20, Last: d.now})
	}))
	d.now = d.now.Add(24*time.Hour + time.Second)
	for range 4 {
		d.want("192.0.2.1", bob("wrong"), Refused)
	}
	d.want("192.0.2.1", bob(bobWord), Admitted)
}

// Names that don't exist are locked as well: else a lock would tell which do.
func TestNobodyIsLockedOut(t *testing.T) {
	d := newDoor(t)
	for _, in := range []SignIn{{Account: home, User: "nobody"}, {Account: "999999999999", User: "bob"}} {
		for range 5 {
			d.want("192.0.2.1", in, Refused)
		}
		d.want("192.0.2.1", in, Locked)
	}
	d.want("192.0.2.1", SignIn{Account: "acme", User: "Nobody"}, Locked)
}

// A subscriber of IPv6 has more addresses than anybody can count, and is one source.
func TestSourceIsTheNetwork(t *testing.T) {
	d := newDoor(t)
	for _, from := range []string{"2001:db8::1", "2001:db8::2", "2001:db8::1:0:0:1", "2001:db8::ffff", "2001:db8::5"} {
		d.want(from, bob("wrong"), Refused)
	}
	d.want("2001:db8::6", bob(bobWord), Locked)
	d.want("2001:db8:0:1::6", bob(bobWord), Admitted)
}

// Attempts at the same time are counted as if they came one by one.
func TestAttemptsAtOnce(t *testing.T) {
	d := newDoor(t)
	var refused, locked int
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			got, err := d.SignIn(d.call("192.0.2.1"), bob("wrong"))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil:
				t.Error(err)
			case got.Outcome == Refused:
				refused++
			case got.Outcome == Locked:
				locked++
			}
		})
	}
	all.Wait()
	if refused != 5 || locked != 15 {
		t.Errorf("%d attempts were made and %d were not, want 5 and 15", refused, locked)
	}
}

// Passwords expire by the account's policy; with hard expiry only an
// administrator can help.
func TestExpiry(t *testing.T) {
	d := newDoor(t)
	set := func(in api.UpdateAccountPasswordPolicyInput) {
		_, err := d.UpdateAccountPasswordPolicy(d.call(""), &in)
		d.ok(err)
	}
	set(api.UpdateAccountPasswordPolicyInput{MaxPasswordAge: new(90)})
	d.now = d.now.AddDate(0, 0, 90).Add(-time.Second)
	d.want("192.0.2.1", bob(bobWord), Admitted)
	d.now = d.now.Add(time.Second)
	got := d.want("192.0.2.1", bob(bobWord), ChangeNeeded)
	if got.Caller == nil || got.Caller.Name != "bob" {
		t.Errorf("nobody may change the password: %+v", got)
	}
	c := d.call("192.0.2.1")
	c.Caller = got.Caller
	set(api.UpdateAccountPasswordPolicyInput{MaxPasswordAge: new(90), HardExpiry: new(true)})
	d.now = d.now.Add(time.Second)
	if got := d.want("192.0.2.1", bob(bobWord), PasswordExpired); got.Caller != nil {
		t.Errorf("an expired password tells %+v", got.Caller)
	}
	if e := d.last("ConsoleLogin"); e["responseElements"].(map[string]any)["ConsoleLogin"] != "Failure" {
		t.Errorf("the event is %v", e)
	}
	d.want("192.0.2.1", SignIn{Account: home, Password: rootWord}, Admitted)
	_, err := d.ChangePassword(c, &api.ChangePasswordInput{OldPassword: bobWord, NewPassword: "Pear-wagon+7"})
	d.ok(err)
	d.want("192.0.2.1", bob("Pear-wagon+7"), Admitted)

	_, err = d.UpdateLoginProfile(d.call(""), &api.UpdateLoginProfileInput{UserName: "bob", PasswordResetRequired: new(true)})
	d.ok(err)
	d.want("192.0.2.1", bob("Pear-wagon+7"), ChangeNeeded)
}

// device enables a virtual device of a user, or of root, and returns it with its seed.
func (d *door) device(name, userName string) (serial string, seed []byte) {
	d.t.Helper()
	_, err := d.CreateVirtualMFADevice(d.call(""), &api.CreateVirtualMFADeviceInput{VirtualMFADeviceName: name})
	d.ok(err)
	serial = "arn:aws:iam::" + home + ":mfa/" + name
	d.ok(d.db.View(d.t.Context(), func(tx *store.Tx) error {
		found, err := findDevice(tx, d.call(""), serial)
		d.ok(err)
		seed, err = found.Seed.Reveal()
		return err
	}))
	n := codeNumber(d.now)
	_, err = d.EnableMFADevice(d.call(""), &api.EnableMFADeviceInput{UserName: userName, SerialNumber: serial,
		AuthenticationCode1: oneTimeCode(seed, n-1), AuthenticationCode2: oneTimeCode(seed, n)})
	d.ok(err)
	return serial, seed
}

func (d *door) code(seed []byte) string { return oneTimeCode(seed, codeNumber(d.now)) }

func TestSecondFactor(t *testing.T) {
	d := newDoor(t)
	serial, seed := d.device("phone", "bob")
	with := func(code string) SignIn { return SignIn{Account: home, User: "bob", Password: bobWord, Code: code} }

	needed := d.want("192.0.2.1", bob(bobWord), FactorNeeded)
	if needed.Caller != nil || !needed.Codes || needed.Keys != nil {
		t.Errorf("half a proof gives %+v", needed)
	}
	if e := d.last("CheckMfa"); e["additionalEventData"].(map[string]any)["MfaType"] != "Virtual MFA" {
		t.Errorf("the event is %v", e)
	}
	d.want("192.0.2.1", with(d.code(seed)), Refused) // it enabled the device
	d.now = d.now.Add(30 * time.Second)
	got := d.want("192.0.2.1", with(d.code(seed)), Admitted)
	if !got.MFA.Equal(d.now) {
		t.Errorf("MFA was proved %v", got.MFA)
	}
	if e := d.last("ConsoleLogin")["additionalEventData"].(map[string]any); e["MFAUsed"] != "Yes" || e["MFAIdentifier"] != serial {
		t.Errorf("the event has %v", e)
	}
	d.want("192.0.2.1", with(d.code(seed)), Refused)
	d.want("192.0.2.1", with("12345"), Refused)

	// A code is no substitute for the password, and is not even looked at.
	d.now = d.now.Add(30 * time.Second)
	d.want("192.0.2.1", SignIn{Account: home, User: "bob", Password: "wrong", Code: d.code(seed)}, Refused)
	d.want("192.0.2.1", with(d.code(seed)), Admitted)
}

// A clock may go wrong by one code, and by no more; an old code is not good once
// a newer one was used.
func TestDrift(t *testing.T) {
	d := newDoor(t)
	_, seed := d.device("phone", "bob")
	d.now = d.now.Add(time.Hour)
	n := codeNumber(d.now)
	for _, test := range []struct {
		number uint64
		want   Outcome
	}{{n - 2, Refused}, {n + 2, Refused}, {n - 1, Admitted}, {n - 1, Refused}, {n + 1, Admitted}, {n, Refused}} {
		d.want("192.0.2.1", SignIn{Account: home, User: "bob", Password: bobWord, Code: oneTimeCode(seed, test.number)}, test.want)
	}
}

// A device whose clock is wrong by more than a code is good once it is synchronized.
func TestOffset(t *testing.T) {
	d := newDoor(t)
	serial, seed := d.device("phone", "bob")
	d.now = d.now.Add(time.Hour)
	ahead := func() uint64 { return codeNumber(d.now) + 100 }
	in := SignIn{Account: home, User: "bob", Password: bobWord, Code: oneTimeCode(seed, ahead())}
	d.want("192.0.2.1", in, Refused)
	_, err := d.ResyncMFADevice(d.call(""), &api.ResyncMFADeviceInput{UserName: "bob", SerialNumber: serial,
		AuthenticationCode1: oneTimeCode(seed, ahead()-1), AuthenticationCode2: oneTimeCode(seed, ahead())})
	d.ok(err)
	d.now = d.now.Add(10 * time.Minute)
	in.Code = oneTimeCode(seed, ahead())
	d.want("192.0.2.1", in, Admitted)
	in.Code = oneTimeCode(seed, codeNumber(d.now))
	d.want("192.0.2.1", in, Refused)
}

// Each of several devices will do, each code once on each.
func TestSeveralDevices(t *testing.T) {
	d := newDoor(t)
	_, one := d.device("one", home)
	_, two := d.device("two", home)
	d.now = d.now.Add(time.Minute)
	root := SignIn{Account: home, Password: rootWord}
	d.want("192.0.2.1", root, FactorNeeded)
	for _, seed := range [][]byte{two, one} {
		root.Code = d.code(seed)
		d.want("192.0.2.1", root, Admitted)
		d.want("192.0.2.1", root, Refused)
	}
	if e := d.last("ConsoleLogin")["userIdentity"].(map[string]any); e["type"] != "Root" {
		t.Errorf("root is %v", e)
	}
}

// Codes are counted wherever they come from: who has the password has a botnet.
func TestCodesAreNotGuessed(t *testing.T) {
	d := newDoor(t)
	_, seed := d.device("phone", "bob")
	d.now = d.now.Add(time.Hour)
	in := SignIn{Account: home, User: "bob", Password: bobWord, Code: "abcdef"}
	for i := range 10 {
		d.want(netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}).String(), in, Refused)
	}
	in.Code = d.code(seed)
	d.want("192.0.2.100", in, Refused)
	d.now = d.now.Add(time.Minute)
	in.Code = d.code(seed)
	d.want("192.0.2.100", in, Admitted)
}

// A security key is one of the user's own, and its door says which.
func TestSecurityKey(t *testing.T) {
	d := newDoor(t)
	c := d.call("")
	serial, err := d.AddSecurityKey(c, new("bob"), "yubi", SecurityKey{CredentialID: []byte("id"), PublicKey: []byte("key")})
	d.ok(err)
	needed := d.want("192.0.2.1", bob(bobWord), FactorNeeded)
	if needed.Codes || len(needed.Keys) != 1 || string(needed.Keys[0].PublicKey) != "key" {
		t.Errorf("the door is told of %+v", needed)
	}
	in := bob(bobWord)
	for _, none := range []int{-1, 1} {
		in.Signed = func([]SecurityKey) int { return none }
		d.want("192.0.2.1", in, Refused)
	}
	in.Signed = func(keys []SecurityKey) int {
		if len(keys) != 1 || string(keys[0].CredentialID) != "id" {
			t.Errorf("the keys are %v", keys)
		}
		return 0
	}
	if got := d.want("192.0.2.1", in, Admitted); got.MFA.IsZero() {
		t.Error("a security key proves nothing")
	}
	in.Signed, in.Code = nil, "123456"
	d.want("192.0.2.1", in, Refused)

	c.Operation = operation(t, "iam", "ListMFADevices")
	list, err := d.ListMFADevices(c, &api.ListMFADevicesInput{UserName: new("bob")})
	d.ok(err)
	if len(list.MFADevices) != 1 || list.MFADevices[0].SerialNumber != serial {
		t.Errorf("the list is %v", list.MFADevices)
	}
	_, err = d.DeactivateMFADevice(c, &api.DeactivateMFADeviceInput{UserName: new("bob"), SerialNumber: serial})
	d.ok(err)
	in.Code = ""
	d.want("192.0.2.1", in, Admitted)
}

// Who is changed while the password is hashed is not let in.
func TestChangedMeanwhile(t *testing.T) {
	d := newDoor(t)
	_, err := d.AddSecurityKey(d.call(""), new("bob"), "yubi", SecurityKey{})
	d.ok(err)
	in := bob(bobWord)
	in.Signed = func([]SecurityKey) int {
		_, err := d.UpdateLoginProfile(d.call(""), &api.UpdateLoginProfileInput{UserName: "bob", Password: new("Pear-wagon+7")})
		d.ok(err)
		return 0
	}
	d.want("192.0.2.1", in, Refused)
}

// Nobody is let in whom the audit does not know of.
func TestSignInNeedsTheLog(t *testing.T) {
	d := newDoor(t)
	d.log.Close()
	if got, err := d.SignIn(d.call("192.0.2.1"), bob(bobWord)); err == nil {
		t.Errorf("without a log bob is %+v", got)
	}
}

// Attempts that no longer count do not pile up.
func TestSweep(t *testing.T) {
	d := newDoor(t)
	count := func() (n int) {
		d.ok(d.db.View(t.Context(), func(tx *store.Tx) (err error) {
			n, err = triesTable.Count(tx, store.K())
			return err
		}))
		return n
	}
	d.ok(d.db.Maintain(t.Context(), "attempts", func(tx *store.Tx) error {
		for i := range 10 {
			from := netip.AddrFrom4([4]byte{198, 51, 100, byte(i)}).String()
			if err := triesTable.Insert(tx, &tries{At: "password/x", From: from, Failed: 1, Last: d.now.Add(-25 * time.Hour)}); err != nil {
				return err
			}
		}
		return nil
	}))
	d.want("192.0.2.1", bob("wrong"), Refused)
	d.want("192.0.2.1", bob("wrong"), Refused)
	if n := count(); n != 1 {
		t.Errorf("%d are left, want 1", n)
	}
}
