package main

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	callPasses = 31 // short ones in turns, so that what else runs on the machine hits both
	callTime   = 300 * time.Millisecond
)

// calls measures signed GetCallerIdentity on a durable server with the event
// log on, against a server that says hello to the same bytes, in turns.
func calls(r *run) (err error) {
	w, err := r.serve("calls")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.stop()) }()
	h, err := r.hello()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.stop()) }()
	request, err := w.signed("sts", "GetCallerIdentity")
	if err != nil {
		return err
	}
	writ, hello, err := inTurns([2]aim{{w.address, request}, {h.address, request}})
	if err != nil {
		return err
	}
	ratio, best, plain := medianRatio(writ, hello), slices.Max(writ), slices.Max(hello)
	r.report.note("GetCallerIdentity, 16 connections", perSecond(best), "hello "+perSecond(plain))
	r.report.add("  median of the ratios in turns", fmt.Sprintf("%.2f", ratio), fmt.Sprintf("of the best passes %.2f", best/plain), "≥ 0.50", ratio >= 0.5)
	return nil
}

// aim is a request and where it goes.
type aim struct {
	address string
	request []byte
}

// inTurns returns answers in a second, pass by pass.
func inTurns(aims [2]aim) (first, second []float64, err error) {
	pools := [2]pool{}
	for i, a := range aims {
		if pools[i], err = dialAll(a.address); err != nil {
			return nil, nil, err
		}
		defer pools[i].Close()
	}
	rates := [2][]float64{}
	for range callPasses {
		for i, p := range pools {
			rate, err := p.repeat(aims[i].request, callTime)
			if err != nil {
				return nil, nil, err
			}
			rates[i] = append(rates[i], rate)
		}
	}
	return rates[0], rates[1], nil
}

// medianRatio is the median of what first is to second, pass by pass.
func medianRatio(first, second []float64) float64 {
	ratios := make([]float64, len(first))
	for i := range first {
		ratios[i] = first[i] / second[i]
	}
	_, median := quartiles(ratios)
	return median
}
