package sigv4

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
)

// The examples of the S3 API Reference, "Transferring Payload in Multiple
// Chunks" and "Including Trailing Headers": 65 KiB of the letter a.
const (
	chunkedHead = `
PUT /examplebucket/chunkObject.txt HTTP/1.1
Host: s3.amazonaws.com
x-amz-date: 20130524T000000Z
x-amz-storage-class: REDUCED_REDUNDANCY
Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class,Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9
x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD
Content-Encoding: aws-chunked
x-amz-decoded-content-length: 66560
Content-Length: 66824`

	trailerHead = `
PUT /examplebucket/chunkObject.txt HTTP/1.1
Host: s3.amazonaws.com
x-amz-date: 20130524T000000Z
x-amz-storage-class: REDUCED_REDUNDANCY
Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer,Signature=106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e
x-amz-content-sha256: STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER
Content-Encoding: aws-chunked
x-amz-decoded-content-length: 66560
x-amz-trailer: x-amz-checksum-crc32c
Transfer-Encoding: chunked`
)

func aChunk(size int, signature string) string {
	return fmt.Sprintf("%x;chunk-signature=%s\r\n%s\r\n", size, signature, strings.Repeat("a", size))
}

func chunkedBody() string {
	return aChunk(65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648") +
		aChunk(1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497") +
		aChunk(0, "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9")
}

const trailers = "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n"

func trailerBody() string {
	return aChunk(65536, "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2") +
		aChunk(1024, "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7") +
		"0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n" + trailers
}

// open takes a streaming request through all steps to its Body.
func open(t testing.TB, head string, body io.Reader, secret string) (*Body, error) {
	t.Helper()
	r := request(t, head, "")
	r.Body = io.NopCloser(body)
	s, err := Parse(r)
	if err != nil {
		return nil, err
	}
	if err := s.Check(r, Rules{S3: true, UnsignedPayload: true}, at(t, s.stamp)); err != nil {
		return nil, err
	}
	if err := s.Verify(r, nil, NewKey(secret, s.Scope)); err != nil {
		return nil, err
	}
	return s.Body(r)
}

func TestChunkedExamples(t *testing.T) {
	quirk := strings.Replace(trailerBody(), "sOO8/Q==\r\n", "sOO8/Q==\n\r\n\r\n", 1)
	for _, test := range []struct{ name, head, body, trailer string }{
		{"chunks", chunkedHead, chunkedBody(), ""},
		{"trailer", trailerHead, trailerBody(), "sOO8/Q=="},
		{"trailer with the line ends of the documentation", trailerHead, quirk, "sOO8/Q=="},
	} {
		for _, way := range []struct {
			name   string
			reader func(io.Reader) io.Reader
		}{{"whole", func(r io.Reader) io.Reader { return r }}, {"halves", iotest.HalfReader}, {"bytes", iotest.OneByteReader}, {"early EOF", iotest.DataErrReader}} {
			t.Run(test.name+"/"+way.name, func(t *testing.T) {
				b, err := open(t, test.head, way.reader(strings.NewReader(test.body)), s3Secret)
				if err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(b)
				if err != nil || !bytes.Equal(got, bytes.Repeat([]byte("a"), 66560)) {
					t.Errorf("%d bytes, %v", len(got), err)
				}
				if got := b.Trailer().Get("x-amz-checksum-crc32c"); got != test.trailer {
					t.Errorf("trailer %q, want %q", got, test.trailer)
				}
			})
		}
	}
}

func TestChunkedRefused(t *testing.T) {
	edit := func(body, old, new string) string {
		if !strings.Contains(body, old) {
			t.Fatalf("nothing to change: %q", old)
		}
		return strings.Replace(body, old, new, 1)
	}
	plain, trailing := chunkedBody(), trailerBody()
	for _, test := range []struct{ name, head, body, code string }{
		{"altered byte", chunkedHead, edit(plain, "aaaa", "aaba"), "SignatureDoesNotMatch"},
		{"altered signature", chunkedHead, edit(plain, "=ad80", "=ad81"), "SignatureDoesNotMatch"},
		{"altered last signature", chunkedHead, edit(plain, "=b6c6", "=b6c7"), "SignatureDoesNotMatch"},
		{"chunk left out", chunkedHead, plain[:strings.Index(plain, "400;")] + plain[strings.Index(plain, "\n0;")+1:], "IncompleteBody"},
		{"chunk twice", chunkedHead, plain[:strings.Index(plain, "400;")] + plain, "IncompleteBody"},
		{"cut in a chunk", chunkedHead, plain[:5000], "IncompleteBody"},
		{"cut after a chunk", chunkedHead, plain[:strings.Index(plain, "400;")], "IncompleteBody"},
		{"cut in a header", chunkedHead, plain[:20], "IncompleteBody"},
		{"empty", chunkedHead, "", "IncompleteBody"},
		{"no line end after the last chunk", chunkedHead, plain[:len(plain)-2], "MalformedTrailerError"},
		{"trailer where none belongs", chunkedHead, plain[:len(plain)-2] + "x-amz-meta-a:b\r\n\r\n", "MalformedTrailerError"},
		{"trailer signature where none belongs", chunkedHead, plain[:len(plain)-2] + "x-amz-trailer-signature:b\r\n\r\n", "MalformedTrailerError"},
		{"bare LF", chunkedHead, edit(plain, "\r\naaaa", "\naaaa"), "IncompleteBody"},
		{"no line end after a chunk", chunkedHead, edit(plain, "a\r\n", "aXY\r\n"), "IncompleteBody"},
		{"endless header", chunkedHead, strings.Repeat("0", 10000), "IncompleteBody"},
		{"long header", chunkedHead, strings.Repeat("0", 100) + plain, "IncompleteBody"},
		{"size too large", chunkedHead, "7fffffffffffffff" + plain[5:], "IncompleteBody"},
		{"size out of range", chunkedHead, "fffffffffffffffff" + plain[5:], "IncompleteBody"},
		{"negative size", chunkedHead, "-1" + plain[5:], "IncompleteBody"},
		{"unsigned chunk", chunkedHead, "10000\r\n" + plain[strings.Index(plain, "\n")+1:], "IncompleteBody"},
		{"short signature", chunkedHead, edit(plain, "=ad80c7", "=ad"), "IncompleteBody"},
		{"altered trailer", trailerHead, edit(trailing, "sOO8", "sOO9"), "SignatureDoesNotMatch"},
		{"altered trailer signature", trailerHead, edit(trailing, ":d81f", ":d81e"), "SignatureDoesNotMatch"},
		{"no trailer signature", trailerHead, edit(trailing, "x-amz-trailer-signature:", "x-amz-other:"), "MalformedTrailerError"},
		{"trailer signature left out", trailerHead, trailing[:strings.Index(trailing, "x-amz-trailer-signature")], "SignatureDoesNotMatch"},
		{"no trailer", trailerHead, trailing[:strings.Index(trailing, "x-amz-checksum")] + "\r\n", "MalformedTrailerError"},
		{"trailer twice", trailerHead, edit(trailing, "x-amz-checksum", "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-checksum"), "MalformedTrailerError"},
		{"trailer after the signature", trailerHead, trailing + "x-amz-meta-a:b\r\n", "MalformedTrailerError"},
		{"trailer without colon", trailerHead, edit(trailing, "crc32c:", "crc32c"), "MalformedTrailerError"},
		{"endless trailer", trailerHead, trailing + strings.Repeat("\n", maxTrailers), "MalformedTrailerError"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b, err := open(t, test.head, strings.NewReader(test.body), s3Secret)
			if err != nil {
				t.Fatal(err)
			}
			_, err = io.ReadAll(b)
			if codeOf(err) != test.code {
				t.Errorf("%v, want %s", err, test.code)
			}
			if _, again := b.Read(make([]byte, 1)); again != err {
				t.Errorf("next Read gives %v", again)
			}
			if b.Trailer() != nil {
				t.Error("unproven trailer is shown")
			}
		})
	}
}

// unsignedHead signs a request whose chunks have no signatures.
func unsignedHead(t testing.TB, payload Payload, headers ...string) string {
	r, err := http.NewRequest("PUT", "https://b.s3.amazonaws.com/k", nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	creds := Credentials{AccessKeyID: "AKID", SecretAccessKey: s3Secret}
	if err := Sign(r, creds, Scope{Region: "us-east-1", Service: "s3"}, payload, at(t, "20130524T000000Z")); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("PUT /k HTTP/1.1\nHost: b.s3.amazonaws.com\n")
	for name, values := range r.Header {
		b.WriteString(name + ": " + values[0] + "\n")
	}
	return b.String()
}

func TestUnsignedChunks(t *testing.T) {
	head := unsignedHead(t, StreamingUnsignedTrailer, "X-Amz-Decoded-Content-Length", "12", "X-Amz-Trailer", "x-amz-checksum-crc32, x-amz-meta-b")
	for _, test := range []struct{ name, body, code string }{
		{"good", "8\r\n01234567\r\n4\r\n89ab\r\n0\r\nx-amz-checksum-crc32: AAAA\r\nX-Amz-Meta-B:b\r\n\r\n", ""},
		{"signed chunk", aChunk(12, strings.Repeat("0", 64)), "IncompleteBody"},
		{"extension", "8;a=b\r\n01234567\r\n", "IncompleteBody"},
		{"one trailer only", "c\r\n0123456789ab\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n", "MalformedTrailerError"},
		{"too short", "8\r\n01234567\r\n0\r\nx-amz-checksum-crc32:AAAA\r\nx-amz-meta-b:b\r\n\r\n", "IncompleteBody"},
		{"too long", "d\r\n0123456789abc\r\n0\r\n\r\n", "IncompleteBody"},
	} {
		t.Run(test.name, func(t *testing.T) {
			b, err := open(t, head, strings.NewReader(test.body), s3Secret)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(b)
			if codeOf(err) != test.code {
				t.Fatalf("%v, want %q", err, test.code)
			}
			if err == nil && (string(got) != "0123456789ab" || b.Trailer().Get("X-Amz-Meta-B") != "b") {
				t.Errorf("%q, %v", got, b.Trailer())
			}
		})
	}
}

func TestStreamingHeadersRequired(t *testing.T) {
	for _, headers := range [][]string{
		{"X-Amz-Trailer", "x-amz-checksum-crc32"},
		{"X-Amz-Decoded-Content-Length", "12"},
		{"X-Amz-Decoded-Content-Length", "-12", "X-Amz-Trailer", "x-amz-checksum-crc32"},
	} {
		_, err := open(t, unsignedHead(t, StreamingUnsignedTrailer, headers...), strings.NewReader(""), s3Secret)
		if err == nil || !strings.HasPrefix(err.Error(), "SignatureDoesNotMatch: Missing required header") {
			t.Errorf("%v: %v", headers, err)
		}
	}
}

// TestDeclaredBody reads bodies in one piece, whose hash is known beforehand.
func TestDeclaredBody(t *testing.T) {
	for _, test := range []struct {
		name    string
		payload Payload
		body    string
		code    string
	}{
		{"as declared", HashPayload([]byte("body")), "body", ""},
		{"other", HashPayload([]byte("body")), "Body", "SignatureDoesNotMatch"},
		{"cut", HashPayload([]byte("body")), "bod", "SignatureDoesNotMatch"},
		{"unsigned", UnsignedPayload, "anything", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			b, err := open(t, unsignedHead(t, test.payload), strings.NewReader(test.body), s3Secret)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(b)
			if codeOf(err) != test.code || err == nil && string(got) != test.body {
				t.Errorf("%q, %v, want %q", got, err, test.code)
			}
		})
	}
}

func TestBodyPassesOtherErrorsOn(t *testing.T) {
	cause := errors.New("connection lost")
	for _, cut := range []int{0, 10, 5000, 66000} {
		b, err := open(t, chunkedHead, io.MultiReader(strings.NewReader(chunkedBody()[:cut]), iotest.ErrReader(cause)), s3Secret)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(b); err != cause {
			t.Errorf("cut at %d: %v", cut, err)
		}
	}
}

// FuzzChunks looks for bodies that are accepted though they are not what was
// signed, and for reads that never end.
func FuzzChunks(f *testing.F) {
	const whole = "sixteen letters!"
	key := func(s Signature) *Key { return NewKey(s3Secret, s.Scope) }
	payloads := []Payload{StreamingPayload, StreamingPayloadTrailer, StreamingUnsignedTrailer}
	var heads []string
	for _, payload := range payloads {
		headers := []string{"X-Amz-Decoded-Content-Length", "16"}
		if payload.trailer() {
			headers = append(headers, "X-Amz-Trailer", "x-amz-checksum-crc32")
		}
		heads = append(heads, unsignedHead(f, payload, headers...))
		s, err := Parse(request(f, heads[len(heads)-1], ""))
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(signChunks(key(s), s.stamp, s.scope, s.signature, whole[:9], whole[9:])), uint8(len(heads)-1))
	}
	f.Add([]byte("10\r\n"+whole+"\r\n0\r\nx-amz-checksum-crc32:a\r\n\r\n"), uint8(2))
	f.Add([]byte("ffffffffffffffff;chunk-signature="+strings.Repeat("0", 64)+"\r\n"), uint8(0))
	f.Fuzz(func(t *testing.T, body []byte, kind uint8) {
		payload := payloads[int(kind)%len(payloads)]
		b, err := open(t, heads[int(kind)%len(payloads)], bytes.NewReader(body), s3Secret)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(b)
		if err == nil && (len(got) != len(whole) || payload.signed() && string(got) != whole) {
			t.Errorf("accepted %q", got)
		}
		if len(got) > len(whole) {
			t.Errorf("gave out %d bytes", len(got))
		}
	})
}

func BenchmarkChunks(b *testing.B) {
	body := chunkedBody()
	b.SetBytes(66560)
	b.ReportAllocs()
	for b.Loop() {
		src, err := open(b, chunkedHead, strings.NewReader(body), s3Secret)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, src); err != nil {
			b.Fatal(err)
		}
	}
}

func codeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	if err == nil {
		return ""
	}
	return cmp.Or(err.Error(), "?")
}

// signChunks is a client's side of a chunked upload, to try sizes that the
// published examples do not have.
func signChunks(key *Key, stamp, scope, seed string, pieces ...string) string {
	var b strings.Builder
	previous := seed
	for _, piece := range append(pieces, "") {
		sum := sha256.Sum256([]byte(piece))
		text := strings.Join([]string{chunkAlgorithm, stamp, scope, previous, emptyHash, hex.EncodeToString(sum[:])}, "\n")
		previous = hex.EncodeToString(key.appendMAC(nil, []byte(text)))
		b.WriteString(strconv.FormatInt(int64(len(piece)), 16) + signatureField + previous + "\r\n" + piece + "\r\n")
	}
	return b.String()
}

func TestChunkSizes(t *testing.T) {
	for _, pieces := range [][]string{{}, {"a"}, {strings.Repeat("x", 4095), "y"}, {strings.Repeat("x", 4096)}, {strings.Repeat("x", 100_000), "", "z"}} {
		whole := strings.Join(pieces, "")
		head := unsignedHead(t, StreamingPayload, "X-Amz-Decoded-Content-Length", strconv.Itoa(len(whole)))
		s, err := Parse(request(t, head, ""))
		if err != nil {
			t.Fatal(err)
		}
		body := signChunks(NewKey(s3Secret, s.Scope), s.stamp, s.scope, s.signature, pieces...)
		b, err := open(t, head, strings.NewReader(body), s3Secret)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(b)
		if empty := len(pieces) == 3; empty { // an empty chunk is the last one
			if codeOf(err) != "IncompleteBody" {
				t.Errorf("empty chunk inside: %v", err)
			}
			continue
		}
		if err != nil || string(got) != whole {
			t.Errorf("%d pieces: %d bytes, %v", len(pieces), len(got), err)
		}
	}
}
