package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// conn is a keep-alive connection that writes requests made beforehand and
// reads no more of the answers than it must, so that what is measured is the
// server. It does not pipeline.
type conn struct {
	net.Conn
	buffer []byte
}

func dial(address string) (*conn, error) {
	c, err := net.Dial("tcp", address)
	return &conn{Conn: c, buffer: make([]byte, 64<<10)}, err
}

// do sends a request and returns the answer's body, good until the next call.
// Every status but 200 is an error.
func (c *conn) do(request []byte) ([]byte, error) {
	if _, err := c.Write(request); err != nil {
		return nil, err
	}
	n, err := c.Read(c.buffer)
	if err != nil {
		return nil, err
	}
	for {
		if body, length, ok := cut(c.buffer[:n]); ok {
			return c.rest(body, length, n)
		}
		more, err := c.Read(c.buffer[n:])
		if err != nil {
			return nil, err
		}
		n += more
	}
}

// cut finds where the body begins and how long it is to be; -1 is chunked.
func cut(answer []byte) (body, length int, ok bool) {
	end := bytes.Index(answer, []byte("\r\n\r\n"))
	if end < 0 {
		return 0, 0, false
	}
	const field = "Content-Length: "
	at := bytes.Index(answer[:end], []byte(field))
	if at < 0 {
		return end + 4, -1, true
	}
	digits, _, _ := bytes.Cut(answer[at+len(field):end+2], []byte("\r\n"))
	length, err := strconv.Atoi(string(digits))
	return end + 4, length, err == nil
}

// rest reads the body to its end; n bytes have been read of the answer.
func (c *conn) rest(body, length, n int) ([]byte, error) {
	for !whole(c.buffer[body:n], length) {
		if n == len(c.buffer) {
			c.buffer = append(c.buffer, make([]byte, len(c.buffer))...)
		}
		more, err := c.Read(c.buffer[n:])
		if err != nil {
			return nil, err
		}
		n += more
	}
	if !bytes.HasPrefix(c.buffer, []byte("HTTP/1.1 200 ")) {
		return nil, fmt.Errorf("%s", c.buffer[:n])
	}
	return c.buffer[body:n], nil
}

func whole(body []byte, length int) bool {
	if length < 0 {
		return bytes.HasSuffix(body, []byte("0\r\n\r\n"))
	}
	return len(body) >= length
}

const connections = 16

// pool is connections that work at the same time.
type pool []*conn

func dialAll(address string) (p pool, err error) {
	for range connections {
		c, err := dial(address)
		if err != nil {
			return nil, errors.Join(err, p.Close())
		}
		p = append(p, c)
	}
	return p, nil
}

// Close closes all of them.
func (p pool) Close() error {
	var errs []error
	for _, c := range p {
		errs = append(errs, c.Close())
	}
	return errors.Join(errs...)
}

// repeat sends one request again and again for a time and returns how many
// answers came in a second.
func (p pool) repeat(request []byte, period time.Duration) (float64, error) {
	var answers atomic.Int64
	start := time.Now()
	err := p.each(func(c *conn) error {
		n := int64(0)
		defer func() { answers.Add(n) }()
		for ; n%16 != 0 || time.Since(start) < period; n++ {
			if _, err := c.do(request); err != nil {
				return err
			}
		}
		return nil
	})
	return float64(answers.Load()) / time.Since(start).Seconds(), err
}

// sendAll sends each request once and returns how long that took.
func (p pool) sendAll(requests [][]byte) (time.Duration, error) {
	var next atomic.Int64
	start := time.Now()
	err := p.each(func(c *conn) error {
		for {
			i := int(next.Add(1)) - 1
			if i >= len(requests) {
				return nil
			}
			if _, err := c.do(requests[i]); err != nil {
				return err
			}
		}
	})
	return time.Since(start), err
}

func (p pool) each(fn func(*conn) error) error {
	errs := make([]error, len(p))
	var all sync.WaitGroup
	for i, c := range p {
		all.Go(func() { errs[i] = fn(c) })
	}
	all.Wait()
	return errors.Join(errs...)
}
