package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestRclone reads a bucket from an instance with rclone, which finds the role's
// credentials by itself.
func TestRclone(t *testing.T) {
	t.Parallel()
	needs(t, "aws")
	needs(t, "rclone")
	modes(t, func(t *testing.T, mode string) {
		h := storing(t, mode)
		out := h.machine(mode, `
			export RCLONE_CONFIG=/dev/null RCLONE_CONFIG_LAB_TYPE=s3 RCLONE_CONFIG_LAB_PROVIDER=Other
			export RCLONE_CONFIG_LAB_ENV_AUTH=true RCLONE_CONFIG_LAB_ENDPOINT=$AWS_ENDPOINT_URL RCLONE_CONFIG_LAB_REGION=$AWS_REGION
			rclone ls lab:lab-papers
			rclone copy lab:lab-papers/2017 copied
			cat copied/hello.txt
			rclone cat lab:lab-papers/2017/hello.txt --offset 13
			! rclone ls lab:lab-secrets`)
		for _, want := range []string{"       27 2017/hello.txt\n", "Attention is all you need.\nall you need.\n", "not authorized to perform: s3:ListBucket"} {
			if !strings.Contains(out, want) {
				t.Errorf("rclone does not show %q:\n%s", want, out)
			}
		}
	})
}

// TestS3fs mounts a bucket on an instance with s3fs, which knows no other
// address of the metadata service than AWS's, and (1.90) asks for the role's name
// as in IMDSv1, but not for its credentials.
func TestS3fs(t *testing.T) {
	t.Parallel()
	needs(t, "aws")
	needs(t, "s3fs")
	needs(t, "fusermount")
	if f, err := os.OpenFile("/dev/fuse", os.O_RDWR, 0); err != nil {
		t.Skipf("nothing can be mounted here: %v", err)
	} else {
		f.Close()
	}
	if exec.Command("unshare", "--net", "true").Run() != nil {
		t.Skip("network namespaces can't be made here")
	}
	h := storing(t, "namespaces")
	if err := os.Mkdir(filepath.Join(h.dir, "mounted"), 0o700); err != nil {
		t.Fatal(err)
	}
	out := h.machine("namespaces", `
		s3fs lab-papers mounted -f -o url=$AWS_ENDPOINT_URL,endpoint=$AWS_REGION,use_path_request_style,iam_role=reader,nomultipart &
		trap 'fusermount -u mounted; wait' EXIT
		for try in $(seq 100); do ! mountpoint -q mounted || break; sleep 0.1; done
		mountpoint -q mounted
		ls mounted/2017
		cat mounted/2017/hello.txt
		! cp mounted/2017/hello.txt mounted/mine.txt`)
	if !strings.Contains(out, "hello.txt\nAttention is all you need.\n") {
		t.Errorf("the mounted bucket shows:\n%s", out)
	}
	if list := h.run(true, "aws", "s3", "ls", "s3://lab-papers"); strings.Contains(list, "mine.txt") {
		t.Errorf("what the role may not write is in the bucket:\n%s", list)
	}
}

// storing is a host with two buckets and a role, named reader, that may read one.
func storing(t *testing.T, mode string) *host {
	h := &host{t, start(t, "dev", "--instances", mode, "--metadata-listen", freeAddress(t))}
	h.role()
	read, err := filepath.Abs("../examples/lab/read.json")
	if err != nil {
		t.Fatal(err)
	}
	h.run(true, "aws", "iam", "put-role-policy", "--role-name", "reader", "--policy-name", "read", "--policy-document", "file://"+read)
	for _, bucket := range []string{"lab-papers", "lab-secrets"} {
		h.run(true, "aws", "s3", "mb", "s3://"+bucket)
	}
	h.run(true, "aws", "s3", "cp", "../examples/lab/hello.txt", "s3://lab-papers/2017/hello.txt")
	return h
}

// machine runs a script, in the server's directory, as an instance with the
// role. What SDKs drop of the metadata service's address on loopback they take
// in the way of containers.
func (h *host) machine(mode, script string) string {
	h.Helper()
	run := []string{"instance", "run", "--profile", "reader", "--container-credentials=" + strconv.FormatBool(mode == "loopback")}
	return h.run(true, h.path, append(run, "--", "sh", "-ec", "cd '"+h.dir+"'\n"+script)...)
}
