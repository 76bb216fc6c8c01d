package wire

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/writ-iam/writ"
)

// Form is what a browser's form uploads (multipart/form-data; S3 API Reference,
// "POST Object"): fields, and after them one file, which is read as it comes.
// What follows the file is not read.
type Form struct {
	Fields map[string]string // by name in lower case; ${filename} in the key is replaced
	File   io.Reader
}

// maxFields bounds all that comes before the file, in bytes.
const maxFields = 20 << 10

// fileName stands in a key for the name of the file on the user's machine.
const fileName = "${filename}"

// ReadForm reads the form up to its file, which then is the request's payload.
// The error is a *writ.Error.
func (r *Request) ReadForm() (*Form, error) {
	kind, params, err := mime.ParseMediaType(r.HTTP.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		e := writ.Errorf(http.StatusPreconditionFailed, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
		e.Fields = map[string]any{"Condition": "Bucket POST must be of the enclosure-type multipart/form-data"}
		return nil, e
	}
	body := &bounded{from: r.HTTP.Body, left: 2 * maxFields} // the reader reads ahead
	form, err := readForm(multipart.NewReader(body, params["boundary"]))
	if err != nil {
		return nil, err
	}
	body.left = -1
	r.form, r.payload = form, form.File
	return form, nil
}

func readForm(parts *multipart.Reader) (*Form, error) {
	form := &Form{Fields: map[string]string{}}
	for size := 0; ; {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			return nil, formArgument("file", "POST requires exactly one file upload per request.")
		}
		if err != nil {
			return nil, formError(err)
		}
		name := strings.ToLower(part.FormName())
		if name == "file" {
			form.File = &formFile{part}
			return form, form.named(part.FileName())
		}
		value, err := io.ReadAll(io.LimitReader(part, maxFields+1))
		if err != nil {
			return nil, formError(err)
		}
		if size += len(name) + len(value); size > maxFields {
			return nil, formError(errFields)
		}
		if err := form.add(name, string(value)); err != nil {
			return nil, err
		}
	}
}

// add takes a field; which of two of one name counts should never matter.
func (f *Form) add(name, value string) error {
	if _, twice := f.Fields[name]; twice || name == "" || !utf8.ValidString(name+value) {
		return formError(nil)
	}
	f.Fields[name] = value
	return nil
}

// named replaces the variable in the key.
func (f *Form) named(file string) error {
	key, ok := f.Fields["key"]
	if !ok || key == "" {
		return formArgument("key", "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.")
	}
	if !utf8.ValidString(file) {
		return formError(nil)
	}
	file = file[strings.LastIndexAny(file, `/\`)+1:]
	f.Fields["key"] = strings.ReplaceAll(key, fileName, file)
	return nil
}

func (f *Form) field(name string) node {
	if text, ok := f.Fields[name]; ok {
		return node{kind: raw, text: text}
	}
	return node{}
}

func (f *Form) all() node {
	n := node{kind: object}
	for name, text := range f.Fields {
		n.fields = append(n.fields, field{name, node{kind: raw, text: text}})
	}
	return n
}

// formFile is the file of a form. Its errors are for the caller.
type formFile struct{ part *multipart.Part }

func (f *formFile) Read(b []byte) (int, error) {
	n, err := f.part.Read(b)
	if err != nil && err != io.EOF {
		err = formError(err)
	}
	return n, err
}

// bounded refuses to read on when nothing is left; it is without bounds when
// less is.
type bounded struct {
	from io.Reader
	left int
}

var errFields = errors.New("wire: the fields of a form are too long")

func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return b.from.Read(p)
	}
	if b.left == 0 {
		return 0, errFields
	}
	n, err := b.from.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

func formError(err error) error {
	if errors.Is(err, errFields) || errors.Is(err, multipart.ErrMessageTooLarge) {
		return writ.Errorf(http.StatusBadRequest, "MaxPostPreDataLengthExceededError", "Your POST request fields preceding the upload file were too large.")
	}
	return writ.Errorf(http.StatusBadRequest, "MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.")
}

func formArgument(name, message string) error {
	e := writ.Errorf(http.StatusBadRequest, "InvalidArgument", "%s", message)
	e.Fields = map[string]any{"ArgumentName": name, "ArgumentValue": ""}
	return e
}
