package iam

import (
	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
)

// GenerateOrganizationsAccessReport is for management accounts, by a path in their
// own organization. No account is in one yet, so every path leads into another's.
func (s *Service) GenerateOrganizationsAccessReport(c *writ.Call, in *api.GenerateOrganizationsAccessReportInput) (*api.GenerateOrganizationsAccessReportOutput, error) {
	return nil, notYours(c, in.EntityPath)
}

// GetOrganizationsAccessReport knows no jobs, as none can have been begun.
func (s *Service) GetOrganizationsAccessReport(_ *writ.Call, in *api.GetOrganizationsAccessReportInput) (*api.GetOrganizationsAccessReportOutput, error) {
	return nil, noJob(in.JobId)
}
