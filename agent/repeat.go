package agent

// repeated reports whether the customer asks again what the agent has dealt with
// and the customer has not thanked for.
func (t *turn) repeated() bool { return false }
