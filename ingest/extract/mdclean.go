package extract

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	// Tags of template languages: Liquid, Jinja, Hugo's shortcodes, MDX comments.
	templateTag = regexp.MustCompile(`\{%-?[^%]*-?%\}|\{\{[<%][^}]*[>%]\}\}|\{/\*(?s:.)*?\*/\}|<>|</>|\{["'\x60] *["'\x60]\}`)
	// The attribute of such a tag that a reader sees, or its only argument.
	templateTitle = regexp.MustCompile(`^\{[{%][%<-]*\s*(?:\w+\s(?:.*\s)?(?:title|header|label|name|summary)=|(?:tab|details|expand|accordion|notice\s+\w+)\s)"([^"]+)"`)
	// Variables that stand for an address.
	addressVariable = regexp.MustCompile(`\{\{-?\s*(?:root_url|base_?url|site\.|page\.|relref|ref )[^}]*\}\}`)
	// Attribute lists of Kramdown, such as {: .note}.
	attributeList = regexp.MustCompile(`\{:\s*[.#\w][^}\n]*\}|\{ ?\.[\w-][^{}\n]*\}`)
	// Icons of MkDocs.
	icon = regexp.MustCompile(`:(?:material|octicons|fontawesome|simple)-[\w-]+:`)
	// Lines that stand for the content of another file, or for a list of contents.
	included = regexp.MustCompile(`(?i)^\s*(?:-+8<-+.*|\[\[?_?toc_?\]?\]|\{!.*!\})\s*$`)
	// Components of MDX and custom elements, which are no HTML.
	component = regexp.MustCompile(`</?(?:[A-Z][\w.]*|[a-z]+(?:-[a-z]+)+)(?:\s+[\w:@-]+(?:=(?:"[^"]*"|'[^']*'|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}))?)*\s*/?>`)
	// The attribute of a component that a reader sees.
	componentTitle = regexp.MustCompile(`\s(?:title|label|header|question|summary|linktext)=(?:"([^"]*)"|'([^']*)'|\{["']([^"'}]*)["']\})`)
	// Imports and exports of MDX, at the beginning of several lines and on one.
	moduleBegin = regexp.MustCompile(`^(?:import|export)\s(?:[^'"]*[=\s])?[\[{(]\s*$`)
	moduleLine  = regexp.MustCompile(`^(?:import\s.*(?:from\s+)?['"].*['"];?|export\s+(?:const|default|function|let)\s.*)\s*$`)
	// The first line of a quoted note of GitHub and Obsidian: > [!NOTE] Title.
	alertMark = regexp.MustCompile(`^(\s*>\s*)\[!(\w+)\][+-]?\s*(.*)$`)
	// A note between colons, of Docusaurus and MyST: :::note[Title].
	fencedNote = regexp.MustCompile(`^\s*:{3,}\s*(?:\{?\w+\}?)?\s*(?:\[([^\]]*)\]|(.*?))\s*$`)
	// A note or a tab of MkDocs, whose text is indented: !!! note "Title".
	indentedNote = regexp.MustCompile(`^\s*(?:!!!|\?\?\?\+?)\s+(\w+)(?:\s+[\w ]+)?(?:\s+"([^"]*)")?\s*$|^\s*===[!+]?\s+"([^"]+)"\s*$`)
	// Code inside a line, and the ends of tables written in HTML.
	codeSpan = regexp.MustCompile("`[^`\n]+`")
	tableTag = regexp.MustCompile(`(?i)</?table\b`)
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
	for line := range strings.SplitSeq(openNotes(source), "\n") {
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
	s = icon.ReplaceAllString(s, "")
	if strings.ContainsAny(s, "{>") {
		s = templateTag.ReplaceAllStringFunc(s, showTemplate)
		s = addressVariable.ReplaceAllString(s, "")
		s = attributeList.ReplaceAllString(s, "")
	}
	s = cleanLines(c.components(s))
	return showCode(joinTables(s), spans)
}

// showTemplate keeps of a template's tag the title that a reader sees.
func showTemplate(tag string) string {
	if m := templateTitle.FindStringSubmatch(tag); m != nil {
		return "\n\n**" + m[1] + "**\n\n"
	}
	if strings.HasPrefix(tag, `{"`) || strings.HasPrefix(tag, "{'") || strings.HasPrefix(tag, "{`") {
		return " "
	}
	return ""
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
	module := false
	for i, line := range lines {
		trimmed := strings.TrimLeft(line, " \t")
		if module {
			module = trimmed == "" || trimmed != line || !strings.ContainsRune(")]}", rune(trimmed[0]))
			lines[i] = ""
			continue
		}
		lines[i], module = cleanLine(line, trimmed)
	}
	return strings.Join(lines, "\n")
}

// openNotes writes notes and tabs that are marked by indentation as paragraphs
// after their title.
func openNotes(s string) string {
	if !strings.Contains(s, "!!! ") && !strings.Contains(s, "??? ") && !strings.Contains(s, "???+ ") && !strings.Contains(s, "=== ") {
		return s
	}
	lines := strings.Split(s, "\n")
	note, fence := -1, "" // how far the text of a note is indented; an open fence outside of notes
	for i, line := range lines {
		indent := len(line) - len(strings.TrimLeft(line, " \t"))
		if m := indentedNote.FindStringSubmatch(line); m != nil && fence == "" {
			lines[i] = line[:indent] + noteTitle(m[1], m[2]+m[3]) + "\n"
			note = indent + 4
			continue
		}
		if note >= 0 && indent >= note {
			lines[i] = line[:note-4] + asideHeading(line[note:])
			continue
		}
		if strings.TrimSpace(line) == "" {
			continue
		}
		note = -1
		if mark := fenceOf(line); fence == "" {
			fence = mark
		} else if strings.HasPrefix(mark, fence) {
			fence = ""
		}
	}
	return strings.Join(lines, "\n")
}

// asideHeading marks a heading in a note as a line of the text around.
func asideHeading(line string) string {
	if !strings.HasPrefix(line, "#") {
		return line
	}
	text := strings.TrimLeft(line, "#")
	return line[:len(line)-len(text)] + " " + asideMark + text
}

// cleanLine cleans one line, and reports whether a piece of a module begins
// with it that ends in another line.
func cleanLine(line, trimmed string) (string, bool) {
	switch {
	case strings.HasPrefix(trimmed, ":::"):
		if m := fencedNote.FindStringSubmatch(line); m != nil {
			return "\n" + m[1] + m[2] + "\n", false
		}
		return "\n", false
	case strings.HasPrefix(trimmed, ">"):
		if m := alertMark.FindStringSubmatch(line); m != nil {
			return m[1] + m[3], false
		}
	case moduleBegin.MatchString(line):
		return "", true
	case moduleLine.MatchString(line) || included.MatchString(line):
		return "", false
	}
	return line, false
}

// noteTitle returns the line that a note begins with: its title, else its kind.
func noteTitle(kind, title string) string {
	if title != "" {
		return title
	}
	return titleOf(kind) + ":"
}

// joinTables removes the blank lines inside tables written in HTML, at which
// CommonMark ends a block of HTML, and aligns the others with its beginning.
func joinTables(s string) string {
	if !strings.Contains(s, "<table") {
		return s
	}
	var b strings.Builder
	depth, indent := 0, ""
	for line := range strings.SplitSeq(s, "\n") {
		if depth > 0 {
			if line = strings.TrimSpace(line); line == "" {
				continue
			}
			line = indent + line + " "
		}
		for _, at := range tableTag.FindAllStringIndex(line, -1) {
			switch {
			case line[at[0]+1] == '/':
				depth = max(depth-1, 0)
			case depth == 0:
				indent = strings.Repeat(" ", at[0])
				fallthrough
			default:
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

// showCode puts code back where hideCode took it from.
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
