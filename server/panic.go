package server

import "fmt"

// panicError is a panic of one request, caught so that it hurts no other. Its
// text goes to the log, never to the caller.
type panicError struct {
	value any
	stack []byte
}

func (e *panicError) Error() string { return fmt.Sprintf("panic: %v\n%s", e.value, e.stack) }
