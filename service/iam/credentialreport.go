package iam

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/store"
)

// credentialReport is the newest report of an account, made or being made. It is
// derived from other records, and needs no history.
type credentialReport struct {
	Account string
	ID      string    // of the call that asked for it
	Time    time.Time // when it was asked for
	Done    bool
	Failed  string // why it could not be made; "" if it was
	Content []byte // CSV, compressed with gzip
}

var credentialReports = store.NewTable("iam/credential-report",
	func(r *credentialReport) store.Key { return store.K(r.Account) },
	store.Unlogged[credentialReport]())

const (
	// A report serves for four hours (IAM User Guide, "Generate credential
	// reports for your AWS account").
	reportLife = 4 * time.Hour
	// One that is not done by now never will be: its node has died.
	reportPatience = 10 * time.Minute

	reportStarted, reportInProgress, reportComplete = "STARTED", "INPROGRESS", "COMPLETE"
)

// GenerateCredentialReport begins a report, unless there is one that still
// serves. It is made in the background, from one snapshot of the account.
func (s *Service) GenerateCredentialReport(c *writ.Call, _ *api.GenerateCredentialReportInput) (*api.GenerateCredentialReportOutput, error) {
	var state string
	err := s.db.Update(c, func(tx *store.Tx) error {
		r, err := credentialReports.Get(tx, c.Scope.Account)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if state = r.state(c.Time); state != reportStarted {
			return nil
		}
		return credentialReports.Put(tx, &credentialReport{Account: c.Scope.Account, ID: c.ID, Time: c.Time})
	})
	if err != nil || state != reportStarted {
		return &api.GenerateCredentialReportOutput{State: &state}, err
	}
	ctx := context.WithoutCancel(c.Context)
	s.background.Go(func() { s.makeCredentialReport(ctx, c.Scope.Account, c.ID) })
	return &api.GenerateCredentialReportOutput{State: &state, Description: new("No report exists. Starting a new report generation task")}, nil
}

// state is what asking for a report comes to where there is this one.
func (r *credentialReport) state(now time.Time) string {
	switch {
	case r == nil || r.Failed != "":
		return reportStarted
	case r.Done && now.Sub(r.Time) < reportLife:
		return reportComplete
	case !r.Done && now.Sub(r.Time) < reportPatience:
		return reportInProgress
	}
	return reportStarted
}

func (s *Service) GetCredentialReport(c *writ.Call, _ *api.GetCredentialReportInput) (out *api.GetCredentialReportOutput, err error) {
	var r *credentialReport
	err = s.db.View(c.Context, func(tx *store.Tx) error {
		r, err = credentialReports.Get(tx, c.Scope.Account)
		return err
	})
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, api.CredentialReportNotPresentException("")
	case err != nil:
		return nil, err
	case r.Failed != "":
		return nil, fmt.Errorf("iam: the credential report was not made: %s", r.Failed)
	case !r.Done:
		return nil, api.CredentialReportNotReadyException("")
	case c.Time.Sub(r.Time) >= reportLife:
		return nil, api.CredentialReportExpiredException("")
	}
	content, err := uncompressed(r.Content)
	return &api.GetCredentialReportOutput{Content: content, ReportFormat: new("text/csv"), GeneratedTime: new(r.Time.Truncate(time.Second))}, err
}

// makeCredentialReport makes a report that was begun, unless another was since.
func (s *Service) makeCredentialReport(ctx context.Context, account, id string) {
	content, failed := s.credentialReport(ctx, account)
	// If this fails too the report is given up when patience ends.
	_ = s.db.Maintain(ctx, "credential report", func(tx *store.Tx) error {
		r, err := credentialReports.Get(tx, account)
		if err != nil || r.ID != id {
			return err
		}
		r.Done, r.Content = true, content
		if failed != nil {
			r.Failed = failed.Error()
		}
		return credentialReports.Put(tx, r)
	})
}

// Settle waits until the work that calls have left in the background is done.
func (s *Service) Settle() { s.background.Wait() }

func compressed(plain []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	_, err = w.Write(plain)
	err = errors.Join(err, w.Close())
	return b.Bytes(), err
}

func uncompressed(content []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}
