package s3

import (
	"testing"
	"time"
)

// The age of an object counts to the midnight after it.
func TestExpired(t *testing.T) {
	written := time.Date(2030, 1, 1, 10, 0, 0, 0, time.UTC)
	day := func(n int) time.Time { return time.Date(2030, 1, 1+n, 0, 0, 0, 0, time.UTC) }
	yes := true
	current := &object{Key: "logs/a", VersionID: nullVersion, Modified: written, Size: 100, Tags: []tag{{"keep", "no"}}}
	newer := &object{Key: "logs/a", VersionID: "2", Order: 2, Modified: written}
	older := &object{Key: "logs/a", VersionID: "1", Order: 1, Modified: written.Add(-24 * time.Hour)}
	oldest := &object{Key: "logs/a", VersionID: "0", Modified: written.Add(-48 * time.Hour)}
	marker := &object{Key: "logs/a", VersionID: "3", Deleted: true, Modified: written}
	days := lifecycleRule{Enabled: true, Days: 3}
	with := func(change func(r *lifecycleRule)) lifecycleRule {
		r := days
		change(&r)
		return r
	}
	for _, c := range []struct {
		name     string
		rule     lifecycleRule
		versions []*object
		now      time.Time
		gone     int
	}{
		{"before its midnight", days, []*object{current}, day(4).Add(-time.Second), 0},
		{"at its midnight", days, []*object{current}, day(4), 1},
		{"disabled", with(func(r *lifecycleRule) { r.Enabled = false }), []*object{current}, day(9), 0},
		{"another prefix", with(func(r *lifecycleRule) { r.Prefix = new("data/") }), []*object{current}, day(9), 0},
		{"its prefix", with(func(r *lifecycleRule) { r.Prefix = new("logs/") }), []*object{current}, day(9), 1},
		{"its tag", with(func(r *lifecycleRule) { r.Tags = []tag{{"keep", "no"}} }), []*object{current}, day(9), 1},
		{"another tag", with(func(r *lifecycleRule) { r.Tags = []tag{{"keep", "yes"}} }), []*object{current}, day(9), 0},
		{"as large as the bound", with(func(r *lifecycleRule) { r.Over = new(int64(100)) }), []*object{current}, day(9), 0},
		{"smaller than the bound", with(func(r *lifecycleRule) { r.Under = new(int64(101)) }), []*object{current}, day(9), 1},
		{"before the date", lifecycleRule{Enabled: true, Date: new(day(2))}, []*object{current}, day(2).Add(-1), 0},
		{"at the date", lifecycleRule{Enabled: true, Date: new(day(2))}, []*object{current}, day(2), 1},
		{"versions stay", days, []*object{newer, older}, day(9), 1},
		{"versions that were replaced", lifecycleRule{Enabled: true, Noncurrent: 1}, []*object{newer, older, oldest}, day(2), 2},
		{"but for the newest of them", lifecycleRule{Enabled: true, Noncurrent: 1, Newest: 1}, []*object{newer, older, oldest}, day(2), 1},
		{"not yet a day", lifecycleRule{Enabled: true, Noncurrent: 1}, []*object{newer, older}, day(2).Add(-1), 0},
		{"a mark over versions", lifecycleRule{Enabled: true, Markers: &yes}, []*object{marker, older}, day(1), 0},
		{"a mark over nothing", lifecycleRule{Enabled: true, Markers: &yes}, []*object{marker}, day(1), 1},
	} {
		b := &bucket{Lifecycle: []lifecycleRule{c.rule}}
		if gone, _ := b.expired(c.versions, c.now); len(gone) != c.gone {
			t.Errorf("%s: %d are gone, want %d", c.name, len(gone), c.gone)
		}
	}
}
