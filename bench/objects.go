package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/writ-iam/writ/sigv4"
)

// objectSize is that of the objects put and read, in bytes.
const objectSize = 64 << 10

// objects measures signed GET and PUT of 64 KiB on a durable server, data events
// off as they are by default, against the bare stores: the same blobs and the same
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
	for _, method := range []string{http.MethodGet, http.MethodPut} {
		request, err := w.object(method)
		if err != nil {
			return err
		}
		writ, bare, err := inTurns(w.address, b.address, request)
		if err != nil {
			return err
		}
		r.reportObjects(method, writ, bare)
	}
	return nil
}

func (r *run) reportObjects(method string, writ, bare []float64) {
	var ratios []float64
	for i := range writ {
		ratios = append(ratios, writ[i]/bare[i])
	}
	_, ratio := quartiles(ratios)
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
	put, err := w.object(http.MethodPut)
	if err != nil {
		return err
	}
	for _, each := range []struct {
		address string
		request []byte
	}{{w.address, bucket}, {w.address, put}, {bare.address, put}} {
		c, err := dial(each.address)
		if err != nil {
			return err
		}
		_, err = c.do(each.request)
		if err := errors.Join(err, c.Close()); err != nil {
			return err
		}
	}
	return nil
}

// object makes the signed request for one object.
func (s target) object(method string) ([]byte, error) {
	var body []byte
	if method == http.MethodPut {
		body = bytes.Repeat([]byte("64 KiB! "), objectSize/8)
	}
	return s.s3(method, "/bench/objects/one", body)
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
