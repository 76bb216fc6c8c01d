package iam

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/writ-iam/writ"
	api "github.com/writ-iam/writ/api/iam"
	"github.com/writ-iam/writ/catalogue"
	"github.com/writ-iam/writ/store"
)

// accessReport is what was found when a report of last accesses was asked for.
// It stays as it was found.
type accessReport struct {
	Account  string
	ID       string
	Owner    string // who may read it: a user's or root's id, or the key of a session
	Level    string // SERVICE_LEVEL, ACTION_LEVEL or organizationLevel
	Created  time.Time
	Entities []string // ids of the users and roles that it is about
	Services []serviceAccess
}

// serviceAccess is a service that policies let the entities use.
type serviceAccess struct {
	Namespace string // "s3"
	Name      string
	By        []entityAccess  // who tried to use it
	Accounts  []accountAccess // which accounts did, in a report about an organization
	Actions   []actionAccess  // those that are tracked, by name; none at SERVICE_LEVEL
}

type actionAccess struct {
	Name string
	Last *entityAccess // nil for never
}

type entityAccess struct {
	ID, ARN string
	Time    time.Time
	Region  string
}

var accessReports = store.NewTable("iam/access-report",
	func(r *accessReport) store.Key { return store.K(r.Account, r.ID) },
	store.Index("created", func(r *accessReport) store.Key { return store.K(r.Account, r.Created) }),
	store.Unlogged[accessReport]())

const serviceLevel, actionLevel = "SERVICE_LEVEL", "ACTION_LEVEL"

// GenerateServiceLastAccessedDetails makes the report at once: the accesses that
// it is made of are kept beside the entities.
func (s *Service) GenerateServiceLastAccessedDetails(c *writ.Call, in *api.GenerateServiceLastAccessedDetailsInput) (*api.GenerateServiceLastAccessedDetailsOutput, error) {
	level := cmp.Or(value(in.Granularity), serviceLevel)
	id, err := s.report(c, level, func(tx *store.Tx, r *accessReport, noted map[actorID][]access) error {
		about, err := s.reportSubject(tx, c, in.Arn)
		if err != nil {
			return err
		}
		return r.fill(tx, about, noted)
	})
	return &api.GenerateServiceLastAccessedDetailsOutput{JobId: &id}, err
}

// report makes and keeps a report, and returns its id.
func (s *Service) report(c *writ.Call, level string, fill func(*store.Tx, *accessReport, map[actorID][]access) error) (string, error) {
	r := &accessReport{Account: c.Scope.Account, ID: uuid.NewString(), Owner: reportOwner(c.Caller), Level: level, Created: c.Time}
	noted := s.notedAccesses()
	if err := s.db.View(c.Context, func(tx *store.Tx) error { return fill(tx, r, noted) }); err != nil {
		return "", err
	}
	return r.ID, s.keepReport(c, r)
}

func (s *Service) keepReport(c *writ.Call, r *accessReport) error {
	return s.db.Update(c, func(tx *store.Tx) error {
		if err := s.dropOldReports(tx, c); err != nil {
			return err
		}
		return accessReports.Put(tx, r)
	})
}

// reportOwner is whom a report is for: the user, with whichever key, or the one
// session.
func reportOwner(c *writ.Caller) string {
	if c.Session != nil {
		return c.AccessKeyID
	}
	return c.ID
}

// How long reports can be read, and how many go for each new one: more than one,
// so that none are left over.
const (
	accessReportLife   = 24 * time.Hour
	accessReportsSwept = 2
)

// dropOldReports forgets reports that nobody will ask for any more, and makes
// room for another where there are as many as may be kept: reports are large, and
// cost those who ask for them nothing.
func (s *Service) dropOldReports(tx *store.Tx, c *writ.Call) error {
	own := store.K(c.Scope.Account)
	n, err := accessReports.CountBy(tx, "created", own)
	if err != nil {
		return err
	}
	old, _, err := accessReports.PageBy(tx, "created", own, nil, accessReportsSwept)
	if err != nil {
		return err
	}
	for i, r := range old {
		if c.Time.Sub(r.Created) < accessReportLife && n-i < s.quotas["AccessReportsPerAccount"] {
			break
		}
		if err := accessReports.Delete(tx, r.Account, r.ID); err != nil {
			return err
		}
	}
	return nil
}

// findAccessReport finds a report of the caller's, about an organization or about
// entities. One of somebody else, or about something else, is as absent as one
// that does not exist.
func findAccessReport(tx *store.Tx, c *writ.Call, id string, organization bool) (*accessReport, error) {
	r, err := accessReports.Get(tx, c.Scope.Account, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && !(r.readable(c) && organization == (r.Level == organizationLevel)) {
		return nil, noJob(id)
	}
	return r, err
}

func (r *accessReport) readable(c *writ.Call) bool {
	return r.Owner == reportOwner(c.Caller) && c.Time.Sub(r.Created) < accessReportLife
}

func noJob(id string) error { return api.NoSuchEntityException("Job %s does not exist.", id) }

// fill finds out which services the policies let somebody use, and who did.
func (r *accessReport) fill(tx *store.Tx, about *reportSubject, noted map[actorID][]access) error {
	tried, err := r.tried(tx, about, noted)
	if err != nil {
		return err
	}
	known, err := tracked()
	if err != nil {
		return err
	}
	for _, prefix := range catalogue.Services() {
		if !about.grants.names(prefix) {
			continue
		}
		service, _ := catalogue.LookupService(prefix)
		if !slices.ContainsFunc(service.Actions, func(a catalogue.Action) bool { return about.grants.allows(service, &a) }) {
			continue
		}
		found := serviceAccess{Namespace: prefix, Name: service.Name, By: tried.by(prefix)}
		if r.Level == actionLevel {
			found.Actions = tried.actions(about, service, known[prefix])
		}
		r.Services = append(r.Services, found)
	}
	return nil
}

// attempts are what entities tried: by service ("iam") and by action
// ("iam:GetUser"), the last of each entity.
type attempts map[string]map[string]entityAccess

func (r *accessReport) tried(tx *store.Tx, about *reportSubject, noted map[actorID][]access) (attempts, error) {
	all := attempts{}
	for id, arn := range about.entities {
		r.Entities = append(r.Entities, id)
		last, err := accessesOf(tx, noted, actorID{r.Account, id}, r.Created)
		if err != nil {
			return nil, err
		}
		for _, a := range last {
			e := entityAccess{id, arn, a.Time, a.Region}
			service, _, _ := strings.Cut(a.Action, ":")
			all.add(service, e)
			all.add(a.Action, e)
		}
	}
	slices.Sort(r.Entities)
	return all, nil
}

func (t attempts) add(what string, e entityAccess) {
	if t[what] == nil {
		t[what] = map[string]entityAccess{}
	}
	if known, ok := t[what][e.ID]; !ok || e.Time.After(known.Time) {
		t[what][e.ID] = e
	}
}

// by are the last attempts of all who tried something, the latest first.
func (t attempts) by(what string) []entityAccess {
	var all []entityAccess
	for _, e := range t[what] {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b entityAccess) int { return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(a.ID, b.ID)) })
	return all
}

// actions are the last attempts of those actions that are tracked and that the
// policies allow.
func (t attempts) actions(about *reportSubject, service *catalogue.Service, tracked []string) []actionAccess {
	var all []actionAccess
	for _, name := range tracked {
		a, ok := service.Action(name)
		if !ok || !about.grants.allows(service, a) {
			continue
		}
		found := actionAccess{Name: a.Name}
		if by := t.by(service.Prefix + ":" + a.Name); len(by) > 0 {
			found.Last = &by[0]
		}
		all = append(all, found)
	}
	slices.SortFunc(all, func(a, b actionAccess) int { return cmp.Compare(a.Name, b.Name) })
	return slices.CompactFunc(all, func(a, b actionAccess) bool { return a.Name == b.Name })
}
