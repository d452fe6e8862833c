package language

import (
	"embed"
	"math"
	"strings"
	"sync"
	"unicode"
)

// A profile is what is known of how a language is written. Costs are negative
// natural logarithms of probabilities.
type profile struct {
	words map[string]bool
	grams map[[3]rune]float64
}

//go:embed data
var data embed.FS

// profiles are those of tags. Each file holds words that customers use, and
// behind an empty line the commonest trigrams, "_" being the edge of a word,
// each with a letter for its cost: a is 4, and each letter after it 1/4 more.
// They were counted in the running text of the GNOME help (CC BY-SA 3.0), a word
// by the root of its frequency.
var profiles = sync.OnceValue(func() []profile {
	all := make([]profile, len(tags))
	for i, tag := range tags {
		file, err := data.ReadFile("data/" + tag + ".txt")
		if err != nil {
			continue // cannot be: it is embedded
		}
		words, grams, _ := strings.Cut(string(file), "\n\n")
		all[i] = profile{map[string]bool{}, map[[3]rune]float64{}}
		for w := range strings.FieldsSeq(words + " " + Stop(tag) + " " + Asking(tag)) {
			all[i].words[w] = true
		}
		for g := range strings.FieldsSeq(grams) {
			r := []rune(g)
			all[i].grams[[3]rune(r[:3])] = 4 + float64(r[3]-'a')/4
		}
	}
	return all
})

const (
	// known is the cost of a word that a language has in its list.
	known = 6
	// rare is the cost of a trigram that is not among the commonest.
	rare = 10.5
	// overlap is how much of a trigram's cost is its own, and not shared with its
	// neighbours.
	overlap = 0.5
	// strongest is the most that one word may speak for a language, so that no
	// single name decides about a text.
	strongest = 3
	// margin is how much likelier than any other a language has to be: e to its
	// power, about 20 times.
	margin = 3
	// foreign is the mean cost of trigrams from which a word is of none of the
	// languages.
	foreign = 8.6
	// enough is how many words are looked at.
	enough = 60
)

// Detect returns the likeliest of Tags, and whether that is sure: whether it is
// much likelier than any other, and not a language that Detect does not know.
// The tag is empty for a text that has no words. Words in their languages are
// told by lists, and others by the trigrams they are made of.
func Detect(text string) (tag string, sure bool) {
	var costs [7]float64
	words, strangers := 0, 0
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' && !number(r) && r != '@' && r != '.' && r != '/' && r != '_' }) {
		w = strings.Trim(strings.ReplaceAll(w, "’", "'"), "'./")
		if w == "" || strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
			continue // a number, an address or a code
		}
		if words++; words > enough {
			break
		}
		if weigh(strings.ToLower(w), &costs) {
			strangers++
		}
	}
	if words == 0 {
		return "", false
	}
	best, second := 0, -1
	for i := range costs {
		switch {
		case i == best:
		case costs[i] < costs[best]:
			best, second = i, best
		case second < 0 || costs[i] < costs[second]:
			second = i
		}
	}
	return tags[best], costs[second]-costs[best] >= margin && strangers*3 <= words
}

func number(r rune) bool { return r >= '0' && r <= '9' }

// weigh adds what a word costs in each language, and reports whether it is of
// none of them.
func weigh(w string, costs *[7]float64) (stranger bool) {
	var cost [7]float64
	least, listed := math.Inf(1), false
	runes := []rune("_" + w + "_")
	for i, p := range profiles() {
		cost[i] = known
		if has := p.has(w); !has {
			cost[i] = p.spell(runes)
		} else {
			listed = true
		}
		least = min(least, cost[i])
	}
	for i := range cost {
		costs[i] += min(cost[i]-least, strongest)
	}
	return !listed && least/overlap/float64(len(runes)-2) > foreign
}

// has reports whether a word is in the list, whole or in the parts that an
// apostrophe leaves of it, as in "l'ordre" and "don't".
func (p *profile) has(w string) bool {
	if p.words[w] {
		return true
	}
	before, after, ok := strings.Cut(w, "'")
	return ok && p.words[before] && (p.words[after] || len(before) < 3)
}

// spell returns what a word costs by its trigrams.
func (p *profile) spell(runes []rune) float64 {
	sum := 0.0
	for i := range len(runes) - 2 {
		if c, ok := p.grams[[3]rune(runes[i:i+3])]; ok {
			sum += c * overlap
		} else {
			sum += rare * overlap
		}
	}
	return max(sum, known+1)
}
