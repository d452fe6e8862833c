package handoff

import (
	"regexp"
	"strings"
)

// A language is how one asks for a person in it. The first five fields list
// folded words and runs of words, separated by bars. They make up nouns, and a
// noun is one letter in the other fields, which are regular expressions over
// folded words with one space between them:
//
//	D  a noun with a word of before, such as "a person"
//	N  a noun alone, such as "agent"
//	O  one of other, with or without such a word
//	B  one of bots, likewise
//	P  D, N or O; in want, D or N
type language struct {
	before string // articles and adjectives before a noun
	nouns  string // who answers customers
	other  string // who does so only where one speaks to them
	bots   string // who does so, and is not a person
	after  string // adjectives after a noun

	ask    string // asks for P, wherever it stands
	want   string // asks for P, if nothing but courtesy follows
	polite string // courtesy; around P alone, it asks as well
	not    string // no request, whatever else the clause holds
}

// maxRun is the length in words of the longest run in a list.
const maxRun = 5

// A grammar is a language in the form that clauses are matched with.
type grammar struct {
	before, after map[string]bool
	nouns         map[string]byte // N, O or B
	last          map[string]bool // the last words of the nouns
	// Patterns of clauses, and alone of a sentence.
	ask, not, alone *regexp.Regexp
}

// grammar compiles the language. MustCompile will do: no host brings a language
// of its own, and any test finds a fault in one of these.
func (l language) grammar() grammar {
	g := grammar{before: set(l.before), after: set(l.after), nouns: map[string]byte{}, last: map[string]bool{}}
	for kind, list := range map[byte]string{'N': l.nouns, 'O': l.other, 'B': l.bots} {
		for noun := range strings.SplitSeq(list, "|") {
			g.nouns[noun] = kind
			g.last[noun[strings.LastIndexByte(noun, ' ')+1:]] = true
		}
	}
	polite := `(?:(?:` + l.polite + `) )*`
	// What is around the pattern is spaces, so that only whole words match.
	g.ask = regexp.MustCompile(
		` (?:` + strings.ReplaceAll(l.ask, "P", "[DNO]") + `) ` +
			`| (?:` + strings.ReplaceAll(l.want, "P", "[DN]") + `) ` + polite + `$`)
	g.alone = regexp.MustCompile(`^ ` + polite + `[DN] ` + polite + `$`)
	g.not = regexp.MustCompile(` (?:` + strings.ReplaceAll(l.not, "P", "[DNO]") + `) `)
	return g
}

// set returns the words and runs between the bars of a list.
func set(list string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.SplitSeq(list, "|") {
		out[w] = true
	}
	return out
}

// mentions reports whether a word may end a noun. Most sentences have none, and
// are done with quickly.
func (g grammar) mentions(word string) bool { return g.last[word] }

// asks reports whether the sentence asks for a person.
func (g grammar) asks(sentence string) bool {
	// The whole sentence first, without its commas: "a person, please" asks by
	// being nothing else.
	pattern, ok := g.reduce(newClause(spaced(sentence)))
	if !ok || g.alone.MatchString(pattern) {
		return ok
	}
	// A refusal in one clause does not undo the request in another.
	for text := range strings.SplitSeq(sentence, ",") {
		pattern, ok := g.reduce(newClause(text))
		if ok && g.ask.MatchString(pattern) && !g.not.MatchString(pattern) {
			return true
		}
	}
	return false
}

// reduce returns the clause with a letter in place of each noun and a space on
// both sides, and whether there is a noun.
func (g grammar) reduce(c clause) (string, bool) {
	var b strings.Builder
	found := false
	for i := 0; i < len(c); {
		letter, next := g.noun(c, i)
		b.WriteByte(' ')
		if letter != 0 {
			b.WriteByte(letter)
			found = true
		} else {
			next = i + 1
			b.WriteString(c.run(i, next))
		}
		i = next
	}
	b.WriteByte(' ')
	return b.String(), found
}

// noun returns the letter of the noun that begins at word i with all that
// belongs to it, and where it ends. The letter is zero if there is none.
func (g grammar) noun(c clause, i int) (letter byte, end int) {
	// Adjectives may come before a noun in any number, and a noun may look like an
	// adjective, as in "support agent": the longest reading wins.
	for start := i; ; {
		for next := min(start+maxRun, len(c)); next > start && next >= end; next-- {
			kind := g.nouns[c.run(start, next)]
			if kind == 'N' && start > i {
				kind = 'D'
			}
			if kind != 0 && (next > end || letter == 'O') {
				letter, end = kind, next
			}
		}
		next := longest(g.before, c, start)
		if next == start {
			break
		}
		start = next
	}
	for letter != 0 {
		next := longest(g.after, c, end)
		if next == end {
			break
		}
		end = next
	}
	return letter, end
}

// longest returns the end of the longest run of words at i that is in set, i
// if there is none.
func longest(set map[string]bool, c clause, i int) int {
	for next := min(i+maxRun, len(c)); next > i; next-- {
		if set[c.run(i, next)] {
			return next
		}
	}
	return i
}

// A clause is a folded clause by words.
type clause []word

// A word is a word of a text with what follows it.
type word struct {
	rest string // from the word to the end of its clause
	size int
}

// newClause divides a folded clause at its spaces.
func newClause(text string) clause {
	var c clause
	for text = strings.TrimSpace(text); text != ""; {
		size := strings.IndexByte(text+" ", ' ')
		c = append(c, word{text, size})
		text = strings.TrimPrefix(text[size:], " ")
	}
	return c
}

// run returns the words from i to j, without the last.
func (c clause) run(i, j int) string {
	last := c[j-1]
	return c[i].rest[:len(c[i].rest)-len(last.rest)+last.size]
}
