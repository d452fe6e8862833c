package language

import (
	"embed"
	"math"
	"strings"
	"sync"
	"unicode"
)

// A table is what is known of how the languages are written.
type table struct {
	// words tells of each word which languages list it: bit i is for the i-th of tags.
	words map[string]uint8
	// grams tells what each trigram costs in each language: the negative natural
	// logarithm of its probability.
	grams map[gram]*[7]float32
}

// A gram is three characters, 21 bits each.
type gram uint64

func (g gram) then(r rune) gram { return (g<<21 | gram(r)) & (1<<63 - 1) }

//go:embed data
var data embed.FS

// known is what the files in data say. Each holds words that customers use, and
// behind an empty line the commonest trigrams, "_" being the edge of a word,
// each with a letter for its cost: a is 4, and each letter after it 1/4 more.
// They were counted in the running text of the GNOME help, a word by the root of
// its frequency.
var known = sync.OnceValue(func() table {
	t := table{map[string]uint8{}, map[gram]*[7]float32{}}
	for i, tag := range tags {
		file, err := data.ReadFile("data/" + tag + ".txt")
		if err != nil {
			continue // cannot be: it is embedded
		}
		words, grams, _ := strings.Cut(string(file), "\n\n")
		for w := range strings.FieldsSeq(words + " " + Stop(tag) + " " + Asking(tag)) {
			t.words[w] |= 1 << i
		}
		for entry := range strings.FieldsSeq(grams) {
			r := []rune(entry)
			g := gram(0).then(r[0]).then(r[1]).then(r[2])
			if t.grams[g] == nil {
				t.grams[g] = &[7]float32{rare, rare, rare, rare, rare, rare, rare}
			}
			t.grams[g][i] = 4 + float32(r[3]-'a')/4
		}
	}
	return t
})

const (
	// listed is the cost of a word that a language has in its list.
	listed = 6
	// rare is the cost of a trigram that is not among the commonest.
	rare = 10.5
	// overlap is how much of a trigram's cost is its own, and not shared with its
	// neighbours.
	overlap = 0.5
	// strongest is the most that one word may speak for a language, so that no
	// single name decides about a text.
	strongest = 3
	// margin is how much likelier than any other a language has to be: e to its
	// power, about 33 times, which no word comes to alone.
	margin = 3.5
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
	t := known()
	var costs [7]float32
	words, strangers := 0, 0
	for w := range strings.FieldsFuncSeq(text, parts) {
		w = strings.Trim(strings.ReplaceAll(w, "’", "'"), "'./")
		if w == "" || strings.ContainsFunc(w, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
			continue // a number, an address or a code
		}
		if words++; words > enough {
			break
		}
		if t.weigh(strings.ToLower(w), &costs) {
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

// parts reports whether a character stands between words. Those of addresses and
// codes do not, so that no part of one is taken for a word.
func parts(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return false
	}
	return !strings.ContainsRune("'’@./_", r) && !unicode.IsLetter(r)
}

// weigh adds what a word costs in each language, and reports whether it is of
// none of them.
func (t *table) weigh(w string, costs *[7]float32) (stranger bool) {
	in := t.list(w)
	cost, grams := t.spell(w)
	least := float32(math.MaxFloat32)
	for i := range cost {
		cost[i] = max(cost[i]*overlap, listed+1)
		if in&(1<<i) != 0 {
			cost[i] = listed
		}
		least = min(least, cost[i])
	}
	for i := range cost {
		costs[i] += min(cost[i]-least, strongest)
	}
	return in == 0 && least/overlap/float32(grams) > foreign
}

// list tells which languages list a word, whole or in the parts that an
// apostrophe leaves of it, as in "l'ordre" and "don't".
func (t *table) list(w string) uint8 {
	in := t.words[w]
	if before, after, ok := strings.Cut(w, "'"); ok {
		in |= t.words[before] & t.words[after]
		if len(before) < 3 {
			in |= t.words[before]
		}
	}
	return in
}

// spell returns what a word costs by its trigrams, and how many it has.
func (t *table) spell(w string) (cost [7]float32, grams int) {
	g := gram(0).then('_')
	add := func(r rune, at int) {
		g = g.then(r)
		if at == 0 {
			return
		}
		grams++
		each := t.grams[g]
		for i := range cost {
			if each == nil {
				cost[i] += rare
			} else {
				cost[i] += each[i]
			}
		}
	}
	at := 0
	for _, r := range w {
		add(r, at)
		at++
	}
	add('_', at)
	return cost, grams
}
