package onboarding

// Proposed is the payload, in JSON, of a proposal of an act that takes two
// people: what is to be done when another confirms it.
type Proposed struct {
	Matter string `json:"matter"`
	Act    string `json:"act"`
	Input  Input  `json:"input"`
}

// TwoKind is the name under which proposals of an act that takes two are known.
func (r *Row) TwoKind() string { return "life." + string(r.Kind) + "." + r.Name }
