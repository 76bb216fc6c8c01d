package iam

import (
	"testing"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/model"
	"github.com/writ-iam/writ/policy"
	"github.com/writ-iam/writ/store"
)

// What somebody tried is known before and after it is written, and the later of
// what is written and what is not counts.
func TestAccessesAreKnownAtOnce(t *testing.T) {
	s := newService(t, account{ID: reported, Partition: "aws"})
	c := callIn(t.Context(), reported)
	u, err := s.CreateUser(c, &api.CreateUserInput{UserName: "ada"})
	if err != nil {
		t.Fatal(err)
	}
	iam, err := model.Load("iam")
	if err != nil {
		t.Fatal(err)
	}
	ada := actorID{reported, u.User.UserId}
	try := func(operation string, now time.Time) {
		caller := &writ.Caller{Principal: policy.Principal{Type: policy.User, Account: reported}, ID: ada.id, AccessKeyID: "AKIA"}
		s.Used(&writ.Call{Caller: caller, Operation: iam.Operations[operation], Time: now})
	}
	last := func() map[string]time.Time {
		t.Helper()
		found := map[string]time.Time{}
		err := s.db.View(t.Context(), func(tx *store.Tx) error {
			all, err := accessesOf(tx, s.notedAccesses(), ada, c.Time)
			for _, a := range all {
				found[a.Action] = a.Time
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	expect := func(action string, want time.Time) {
		t.Helper()
		if got := last()[action]; !got.Equal(want) {
			t.Errorf("%s was last tried at %v, want %v", action, got, want)
		}
	}
	early, late := c.Time.Add(-2*time.Hour).UTC(), c.Time.Add(-time.Hour).UTC()
	try("GetUser", early)
	expect("iam:GetUser", early)
	if err := s.FlushUses(t.Context()); err != nil {
		t.Fatal(err)
	}
	expect("iam:GetUser", early)
	try("GetUser", late)
	try("CreateUser", c.Time.Add(-trackingPeriod))
	expect("iam:GetUser", late)
	if found := last(); len(found) != 1 {
		t.Errorf("what is too old is found: %v", found)
	}
	if err := s.FlushUses(t.Context()); err != nil {
		t.Fatal(err)
	}
	expect("iam:GetUser", late)
}

// Of who is deleted nothing is left, but that the account did something.
func TestAccessesOfTheDeleted(t *testing.T) {
	s := newService(t, account{ID: reported, Partition: "aws"})
	c := callIn(t.Context(), reported)
	for i, name := range []string{"ada", "bob"} {
		u, err := s.CreateUser(c, &api.CreateUserInput{UserName: name})
		if err != nil {
			t.Fatal(err)
		}
		caller := &writ.Caller{Principal: policy.Principal{Type: policy.User, Account: reported}, ID: u.User.UserId, AccessKeyID: u.User.UserId}
		for j, name := range []string{"GetUser", "ListUsers"} {
			s.Used(&writ.Call{Caller: caller, Operation: operation(t, "iam", name), Time: c.Time.Add(time.Duration(i-j) * time.Minute)})
			if j > 0 {
				continue // the second is noted and not written
			}
			if err := s.FlushUses(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.DeleteUser(c, &api.DeleteUserInput{UserName: name}); err != nil {
			t.Fatal(err)
		}
		if err := s.FlushUses(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	err := s.db.View(t.Context(), func(tx *store.Tx) error {
		if n, err := usesTable.Count(tx, store.K()); n > 0 || err != nil {
			t.Errorf("%d uses are left, %v", n, err)
		}
		all, err := accountAccesses(tx, s.notedAccesses(), reported, c.Time)
		for i, want := range []access{{reported, gone, "iam:GetUser", c.Time.Add(time.Minute), ""}, {reported, gone, "iam:ListUsers", c.Time, ""}} {
			if len(all) != 2 || all[i].Action != want.Action || all[i].EntityID != gone || !all[i].Time.Equal(want.Time) {
				t.Errorf("the account did %v, want %v", all, want)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whoever asks for reports all day long fills nothing: the oldest make room.
func TestAccessReportsMakeRoom(t *testing.T) {
	s := newService(t, account{ID: reported, Partition: "aws"})
	s.quotas = Quotas.With(map[string]int{"AccessReportsPerAccount": 2})
	c := callIn(t.Context(), reported)
	c.Caller, c.Operation = &writ.Caller{ID: reported}, operation(t, "iam", "GetServiceLastAccessedDetails")
	u, err := s.CreateUser(c, &api.CreateUserInput{UserName: "ada"})
	if err != nil {
		t.Fatal(err)
	}
	var jobs []string
	for range 5 {
		c.Time = c.Time.Add(time.Second)
		out, err := s.GenerateServiceLastAccessedDetails(c, &api.GenerateServiceLastAccessedDetailsInput{Arn: u.User.Arn})
		if err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, *out.JobId)
	}
	for i, job := range jobs {
		_, err := s.GetServiceLastAccessedDetails(c, &api.GetServiceLastAccessedDetailsInput{JobId: job})
		if kept := err == nil; kept != (i >= 3) {
			t.Errorf("report %d of 5: %v", i+1, err)
		}
	}
}

// Services are nobody; a session's calls are its role's, user's or root's.
func TestActor(t *testing.T) {
	role := &writ.Session{Issuer: writ.Issuer{Type: writ.IssuerRole, Account: "1", ID: "AROA"}}
	user := &writ.Session{Issuer: writ.Issuer{Type: writ.IssuerUser, Account: "1", ID: "AIDA"}}
	root := &writ.Session{Issuer: writ.Issuer{Type: writ.IssuerRoot, Account: "1", ID: "1"}}
	for _, test := range []struct {
		caller writ.Caller
		want   string
	}{
		{writ.Caller{Principal: policy.Principal{Type: policy.User}, ID: "AIDA"}, "AIDA"},
		{writ.Caller{Principal: policy.Principal{Type: policy.RootUser}, ID: "1"}, "1"},
		{writ.Caller{Principal: policy.Principal{Type: policy.RoleSession}, ID: "AROA:s", Session: role}, "AROA"},
		{writ.Caller{Principal: policy.Principal{Type: policy.FederatedUser}, ID: "1:f", Session: user}, "AIDA"},
		{writ.Caller{Principal: policy.Principal{Type: policy.User}, ID: "AIDA", Session: user}, "AIDA"},
		{writ.Caller{Principal: policy.Principal{Type: policy.RootUser}, ID: "1", Session: root}, "1"},
		{writ.Caller{Principal: policy.Principal{Type: policy.Service}}, ""},
	} {
		if got := actor(&test.caller).id; got != test.want {
			t.Errorf("%v: %q, want %q", test.caller.Type, got, test.want)
		}
	}
}

func BenchmarkUsed(b *testing.B) {
	s := newService(b, account{ID: reported, Partition: "aws"})
	iam, err := model.Load("iam")
	if err != nil {
		b.Fatal(err)
	}
	c := &writ.Call{Caller: &writ.Caller{Principal: policy.Principal{Type: policy.User, Account: reported}, ID: "AIDAIOSFODNN7EXAMPLE1", AccessKeyID: "AKIAIOSFODNN7EXAMPLE"},
		Operation: iam.Operations["GetUser"], Time: time.Now(), Scope: writ.Scope{Region: "us-east-1"}}
	b.ReportAllocs()
	for b.Loop() {
		s.Used(c)
	}
}

// Everything that AWS has, for somebody who may do everything.
func BenchmarkAccessReport(b *testing.B) {
	s := newService(b, account{ID: reported, Partition: "aws"})
	c := callIn(b.Context(), reported)
	c.Caller = &writ.Caller{ID: "me"}
	if _, err := s.CreateUser(c, &api.CreateUserInput{UserName: "ada"}); err != nil {
		b.Fatal(err)
	}
	attach := &api.AttachUserPolicyInput{UserName: "ada", PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess"}
	if _, err := s.AttachUserPolicy(c, attach); err != nil {
		b.Fatal(err)
	}
	in := &api.GenerateServiceLastAccessedDetailsInput{Arn: "arn:aws:iam::" + reported + ":user/ada", Granularity: new(actionLevel)}
	for b.Loop() {
		if _, err := s.GenerateServiceLastAccessedDetails(c, in); err != nil {
			b.Fatal(err)
		}
	}
}
