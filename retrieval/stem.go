package retrieval

import "strings"

// The stemmers below are light ones, in the manner of J. Savoy, "Light Stemming
// Approaches for the French, Portuguese, German and Hungarian Languages" (2006):
// they cut endings of number, gender and case, and no derivations.

// stemGerman cuts endings of number and case after bringing umlauts to one.
func stemGerman(w string) string {
	w = umlauts.Replace(w)
	if len(w) > 6 {
		for _, s := range []string{"ern", "est"} {
			if strings.HasSuffix(w, s) {
				return w[:len(w)-3]
			}
		}
	}
	if len(w) > 5 {
		for _, s := range []string{"em", "en", "er", "es", "st"} {
			if strings.HasSuffix(w, s) {
				return w[:len(w)-2]
			}
		}
	}
	if len(w) > 4 && strings.ContainsRune("esnt", rune(w[len(w)-1])) {
		return w[:len(w)-1]
	}
	return w
}

// umlauts brings both spellings of an umlaut to one.
var umlauts = strings.NewReplacer("ä", "a", "ö", "o", "ü", "u", "ae", "a", "oe", "o", "ue", "u", "ß", "ss")

// stemItalian cuts the vowel of number and gender.
func stemItalian(w string) string {
	w = fold(w)
	if len(w) <= 4 {
		return w
	}
	last, before := w[len(w)-1], w[len(w)-2]
	switch {
	case !strings.ContainsRune("aeio", rune(last)):
		return w
	case before == 'i', before == 'h' && (last == 'e' || last == 'i'):
		return w[:len(w)-2]
	default:
		return w[:len(w)-1]
	}
}

// stemPortuguese brings plurals to their singular and cuts the vowel of gender.
func stemPortuguese(w string) string {
	w = fold(w)
	if len(w) <= 3 {
		return w
	}
	for _, p := range [][2]string{{"oes", "ao"}, {"aes", "ao"}, {"aos", "ao"}, {"ais", "al"}, {"eis", "el"},
		{"ois", "ol"}, {"ns", "m"}, {"res", "r"}, {"zes", "z"}, {"s", ""}} {
		if root, ok := strings.CutSuffix(w, p[0]); ok {
			w = root + p[1]
			break
		}
	}
	if len(w) > 4 {
		if last := w[len(w)-1]; last == 'a' || last == 'o' || last == 'e' {
			w = w[:len(w)-1]
		}
	}
	return w
}

// stemDutch cuts plurals and inflections, then brings the doubled letters that
// Dutch spelling adds and drops with them to one: "boeken" and "boek", "mannen"
// and "man", "scholen" and "school".
func stemDutch(w string) string {
	w = fold(w)
	for _, p := range [][2]string{{"heden", "heid"}, {"eren", "eer"}, {"tje", ""}, {"en", ""}, {"s", ""}, {"e", ""}} {
		if root, ok := strings.CutSuffix(w, p[0]); ok && len(root) > 2 {
			w = root + p[1]
			break
		}
	}
	var out []byte
	for i := range len(w) {
		if i == 0 || w[i] != w[i-1] {
			out = append(out, w[i])
		}
	}
	return string(out)
}
