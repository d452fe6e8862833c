package extract

import (
	"regexp"
	"strings"
)

// rstMarkup finds the markup in a line: literals, roles, references,
// emphasis, substitutions, notes, words that are links, escapes. What was found first
// is not looked into again.
var rstMarkup = regexp.MustCompile("(?s)``(.+?)``" +
	"|:([\\w:+.-]+):`([^`]+)`" +
	"|_?`([^`]+)`(?::[\\w:+.-]+:|_{0,2})" +
	"|\\*\\*(\\S.*?)\\*\\*" +
	"|\\*(\\S[^*]*?)\\*" +
	"|\\|(\\S[^|]*?)\\|_{0,2}" +
	"|\\s?\\[(?:#[\\w-]*|\\d+|\\*)\\]_" +
	"|\\b([A-Za-z0-9][\\w.-]*?[A-Za-z0-9])__?(?:$|[\\s.,;:!?)])" +
	"|\\\\(.?)")

// maxMarkup is the longest text that is looked at for markup, in bytes.
const maxMarkup = 8 << 10

// inline takes the markup out of a text.
func (r *rst) inline(s string) string { return r.inlineWithin(s, 4) }

func (r *rst) inlineWithin(s string, depth int) string {
	if depth == 0 || len(s) > maxMarkup || !strings.ContainsAny(s, "`*|_\\") {
		return s
	}
	return rstMarkup.ReplaceAllStringFunc(s, func(part string) string {
		m := rstMarkup.FindStringSubmatch(part)
		switch {
		case m == nil: // its neighbour made it markup
			return part
		case m[1] != "":
			return m[1]
		case m[3] != "":
			return roleText(m[2], m[3])
		case m[4] != "":
			return r.inlineWithin(linkText(m[4]), depth-1)
		case m[5] != "":
			return r.inlineWithin(m[5], depth-1)
		case m[6] != "":
			return r.inlineWithin(m[6], depth-1)
		case m[7] != "":
			if text, ok := r.replace[strings.ToLower(m[7])]; ok {
				return r.inlineWithin(text, depth-1)
			}
			return part
		case m[8] != "":
			word := strings.TrimRight(part, " \t\n.,;:!?)")
			return strings.TrimRight(word, "_") + part[len(word):]
		case strings.HasPrefix(part, "\\"):
			return strings.TrimSpace(m[9])
		}
		return "" // the reference of a note
	})
}

// linkText returns what a reader sees of "text <target>".
func linkText(s string) string {
	if i := strings.LastIndex(s, "<"); i > 0 && strings.HasSuffix(s, ">") {
		return strings.TrimSpace(s[:i])
	}
	if strings.HasPrefix(s, "<") && strings.HasSuffix(s, ">") {
		return s[1 : len(s)-1]
	}
	return s
}

// roleText returns what a reader sees of interpreted text.
func roleText(role, s string) string {
	text := linkText(s)
	if text != s {
		return text
	}
	text = strings.TrimPrefix(text, "!")
	if short, ok := strings.CutPrefix(text, "~"); ok {
		return short[strings.LastIndex(short, ".")+1:]
	}
	if role == "menuselection" || role == "guilabel" {
		return strings.ReplaceAll(strings.ReplaceAll(text, "-->", "›"), "&", "")
	}
	return text
}

// replacements finds the definitions of substitutions.
func replacements(lines []string) map[string]string {
	found := make(map[string]string)
	for i, line := range lines {
		rest := strings.TrimPrefix(strings.TrimSpace(line), ".. ")
		m := rstReplace.FindStringSubmatch(rest)
		if m == nil || len(found) >= 10_000 {
			continue
		}
		key := strings.ToLower(m[1])
		switch m[2] {
		case "replace":
			n := indented(lines[i+1:], indentOf(line)+1)
			found[key] = oneLine(m[3] + " " + strings.Join(lines[i+1:i+1+n], " "))
		case "image":
			found[key] = ""
		case "unicode", "date":
			found[key] = ""
		}
	}
	return found
}
