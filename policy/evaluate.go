package policy

// Evaluate decides the request. It does not allocate.
func (p *Policies) Evaluate(r *Request) Result { return Result{} }

// Statement returns the deciding statement; nil if none decided.
func (r Result) Statement() *Statement { return nil }
