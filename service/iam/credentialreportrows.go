package iam

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/store"
)

// reportHeader names the columns of a credential report.
var reportHeader = []string{
	"user", "arn", "user_creation_time",
	"password_enabled", "password_last_used", "password_last_changed", "password_next_rotation", "mfa_active",
	"access_key_1_active", "access_key_1_last_rotated", "access_key_1_last_used_date", "access_key_1_last_used_region", "access_key_1_last_used_service",
	"access_key_2_active", "access_key_2_last_rotated", "access_key_2_last_used_date", "access_key_2_last_used_region", "access_key_2_last_used_service",
	"cert_1_active", "cert_1_last_rotated", "cert_2_active", "cert_2_last_rotated",
}

// What stands in a column where there is nothing to say.
const notApplicable, noInformation, notSupported = "N/A", "no_information", "not_supported"

// credentialReport makes the report of an account, compressed: root's row, then
// one for each user in the order of names, without a line end behind the last.
func (s *Service) credentialReport(ctx context.Context, account string) ([]byte, error) {
	var b bytes.Buffer
	err := s.db.View(ctx, func(tx *store.Tx) error {
		r := reporter{s: s, tx: tx, out: csv.NewWriter(&b)}
		if err := r.write(account); err != nil {
			return err
		}
		r.out.Flush()
		return r.out.Error()
	})
	if err != nil {
		return nil, err
	}
	return compressed(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
}

// reporter writes the rows of one report. What belongs to users is read at once,
// for all of them: one by one it would take a search for each.
type reporter struct {
	s     *Service
	tx    *store.Tx
	out   *csv.Writer
	keys  map[string][]*accessKey // by user id
	certs map[string][]*signingCertificate
	uses  map[string]*use // of the account's keys whose ids tell the account
	own   string          // what those begin with

	profiles map[string][]*loginProfile
	devices  map[string][]*mfaDevice
	policy   *passwordPolicy // nil if the account has none
}

func (r *reporter) write(account string) (err error) {
	of := store.K(account)
	if r.keys, err = byOwner(accessKeys.ScanBy(r.tx, "user", of), func(k *accessKey) string { return k.UserID }); err != nil {
		return err
	}
	if r.certs, err = byOwner(signingCertificates.ScanBy(r.tx, "user", of), func(k *signingCertificate) string { return k.UserID }); err != nil {
		return err
	}
	if r.profiles, err = byOwner(loginProfiles.Scan(r.tx, of), func(p *loginProfile) string { return p.UserID }); err != nil {
		return err
	}
	if r.devices, err = byOwner(mfaDevices.ScanBy(r.tx, "owner", of), func(d *mfaDevice) string { return d.OwnerID }); err != nil {
		return err
	}
	if r.policy, err = accountPolicy(r.tx, account); err != nil {
		return err
	}
	if err := r.readUses(account); err != nil {
		return err
	}
	if err := r.out.Write(reportHeader); err != nil {
		return err
	}
	if err := r.root(account); err != nil {
		return err
	}
	for u, err := range users.Scan(r.tx, of) {
		if err != nil {
			return err
		}
		if err := r.user(u); err != nil {
			return err
		}
	}
	return nil
}

// readUses reads the last uses of the account's keys, which stand together, for
// their ids begin with the account's number.
func (r *reporter) readUses(account string) error {
	r.uses, r.own = map[string]*use{}, writ.NewAccessKeyID(writ.LongTermKeyID, account)[:len("AKIA")+8]
	for u, err := range usesTable.Scan(r.tx, store.K().Starting(r.own)) {
		if err != nil {
			return err
		}
		r.uses[u.ID] = u
	}
	for id, u := range r.s.uses.all() {
		r.uses[id] = &u
	}
	return nil
}

func (r *reporter) lastUse(id string) (*use, error) {
	if u, ok := r.uses[id]; ok || strings.HasPrefix(id, r.own) {
		return u, nil
	}
	return r.s.lastUse(r.tx, id)
}

// byOwner gathers records by what owner says of them.
func byOwner[R any](all func(func(*R, error) bool), owner func(*R) string) (map[string][]*R, error) {
	owned := map[string][]*R{}
	for k, err := range all {
		if err != nil {
			return nil, err
		}
		owned[owner(k)] = append(owned[owner(k)], k)
	}
	return owned, nil
}

func (r *reporter) root(id string) error {
	a, err := accounts.Get(r.tx, id)
	if err != nil {
		return err
	}
	columns, err := r.rootSignInColumns(a)
	if err != nil {
		return err
	}
	return r.row(append([]string{"<root_account>", a.rootARN(), reportTime(a.Created)}, columns...), a.ID)
}

func (r *reporter) user(u *user) error {
	columns, err := r.signInColumns(u)
	if err != nil {
		return err
	}
	return r.row(append([]string{u.Name, u.arn(), reportTime(u.Created)}, columns...), u.ID)
}

// row writes a row of which the first columns are given.
func (r *reporter) row(columns []string, owner string) error {
	keys := r.keys[owner]
	slices.SortFunc(keys, func(a, b *accessKey) int { return cmp.Compare(a.ID, b.ID) })
	for i := range 2 {
		if i >= len(keys) {
			columns = append(columns, "false", notApplicable, notApplicable, notApplicable, notApplicable)
			continue
		}
		last, err := r.lastUse(keys[i].ID)
		if err != nil {
			return err
		}
		columns = append(append(columns, strconv.FormatBool(keys[i].Active), reportTime(keys[i].Created)), last.columns()...)
	}
	return r.out.Write(append(columns, certificateColumns(r.certs[owner])...))
}

// columns are the date, region and service of a use, nil for none.
func (u *use) columns() []string {
	if u == nil {
		return []string{notApplicable, notApplicable, notApplicable}
	}
	return []string{reportTime(u.Time), u.Region, u.Service}
}

// certificateColumns tell of two certificates, those that are switched off first.
func certificateColumns(certs []*signingCertificate) []string {
	slices.SortStableFunc(certs, func(a, b *signingCertificate) int {
		return cmp.Compare(strconv.FormatBool(a.Active), strconv.FormatBool(b.Active))
	})
	columns := []string{"false", notApplicable, "false", notApplicable}
	for i, k := range certs[:min(2, len(certs))] {
		columns[2*i], columns[2*i+1] = strconv.FormatBool(k.Active), reportTime(k.Uploaded)
	}
	return columns
}

// reportTime is a time as reports have it: in UTC, and with an offset instead of
// the Z that means the same. Prowler and others read no other form.
func reportTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05") + "+00:00" }
