package agent

import (
	"strconv"
	"strings"
	"sync"

	"github.com/frontdesk-go/frontdesk/internal/language"
)

// Claims are the words of a language by which the guard knows what a sentence
// claims. Lists are parted by spaces; "a=1" gives a word its value.
type claims struct {
	// Numbers are words for numbers, of which 1 counts only in a larger one. The
	// number behind Joiners is added, and UnitsFirst and TensFirst say how
	// compounds such as "fünfundzwanzig" and "venticinque" are made.
	Numbers    string `json:"numbers"`
	Joiners    string `json:"joiners"`
	UnitsFirst string `json:"units_first"`
	TensFirst  bool   `json:"tens_first"`
	// Months are the twelve in their order, "-" for one that is mostly another word.
	Months string `json:"months"`
	// Currencies are words for a currency or a share, as a code; an underscore is a
	// space. Money are words of sentences about money.
	Currencies string `json:"currencies"`
	Money      string `json:"money"`
	// Offers are claims about money without a figure, by what they claim, and
	// NotOffers phrases that only look like them.
	Offers    map[string][]string `json:"offers"`
	NotOffers []string            `json:"not_offers"`
	// Names are what a policy or programme is called by, beside a name of its own.
	Names    string   `json:"names"`
	Promises promises `json:"promises"`
}

// Promises are the words in which something is said to be done or promised that
// only people and actions can do.
type promises struct {
	// A doer and an act, with nothing but Auxiliaries and Between between them, is
	// a promise; if Between is "*", with anything behind an auxiliary. So is a word
	// of Alone, and a word of Passives with one of Done.
	Doers       string `json:"doers"`
	Auxiliaries string `json:"auxiliaries"`
	Between     string `json:"between"`
	Acts        string `json:"acts"`
	Passives    string `json:"passives"`
	Done        string `json:"done"`
	Alone       string `json:"alone"`
	// One of Me, or nobody if it is "*", that Gives one of Goods promises as well.
	Me    string `json:"me"`
	Gives string `json:"gives"`
	Goods string `json:"goods"`
	// Not takes a promise back, and Conditions keep a passive from being one.
	Not        string `json:"not"`
	Conditions string `json:"conditions"`
}

// A use is what a word is to the guard.
type use struct {
	number   int
	month    int
	currency string
	roles    role
}

// A role is a set of things that a word may be.
type role uint16

const (
	monetary role = 1 << iota
	joiner
	offers // the first word of an offer, or of what only looks like one
	naming
	doer
	auxiliary
	filling
	act
	passive
	done
	alone
	me
	gives
	goods
	not
	conditional
)

// A lexicon is the claims of a language by word.
type lexicon struct {
	words map[string]use
	// phrases are offers by their first word, the longest first.
	phrases map[string][]offer
	// anything stands between an auxiliary and its verb, and giving needs no "I".
	anything, impersonal bool
}

// An offer is a phrase and what it claims, empty if it only looks like an offer.
type offer struct {
	words []string
	class string
}

// lexicons are those of the languages.
var lexicons = sync.OnceValue(func() map[string]*lexicon {
	all := map[string]*lexicon{}
	for _, tag := range language.Tags() {
		all[tag] = phrasebooks()[tag].Claims.lexicon()
	}
	return all
})

func (c *claims) lexicon() *lexicon {
	l := &lexicon{words: map[string]use{}, phrases: map[string][]offer{}, anything: c.Promises.Between == "*", impersonal: c.Promises.Me == "*"}
	numbers := values(c.Numbers)
	for w, v := range numbers {
		l.number(w, v)
	}
	c.compounds(numbers, l.number)
	for i, w := range strings.Fields(c.Months) {
		l.change(w, func(u *use) { u.month = i + 1 })
	}
	for entry := range strings.FieldsSeq(c.Currencies) {
		w, code, _ := strings.Cut(entry, "=")
		l.change(w, func(u *use) { u.currency = code })
	}
	p := c.Promises
	for r, list := range map[role]string{
		monetary: c.Money, joiner: c.Joiners, naming: c.Names, doer: p.Doers, auxiliary: p.Auxiliaries, filling: p.Between, act: p.Acts,
		passive: p.Passives, done: p.Done, alone: p.Alone, me: p.Me, gives: p.Gives, goods: p.Goods, not: p.Not, conditional: p.Conditions,
	} {
		for w := range strings.FieldsSeq(list) {
			l.change(w, func(u *use) { u.roles |= r })
		}
	}
	for _, phrase := range c.NotOffers {
		l.phrase(phrase, "")
	}
	for class, list := range c.Offers {
		for _, phrase := range list {
			l.phrase(phrase, class)
		}
	}
	return l
}

// values returns the words of a list with their values.
func values(list string) map[string]int {
	all := map[string]int{}
	for entry := range strings.FieldsSeq(list) {
		if w, digits, ok := strings.Cut(entry, "="); ok {
			all[w], _ = strconv.Atoi(digits)
		}
	}
	return all
}

func (l *lexicon) change(word string, f func(*use)) {
	u := l.words[word]
	f(&u)
	l.words[word] = u
}

func (l *lexicon) number(word string, value int) {
	l.change(word, func(u *use) { u.number = value })
}

func (l *lexicon) phrase(text, class string) {
	words := strings.Fields(text)
	l.change(words[0], func(u *use) { u.roles |= offers })
	l.phrases[words[0]] = append(l.phrases[words[0]], offer{words, class})
}

// compounds adds the numbers from 21 to 99 that are one word.
func (c *claims) compounds(numbers map[string]int, add func(string, int)) {
	for tens, t := range numbers {
		for units, u := range numbers {
			if t < 20 || t > 90 || t%10 != 0 || u > 9 {
				continue
			}
			for link := range strings.FieldsSeq(c.UnitsFirst) {
				add(units+link+tens, t+u)
			}
			if c.TensFirst {
				add(tens+units, t+u)
				if strings.ContainsAny(units[:1], "aeiou") { // as in ventuno
					add(tens[:len(tens)-1]+units, t+u)
				}
			}
		}
	}
}

// claimed returns what an offer at the beginning of some words claims, and how
// many words it has, 0 for none.
func (l *lexicon) claimed(words []string) (class string, n int) {
	for _, o := range l.phrases[words[0]] {
		if len(o.words) > n && len(o.words) <= len(words) && equalWords(o.words, words[:len(o.words)]) {
			class, n = o.class, len(o.words)
		}
	}
	return class, n
}

func equalWords(a, b []string) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
