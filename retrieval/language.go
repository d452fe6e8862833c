package retrieval

import (
	"math/bits"
	"strings"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/french"
	"github.com/kljensen/snowball/hungarian"
	"github.com/kljensen/snowball/norwegian"
	"github.com/kljensen/snowball/russian"
	"github.com/kljensen/snowball/spanish"
	"github.com/kljensen/snowball/swedish"

	lang "github.com/frontdesk-go/frontdesk/internal/language"
)

// A language knows which of its words carry no meaning, which mostly serve to
// ask, and how to cut words to their stem. Words are in lower case.
type language struct {
	tag    string
	stop   map[string]bool
	asking map[string]bool
	stem   func(word string) string
	wants  *wants              // nil when the language has none
	alike  map[string][]string // words of like meaning, by word or phrase
}

// unknown is any language that has no entry of its own.
var unknown = language{tag: "und", stem: func(w string) string { return w }}

// languages are those with a stemmer. The order breaks ties.
var languages = []*language{
	{"en", words(lang.Stop("en")), words(lang.Asking("en")), func(w string) string { return english.Stem(w, true) }, wantsEnglish, alikeEnglish},
	{"de", words(lang.Stop("de")), words(lang.Asking("de")), stemGerman, wantsGerman, nil},
	{"fr", words(lang.Stop("fr")), words(lang.Asking("fr")), func(w string) string { return french.Stem(w, true) }, wantsFrench, nil},
	{"es", words(lang.Stop("es")), words(lang.Asking("es")), func(w string) string { return spanish.Stem(w, true) }, wantsSpanish, nil},
	{"it", words(lang.Stop("it")), words(lang.Asking("it")), stemItalian, wantsItalian, nil},
	{"nl", words(lang.Stop("nl")), words(lang.Asking("nl")), stemDutch, wantsDutch, nil},
	{"pt", words(lang.Stop("pt")), words(lang.Asking("pt")), stemPortuguese, wantsPortuguese, nil},
	{"sv", words(lang.Stop("sv")), nil, func(w string) string { return swedish.Stem(w, true) }, nil, nil},
	{"no", words(lang.Stop("no")), nil, func(w string) string { return norwegian.Stem(w, true) }, nil, nil},
	{"ru", words(lang.Stop("ru")), nil, func(w string) string { return russian.Stem(w, true) }, nil, nil},
	{"hu", words(lang.Stop("hu")), nil, func(w string) string { return hungarian.Stem(w, true) }, nil, nil},
}

func words(list string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// languageOf returns the language of a BCP 47 tag, unknown when it has no stemmer.
func languageOf(tag string) *language {
	primary, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(tag, "_", "-")), "-")
	if primary == "nb" || primary == "nn" {
		primary = "no"
	}
	for _, l := range languages {
		if l.tag == primary {
			return l
		}
	}
	return &unknown
}

// stopWordOf tells of every stop word which languages have it: bit i is set
// for the i-th of languages.
var stopWordOf = func() map[string]uint32 {
	all := make(map[string]uint32)
	for i, l := range languages {
		for w := range l.stop {
			all[w] |= 1 << i
		}
	}
	return all
}()

// detectWords is how many words are enough to tell a language.
const detectWords = 80

// detect tells the language of a text by its stop words. A text too short to
// tell gets otherwise; a longer one without them is in an unknown language.
func detect(words []string, otherwise *language) *language {
	words = words[:min(len(words), detectWords)]
	hits := make([]int, len(languages))
	for _, w := range words {
		for set := stopWordOf[w]; set != 0; set &= set - 1 {
			hits[bits.TrailingZeros32(set)]++
		}
	}
	best, most := otherwise, 1 // one word alone tells nothing
	for i, l := range languages {
		if hits[i] > most || hits[i] == most && most > 1 && l == otherwise {
			best, most = l, hits[i]
		}
	}
	switch {
	case most*10 >= len(words): // a tenth of the words at least
		return best
	case len(words) > 40 && most*25 < len(words):
		return &unknown
	default:
		return otherwise
	}
}
