package agent

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestName is how many words a name has at most.
const longestName = 8

// names returns what a sentence names: what stands in quotation marks and begins
// with a capital, and words with capitals of which one says that it is a policy
// or a programme, as in "Gold Guarantee". Nothing allocates where there is none.
func (l *lexicon) names(sentence string) (found []string) {
	if strings.ContainsAny(sentence, "\"“„«") {
		found = quoted(sentence)
	}
	var run []string
	initial, first, named := true, false, false // of a sentence; of the run; it has a naming word
	flush := func() {
		if named && len(run) > 1 {
			name := strings.Join(run, " ")
			if first { // it may be a capital for the sentence's sake
				name = "?" + name
			}
			found = append(found, name)
		}
		run, named = nil, false
	}
	for field := range strings.FieldsSeq(sentence) {
		word := strings.TrimFunc(field, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		c, _ := utf8.DecodeRuneInString(word)
		if word == "" || !unicode.IsUpper(c) {
			flush()
			if word != "" {
				initial = false
			}
			continue
		}
		if len(run) == 0 {
			first = initial
		}
		run = append(run, word)
		named = named || l.namesPolicy(word)
		initial = false
		if last := field[len(field)-1]; strings.IndexByte(".,;:!?)", last) >= 0 {
			flush()
			initial = last != ',' && last != ')'
		}
	}
	flush()
	return found
}

// namesPolicy reports whether a word, or the end of a compound, is what a policy
// is called by.
func (l *lexicon) namesPolicy(word string) bool {
	word = strings.ToLower(word)
	if i := strings.LastIndexByte(word, '-'); i >= 0 {
		word = word[i+1:]
	}
	return l.words[word].roles&naming != 0 || l.words[strings.TrimSuffix(word, "s")].roles&naming != 0
}

// quoted returns what stands in quotation marks and begins with a capital.
func quoted(s string) (found []string) {
	closing := map[rune]string{'"': "\"", '“': "”“", '„': "“”\"", '«': "»"}
	for i := 0; i < len(s); {
		c, size := utf8.DecodeRuneInString(s[i:])
		i += size
		marks, ok := closing[c]
		if !ok {
			continue
		}
		end := strings.IndexAny(s[i:], marks)
		if end < 0 {
			return found
		}
		inside := strings.TrimSpace(s[i : i+end])
		if c, _ := utf8.DecodeRuneInString(inside); unicode.IsUpper(c) && len(strings.Fields(inside)) <= longestName {
			found = append(found, inside)
		}
		_, size = utf8.DecodeRuneInString(s[i+end:])
		i += end + size
	}
	return found
}
