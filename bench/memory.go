package main

import (
	"errors"
	"fmt"
	"time"
)

const (
	idleTarget = 40 << 20
	idleTime   = 3 * time.Second // long enough to see it
)

// memory measures what a durable server keeps resident: started, and after it
// has answered a hundred calls.
func memory(r *run) (err error) {
	h, err := r.hello()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.stop()) }()
	w, err := r.serve("memory")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.stop()) }()
	started, err := idle(w)
	if err != nil {
		return err
	}
	if err := hundred(w); err != nil {
		return err
	}
	used, err := idle(w)
	if err != nil {
		return err
	}
	if err := busy(w); err != nil {
		return err
	}
	loaded, err := idle(w)
	if err != nil {
		return err
	}
	plain, err := idle(h)
	if err != nil {
		return err
	}
	r.report.add("memory, idle", mb(started), "hello "+mb(plain), "≤ "+mb(idleTarget), started <= idleTarget)
	r.report.add("memory, after 100 calls", mb(used), "", "≤ "+mb(idleTarget), used <= idleTarget)
	r.report.note("memory, after full load", mb(loaded), "")
	return nil
}

func idle(s *process) (int64, error) {
	time.Sleep(idleTime)
	return s.resident()
}

// hundred makes calls of all kinds: what a Terraform run would.
func hundred(s *process) error {
	c, err := dial(s.address)
	if err != nil {
		return err
	}
	defer c.Close()
	for i := range 25 {
		name := userName(i)
		for _, call := range [][]string{
			{"sts", "GetCallerIdentity"},
			{"iam", "CreateUser", "UserName", name},
			{"iam", "ListAttachedUserPolicies", "UserName", name},
			{"iam", "GetUser", "UserName", name},
		} {
			request, err := s.signed(call[0], call[1], call[2:]...)
			if err != nil {
				return err
			}
			if _, err := c.do(request); err != nil {
				return err
			}
		}
	}
	return nil
}

// busy loads the server for a moment.
func busy(s *process) error {
	request, err := s.signed("sts", "GetCallerIdentity")
	if err != nil {
		return err
	}
	p, err := dialAll(s.address)
	if err != nil {
		return err
	}
	defer p.Close()
	_, err = p.repeat(request, time.Second)
	return err
}

func mb(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }
