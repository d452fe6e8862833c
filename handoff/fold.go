package handoff

import (
	"strings"
	"unicode"
)

// fold splits text into sentences. Their words are in lower case and without
// Latin accents, with a space between them, or a comma between clauses. A
// punctuation mark that a letter follows at once, as in "2.5", ends neither.
func fold(text string) []string {
	var f folder
	runes := []rune(text)
	for i, r := range runes {
		inWord := i+1 < len(runes) && wordRune(runes[i+1])
		switch {
		case unicode.Is(unicode.Mn, r): // an accent on its own
		// Each such rune is a word of its own, so that phrases match within a run.
		case unspaced(r):
			f.part(' ')
			f.write(r)
			f.part(' ')
		case wordRune(r):
			f.write(unicode.ToLower(r))
		// Lines of a chat end sentences, as people leave out the full stop.
		case r == '\n' || strings.ContainsRune(".!?…", r) && !inWord:
			f.end()
		case strings.ContainsRune(",;:", r) && !inWord:
			f.part(',')
		default:
			f.part(' ')
		}
	}
	f.end()
	return f.sentences
}

// wordRune reports whether r is part of a word. Apostrophes and hyphens are not,
// so that they part words.
func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// unspaced reports whether r is of a script that puts no spaces between words,
// and so counts as a word.
func unspaced(r rune) bool {
	return r > unicode.MaxLatin1 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// A folder gathers words into sentences.
type folder struct {
	sentence  strings.Builder
	gap       byte // what stands before the next letter, zero for nothing
	sentences []string
}

// part sets the gap. A comma is not weakened to a space.
func (f *folder) part(gap byte) {
	if f.gap != ',' {
		f.gap = gap
	}
}

// write adds a letter behind the gap, which it closes.
func (f *folder) write(r rune) {
	if f.gap != 0 && f.sentence.Len() > 0 {
		f.sentence.WriteByte(f.gap)
	}
	f.gap = 0
	// ß is the first letter of Latin-1 that plain may change.
	if r < 'ß' {
		f.sentence.WriteRune(r)
	} else {
		f.sentence.WriteString(plain(r))
	}
}

// end finishes the sentence, unless it has no words.
func (f *folder) end() {
	if f.sentence.Len() > 0 {
		f.sentences = append(f.sentences, f.sentence.String())
		f.sentence.Reset()
	}
	f.gap = 0
}

// spaced returns folded text as words alone, with a space on both sides.
func spaced(sentences ...string) string {
	return " " + strings.ReplaceAll(strings.Join(sentences, " "), ",", " ") + " "
}

// plain returns a lower-case letter without its accent, if it is a Latin one.
func plain(r rune) string {
	switch r {
	case 'à', 'á', 'â', 'ã', 'ä', 'å', 'ā', 'ă', 'ą':
		return "a"
	case 'ç', 'ć', 'č':
		return "c"
	case 'ď', 'đ', 'ð':
		return "d"
	case 'è', 'é', 'ê', 'ë', 'ē', 'ė', 'ę', 'ě':
		return "e"
	case 'ğ', 'ģ':
		return "g"
	case 'ì', 'í', 'î', 'ï', 'ī', 'į', 'ı':
		return "i"
	case 'ķ':
		return "k"
	case 'ĺ', 'ļ', 'ľ', 'ł':
		return "l"
	case 'ñ', 'ń', 'ņ', 'ň':
		return "n"
	case 'ò', 'ó', 'ô', 'õ', 'ö', 'ø', 'ō', 'ő':
		return "o"
	case 'ŕ', 'ř':
		return "r"
	case 'ś', 'ş', 'š', 'ș':
		return "s"
	case 'ţ', 'ť', 'ț':
		return "t"
	case 'ù', 'ú', 'û', 'ü', 'ū', 'ů', 'ű', 'ų':
		return "u"
	case 'ý', 'ÿ':
		return "y"
	case 'ź', 'ż', 'ž':
		return "z"
	case 'ß':
		return "ss"
	case 'æ':
		return "ae"
	case 'œ':
		return "oe"
	case 'þ':
		return "th"
	}
	return string(r)
}
