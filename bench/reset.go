package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

const resetTarget = 10 * time.Millisecond

// resets measures POST /_writ/reset on an empty server and on a full one.
func resets(r *run) (err error) {
	s, err := r.dev("--quota", "UsersPerAccount=20000")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	var empty, full []time.Duration
	for pass := range 10 {
		took, err := s.reset()
		if err != nil {
			return err
		}
		if pass > 0 { // the first one dials
			empty = append(empty, took)
		}
	}
	for range 3 {
		if _, err := s.fill(0, manyUsers); err != nil {
			return err
		}
		took, err := s.reset()
		if err != nil {
			return err
		}
		full = append(full, took)
	}
	_, e := quartiles(empty)
	_, f := quartiles(full)
	r.report.add("reset, empty", ms(e), "", "< "+ms(resetTarget), e < resetTarget)
	r.report.add("reset, 10,000 users", ms(f), "", "< "+ms(resetTarget), f < resetTarget)
	return nil
}

func (s *process) reset() (time.Duration, error) {
	r, err := http.NewRequest("POST", "http://"+s.address+"/_writ/reset", nil)
	if err != nil {
		return 0, err
	}
	r.Header.Set("X-Writ-Reset", "true")
	start := time.Now()
	answer, err := http.DefaultClient.Do(r)
	took := time.Since(start)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusNoContent {
		text, _ := io.ReadAll(answer.Body)
		return 0, fmt.Errorf("reset: %s", text)
	}
	return took, nil
}
