package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/writ-iam/writ/sigv4"
)

const firstObject = "/bench/objects/first"

// content is 64 KiB.
var content = bytes.Repeat([]byte("64 KiB! "), 64<<7)

// objects measures signed GET of one object and PUT of new ones, of 64 KiB each, on
// a durable server, data events off as they are by default, against the bare stores: the same blobs and the same
// records, served by a plain net/http handler that knows neither signatures nor
// policies.
func objects(r *run) (err error) {
	w, err := r.serve("objects")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.stop()) }()
	b, err := r.bare("bare-objects")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.stop()) }()
	if err := makeObject(w, b); err != nil {
		return err
	}
	get, err := w.s3(http.MethodGet, firstObject, nil)
	if err != nil {
		return err
	}
	writ, bare, err := inTurns([2]aim{{w.address, get}, {b.address, get}})
	if err != nil {
		return err
	}
	r.reportObjects("GET", writ, bare)
	if writ, bare, err = putInTurns(w, b); err == nil {
		r.reportObjects("PUT", writ, bare)
	}
	return err
}

const (
	putPasses = 15
	puts      = 400 // new objects, each pass
)

// putInTurns puts the same new objects on both servers, and returns how many in a
// second, pass by pass.
func putInTurns(w, bare *process) (first, second []float64, err error) {
	pools := [2]pool{}
	for i, s := range []*process{w, bare} {
		if pools[i], err = dialAll(s.address); err != nil {
			return nil, nil, err
		}
		defer pools[i].Close()
	}
	rates := [2][]float64{}
	for pass := range putPasses {
		requests := make([][]byte, puts)
		for i := range requests {
			if requests[i], err = w.s3(http.MethodPut, fmt.Sprintf("/bench/objects/%d/%d", pass, i), content); err != nil {
				return nil, nil, err
			}
		}
		for i, p := range pools {
			took, err := p.sendAll(requests)
			if err != nil {
				return nil, nil, err
			}
			rates[i] = append(rates[i], puts/took.Seconds())
		}
	}
	return rates[0], rates[1], nil
}

func (r *run) reportObjects(method string, writ, bare []float64) {
	ratio := medianRatio(writ, bare)
	_, w := quartiles(writ)
	_, b := quartiles(bare)
	r.report.add(method+" of 64 KiB, 16 connections", perSecond(w), "bare stores "+perSecond(b), "", true)
	r.report.add("  median of the ratios in turns", fmt.Sprintf("%.2f", ratio), "", "≥ 0.90", ratio >= 0.9)
}

// makeObject makes the bucket and, on both servers, the object.
func makeObject(w, bare *process) error {
	bucket, err := w.s3(http.MethodPut, "/bench", nil)
	if err != nil {
		return err
	}
	put, err := w.s3(http.MethodPut, firstObject, content)
	if err != nil {
		return err
	}
	for _, a := range []aim{{w.address, bucket}, {w.address, put}, {bare.address, put}} {
		if err := once(a.address, a.request); err != nil {
			return err
		}
	}
	return nil
}

func (s target) s3(method, path string, body []byte) ([]byte, error) {
	r, err := http.NewRequest(method, "http://"+s.address+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("User-Agent", "aws-sdk-go-v2/1.47.7 ua/2.1 os/linux lang/go#1.26 md/GOOS#linux md/GOARCH#amd64 api/s3#1.64.8")
	if err := sigv4.Sign(r, s.creds, sigv4.Scope{Region: "us-east-1", Service: "s3"}, sigv4.HashPayload(body), time.Now()); err != nil {
		return nil, err
	}
	var raw bytes.Buffer
	err = r.Write(&raw)
	return raw.Bytes(), err
}
