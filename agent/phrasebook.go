package agent

import (
	"embed"
	"encoding/json"
	"strings"
	"sync"

	"github.com/frontdesk-go/frontdesk/internal/language"
)

// A phrasebook is what the engine knows of a language: its own words, and how
// to read and check those of others. Lists of words are parted by spaces.
type phrasebook struct {
	// Name is the language's, in English, for the model.
	Name string `json:"name"`
	// Address is how customers are spoken to: the form that shops use by default,
	// and what the model is told of each. Empty where a language has one form.
	Address struct {
		Default  Address `json:"default"`
		Formal   string  `json:"formal"`
		Informal string  `json:"informal"`
	} `json:"address"`
	// Texts are in the default form of address, Other replaces them in the other.
	Texts Texts `json:"texts"`
	Other Texts `json:"other"`
	// Openings and From stand before what Extractive quotes.
	Openings map[Personality]string `json:"openings"`
	From     string                 `json:"from"`
	// Talk is what small talk is made of.
	Talk struct {
		Greetings string `json:"greetings"`
		Thanks    string `json:"thanks"`
		Fillers   string `json:"fillers"`
	} `json:"talk"`
	// Choices are the words for the first, second and third of some options.
	Choices []string `json:"choices"`
	// Sentiment are words of praise and of anger, and those that turn them round.
	Sentiment struct {
		Good string `json:"good"`
		Bad  string `json:"bad"`
		Not  string `json:"not"`
	} `json:"sentiment"`
	// Marks are words that only a form of address has, in their case if they
	// begin with a capital.
	Marks struct {
		Formal   string `json:"formal"`
		Informal string `json:"informal"`
	} `json:"marks"`
	Claims claims `json:"claims"`
}

//go:embed phrases
var phrases embed.FS

// phrasebooks returns the phrasebooks by language.
var phrasebooks = sync.OnceValue(func() map[string]*phrasebook {
	books := map[string]*phrasebook{}
	for _, tag := range language.Tags() {
		books[tag] = &phrasebook{}
		// A fault cannot be: the files are embedded, and a test reads them all.
		if file, err := phrases.ReadFile("phrases/" + tag + ".json"); err == nil {
			_ = json.Unmarshal(file, books[tag])
		}
	}
	return books
})

// phrasesOf returns the phrasebook of a language, the English one for a
// language that has none.
func phrasesOf(tag string) *phrasebook {
	if book := phrasebooks()[tag]; book != nil {
		return book
	}
	return phrasebooks()[english]
}

// english is the language of last resort.
const english = "en"

// texts returns the fixed texts in a form of address.
func (p *phrasebook) texts(a Address) Texts {
	if a == "" || a == p.Address.Default {
		return p.Texts
	}
	return p.Texts.with(p.Other)
}

// pronoun returns what the model is told of a form of address: empty where the
// language has only one.
func (p *phrasebook) pronoun(a Address) (form Address, pronoun string) {
	if a == "" {
		a = p.Address.Default
	}
	if a == Formal {
		return a, p.Address.Formal
	}
	return a, p.Address.Informal
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
