package s3_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/writ-iam/writ/checksum"
	"github.com/writ-iam/writ/internal/awstest"
	"github.com/writ-iam/writ/sigv4"
)

var scope = sigv4.Scope{Region: "us-east-1", Service: "s3"}

// send makes a request that the root user has signed.
func send(t testing.TB, l *awstest.Lab, method, target string, body []byte, headers ...string) *http.Response {
	t.Helper()
	r := request(method, target, bytes.NewReader(body), len(body), headers...)
	if err := sigv4.Sign(r, awstest.Root, scope, sigv4.HashPayload(body), l.Now()); err != nil {
		t.Fatal(err)
	}
	return l.Do(r)
}

func request(method, target string, body io.Reader, length int, headers ...string) *http.Request {
	r := httptest.NewRequest(method, "http://localhost"+target, body)
	r.Header.Set("Content-Length", strconv.Itoa(length))
	r.ContentLength = int64(length)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// outcome is the status of an answer and, of an error, its code.
func outcome(t testing.TB, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	var e struct{ Code string }
	xml.Unmarshal(body, &e)
	return strings.TrimSpace(fmt.Sprint(r.StatusCode, " ", e.Code))
}

// files counts the blobs in a directory, unfinished ones too.
func files(t testing.TB, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// chunked is a body in chunks, as clients sign and send it, with what a test may
// do wrong.
type chunked struct {
	payload sigv4.Payload
	pieces  []string
	trailer string // name:value
	forge   int    // the chunk whose signature is wrong, counted from 1
	cut     int    // bytes that are missing at the end
}

func (b chunked) signed() bool { return !strings.Contains(string(b.payload), "UNSIGNED") }

// put sends the body as an object.
func (b chunked) put(t *testing.T, l *awstest.Lab, target string) string {
	t.Helper()
	length := len(strings.Join(b.pieces, ""))
	r := request("PUT", target, nil, 0, "X-Amz-Decoded-Content-Length", strconv.Itoa(length), "Content-Encoding", "aws-chunked,gzip")
	r.Header.Del("Content-Length")
	if name, _, ok := strings.Cut(b.trailer, ":"); ok {
		r.Header.Set("X-Amz-Trailer", name)
	}
	if err := sigv4.Sign(r, awstest.Root, scope, b.payload, l.Now()); err != nil {
		t.Fatal(err)
	}
	body := b.encode(r)
	r.Body = io.NopCloser(strings.NewReader(body[:len(body)-b.cut]))
	r.ContentLength = int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return outcome(t, l.Do(r))
}

func (b chunked) encode(r *http.Request) string {
	_, previous, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
	stamp := r.Header.Get("X-Amz-Date")
	key := []byte("AWS4" + awstest.Root.SecretAccessKey)
	for _, step := range []string{stamp[:8], "us-east-1", "s3", "aws4_request"} {
		key = mac(key, step)
	}
	sign := func(algorithm, hashes string) string {
		previous = hex.EncodeToString(mac(key, algorithm+"\n"+stamp+"\n"+stamp[:8]+"/us-east-1/s3/aws4_request\n"+previous+"\n"+hashes))
		return previous
	}
	var out strings.Builder
	for i, piece := range append(b.pieces, "") {
		fmt.Fprintf(&out, "%x", len(piece))
		if b.signed() {
			signature := sign("AWS4-HMAC-SHA256-PAYLOAD", hash("")+"\n"+hash(piece))
			if i+1 == b.forge {
				signature = strings.Repeat("0", 64)
			}
			out.WriteString(";chunk-signature=" + signature)
		}
		out.WriteString("\r\n" + piece)
		if piece != "" {
			out.WriteString("\r\n")
		}
	}
	if b.trailer != "" {
		out.WriteString(b.trailer + "\r\n")
		if b.signed() {
			out.WriteString("x-amz-trailer-signature:" + sign("AWS4-HMAC-SHA256-TRAILER", hash(b.trailer+"\n")) + "\r\n")
		}
	}
	out.WriteString("\r\n")
	return out.String()
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func sumOf(a checksum.Algorithm, text string) string {
	h := a.New()
	h.Write([]byte(text))
	return checksum.Encode(h)
}

// Whatever is wrong with a body: nothing is visible, and nothing is left.
func TestUploadsInChunks(t *testing.T) {
	dir := t.TempDir()
	l := awstest.NewIn(t, dir)
	send(t, l, "PUT", "/lab", nil)
	pieces := []string{strings.Repeat("a", 65536), strings.Repeat("b", 70000), "c"}
	whole := strings.Join(pieces, "")
	crc := "x-amz-checksum-crc32:" + sumOf(checksum.CRC32, whole)
	for name, test := range map[string]struct {
		body chunked
		want string
	}{
		"signed":             {chunked{payload: sigv4.StreamingPayload, pieces: pieces}, "200"},
		"signed trailer":     {chunked{payload: sigv4.StreamingPayloadTrailer, pieces: pieces, trailer: crc}, "200"},
		"unsigned trailer":   {chunked{payload: sigv4.StreamingUnsignedTrailer, pieces: pieces, trailer: crc}, "200"},
		"first chunk forged": {chunked{payload: sigv4.StreamingPayload, pieces: pieces, forge: 1}, "403 SignatureDoesNotMatch"},
		"last chunk forged":  {chunked{payload: sigv4.StreamingPayload, pieces: pieces, forge: 4}, "403 SignatureDoesNotMatch"},
		"wrong checksum":     {chunked{payload: sigv4.StreamingUnsignedTrailer, pieces: pieces, trailer: "x-amz-checksum-crc32:" + sumOf(checksum.CRC32, "x")}, "400 BadDigest"},
		"wrong signed one":   {chunked{payload: sigv4.StreamingPayloadTrailer, pieces: pieces, trailer: "x-amz-checksum-sha256:" + sumOf(checksum.SHA256, "x")}, "400 BadDigest"},
		"no checksum":        {chunked{payload: sigv4.StreamingUnsignedTrailer, pieces: pieces, trailer: "x-amz-checksum-crc32:x"}, "400 InvalidRequest"},
		"unknown checksum":   {chunked{payload: sigv4.StreamingUnsignedTrailer, pieces: pieces, trailer: "x-amz-checksum-md4:x"}, "400 InvalidRequest"},
		"cut in a chunk":     {chunked{payload: sigv4.StreamingPayload, pieces: pieces, cut: 50000}, "400 IncompleteBody"},
		"cut at the end":     {chunked{payload: sigv4.StreamingUnsignedTrailer, pieces: pieces, trailer: crc, cut: 30}, "400 MalformedTrailerError"},
	} {
		t.Run(name, func(t *testing.T) {
			target := "/lab/" + strings.ReplaceAll(name, " ", "-")
			before := files(t, dir)
			if got := test.body.put(t, l, target); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
			got := send(t, l, "GET", target, nil)
			body, err := io.ReadAll(got.Body)
			if err != nil {
				t.Fatal(err)
			}
			if test.want != "200" {
				if got.StatusCode != 404 || files(t, dir) != before {
					t.Errorf("it is there: %d, %d files more", got.StatusCode, files(t, dir)-before)
				}
				return
			}
			if string(body) != whole || got.Header.Get("Content-Encoding") != "gzip" {
				t.Errorf("%d bytes, of %d, in %s", len(body), len(whole), got.Header.Get("Content-Encoding"))
			}
		})
	}
}

// A connection that breaks off leaves nothing, neither of an object nor of a part,
// and what was there before stays.
func TestUploadBreaksOff(t *testing.T) {
	dir := t.TempDir()
	l := awstest.NewIn(t, dir)
	send(t, l, "PUT", "/lab", nil)
	send(t, l, "PUT", "/lab/a", []byte("old"))
	var upload struct{ UploadId string }
	xml.NewDecoder(send(t, l, "POST", "/lab/a?uploads", nil).Body).Decode(&upload)
	for _, target := range []string{"/lab/a", "/lab/a?partNumber=1&uploadId=" + upload.UploadId} {
		half := io.MultiReader(strings.NewReader(strings.Repeat("x", 100_000)), iotest.ErrReader(io.ErrUnexpectedEOF))
		r := request("PUT", target, half, 200_000)
		if err := sigv4.Sign(r, awstest.Root, scope, sigv4.UnsignedPayload, l.Now()); err != nil {
			t.Fatal(err)
		}
		if got := outcome(t, l.Do(r)); got != "400 IncompleteBody" {
			t.Errorf("%s: %s", target, got)
		}
		if n := files(t, dir); n != 1 {
			t.Errorf("%s: %d files", target, n)
		}
	}
	body, err := io.ReadAll(send(t, l, "GET", "/lab/a", nil).Body)
	if err != nil || string(body) != "old" {
		t.Errorf("now it is %q, %v", body, err)
	}
	wrong := request("PUT", "/lab/b", strings.NewReader("other"), 5)
	if err := sigv4.Sign(wrong, awstest.Root, scope, sigv4.HashPayload([]byte("bytes")), l.Now()); err != nil {
		t.Fatal(err)
	}
	if got := outcome(t, l.Do(wrong)); got != "400 XAmzContentSHA256Mismatch" || files(t, dir) != 1 {
		t.Errorf("a body that is not what was signed: %s", got)
	}
}

// If the disk takes no more the answer is an error, what was there stays, and once
// there is room again all is well.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	l := awstest.NewIn(t, dir)
	send(t, l, "PUT", "/lab", nil)
	send(t, l, "PUT", "/lab/a", []byte("old"))
	pending := filepath.Join(dir, "pending")
	for name, fail := range map[string]func(){
		"at the beginning": func() { os.RemoveAll(pending) },
		"at the end":       func() {},
	} {
		fail()
		r := request("PUT", "/lab/a", &onEnd{Reader: strings.NewReader("newer"), do: func() { os.RemoveAll(pending) }}, 5)
		if err := sigv4.Sign(r, awstest.Root, scope, sigv4.UnsignedPayload, l.Now()); err != nil {
			t.Fatal(err)
		}
		if got := outcome(t, l.Do(r)); got != "500 InternalError" {
			t.Errorf("full %s: %s", name, got)
		}
		body, err := io.ReadAll(send(t, l, "GET", "/lab/a", nil).Body)
		if err != nil || string(body) != "old" || files(t, dir) != 1 {
			t.Errorf("full %s: now it is %q, %v, in %d files", name, body, err, files(t, dir))
		}
		if err := os.MkdirAll(pending, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if got := outcome(t, send(t, l, "PUT", "/lab/a", []byte("new"))); got != "200" {
		t.Errorf("with room again: %s", got)
	}
}

// onEnd does something when all has been read.
type onEnd struct {
	io.Reader
	do func()
}

func (r *onEnd) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err == io.EOF {
		r.do()
	}
	return n, err
}
