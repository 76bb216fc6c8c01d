package iam

import (
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

const reported = "111122223333"

// put writes a report as if some node had.
func (r credentialReport) put(t *testing.T, s *Service) {
	t.Helper()
	err := s.db.Maintain(t.Context(), "test", func(tx *store.Tx) error { return credentialReports.Put(tx, &r) })
	if err != nil {
		t.Fatal(err)
	}
}

func code(err error) string {
	if err == nil {
		return ""
	}
	e, _ := writ.AsError(err)
	return e.Code
}

// What a report that is not done, or never will be, means to those who ask.
func TestCredentialReportStates(t *testing.T) {
	s := newService(t, account{ID: reported, Partition: "aws"})
	c := callIn(t.Context(), reported)
	for _, test := range []struct {
		name     string
		report   credentialReport
		get      string
		generate string
	}{
		{"being made", credentialReport{Time: c.Time.Add(-time.Minute)}, "ReportInProgress", reportInProgress},
		{"given up", credentialReport{Time: c.Time.Add(-reportPatience)}, "ReportInProgress", reportStarted},
		{"failed", credentialReport{Time: c.Time, Done: true, Failed: "no disk"}, "InternalFailure", reportStarted},
		{"old", credentialReport{Time: c.Time.Add(-reportLife), Done: true}, "ReportExpired", reportStarted},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.report.Account = reported
			test.report.put(t, s)
			if _, err := s.GetCredentialReport(c, nil); code(err) != test.get {
				t.Errorf("GetCredentialReport: %v, want %s", err, test.get)
			}
			out, err := s.GenerateCredentialReport(c, nil)
			if err != nil || *out.State != test.generate {
				t.Errorf("GenerateCredentialReport: %v, %v, want %s", out, err, test.generate)
			}
			s.Settle()
		})
	}
}

// A report that another was begun after, or that everything was forgotten after,
// is not kept.
func TestCredentialReportOfYesterday(t *testing.T) {
	s := newService(t, account{ID: reported, Partition: "aws"})
	c := callIn(t.Context(), reported)
	credentialReport{Account: reported, ID: "today", Time: c.Time}.put(t, s)
	s.makeCredentialReport(t.Context(), reported, "yesterday")
	if _, err := s.GetCredentialReport(c, nil); code(err) != "ReportInProgress" {
		t.Errorf("GetCredentialReport: %v", err)
	}
	s.makeCredentialReport(t.Context(), reported, "today")
	out, err := s.GetCredentialReport(c, nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(out.Content), "\n"); n != 1 || strings.HasSuffix(string(out.Content), "\n") {
		t.Errorf("the report of root alone is %q", out.Content)
	}
}

// A user's name may hold what CSV has to quote.
func TestCredentialReportQuotes(t *testing.T) {
	s := newService(t, account{ID: reported, Partition: "aws"})
	c := callIn(t.Context(), reported)
	if _, err := s.CreateUser(c, &api.CreateUserInput{UserName: "doe,jane"}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.GenerateCredentialReport(c, nil); err != nil {
		t.Fatal(err)
	}
	s.Settle()
	out, err := s.GetCredentialReport(c, nil)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(out.Content))).ReadAll()
	if err != nil || rows[2][0] != "doe,jane" {
		t.Errorf("%v, %v", rows, err)
	}
}

// BenchmarkCredentialReport is the whole report, for accounts of three sizes
// whose users have a key each.
func BenchmarkCredentialReport(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("memory/%d", n), func(b *testing.B) { benchmarkReport(b, "memory:", n) })
	}
	// To fill a larger one takes minutes.
	b.Run("sqlite/10000", func(b *testing.B) { benchmarkReport(b, "sqlite:"+b.TempDir(), 10_000) })
}

func benchmarkReport(b *testing.B, address string, n int) {
	s := populated(b, address, n)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.credentialReport(b.Context(), reported); err != nil {
			b.Fatal(err)
		}
	}
}

// populated is a service with an account of n users.
func populated(b *testing.B, address string, n int) *Service {
	s := newServiceOn(b, address, account{ID: reported, Partition: "aws"})
	now := time.Now().UTC().Truncate(time.Second)
	for from := 0; from < n; from += 1000 {
		err := s.db.Maintain(b.Context(), "users", func(tx *store.Tx) error {
			for i := from; i < from+1000; i++ {
				u := &user{entity: entity{Partition: "aws", Account: reported, ID: writ.NewID(writ.UserID), Path: "/", Name: fmt.Sprintf("user-%06d", i), Created: now}}
				k := &accessKey{ID: writ.NewAccessKeyID(writ.LongTermKeyID, reported), Account: reported, UserID: u.ID, Active: true, Created: now, Secret: store.NewSecret([]byte("secret"))}
				last := &use{ID: k.ID, Time: now, Region: "us-east-1", Service: "s3"}
				for _, err := range []error{users.Insert(tx, u), accessKeys.Insert(tx, k), usesTable.Put(tx, last)} {
					if err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return s
}
