package imds

import (
	"fmt"
	"net/http"
	"strconv"
)

// answer is what a request gets.
type answer struct {
	status int
	kind   string // Content-Type
	body   string
	ttl    int // seconds that the session token is still good, 0 if there was none
	hops   int // limit of the answer's hops, 0 for none
}

func text(body string) *answer { return &answer{status: http.StatusOK, kind: "text/plain", body: body} }

func document(body string) *answer {
	return &answer{status: http.StatusOK, kind: "application/json", body: body}
}

// refuse is the error of a status, with a body in AWS's form.
func refuse(status int) *answer {
	title := fmt.Sprintf("%d - %s", status, http.StatusText(status))
	return &answer{status: status, kind: "text/html", body: `<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
	"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>` + title + `</title>
 </head>
 <body>
  <h1>` + title + `</h1>
 </body>
</html>
`}
}

func (a *answer) send(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Server", "EC2ws")
	h.Set("Content-Type", a.kind)
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	if a.ttl > 0 {
		h.Set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", strconv.Itoa(a.ttl))
	}
	if a.hops > 0 {
		h.Set("Connection", "close") // the limit is the connection's
	}
	w.WriteHeader(a.status)
	w.Write([]byte(a.body))
}
