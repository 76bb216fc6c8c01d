package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"

	"github.com/writ-iam/writ/imds"
)

// command is a program with its arguments, its own name first.
type command struct {
	path string
	args []string
}

// commandOf finds the program of a command line, the user's shell for an empty
// one, before anything is launched for it.
func commandOf(args []string) (*command, error) {
	if len(args) == 0 {
		args = []string{or(os.Getenv("SHELL"), "/bin/sh")}
	}
	path, err := exec.LookPath(args[0])
	return &command{path, args}, err
}

// enter becomes the command, as an instance. It returns only if it can't.
func (c *command) enter(ctx context.Context, id string, containers bool) error {
	h, err := hostOf(ctx, id)
	if err != nil {
		return err
	}
	if err := h.enter(); err != nil {
		return err
	}
	environment := append(h.clean(os.Environ()), h.variables(containers)...)
	return fmt.Errorf("%s: %w", c.path, syscall.Exec(c.path, c.args, environment))
}

// enter goes into the instance's network namespace, if it has one.
func (h *host) enter() error {
	if h.NamespacePath == "" {
		return nil
	}
	inode, err := strconv.ParseUint(h.NamespaceID, 10, 64)
	if err != nil {
		return err
	}
	if err := imds.Enter(h.NamespacePath, inode); err != nil {
		if errors.Is(err, os.ErrPermission) {
			return fmt.Errorf("to enter an instance's network namespace needs root (sudo -E), or a server with --instances loopback: %w", err)
		}
		return fmt.Errorf("the instance is not on this host: %w", err)
	}
	return nil
}

// clean leaves out what a machine of its own would not have: the caller's
// credentials and configuration, the server's secrets, and in a namespace
// proxies that can't be reached from there.
func (h *host) clean(environment []string) (kept []string) {
	for _, v := range environment {
		name, _, _ := strings.Cut(v, "=")
		proxy := strings.HasSuffix(strings.ToLower(name), "_proxy") && h.NamespacePath != ""
		if !strings.HasPrefix(name, "AWS_") && !strings.HasPrefix(name, prefix) && !proxy {
			kept = append(kept, v)
		}
	}
	return kept
}

// variables tell SDKs where the instance's services are. The files of the home
// directory, which the instance shares with the host, have no say.
func (h *host) variables(containers bool) []string {
	all := []string{"AWS_ENDPOINT_URL=" + h.Endpoint, "AWS_REGION=" + h.Region, "AWS_DEFAULT_REGION=" + h.Region,
		"AWS_SHARED_CREDENTIALS_FILE=" + os.DevNull, "AWS_CONFIG_FILE=" + os.DevNull}
	if h.NamespacePath == "" {
		all = append(all, "AWS_EC2_METADATA_SERVICE_ENDPOINT="+h.MetadataEndpoint)
	}
	switch {
	case !containers:
		return all
	case h.AuthorizationToken == "":
		return append(all, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI="+h.CredentialsURI)
	}
	return append(all, "AWS_CONTAINER_CREDENTIALS_FULL_URI="+h.CredentialsURI, "AWS_CONTAINER_AUTHORIZATION_TOKEN="+h.AuthorizationToken)
}
