package main

import (
	"errors"
	"fmt"
)

const anyone = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"%s"},"Action":"sts:AssumeRole"}}`

// assumes measures signed AssumeRole, whose events are durable before it answers,
// against GetCallerIdentity on the same server, in turns.
func assumes(r *run) (err error) {
	w, err := r.serve("assume", "--account", account)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.stop()) }()
	trust := fmt.Sprintf(anyone, account)
	role, err := w.signed("iam", "CreateRole", "RoleName", "role", "AssumeRolePolicyDocument", trust)
	if err != nil {
		return err
	}
	assume, err := w.signed("sts", "AssumeRole", "RoleArn", "arn:aws:iam::"+account+":role/role", "RoleSessionName", "bench")
	if err != nil {
		return err
	}
	who, err := w.signed("sts", "GetCallerIdentity")
	if err != nil {
		return err
	}
	if err := once(w.address, role); err != nil {
		return err
	}
	assumed, known, err := inTurns([2]aim{{w.address, assume}, {w.address, who}})
	if err != nil {
		return err
	}
	ratio := medianRatio(assumed, known)
	_, a := quartiles(assumed)
	_, k := quartiles(known)
	r.report.note("AssumeRole, 16 connections", perSecond(a), "GetCallerIdentity "+perSecond(k))
	r.report.add("  median of the ratios in turns", fmt.Sprintf("%.2f", ratio), "", "≥ 0.33", ratio >= 1.0/3)
	return nil
}

const account = "111122223333"

// once sends one request.
func once(address string, request []byte) error {
	c, err := dial(address)
	if err != nil {
		return err
	}
	_, err = c.do(request)
	return errors.Join(err, c.Close())
}
