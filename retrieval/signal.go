package retrieval

// A Signal is one of the things that [Result.Answerable] rests on, with the
// weight that calibration has given it. The sum over all signals of Value times
// Weight is above zero where an answer is the likelier.
type Signal struct {
	// Name tells what was looked at, such as "coverage".
	Name string `json:"name"`
	// Value does not depend on the scale of scores, so that it can be compared
	// between questions and contents.
	Value  float64 `json:"value"`
	Weight float64 `json:"weight"`
}

// signalNames are the names of the features.
var signalNames = [featureCount]string{
	bias: "bias", extent: "extent", rarity: "rarity", strange: "strange", asking: "asking", topic: "topic",
	elsewhere: "elsewhere", anywhere: "anywhere", coverage: "coverage", wordScore: "word score", lead: "lead",
	gramLead: "n-gram lead", sentence: "sentence", nearby: "nearby", phrases: "phrases", nameless: "nameless",
	size: "size", unmet: "unmet",
}

// signals returns features with what the model makes of them.
func (m *model) signals(f features) []Signal {
	out := make([]Signal, featureCount)
	for i, name := range signalNames {
		out[i] = Signal{name, f[i], m.weights[i]}
	}
	return out
}
