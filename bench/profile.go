package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net"
	"path/filepath"
	"runtime/pprof"
	"time"

	"github.com/writ-iam/writ"
	"github.com/writ-iam/writ/server"
	"github.com/writ-iam/writ/service/iam"
	"github.com/writ-iam/writ/sigv4"
	"github.com/writ-iam/writ/store"
	"github.com/writ-iam/writ/store/events"
)

const profileTime = 4 * time.Second

// profile shows where the processor time of a GetCallerIdentity goes. The
// server runs in this process for it, wired as `writ serve` is; what the
// clients take is left out.
func profile(r *run) error {
	s, stop, err := inProcess(filepath.Join(r.dir, "profile"))
	if err != nil {
		return err
	}
	raw, calls, err := profiled(s)
	if err := errors.Join(err, stop()); err != nil {
		return err
	}
	return r.reportSteps(raw, calls)
}

func profiled(s target) (raw *bytes.Buffer, calls float64, err error) {
	request, err := s.signed("sts", "GetCallerIdentity")
	if err != nil {
		return nil, 0, err
	}
	p, err := dialAll(s.address)
	if err != nil {
		return nil, 0, err
	}
	defer p.Close()
	if _, err := p.repeat(request, profileTime/8); err != nil {
		return nil, 0, err
	}
	raw = new(bytes.Buffer)
	if err := pprof.StartCPUProfile(raw); err != nil {
		return nil, 0, err
	}
	rate, err := p.repeat(request, profileTime)
	pprof.StopCPUProfile()
	return raw, rate * profileTime.Seconds(), err
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
	s, err := server.New(server.Options{Store: db, Keys: keys, Events: writer})
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
	const account = "111122223333"
	key := iam.Key{ID: writ.NewAccessKeyID(writ.LongTermKeyID, account), Secret: writ.NewSecret()}
	err := s.Found(ctx, iam.Foundation{Partition: "aws", Account: account, Email: "root@localhost", Admin: "admin", AdminKey: key})
	return target{"127.0.0.1:0", sigv4.Credentials{AccessKeyID: key.ID, SecretAccessKey: key.Secret}}, err
}
