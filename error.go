package writ

import (
	"errors"
	"fmt"
	"net/http"
)

// Error is the one kind of error that reaches a caller. Any other error
// becomes an InternalFailure in the server, is logged once, and its text is
// never shown.
type Error struct {
	Code    string            // AWS's code, as clients match on it: "NoSuchEntity"
	Status  int               // HTTP status
	Message string            // AWS's text
	Fields  map[string]any    // modeled members beyond the message, by member name; usually nil
	Header  map[string]string // headers of the answer beyond those of every error; usually nil
}

func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Errorf makes an Error whose message is formatted as by fmt.Sprintf.
func Errorf(status int, code, format string, args ...any) *Error {
	return &Error{Code: code, Status: status, Message: fmt.Sprintf(format, args...)}
}

// AsError says what a caller is told of err: err itself if it is (or wraps) an
// Error, else an InternalFailure that reveals nothing. ok is false in the
// second case: err then belongs in the log.
func AsError(err error) (e *Error, ok bool) {
	if errors.As(err, &e) {
		return e, true
	}
	return Errorf(http.StatusInternalServerError, "InternalFailure",
		"The request processing has failed because of an unknown error, exception or failure."), false
}

// The errors below are common to all services
// (AWS documentation: "Common Errors" of each API reference).

// AccessDenied is the answer to a call that policies do not allow.
func AccessDenied(format string, args ...any) *Error {
	return Errorf(http.StatusForbidden, "AccessDenied", format, args...)
}

// ValidationError is the answer to input that breaks a constraint of the API.
func ValidationError(format string, args ...any) *Error {
	return Errorf(http.StatusBadRequest, "ValidationError", format, args...)
}

// NotImplemented is the honest answer of an operation that Writ does not have.
// 501 is sent once by every SDK; a 500 would be retried.
func NotImplemented(format string, args ...any) *Error {
	return Errorf(http.StatusNotImplemented, "NotImplemented", format, args...)
}
