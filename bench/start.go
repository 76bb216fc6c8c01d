package main

import (
	"errors"
	"time"
)

const startPasses = 15

// manyUsers is how many a directory or a server holds that is called full.
const manyUsers = 10_000

// starts measures the time from starting a process to the answer to a signed
// call.
func starts(r *run) error {
	full, err := r.serve("start", "--quota", "UsersPerAccount=20000")
	if err != nil {
		return err
	}
	_, err = full.fill(0, manyUsers)
	if err = errors.Join(err, full.stop()); err != nil {
		return err
	}
	var dev, serve, hello []time.Duration
	for range startPasses {
		for _, each := range []struct {
			start func() (*process, error)
			times *[]time.Duration
		}{
			{func() (*process, error) { return r.dev() }, &dev},
			{func() (*process, error) { return r.serve("start") }, &serve},
			{r.hello, &hello},
		} {
			took, err := firstAnswer(each.start)
			if err != nil {
				return err
			}
			*each.times = append(*each.times, took)
		}
	}
	r.reportStart("cold start, dev", dev, hello, 50*time.Millisecond)
	r.reportStart("cold start, serve with 10,000 users", serve, hello, 150*time.Millisecond)
	return nil
}

func (r *run) reportStart(what string, times, hello []time.Duration, target time.Duration) {
	lower, median := quartiles(times)
	_, plain := quartiles(hello)
	r.report.add(what, ms(median), "lower quartile "+ms(lower)+", hello "+ms(plain), "≤ "+ms(target), median <= target)
}

func firstAnswer(start func() (*process, error)) (took time.Duration, err error) {
	begin := time.Now()
	s, err := start()
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	request, err := s.signed("sts", "GetCallerIdentity")
	if err != nil {
		return 0, err
	}
	c, err := dial(s.address)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	_, err = c.do(request)
	return time.Since(begin), err
}
