package agent

import (
	"strings"
	"unicode"
)

// fewestWords is from how many words on a text is measured: the formulas were
// made for samples of a hundred.
const fewestWords = 30

// readability returns how easy a text is to read, from 0 to about 100, and
// whether it is long enough to say. W is words by sentence, S is syllables by
// word:
//
//	en  206.835 - 1.015 W - 84.6 S    Flesch, 1948
//	de  180 - W - 58.5 S              Amstad, 1978
//	fr  207 - 1.015 W - 73.6 S        Kandel and Moles, 1958
//	es  206.84 - 1.02 W - 60 S        Fernández Huerta, 1959
//	nl  206.84 - 0.93 W - 77 S        Douma, 1960
//	pt  248.835 - 1.015 W - 84.6 S    Martins et al., 1996
//	it  206 - W - 65 S                Franchina and Vacca, 1986 (Flesch-Vacca)
//
// Syllables are counted as runs of vowels, which is right on average.
func readability(text, tag string) (ease float64, ok bool) {
	words, sentences, syllables := 0, 0, 0
	ended := true
	for w := range strings.FieldsSeq(text) {
		if !strings.ContainsFunc(w, unicode.IsLetter) {
			continue
		}
		if ended {
			sentences++
		}
		ended = strings.ContainsAny(w[len(w)-1:], ".!?:")
		words++
		syllables += syllablesOf(strings.ToLower(w), tag)
	}
	if words < fewestWords {
		return 0, false
	}
	f, known := readingFormulas[tag]
	if !known {
		return 0, false
	}
	w, s := float64(words)/float64(sentences), float64(syllables)/float64(words)
	return min(max(f.base-f.words*w-f.syllables*s, 0), 100), true
}

// A readingFormula is base - words * W - syllables * S.
type readingFormula struct{ base, words, syllables float64 }

var readingFormulas = map[string]readingFormula{
	"en": {206.835, 1.015, 84.6}, "de": {180, 1, 58.5}, "fr": {207, 1.015, 73.6}, "es": {206.84, 1.02, 60},
	"nl": {206.84, .93, 77}, "pt": {248.835, 1.015, 84.6}, "it": {206, 1, 65},
}

// syllablesOf returns about how many syllables a word has, at least one.
func syllablesOf(word, tag string) int {
	n, last := 0, rune(0)
	for _, r := range word {
		vowel := strings.ContainsRune("aeiouyàáâãäåèéêëìíîïòóôõöùúûüœæ", r)
		// In the south two strong vowels are two syllables, as in "peor".
		if vowel && (last == 0 || (tag == "es" || tag == "it" || tag == "pt") && strings.ContainsRune("aeoáéóàèò", r) && strings.ContainsRune("aeoáéóàèò", last)) {
			n++
		}
		last = 0
		if vowel {
			last = r
		}
	}
	bare := strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) })
	silent := tag == "en" && strings.HasSuffix(bare, "e") && !strings.HasSuffix(bare, "le") ||
		tag == "fr" && (strings.HasSuffix(bare, "e") || strings.HasSuffix(bare, "es"))
	if silent && n > 1 {
		n--
	}
	return max(n, 1)
}
