package writ

import "time"

// Delegation is what an account was granted in another one, by somebody there
// (IAM User Guide, "IAM temporary delegation").
type Delegation struct {
	State   string    // of the request, in the API's words
	Until   time.Time // when the access ends; zero while the token has not been sent
	Session *Session  // what the credentials are to be; nil as long
}
