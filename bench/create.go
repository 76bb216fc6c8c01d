package main

import (
	"bytes"
	"errors"
	"fmt"
	"time"
)

const (
	createPasses = 3
	creations    = 3_000
)

func countUsers(page []byte) int { return bytes.Count(page, []byte("<UserName>")) }

// creates measures durable CreateUser from 16 clients against the bare SQLite
// driver, which commits the very rows that Writ wrote, one transaction for each
// user.
func creates(r *run) error {
	s, err := r.serve("create", "--quota", "UsersPerAccount=200000")
	if err != nil {
		return err
	}
	if _, err := s.fill(0, creations); err != nil {
		return errors.Join(err, s.stop())
	}
	commits, err := written(s.data)
	if err != nil {
		return errors.Join(err, s.stop())
	}
	var writ, one, sixteen []time.Duration
	for pass := range createPasses {
		for _, each := range []struct {
			times *[]time.Duration
			run   func() (time.Duration, error)
		}{
			{&writ, func() (time.Duration, error) { return s.fill((pass+1)*creations, creations) }},
			{&one, func() (time.Duration, error) { return bare(r.dir, commits, 1) }},
			{&sixteen, func() (time.Duration, error) { return bare(r.dir, commits, connections) }},
		} {
			took, err := each.run()
			if err != nil {
				return errors.Join(err, s.stop())
			}
			*each.times = append(*each.times, took)
		}
	}
	r.reportCreates(writ, one, sixteen, len(commits))
	return s.stop()
}

func (r *run) reportCreates(writ, one, sixteen []time.Duration, rows int) {
	_, w := quartiles(writ)
	_, o := quartiles(one)
	_, x := quartiles(sixteen)
	rate := func(took time.Duration) float64 { return creations / took.Seconds() }
	ratio := rate(w) / (float64(rows) / o.Seconds())
	r.report.add("CreateUser, durable, 16 clients", perSecond(rate(w)),
		fmt.Sprintf("bare SQLite %s: %.2f", perSecond(float64(rows)/o.Seconds()), ratio), "≥ 0.50", ratio >= 0.5)
	group := float64(rows) / x.Seconds()
	r.report.note("  against 16 users in a transaction", fmt.Sprintf("%.2f", rate(w)/group), "bare SQLite "+perSecond(group))
}
