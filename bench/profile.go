package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/server"
	"github.com/writ-iam/writ/service/iam"
	"github.com/writ-iam/writ/sigv4"
	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/blobs"
	"github.com/writ-iam/writ/store/events"
)

const profileTime = 6 * time.Second

// heapFloor is that of cmd/writ.
const heapFloor = 16 << 20

// profile shows where the processor time of a GetCallerIdentity goes, and of
// the same bytes sent to hello. The servers run in this process for it, Writ
// wired as `writ serve` is; what the clients take is left out.
func profile(r *run) error {
	floor := make([]byte, heapFloor)
	defer runtime.KeepAlive(floor)
	s, stop, err := inProcess(filepath.Join(r.dir, "profile"))
	if err != nil {
		return err
	}
	request, err := s.signed("sts", "GetCallerIdentity")
	if err != nil {
		return errors.Join(err, stop())
	}
	writ, err := profiled(s.address, request)
	if err := errors.Join(err, stop()); err != nil {
		return err
	}
	h := httptest.NewServer(http.HandlerFunc(sayHello))
	defer h.Close()
	hello, err := profiled(h.Listener.Addr().String(), request)
	if err != nil {
		return err
	}
	r.reportSteps(writ, hello)
	return nil
}

// profiled returns the processor time of a request by step.
func profiled(address string, request []byte) (spent, error) {
	p, err := dialAll(address)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	if _, err := p.repeat(request, profileTime/8); err != nil {
		return nil, err
	}
	var raw bytes.Buffer
	if err := pprof.StartCPUProfile(&raw); err != nil {
		return nil, err
	}
	rate, err := p.repeat(request, profileTime)
	pprof.StopCPUProfile()
	if err != nil {
		return nil, err
	}
	return byStep(&raw, rate*profileTime.Seconds())
}

// inProcess serves a new directory from this process until stop is called.
func inProcess(dir string) (t target, stop func() error, err error) {
	ctx := context.Background()
	master := make([]byte, store.MasterKeySize)
	rand.Read(master)
	keys, err := store.NewKeyring(master)
	if err != nil {
		return t, nil, err
	}
	db, err := store.Open(ctx, "sqlite:"+dir, store.Options{Keys: keys})
	if err != nil {
		return t, nil, err
	}
	log, err := events.OpenSegments(filepath.Join(dir, "events"), events.Options{})
	if err != nil {
		return t, nil, errors.Join(err, db.Close())
	}
	writer := events.NewWriter(log)
	objects, err := blobs.Open(filepath.Join(dir, "objects"))
	if err != nil {
		return t, nil, errors.Join(err, writer.Close(), db.Close())
	}
	s, err := server.New(server.Options{Store: db, Keys: keys, Events: writer, Objects: objects})
	if err == nil {
		t, err = found(ctx, s)
	}
	if err != nil {
		return t, nil, errors.Join(err, writer.Close(), db.Close())
	}
	l, err := net.Listen("tcp", t.address)
	if err != nil {
		return t, nil, errors.Join(err, writer.Close(), db.Close())
	}
	t.address = l.Addr().String()
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, l, s.Handler(), slog.New(slog.DiscardHandler)) }()
	return t, func() error {
		cancel()
		return errors.Join(<-ended, writer.Close(), db.Close())
	}, nil
}

// found makes an account with an administrator.
func found(ctx context.Context, s *server.Server) (target, error) {
	key := iam.Key{ID: writ.NewAccessKeyID(writ.LongTermKeyID, account), Secret: writ.NewSecret()}
	err := s.Found(ctx, iam.Foundation{Partition: "aws", Account: account, Email: "root@localhost", Admin: "admin", AdminKey: key})
	return target{"127.0.0.1:0", sigv4.Credentials{AccessKeyID: key.ID, SecretAccessKey: key.Secret}}, err
}
