package agent

import "strings"

// furthest is how many tokens a promise may be long.
const furthest = 12

// promise returns the first promise in the tokens of a sentence, empty if there
// is none. See promises for what is one.
func (l *lexicon) promise(tokens []string) string {
	for i, w := range tokens {
		roles := l.roles(w)
		end := 0
		switch {
		case roles&(alone|doer|passive|gives|me) == 0:
			continue
		case roles&alone != 0 && !l.denied(tokens, i):
			end = i
		case roles&passive != 0:
			end = l.passive(tokens, i)
		}
		if end == 0 && roles&doer != 0 && !l.denied(tokens, i) {
			end = l.done(tokens, i)
		}
		if end == 0 && (roles&me != 0 || l.impersonal && roles&gives != 0) {
			end = l.given(tokens, i)
		}
		if end > 0 || roles&alone != 0 && !l.denied(tokens, i) {
			return strings.Join(tokens[i:end+1], " ")
		}
	}
	return ""
}

func (l *lexicon) roles(w string) role {
	if w == "" || w[0] == '#' || w[0] == '=' {
		return 0
	}
	return l.words[w].roles
}

// denied reports whether one of the two words before a place takes it back.
func (l *lexicon) denied(tokens []string, i int) bool {
	for _, w := range tokens[max(0, i-2):i] {
		if l.roles(w)&not != 0 {
			return true
		}
	}
	return false
}

// done returns where the act is of a doer at i, 0 if there is none.
func (l *lexicon) done(tokens []string, i int) int {
	helped := i > 0 && l.roles(tokens[i-1])&auxiliary != 0 // as in "habe ich"
	for j := i + 1; j < len(tokens) && j-i <= furthest && tokens[j] != ""; j++ {
		roles := l.roles(tokens[j])
		switch {
		case roles&not != 0:
			return 0
		case roles&act != 0 && (!l.anything || helped):
			return j
		case roles&auxiliary != 0:
			helped = true
		case roles&filling == 0 && !(l.anything && helped):
			return 0
		}
	}
	return 0
}

// passive returns where something is said to be done behind a passive at i.
func (l *lexicon) passive(tokens []string, i int) int {
	reach := 3
	if l.anything {
		reach = furthest
	}
	for j := i - 1; j >= 0 && tokens[j] != ""; j-- {
		switch roles := l.roles(tokens[j]); {
		case roles&conditional != 0:
			return 0
		case l.anything && roles&done != 0 && j >= i-2: // as in "storniert worden"
			return i
		}
	}
	for j := i + 1; j < len(tokens) && j-i <= reach && tokens[j] != ""; j++ {
		switch roles := l.roles(tokens[j]); {
		case roles&not != 0:
			return 0
		case roles&done != 0:
			return j
		}
	}
	return 0
}

// given returns where the goods are of one who gives at i.
func (l *lexicon) given(tokens []string, i int) int {
	giving := l.roles(tokens[i])&gives != 0
	for j := i + 1; j < len(tokens) && j-i <= furthest && tokens[j] != ""; j++ {
		switch roles := l.roles(tokens[j]); {
		case roles&not != 0:
			return 0
		case roles&gives != 0:
			giving = true
		case giving && roles&goods != 0:
			return j
		case !giving && roles&(auxiliary|filling) == 0:
			return 0
		}
	}
	return 0
}
