package main

import (
	"errors"
	"fmt"
	"regexp"
	"time"
)

const (
	few   = 1_000
	most  = 100_000
	chunk = 10_000
)

func userName(i int) string { return fmt.Sprintf("user-%06d", i) }

// scale compares the time per user of creating and of listing when there are
// 1,000 users with that when there are 100,000.
func scale(r *run) (err error) {
	s, err := r.serve("users", "--quota", "UsersPerAccount=200000")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	if _, err := s.fill(0, few); err != nil { // the first ones warm everything up
		return err
	}
	first, err := s.each(few, 2*few)
	if err != nil {
		return err
	}
	listFew, err := s.list(3*few, 10)
	if err != nil {
		return err
	}
	for n := 3 * few; n < most-2*few; n += chunk {
		if _, err := s.fill(n, min(chunk, most-2*few-n)); err != nil {
			return err
		}
	}
	last, err := s.each(most-2*few, 2*few)
	if err != nil {
		return err
	}
	listMost, err := s.list(most, 2)
	if err != nil {
		return err
	}
	r.reportScale("create a user among 100,000", last, first)
	r.reportScale("list a user of 100,000, pages of 1,000", listMost, listFew)
	return nil
}

// each creates users in small portions and returns the median time per user.
func (s target) each(first, n int) (time.Duration, error) {
	const portion = 200
	var times []time.Duration
	for i := 0; i < n; i += portion {
		took, err := s.fill(first+i, portion)
		if err != nil {
			return 0, err
		}
		times = append(times, took/portion)
	}
	_, median := quartiles(times)
	return median, nil
}

func (r *run) reportScale(what string, many, few time.Duration) {
	ratio := float64(many) / float64(few)
	r.report.add(what, us(many), fmt.Sprintf("among 1,000 to 3,000 %s: %.2f ×", us(few), ratio), "≤ 1.25 ×", ratio <= 1.25)
}

var marker = regexp.MustCompile(`<Marker>([^<]*)</Marker>`)

// list lists all n users several times and returns the best time per user.
func (s target) list(n, times int) (best time.Duration, err error) {
	c, err := dial(s.address)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	for range times {
		took, err := s.listOnce(c, n)
		if err != nil {
			return 0, err
		}
		if each := took / time.Duration(n); best == 0 || each < best {
			best = each
		}
	}
	return best, nil
}

// listOnce counts the time of the calls alone, not of signing them. The admin
// user of the first start is among the users.
func (s target) listOnce(c *conn, n int) (took time.Duration, err error) {
	found, parameters := 0, []string{"MaxItems", "1000"}
	for more := true; more; {
		request, err := s.signed("iam", "ListUsers", parameters...)
		if err != nil {
			return 0, err
		}
		start := time.Now()
		page, err := c.do(request)
		took += time.Since(start)
		if err != nil {
			return 0, err
		}
		found += countUsers(page)
		m := marker.FindSubmatch(page)
		if more = m != nil; more {
			parameters = []string{"MaxItems", "1000", "Marker", string(m[1])}
		}
	}
	if found != n+1 {
		return 0, fmt.Errorf("%d users were listed, %d made", found, n+1)
	}
	return took, nil
}
