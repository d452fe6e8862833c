package agent

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// An Address is how customers are spoken to in languages that have two forms.
type Address string

// The forms of address. The zero value is what shops use in each language.
const (
	Formal   Address = "formal"   // as "Sie", "vous", "usted"
	Informal Address = "informal" // as "du", "tu", "je"
)

// A Voice is how the agent's words sound: what the model is told, and rules that
// code checks. What breaks a rule is told to the model once, which writes the
// answer again; a sentence with a banned word is then dropped, and anything else
// is let through with a finding. Of sentences that are quoted word for word from
// a source only the banned words are checked.
type Voice struct {
	// Description tells the model how to write.
	Description string `json:"description,omitempty"`
	// Banned are words, or runs of words, that the agent does not use, whatever
	// their case.
	Banned []string `json:"banned,omitempty"`
	// MaxWords is the most words in a sentence, and MaxLength the most characters
	// in an answer. Zero means no limit.
	MaxWords  int `json:"max_words,omitempty"`
	MaxLength int `json:"max_length,omitempty"`
	// Address is how customers are spoken to, in the fixed texts as well. A word
	// of the other form breaks it.
	Address Address `json:"address,omitempty"`
	// Readability is the least reading ease of an answer, from 0 to 100, of which 60
	// is plain language: see readability for the formulas. Zero means no limit.
	Readability float64 `json:"readability,omitempty"`
}

// check returns the faults of the voice.
func (v Voice) check(fault func(format string, args ...any)) {
	switch v.Address {
	case "", Formal, Informal:
	default:
		fault("profile.voice.address %q is none of formal, informal", v.Address)
	}
	for i, banned := range v.Banned {
		if strings.TrimSpace(plainWords(banned)) == "" {
			fault("profile.voice.banned[%d] %q holds no words", i, banned)
		}
	}
	if v.MaxWords < 0 || v.MaxLength < 0 || v.Readability < 0 || v.Readability > 100 {
		fault("profile.voice: max_words and max_length may not be negative, and readability is from 0 to 100")
	}
}

// rules tells the model of the voice.
func (v *Voice) rules() string {
	var b strings.Builder
	if v.Description != "" {
		fmt.Fprintf(&b, "- %s\n", strings.TrimSpace(v.Description))
	}
	if len(v.Banned) > 0 {
		fmt.Fprintf(&b, "- Never use these words: %s.\n", strings.Join(v.Banned, ", "))
	}
	if v.MaxWords > 0 {
		fmt.Fprintf(&b, "- Write at most %d words in a sentence.\n", v.MaxWords)
	}
	if v.MaxLength > 0 {
		fmt.Fprintf(&b, "- Write at most %d characters in all.\n", v.MaxLength)
	}
	return b.String()
}

// banned returns the first banned word of a sentence.
func (v *Voice) banned(sentence string) (word string, ok bool) {
	if len(v.Banned) == 0 {
		return "", false
	}
	words := plainWords(sentence)
	for _, b := range v.Banned {
		if strings.Contains(words, plainWords(b)) {
			return b, true
		}
	}
	return "", false
}

// breaks returns in words which of the other rules a sentence breaks.
func (v *Voice) breaks(sentence string, book *phrasebook) (remarks []string) {
	if n := len(strings.Fields(sentence)); v.MaxWords > 0 && n > v.MaxWords {
		remarks = append(remarks, fmt.Sprintf("a sentence has at most %d words, and this one has %d", v.MaxWords, n))
	}
	other := map[Address]string{Formal: book.Marks.Informal, Informal: book.Marks.Formal}[v.Address]
	if w := mark(sentence, strings.Fields(other)); w != "" {
		_, pronoun := book.pronoun(v.Address)
		remarks = append(remarks, fmt.Sprintf("the customer is addressed in the %s form (%s), and not as in %q", v.Address, pronoun, w))
	}
	return remarks
}

// breaksAsWhole returns in words which rules an answer breaks.
func (v *Voice) breaksAsWhole(answer, tag string) (remarks []string) {
	if n := utf8.RuneCountInString(answer); v.MaxLength > 0 && n > v.MaxLength {
		remarks = append(remarks, fmt.Sprintf("an answer has at most %d characters, and this one has %d", v.MaxLength, n))
	}
	if ease, ok := readability(answer, tag); v.Readability > 0 && ok && ease < v.Readability {
		remarks = append(remarks, fmt.Sprintf("the answer is hard to read (%.0f of 100, wanted %.0f): use shorter sentences and words", ease, v.Readability))
	}
	return remarks
}

// mark returns the first of some words that a sentence has. A word that begins
// with a capital, such as the German "Sie", is one only where no sentence
// begins: there any word has it.
func mark(sentence string, words []string) string {
	start := true
	for w := range strings.FieldsFuncSeq(sentence, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("-—()\"«»„“”/,;:", r) }) {
		bare := strings.TrimFunc(w, func(r rune) bool { return !unicode.IsLetter(r) })
		if !start && slices.Contains(words, bare) || slices.Contains(words, strings.ToLower(bare)) {
			return bare
		}
		if bare != "" {
			start = strings.ContainsAny(w[len(w)-1:], ".!?")
		}
	}
	return ""
}

// plainWords returns the words of a text in lower case, with a space around each.
func plainWords(text string) string {
	var b strings.Builder
	b.WriteByte(' ')
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		b.WriteString(w)
		b.WriteByte(' ')
	}
	return b.String()
}
