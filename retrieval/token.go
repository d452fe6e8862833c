package retrieval

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxToken is the longest token kept, in bytes. What is longer is not a word.
const maxToken = 64

// tokenize splits text into words in lower case. Numbers lose the separators of
// their thousands and keep one decimal point, product codes are given whole
// beside their parts, and scripts without spaces give pairs of characters.
func tokenize(text string) []string {
	return appendTokens(make([]string, 0, len(text)/6+1), text)
}

// appendTokens appends the tokens of text.
func appendTokens(tokens []string, text string) []string {
	for i := 0; i < len(text); {
		if end := plainEnd(text, i); end > i {
			tokens = append(tokens, clip(strings.ToLower(text[i:end])))
			i = end
			continue
		}
		tokens, i = appendOther(tokens, text, i)
	}
	return tokens
}

// appendOther appends the tokens of what starts at i and is no plain word, and
// returns where it ends.
func appendOther(tokens []string, text string, i int) ([]string, int) {
	if asciiGram[text[i]] == ' ' {
		return tokens, i + 1
	}
	r, size := utf8.DecodeRuneInString(text[i:])
	switch {
	case unspaced(r):
		end := runEnd(text, i, unspaced)
		return appendPairs(tokens, text[i:end]), end
	case wordRune(r):
		end := compoundEnd(text, i)
		return appendCompound(tokens, strings.ToLower(text[i:end])), end
	default:
		return tokens, i + size
	}
}

// plainEnd returns where a word of ASCII letters and digits ends that starts at
// i, and i if there is none or it may be part of a compound. Most words are
// plain, and need no look at what Unicode says of their letters.
func plainEnd(text string, i int) int {
	end := i
	for end < len(text) && asciiGram[text[end]] > ' ' {
		end++
	}
	if end == len(text) || text[end] <= ' ' {
		return end
	}
	if end+1 < len(text) && (text[end] >= utf8.RuneSelf || joins(text[end]) && text[end+1] > ' ') {
		return i
	}
	return end
}

// joins reports whether a character between two words joins them.
func joins(c byte) bool {
	return c == '-' || c == '.' || c == ',' || c == '_' || c == '/'
}

func wordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r)) && !unspaced(r)
}

// unspaced reports whether r belongs to a script that does not part its words.
func unspaced(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

func runEnd(text string, i int, in func(rune) bool) int {
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !in(r) {
			break
		}
		i += size
	}
	return i
}

// compoundEnd returns where the words that start at i and are joined by single
// characters such as "-" and "." end.
func compoundEnd(text string, i int) int {
	for {
		i = runEnd(text, i, wordRune)
		if i >= len(text) || !joins(text[i]) {
			return i
		}
		if r, _ := utf8.DecodeRuneInString(text[i+1:]); !wordRune(r) {
			return i
		}
		i++
	}
}

func appendPairs(tokens []string, run string) []string {
	rs := []rune(run)
	if len(rs) == 1 {
		return append(tokens, run)
	}
	for i := range len(rs) - 1 {
		tokens = append(tokens, string(rs[i:i+2]))
	}
	return tokens
}

// appendCompound appends the parts of a compound and, where it is a number or
// a code, its whole.
func appendCompound(tokens []string, word string) []string {
	if !strings.ContainsAny(word, "-.,_/") {
		return append(tokens, clip(word))
	}
	if n, ok := number(word); ok {
		return append(tokens, n)
	}
	parts := strings.FieldsFunc(word, func(r rune) bool { return strings.ContainsRune("-.,_/", r) })
	if len(parts) == 2 && len(parts[0]) == 1 && strings.Contains(word, "-") && !digits(parts[1]) {
		return append(tokens, clip(parts[0]+parts[1])) // e-mail, T-shirt
	}
	for _, p := range parts {
		tokens = append(tokens, clip(p))
	}
	if strings.ContainsAny(word, "0123456789") && !strings.Contains(word, ",") && len(word) <= maxToken/2 {
		tokens = append(tokens, strings.Join(parts, ""))
	}
	return tokens
}

// number reads a number: "1,000" is 1000, "3,5" is 3.5, and "1.000,50" is
// 1000.50. Dates and versions are none.
func number(word string) (string, bool) {
	parts := strings.FieldsFunc(word, func(r rune) bool { return r == '.' || r == ',' })
	for _, p := range parts {
		if !digits(p) {
			return "", false
		}
	}
	n := len(parts) - 1
	last, mixed := parts[n], strings.ContainsRune(word, '.') && strings.ContainsRune(word, ',')
	switch {
	case mixed && thousands(parts[1:n]), n == 1 && (len(last) != 3 || parts[0] == "0"):
		return clip(strings.Join(parts[:n], "") + "." + last), true
	case !mixed && thousands(parts[1:]):
		return clip(strings.Join(parts, "")), true
	default:
		return "", false
	}
}

func thousands(parts []string) bool {
	for _, p := range parts {
		if len(p) != 3 {
			return false
		}
	}
	return true
}

func digits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

func clip(word string) string {
	if len(word) <= maxToken {
		return word
	}
	return strings.ToValidUTF8(word[:maxToken], "")
}

// fold drops the accents of Latin letters and the marks of any script.
func fold(word string) string {
	if ascii(word) {
		return word
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x80:
			return r
		case unicode.Is(unicode.Mn, r) && r < 0x0600:
			return -1
		case r >= 0xC0 && r < 0x180:
			return rune(latin[r-0xC0])
		default:
			return r
		}
	}, strings.ReplaceAll(word, "ß", "ss"))
}

// latin holds the base letter of each of U+00C0 to U+017F.
const latin = "aaaaaaaceeeeiiiidnoooooxouuuuytsaaaaaaaceeeeiiiidnoooooxouuuuyty" +
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll" +
	"lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
