package wire

import (
	"bytes"
	"io"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/writ-iam/writ"
)

const boundary = "multipart/form-data; boundary=b"

func formPart(head, body string) string {
	return "--b\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + body + "\r\n"
}

func readFormOf(body string) (*Form, error) {
	h := httptest.NewRequest("POST", "/lab", strings.NewReader(body))
	h.Header.Set("Content-Type", boundary)
	return (&Request{HTTP: h}).ReadForm()
}

// A form is read up to its file, whose name may become part of the key.
func TestReadForm(t *testing.T) {
	form, err := readFormOf(formPart(`name="Key"`, "up/${filename}") + formPart(`name="file"; filename="C:\\a\\b.txt"`, "bytes") +
		formPart(`name="late"`, "ignored") + "--b--\r\n")
	if err != nil {
		t.Fatal(err)
	}
	file, err := io.ReadAll(form.File)
	if form.Fields["key"] != "up/b.txt" || string(file) != "bytes" || err != nil || len(form.Fields) != 1 {
		t.Errorf("%v %q %v", form.Fields, file, err)
	}
}

func TestReadFormRefuses(t *testing.T) {
	key, file := formPart(`name="key"`, "a"), formPart(`name="file"; filename="f"`, "x")
	for want, body := range map[string]string{
		"InvalidArgument":                    key + "--b--\r\n",
		"InvalidArgument ":                   file + "--b--\r\n",
		"MalformedPOSTRequest":               "no form",
		"MalformedPOSTRequest ":              key + key + file + "--b--\r\n",
		"MalformedPOSTRequest  ":             formPart(`name="key"`, "\xff") + file,
		"MaxPostPreDataLengthExceededError":  formPart(`name="a"`, strings.Repeat("a", maxFields)) + key + file,
		"MaxPostPreDataLengthExceededError ": strings.Repeat(formPart(`name="a"`, ""), 1) + "--b\r\nX: " + strings.Repeat("a", 3*maxFields) + "\r\n\r\n",
	} {
		_, err := readFormOf(body)
		if told, ok := writ.AsError(err); !ok || told.Code != strings.TrimSpace(want) {
			t.Errorf("%.40q: %v, want %s", body, err, want)
		}
	}
}

// A file that is cut off never looks whole.
func TestFormCutOff(t *testing.T) {
	form, err := readFormOf(formPart(`name="key"`, "a") + "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nhalf")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(form.File); err == nil {
		t.Error("half a file was read without an error")
	}
}

// Whatever is sent, a form is read or refused in S3's words, its fields are
// bounded, and its file can be read to an end.
func FuzzReadForm(f *testing.F) {
	f.Add([]byte(formPart(`name="key"`, "a/${filename}") + formPart(`name="file"; filename="f"`, "x") + "--b--\r\n"))
	f.Add([]byte("--b\r\n\r\n--b--"))
	f.Fuzz(func(t *testing.T, body []byte) {
		h := httptest.NewRequest("POST", "/lab", bytes.NewReader(body))
		h.Header.Set("Content-Type", boundary)
		form, err := (&Request{HTTP: h}).ReadForm()
		if err != nil {
			if _, ok := writ.AsError(err); !ok {
				t.Fatalf("%v", err)
			}
			return
		}
		size := 0
		for name, value := range form.Fields {
			if name != "key" { // the file's name is in it
				size += len(name) + len(value)
			}
		}
		if size > maxFields || form.Fields["key"] == "" {
			t.Fatalf("%d bytes of fields, key %q", size, form.Fields["key"])
		}
		if n, err := io.Copy(io.Discard, form.File); err == nil && n > int64(len(body)) {
			t.Fatal("more than there is")
		}
	})
}
