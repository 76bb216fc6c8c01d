package s3_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/writ-iam/writ/checksum"
	"github.com/writ-iam/writ/internal/awstest"
)

// begin begins an upload of /lab/big and sends its parts; it returns the body
// that completes it.
func begin(t *testing.T, l *awstest.Lab, parts [][]byte, a checksum.Algorithm, headers ...string) (upload string, complete []byte) {
	t.Helper()
	var begun struct{ UploadId string }
	if err := xml.NewDecoder(send(t, l, "POST", "/lab/big?uploads", nil, headers...).Body).Decode(&begun); err != nil {
		t.Fatal(err)
	}
	var list strings.Builder
	list.WriteString("<CompleteMultipartUpload>")
	for i, part := range parts {
		target := fmt.Sprintf("/lab/big?partNumber=%d&uploadId=%s", 3*i+1, begun.UploadId)
		sent := []string{}
		if a != "" {
			sent = []string{a.Header(), sumOf(a, string(part))}
		}
		r := send(t, l, "PUT", target, part, sent...)
		if r.StatusCode != 200 {
			t.Fatalf("part %d: %s", i, outcome(t, r))
		}
		fmt.Fprintf(&list, "<Part><PartNumber>%d</PartNumber><ETag>%s</ETag>", 3*i+1, r.Header.Get("ETag"))
		if a != "" {
			fmt.Fprintf(&list, "<Checksum%s>%s</Checksum%[1]s>", a, sumOf(a, string(part)))
		}
		list.WriteString("</Part>")
	}
	list.WriteString("</CompleteMultipartUpload>")
	return begun.UploadId, []byte(list.String())
}

func random(size int) []byte {
	data := make([]byte, size)
	rand.NewChaCha8([32]byte{byte(size)}).Read(data)
	return data
}

// An object of parts is their bytes one after the other, whichever are read, and
// has the checksum that the client has chosen.
func TestMultipart(t *testing.T) {
	parts := [][]byte{random(5 << 20), random(5<<20 + 1), random(7)}
	whole := bytes.Join(parts, nil)
	for name, test := range map[string]struct {
		algorithm checksum.Algorithm
		headers   []string
		want      string
	}{
		"none chosen": {"", nil, sumOf(checksum.CRC64NVME, string(whole))},
		"CRC32":       {checksum.CRC32, []string{"x-amz-checksum-algorithm", "CRC32", "x-amz-checksum-type", "FULL_OBJECT"}, sumOf(checksum.CRC32, string(whole))},
		"CRC32C":      {checksum.CRC32C, []string{"x-amz-checksum-algorithm", "CRC32C"}, compositeOf(checksum.CRC32C, parts)},
		"SHA256":      {checksum.SHA256, []string{"x-amz-checksum-algorithm", "SHA256"}, compositeOf(checksum.SHA256, parts)},
	} {
		t.Run(name, func(t *testing.T) {
			l := awstest.New(t)
			send(t, l, "PUT", "/lab", nil)
			upload, complete := begin(t, l, parts, test.algorithm, test.headers...)
			for range 2 { // the second time is a client that has not heard the first answer
				if got := outcome(t, send(t, l, "POST", "/lab/big?uploadId="+upload, complete)); got != "200" {
					t.Fatalf("complete: %s", got)
				}
			}
			for header, want := range map[string][]byte{"": whole, "bytes=5242870-5242889": whole[5242870:5242890], "bytes=-9": whole[len(whole)-9:], "bytes=10485759-": whole[10485759:]} {
				r := send(t, l, "GET", "/lab/big", nil, "Range", header)
				if got, err := io.ReadAll(r.Body); err != nil || !bytes.Equal(got, want) {
					t.Errorf("range %q: %d bytes, %v", header, len(got), err)
				}
			}
			a := test.algorithm
			if a == "" {
				a = checksum.CRC64NVME
			}
			if got := send(t, l, "HEAD", "/lab/big", nil, "x-amz-checksum-mode", "ENABLED").Header.Get(a.Header()); got != test.want {
				t.Errorf("%s %s, want %s", a, got, test.want)
			}
			r := send(t, l, "GET", "/lab/big?partNumber=2", nil)
			if got, err := io.ReadAll(r.Body); err != nil || !bytes.Equal(got, parts[1]) || r.StatusCode != http.StatusPartialContent || r.Header.Get("X-Amz-Mp-Parts-Count") != "3" {
				t.Errorf("part 2: %d, %d bytes, %v of %s parts", r.StatusCode, len(got), err, r.Header.Get("X-Amz-Mp-Parts-Count"))
			}
		})
	}
}

func compositeOf(a checksum.Algorithm, parts [][]byte) string {
	h := a.New()
	for _, part := range parts {
		of := a.New()
		of.Write(part)
		h.Write(of.Sum(nil))
	}
	return fmt.Sprintf("%s-%d", checksum.Encode(h), len(parts))
}

// Of several who complete one upload at once all hear the same, and there is one
// object.
func TestCompleteAtOnce(t *testing.T) {
	l := awstest.New(t)
	send(t, l, "PUT", "/lab", nil)
	send(t, l, "PUT", "/lab?versioning", []byte("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"))
	upload, complete := begin(t, l, [][]byte{random(9)}, "")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if got := outcome(t, send(t, l, "POST", "/lab/big?uploadId="+upload, complete)); got != "200" {
				t.Errorf("complete: %s", got)
			}
		})
	}
	all.Wait()
	if got := list(t, l, "versions"); len(got.Version) != 1 {
		t.Errorf("%d versions", len(got.Version))
	}
}

// Whoever reads while others write has one object whole: never a mixture, never an
// error.
func TestOverwritesAndReads(t *testing.T) {
	l := awstest.NewIn(t, t.TempDir())
	send(t, l, "PUT", "/lab", nil)
	object := func(i int) []byte { return bytes.Repeat([]byte{byte('a' + i)}, 100_000+i) }
	send(t, l, "PUT", "/lab/a", object(0))
	var writers, readers sync.WaitGroup
	done := make(chan struct{})
	for w := range 4 {
		writers.Go(func() {
			for i := range 15 {
				if got := outcome(t, send(t, l, "PUT", "/lab/a", object((w+i)%20))); got != "200" {
					t.Errorf("put: %s", got)
				}
			}
		})
	}
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				r := send(t, l, "GET", "/lab/a", nil)
				got, err := io.ReadAll(r.Body)
				if err != nil || r.StatusCode != 200 || len(got) < 100_000 || !bytes.Equal(got, object(int(got[0]-'a'))) {
					t.Errorf("%d, %d bytes, %v", r.StatusCode, len(got), err)
					return
				}
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
}
