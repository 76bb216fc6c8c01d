package sigv4

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
)

const trailerSignature = "x-amz-trailer-signature"

// readTrailers takes apart what follows the last chunk: the headers announced
// by x-amz-trailer, each once, and for a signed payload their signature. Lines
// may end in LF or CRLF and be followed by empty ones, as clients in the field
// have it (S3 API Reference, "Including Trailing Headers").
func (c *chunks) readTrailers(rest []byte) error {
	if len(rest) > maxTrailers || !bytes.HasSuffix(rest, []byte("\n")) {
		return refuse(badTrailer, textTrailer)
	}
	var text strings.Builder // canonical trailing headers
	var names []string
	given := ""
	for line := range strings.Lines(string(rest)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		name, value = strings.ToLower(name), strings.Trim(value, " \t")
		switch {
		case !ok, !headerName(name), given != "":
			return refuse(badTrailer, textTrailer)
		case name == trailerSignature:
			given = value
			continue
		}
		names = append(names, name)
		text.WriteString(name + ":" + value + "\n")
		c.addTrailer(name, value)
	}
	if !sameNames(names, c.declared) {
		return refuse(badTrailer, textTrailer)
	}
	return c.proveTrailers(text.String(), given)
}

func (c *chunks) addTrailer(name, value string) {
	if c.trailer == nil {
		c.trailer = http.Header{}
	}
	c.trailer.Add(name, value)
}

// proveTrailers wants a signature exactly where the payload promises one.
func (c *chunks) proveTrailers(text, given string) error {
	if c.sig.Payload != StreamingPayloadTrailer {
		if given != "" {
			return refuse(badTrailer, textTrailer)
		}
		return nil
	}
	sum := sha256.Sum256([]byte(text))
	return c.match(trailerAlgorithm+"\n"+c.context()+"\n"+hex.EncodeToString(sum[:]), given)
}

// sameNames tells whether the names are those of a comma list, each once.
func sameNames(names []string, list string) bool {
	var declared []string
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.ToLower(strings.Trim(name, " \t")); name != "" {
			declared = append(declared, name)
		}
	}
	slices.Sort(names)
	slices.Sort(declared)
	return slices.Equal(names, declared) && len(slices.Compact(declared)) == len(names)
}

const textTrailer = "The request contained trailing data that was not well-formed or did not conform to our published schema."
