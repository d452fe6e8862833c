package agent

// An Address is how customers are spoken to in languages that have two forms.
type Address string

// The forms of address. The zero value is what shops use in each language.
const (
	Formal   Address = "formal"   // as "Sie", "vous", "usted"
	Informal Address = "informal" // as "du", "tu", "je"
)

// A Voice is how the agent's own words sound.
type Voice struct {
	Address Address `json:"address,omitempty"`
}
