package extract

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	// Tags of template languages: Liquid, Jinja, Hugo's shortcodes, MDX comments.
	templateTag = regexp.MustCompile(`\{%-?[^%]*-?%\}|\{\{[<%][^}]*[>%]\}\}|\{/\*(?s:.)*?\*/\}`)
	// Variables that stand for an address.
	addressVariable = regexp.MustCompile(`\{\{-?\s*(?:root_url|base_?url|site\.|page\.|relref|ref )[^}]*\}\}`)
	// Attribute lists of Kramdown, such as {: .note}.
	attributeList = regexp.MustCompile(`\{:\s*[.#\w][^}\n]*\}`)
	// Components of MDX and custom elements, which are no HTML.
	component = regexp.MustCompile(`</?(?:[A-Z][\w.]*|[a-z]+(?:-[a-z]+)+)(?:\s+[\w:@-]+(?:=(?:"[^"]*"|'[^']*'|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}))?)*\s*/?>`)
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
	c := newCleaner(source)
	var b strings.Builder
	var prose []string
	fence := ""
	flush := func() {
		if len(prose) > 0 {
			b.WriteString(c.prose(strings.Join(prose, "\n")))
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

// prose cleans what stands between two pieces of code.
func (c *cleaner) prose(s string) string {
	s, spans := hideCode(s)
	if strings.Contains(s, "{") {
		s = templateTag.ReplaceAllString(s, "")
		s = addressVariable.ReplaceAllString(s, "")
		s = attributeList.ReplaceAllString(s, "")
	}
	s = cleanLines(c.components(s))
	return showCode(joinTables(s), spans)
}

// showComponent keeps of a component's tag only what a reader sees of it. One
// that unfolds becomes a details element.
func showComponent(tag, name string) string {
	unfolds := name == "Accordion" || name == "Expandable"
	if unfolds && tag[1] == '/' {
		return "\n\n</details>\n\n"
	}
	m := componentTitle.FindStringSubmatch(tag)
	if m == nil && unfolds && !strings.HasSuffix(tag, "/>") {
		return "\n\n<details>\n\n"
	}
	if m == nil {
		return ""
	}
	title := m[1] + m[2] + m[3]
	if unfolds && !strings.HasSuffix(tag, "/>") {
		return fmt.Sprintf("\n\n<details id=%q>\n<summary>%s</summary>\n\n", make(slugs).slug(title), title)
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
			if strings.HasPrefix(lines[i], "#") {
				text := strings.TrimLeft(lines[i], "#")
				lines[i] = lines[i][:len(lines[i])-len(text)] + " " + asideMark + text
			}
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
