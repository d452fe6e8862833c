package retrieval

// A Signal is one of the things that [Result.Evidence] rests on, with what it
// counts. The sums over all signals of Value times Near, and of Value times Far,
// are the two parts of the evidence.
type Signal struct {
	// Name tells what was looked at, such as "coverage".
	Name string `json:"name"`
	// Value does not depend on the scale of scores, so that it can be compared
	// between questions and contents.
	Value float64 `json:"value"`
	// Near and Far are its weights.
	Near float64 `json:"near"`
	Far  float64 `json:"far"`
}

// signalNames are the names of the features.
var signalNames = [featureCount]string{
	bias: "bias", extent: "extent", rarity: "rarity", asking: "asking", strange: "strange", topic: "topic", matched: "matched",
	elsewhere: "elsewhere", anywhere: "anywhere", coverage: "coverage", wordScore: "word score", lead: "lead",
	gramLead: "n-gram lead", sentence: "sentence", nearby: "nearby", phrases: "phrases", nameless: "nameless",
	size: "size", unmet: "unmet", lost: "lost", akin: "akin",
}

// signals returns features with what they count.
func (m *model) signals(f *features) []Signal {
	out := make([]Signal, featureCount)
	for i, name := range signalNames {
		out[i] = Signal{name, f[i], m.trust * nearWeights[i], farWeights[i]}
	}
	return out
}
