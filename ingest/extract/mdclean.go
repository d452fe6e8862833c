package extract

import (
	"regexp"
	"strings"
)

// frontMatter divides a text that starts with "---" or "+++" into the values
// there, by name in lower case, and the rest. Nested values are left out.
func frontMatter(source string) (map[string]string, string) {
	meta := make(map[string]string)
	source = strings.TrimLeft(source, "\n ")
	fence := source[:min(3, len(source))]
	if fence != "---" && fence != "+++" {
		return meta, source
	}
	head, body, found := strings.Cut(source, "\n")
	if strings.TrimSpace(head) != fence || !found {
		return meta, source
	}
	lines := strings.Split(body, "\n")
	for i, line := range lines {
		if end := strings.TrimRight(line, " "); end == fence || fence == "---" && end == "..." {
			return meta, strings.Join(lines[i+1:], "\n")
		}
		name, value, ok := cutPair(line)
		if ok {
			meta[name] = value
		}
	}
	return make(map[string]string), source
}

// cutPair reads a line such as `title: "Refunds"` or `title = "Refunds"`.
func cutPair(line string) (name, value string, ok bool) {
	at := strings.IndexAny(line, ":=")
	if at <= 0 || line[0] == ' ' || line[0] == '\t' || line[0] == '#' || line[0] == '-' {
		return "", "", false
	}
	name = strings.ToLower(strings.TrimSpace(line[:at]))
	value = strings.TrimSpace(line[at+1:])
	if len(value) > 1 && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0] {
		quote := value[:1]
		value = value[1 : len(value)-1]
		if quote == "'" {
			value = strings.ReplaceAll(value, "''", "'")
		} else {
			value = strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(value)
		}
	}
	if value == "|" || value == ">" || value == ">-" || value == "|-" {
		value = ""
	}
	return name, value, true
}

var (
	// Tags of template languages: Liquid, Jinja, Hugo's shortcodes, MDX comments.
	templateTag = regexp.MustCompile(`\{%-?[^%]*-?%\}|\{\{[<%][^}]*[>%]\}\}|\{/\*(?s:.)*?\*/\}`)
	// Variables that stand for an address.
	addressVariable = regexp.MustCompile(`\{\{-?\s*(?:root_url|base_?url|site\.|page\.|relref|ref )[^}]*\}\}`)
	// Attribute lists of Kramdown, such as {: .note}.
	attributeList = regexp.MustCompile(`\{:\s*[.#\w][^}\n]*\}`)
	// Components of MDX and custom elements, which are no HTML.
	component  = regexp.MustCompile(`</?(?:[A-Z][\w.]*|[a-z]+(?:-[a-z]+)+)(?:\s+[\w:@-]+(?:=(?:"[^"]*"|'[^']*'|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}))?)*\s*/?>`)
	closingTag = regexp.MustCompile(`</([a-z]+(?:-[a-z]+)+)\s*>`)
	// The attribute of a component that a reader sees.
	componentTitle = regexp.MustCompile(`\s(?:title|label|header|question|summary|linktext)=(?:"([^"]*)"|'([^']*)'|\{["']([^"'}]*)["']\})`)
	moduleLine     = regexp.MustCompile(`^(?:import\s.*(?:from\s+)?['"].*['"];?|export\s+(?:const|default|function|let)\s.*)\s*$`)
	alertMark      = regexp.MustCompile(`^(\s*>\s*)\[!(\w+)\][+-]?\s*(.*)$`)
	fencedNote     = regexp.MustCompile(`^\s*:{3,}\s*(?:\{?\w+\}?)?\s*(?:\[([^\]]*)\]|(.*?))\s*$`)
	indentedNote   = regexp.MustCompile(`^\s*(?:!!!|\?\?\?\+?)\s+(\w+)(?:\s+"([^"]*)")?\s*$`)
	codeSpan       = regexp.MustCompile("`[^`\n]+`")
	tableTag       = regexp.MustCompile(`(?i)</?table\b`)
)

// cleanMarkdown removes what the generators of help centres add to Markdown
// and readers do not see. Code is left alone.
func cleanMarkdown(source string) string {
	closed := make(map[string]bool)
	for _, m := range closingTag.FindAllStringSubmatch(source, -1) {
		closed[m[1]] = true
	}
	var b strings.Builder
	var prose []string
	fence := ""
	flush := func() {
		if len(prose) > 0 {
			b.WriteString(cleanProse(strings.Join(prose, "\n"), closed))
			b.WriteByte('\n')
			prose = prose[:0]
		}
	}
	for line := range strings.SplitSeq(source, "\n") {
		mark := fenceOf(line)
		switch {
		case fence == "" && mark != "":
			flush()
			fence = mark
		case fence != "":
			if strings.HasPrefix(mark, fence) && strings.Trim(strings.TrimSpace(line), mark[:1]) == "" {
				fence = ""
			}
		default:
			prose = append(prose, line)
			continue
		}
		b.WriteString(line)
		b.WriteByte('\n')
	}
	flush()
	return b.String()
}

// fenceOf returns the fence that the line starts with, or "".
func fenceOf(line string) string {
	line = strings.TrimLeft(line, " \t>")
	for _, c := range []string{"`", "~"} {
		if n := len(line) - len(strings.TrimLeft(line, c)); n >= 3 && !strings.Contains(line[n:], "`") {
			return line[:n]
		}
	}
	return ""
}

// cleanProse cleans what stands between two pieces of code. The elements in
// closed have an end somewhere.
func cleanProse(s string, closed map[string]bool) string {
	s, spans := hideCode(s)
	if strings.Contains(s, "{") {
		s = templateTag.ReplaceAllString(s, "")
		s = addressVariable.ReplaceAllString(s, "")
		s = attributeList.ReplaceAllString(s, "")
	}
	if strings.Contains(s, "<") {
		s = component.ReplaceAllStringFunc(s, func(tag string) string {
			if name, ok := placeholder(tag); ok && !closed[name] {
				return tag
			}
			return showComponent(tag)
		})
	}
	s = cleanLines(s)
	return showCode(joinTables(s), spans)
}

// placeholder returns the name in a tag such as <your-domain>, which stands
// for something to fill in unless it has an end.
func placeholder(tag string) (string, bool) {
	name := strings.Trim(tag, "<>")
	return name, !strings.ContainsAny(name, " \t\n/=") && name == strings.ToLower(name)
}

// showComponent keeps of a component's tag only what a reader sees of it. The
// title of one that unfolds is a heading.
func showComponent(tag string) string {
	m := componentTitle.FindStringSubmatch(tag)
	if m == nil {
		return ""
	}
	title := m[1] + m[2] + m[3]
	if strings.HasPrefix(tag, "<Accordion") || strings.HasPrefix(tag, "<Expandable") {
		return "\n\n###### " + title + "\n\n"
	}
	return "\n\n**" + title + "**\n\n"
}

// cleanLines removes lines that only a generator reads.
func cleanLines(s string) string {
	lines := strings.Split(s, "\n")
	note := false // inside a note marked by indentation
	for i, line := range lines {
		if m := indentedNote.FindStringSubmatch(line); m != nil {
			lines[i] = noteTitle(m[1], m[2]) + "\n"
			note = true
			continue
		}
		if note && strings.HasPrefix(line, "    ") {
			lines[i] = line[4:]
			continue
		}
		note = note && strings.TrimSpace(line) == ""
		if m := alertMark.FindStringSubmatch(line); m != nil {
			lines[i] = m[1] + m[3]
		} else if strings.HasPrefix(strings.TrimSpace(line), ":::") {
			m := fencedNote.FindStringSubmatch(line)
			lines[i] = "\n"
			if m != nil {
				lines[i] = "\n" + m[1] + m[2] + "\n"
			}
		} else if moduleLine.MatchString(line) {
			lines[i] = ""
		}
	}
	return strings.Join(lines, "\n")
}

func noteTitle(kind, title string) string {
	if title != "" {
		return title
	}
	return titleOf(kind) + ":"
}

// joinTables removes the blank lines inside tables written in HTML, at which
// CommonMark ends a block of HTML.
func joinTables(s string) string {
	if !strings.Contains(s, "<table") {
		return s
	}
	var b strings.Builder
	depth := 0
	for line := range strings.SplitSeq(s, "\n") {
		if depth > 0 && strings.TrimSpace(line) == "" {
			continue
		}
		if depth > 0 {
			line = strings.TrimLeft(line, " \t") + " "
		}
		for _, tag := range tableTag.FindAllString(line, -1) {
			if tag[1] == '/' {
				depth = max(depth-1, 0)
			} else {
				depth++
			}
		}
		b.WriteString(line)
		b.WriteByte('\n')
	}
	return b.String()
}

// hideCode replaces the code inside lines by marks, so that nothing in it is
// taken for a tag. showCode puts it back.
func hideCode(s string) (string, []string) {
	var spans []string
	if !strings.Contains(s, "`") {
		return s, nil
	}
	s = codeSpan.ReplaceAllStringFunc(s, func(span string) string {
		spans = append(spans, span)
		return "\x00"
	})
	return s, spans
}

func showCode(s string, spans []string) string {
	if len(spans) == 0 {
		return s
	}
	var b strings.Builder
	inTable := 0
	for {
		before, after, found := strings.Cut(s, "\x00")
		b.WriteString(before)
		for _, tag := range tableTag.FindAllString(before, -1) {
			if tag[1] == '/' {
				inTable--
			} else {
				inTable++
			}
		}
		if !found || len(spans) == 0 {
			return b.String() + after
		}
		span := spans[0]
		if inTable > 0 { // the HTML parser will read it
			span = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(span)
		}
		b.WriteString(span)
		spans, s = spans[1:], after
	}
}
