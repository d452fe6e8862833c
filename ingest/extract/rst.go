package extract

import (
	"regexp"
	"strings"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

var (
	rstExplicit = regexp.MustCompile(`^\.\.(?:\s+|$)`)
	rstTarget   = regexp.MustCompile("^_`?([^`:]+)`?:")
	rstNote     = regexp.MustCompile(`^\[([#*\w-]+)\]\s*(.*)$`)
	rstReplace  = regexp.MustCompile(`^\|([^|]+)\|\s+(\w+)::\s*(.*)$`)
	rstDirect   = regexp.MustCompile(`^([\w:+.-]+)\s?::(?:\s+(.*)|)$`)
	rstField    = regexp.MustCompile(`^:([^:\s][^:]*):(?:\s+(.*)|)$`)
	rstBullet   = regexp.MustCompile(`^[*+•‣⁃-](?:\s+|$)`)
	rstNumber   = regexp.MustCompile(`^\(?(\d{1,3}|#|[a-zA-Z]|[ivxIVX]{1,5})[.)]\s+`)
	rstOption   = regexp.MustCompile(`^((?:-\w|--?[\w-]+|/\w)(?:[ =][<\w>-]+)?(?:, (?:-\w|--?[\w-]+)(?:[ =][<\w>-]+)?)*)  +(\S.*)$`)
)

// rst reads reStructuredText, as of docutils and with the directives and roles
// of Sphinx. See https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html.
func (c content) rst() (retrieval.Document, error) {
	text := decode(c.data)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(expandTabs(line), " \f\v")
	}
	r := &rst{out: c.outline(), ids: make(slugs), replace: replacements(lines), most: min(c.opts.MaxDepth, 64)}
	r.body(lines, 0)
	doc, err := r.out.document()
	doc.Language = r.language
	return doc, err
}

// rst reads blocks of lines.
type rst struct {
	out      *outline
	ids      slugs
	replace  map[string]string // by the names of substitutions
	most     int               // how deeply blocks may be nested
	styles   []string          // of titles, in the order of their first use
	target   string            // that stands before the next title
	language string
	numbers  bool // the last item had a number
}

// expandTabs writes tabs as spaces up to the next column that eight divides, as
// docutils does.
func expandTabs(line string) string {
	for {
		before, after, found := strings.Cut(line, "\t")
		if !found {
			return line
		}
		line = before + strings.Repeat(" ", 8-len(before)%8) + after
	}
}

// indentOf returns how many spaces a line begins with.
func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// indented returns how many of the lines are blank or indented by n at least,
// without the blank ones at their end.
func indented(lines []string, n int) int {
	end := 0
	for i, line := range lines {
		if line == "" {
			continue
		}
		if indentOf(line) < n {
			break
		}
		end = i + 1
	}
	return end
}

// dedent takes off the blanks that all lines begin with.
func dedent(lines []string) []string {
	least := -1
	for _, line := range lines {
		if n := indentOf(line); line != "" && (least < 0 || n < least) {
			least = n
		}
	}
	cut := make([]string, len(lines))
	for i, line := range lines {
		cut[i] = line[min(len(line), max(least, 0)):]
	}
	return cut
}

// body reads blocks. Titles stand at depth 0 only.
func (r *rst) body(lines []string, depth int) {
	for len(lines) > 0 && r.out.full() == nil {
		switch {
		case lines[0] == "":
			lines = lines[1:]
		case depth > r.most:
			r.out.block(oneLine(strings.Join(lines, " ")))
			return
		default:
			lines = lines[max(1, r.block(lines, depth)):]
		}
	}
}

// block reads the first block and returns how many lines it has.
func (r *rst) block(lines []string, depth int) int {
	line := lines[0]
	if depth == 0 {
		if n := r.title(lines); n > 0 {
			return n
		}
	}
	switch {
	case line[0] == ' ':
		n := indented(lines, 1)
		r.body(dedent(lines[:n]), depth+1)
		return n
	case rstExplicit.MatchString(line):
		return r.explicit(lines, depth)
	case strings.HasPrefix(line, "__ "):
		return 1
	case line[0] == '+' && gridBorder.MatchString(line):
		return r.grid(lines)
	case simpleBorder.MatchString(line):
		return r.simple(lines)
	case rstField.MatchString(line):
		return r.field(lines, depth)
	case rstBullet.MatchString(line), rstNumber.MatchString(line) && !r.wrapped(lines):
		return r.item(lines, depth)
	case rstOption.MatchString(line):
		m := rstOption.FindStringSubmatch(line)
		n := 1 + indented(lines[1:], 1)
		r.out.block(m[1] + ": " + r.inline(oneLine(m[2]+" "+strings.Join(lines[1:n], " "))))
		return n
	case strings.HasPrefix(line, "| "):
		return r.verse(lines)
	case strings.HasPrefix(line, ">>> "):
		n := blockEnd(lines)
		r.out.code(strings.Join(lines[:n], "\n"))
		return n
	}
	return r.paragraph(lines, depth)
}

// wrapped reports whether a line that looks like an item of a list is the
// beginning of a paragraph, such as one that starts with an initial.
func (r *rst) wrapped(lines []string) bool {
	return len(lines) > 1 && lines[1] != "" && lines[1][0] != ' ' && !rstNumber.MatchString(lines[1])
}

// blockEnd returns how many lines there are before a blank one.
func blockEnd(lines []string) int {
	for i, line := range lines {
		if line == "" {
			return i
		}
	}
	return len(lines)
}

// title reads a title with a line below, and maybe above it.
func (r *rst) title(lines []string) int {
	style, text, n := "", "", 0
	switch {
	case len(lines) >= 3 && rstRuler(lines[0]) && lines[1] != "" && !rstRuler(lines[1]) && rstRuler(lines[2]) && lines[0][0] == lines[2][0]:
		style, text, n = lines[0][:1]+"=", strings.TrimSpace(lines[1]), 3
	case len(lines) >= 2 && lines[0][0] != ' ' && !rstRuler(lines[0]) && rstRuler(lines[1]) && len([]rune(lines[1])) >= min(4, len([]rune(lines[0]))):
		style, text, n = lines[1][:1], lines[0], 2
	case rstRuler(lines[0]) && len(lines[0]) >= 4 && (len(lines) == 1 || lines[1] == ""):
		return 1 // between paragraphs
	default:
		return 0
	}
	level := 0
	for i, s := range r.styles {
		if s == style {
			level = i + 1
		}
	}
	if level == 0 {
		r.styles = append(r.styles, style)
		level = len(r.styles)
	}
	text = r.inline(text)
	anchor := r.target
	if anchor == "" {
		anchor = rstID(text)
	}
	r.target = ""
	r.out.heading(level, text, anchor)
	return n
}

func rstRuler(line string) bool {
	return len(line) >= 2 && strings.IndexByte("=-~^\"'`#*+_:.<>!$%&(),/;?@[\\]{|}", line[0]) >= 0 && strings.Trim(line, line[:1]) == ""
}

var notID = regexp.MustCompile(`[^\pL\pN]+`)

// rstID makes an anchor as docutils does.
func rstID(text string) string {
	return strings.Trim(notID.ReplaceAllString(strings.ToLower(text), "-"), "-")
}

// paragraph reads a paragraph, the term of a definition with its definition,
// or the line before literal text.
func (r *rst) paragraph(lines []string, depth int) int {
	if len(lines) > 1 && lines[1] != "" && lines[1][0] == ' ' && !strings.HasSuffix(lines[0], "::") {
		n := 1 + indented(lines[1:], 1)
		r.definition(lines[0], dedent(lines[1:n]), depth)
		return n
	}
	n := 0
	for n < len(lines) && lines[n] != "" && lines[n][0] != ' ' && (n == 0 || depth > 0 || !r.titleAt(lines[n:])) {
		n++
	}
	text := strings.Join(lines[:n], "\n")
	literal := strings.HasSuffix(text, "::")
	if literal {
		text = strings.TrimSuffix(text, ":")
		if bare := strings.TrimRight(text, " :\n"); text != bare+":" || bare == "" {
			text = bare
		}
	}
	r.out.endList()
	r.out.block(r.inline(paragraph(text)))
	if !literal {
		return n
	}
	code := indented(lines[n:], 1)
	r.out.code(strings.Join(dedent(trimBlank(lines[n:n+code])), "\n"))
	return n + code
}

func (r *rst) titleAt(lines []string) bool {
	return len(lines) >= 2 && rstRuler(lines[1]) && len(lines[1]) >= 4 && !rstRuler(lines[0])
}

// trimBlank returns the lines from the first that is not blank on.
func trimBlank(lines []string) []string {
	for len(lines) > 0 && lines[0] == "" {
		lines = lines[1:]
	}
	return lines
}

// definition writes a term with what is said of it.
func (r *rst) definition(term string, body []string, depth int) {
	term, _, _ = strings.Cut(term, " : ") // its classifiers
	n := blockEnd(body)
	first := body[:n]
	if n == 0 || first[n-1] != "" && strings.HasSuffix(first[n-1], "::") || r.special(first) {
		r.out.block(r.inline(term))
		r.body(body, depth+1)
		return
	}
	r.out.block(r.inline(term) + "\n" + r.inline(paragraph(strings.Join(first, "\n"))))
	r.body(body[n:], depth+1)
}

// special reports whether lines are more than a paragraph.
func (r *rst) special(lines []string) bool {
	for i, line := range lines {
		if line[0] == ' ' || i == 0 && (rstExplicit.MatchString(line) || rstBullet.MatchString(line) || rstNumber.MatchString(line) || rstField.MatchString(line) ||
			gridBorder.MatchString(line) || simpleBorder.MatchString(line)) {
			return true
		}
	}
	return false
}

// item reads an item of a list.
func (r *rst) item(lines []string, depth int) int {
	mark := rstBullet.FindString(lines[0])
	shown := bulletMark
	if numbers := mark == ""; numbers != r.numbers {
		r.numbers = numbers
		r.out.endList() // another list begins
	}
	if mark == "" {
		mark = rstNumber.FindString(lines[0])
		if shown = strings.TrimSpace(mark) + " "; strings.Contains(mark, "#") {
			shown = bulletMark
		}
	}
	n := 1 + indented(lines[1:], min(len(mark), 2))
	body := append([]string{strings.Repeat(" ", len(mark)) + lines[0][len(mark):]}, lines[1:n]...)
	r.out.openItem(shown)
	first := strings.TrimSpace(body[0])
	r.body(append([]string{first}, dedent(body[1:])...), depth+1)
	r.out.closeItem()
	return n
}

// verse reads lines that are kept as they are.
func (r *rst) verse(lines []string) int {
	var kept []string
	n := 0
	for ; n < len(lines) && (strings.HasPrefix(lines[n], "|") || n > 0 && strings.HasPrefix(lines[n], " ")); n++ {
		kept = append(kept, r.inline(strings.TrimSpace(strings.TrimPrefix(lines[n], "|"))))
	}
	r.out.block(strings.Join(kept, "\n"))
	return n
}

// field reads a line such as ":Author: me". What only tells programs how to
// treat the page is left out.
func (r *rst) field(lines []string, depth int) int {
	m := rstField.FindStringSubmatch(lines[0])
	n := 1 + indented(lines[1:], 1)
	value := r.inline(oneLine(m[2] + " " + strings.Join(lines[1:n], " ")))
	switch strings.ToLower(m[1]) {
	case "orphan", "tocdepth", "nocomments", "nosearch":
	case "language", "lang":
		r.language = value
	default:
		if value != "" {
			r.out.block(r.inline(m[1]) + ": " + value)
		}
	}
	return n
}
