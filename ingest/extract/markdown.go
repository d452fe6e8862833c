package extract

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// markdown reads CommonMark with tables, definition lists, front matter and
// the tags that the generators of help centres add to it.
func (c content) markdown() (retrieval.Document, error) {
	source := decode(c.data)
	if hostile(source) {
		return retrieval.Document{}, fmt.Errorf("%w: markup nested too deeply", ingest.ErrMalformed)
	}
	meta, body := frontMatter(source)
	o := c.outline()
	o.title = meta.text("title")
	o.stub = o.title != ""
	m := newMarkdown(o, cleanMarkdown(body))
	m.blocks(m.root)
	if len(o.sections) == 0 && o.text.Len() == 0 {
		o.block(meta.text("description", "seo.description", "meta.description"))
	}
	doc, err := o.document()
	if err != nil {
		return retrieval.Document{}, err
	}
	doc.Language, doc.Updated, doc.Keywords = tag(meta.text("lang", "language", "locale")), meta.updated(), meta.keywords()
	if doc.Title == "" {
		doc.Title = meta.text("seo.title", "meta.title", "sidebar_label", "sidebartitle", "linktitle", "nav_title")
	}
	return doc, nil
}

// maxEffort limits the squares of the delimiters in each paragraph, and of the
// levels of nesting at each line: what the parser's time grows with.
const maxEffort = 100_000_000

// hostile reports whether a text would keep the parser busy for long:
// thousands of delimiters in one paragraph, or hundreds of levels of nesting.
func hostile(source string) bool {
	effort, delimiters, fenced := 0, 0, false
	for line := range strings.SplitSeq(source, "\n") {
		trimmed := strings.TrimLeft(line, " \t>-+*")
		levels := len(line) - len(trimmed)
		if levels > 500 && trimmed != "" {
			return true
		}
		if strings.HasPrefix(trimmed, "```") || strings.HasPrefix(trimmed, "~~~") {
			fenced = !fenced
		}
		if trimmed == "" {
			effort += delimiters * delimiters
			delimiters = 0
		}
		for i := range len(trimmed) {
			switch trimmed[i] {
			case '*', '_', '`', '[', '~', '<', '!', '\\', '&', '{':
				delimiters++
			}
		}
		effort += levels * levels
		if effort > maxEffort || delimiters*delimiters > maxEffort && !fenced {
			return true
		}
	}
	return false
}

// A markdown walks the tree of a Markdown text.
type markdown struct {
	out    *outline
	source []byte
	root   ast.Node
	slugs  slugs
	anchor string  // of an empty <a name> right before
	number int     // of the next item of the innermost list, 0 for bullets
	quoted int     // open block quotes: their headings are paragraphs
	outer  []place // where the text goes on after open details elements
}

// dialect reads CommonMark with what the generators of help centres add to it.
var dialect = goldmark.New(
	goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.DefinitionList, extension.Footnote, extension.TaskList),
	goldmark.WithParserOptions(parser.WithHeadingAttribute()),
).Parser()

// newMarkdown returns a walker that writes to an outline.
func newMarkdown(o *outline, source string) *markdown {
	src := []byte(source)
	return &markdown{out: o, source: src, root: dialect.Parse(text.NewReader(src)), slugs: make(slugs)}
}

// blocks writes the blocks of a document, a quote or an item of a list.
func (m *markdown) blocks(parent ast.Node) {
	for n := parent.FirstChild(); n != nil && m.out.full() == nil; n = n.NextSibling() {
		m.block(n)
	}
}

// block writes one block, by its kind.
func (m *markdown) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		m.heading(n)
	case *ast.Paragraph, *ast.TextBlock, *tables.DefinitionTerm:
		m.paragraph(n)
		m.mark(n)
	case *ast.FencedCodeBlock:
		if n.Info != nil {
			m.out.block(codeTitle(string(n.Info.Segment.Value(m.source))))
		}
		m.out.code(string(n.Lines().Value(m.source)))
	case *ast.CodeBlock:
		m.out.code(string(n.Lines().Value(m.source)))
	case *ast.List:
		if m.linkage(n) == local && m.out.contents() {
			return
		}
		outer := m.number
		m.number = n.Start
		m.blocks(n)
		m.number = outer
		m.out.endList()
	case *ast.ListItem:
		m.out.openItem(itemMark(&m.number))
		m.blocks(n)
		m.out.closeItem()
	case *ast.Blockquote:
		m.quoted++
		m.blocks(n)
		m.quoted--
	case *ast.HTMLBlock:
		m.html(n)
	case *tables.Table:
		m.table(n)
	default:
		m.blocks(n)
	}
}

// codeTitled is the title of a block of code, beside its language.
var codeTitled = regexp.MustCompile(`\b(?:title|filename|file)=(?:"([^"]+)"|'([^']+)')`)

// codeTitle returns the title that the first line of a block of code gives, or "".
func codeTitle(info string) string {
	if m := codeTitled.FindStringSubmatch(info); m != nil {
		return oneLine(m[1] + m[2])
	}
	return ""
}

// paragraph writes a paragraph. The outline decides on one that is little but links.
func (m *markdown) paragraph(n ast.Node) {
	text := paragraph(m.inline(n))
	if kind := m.linkage(n); kind != prose && m.quoted == 0 {
		m.out.links(text, kind)
		return
	}
	m.out.block(text)
}

// heading starts a section at the anchor that the text names, or else at the one
// that generators make from the title. In a quote or a note it is a paragraph.
func (m *markdown) heading(n *ast.Heading) {
	title, beside := strings.CutPrefix(m.inline(n), asideMark)
	if beside || m.quoted > 0 {
		m.out.block(oneLine(title))
		return
	}
	anchor := m.slugs.slug(oneLine(title))
	if id, ok := n.AttributeString("id"); ok {
		if b, ok := id.([]byte); ok {
			anchor = string(b)
		}
	}
	if m.anchor != "" {
		anchor, m.anchor = m.anchor, ""
	}
	m.out.heading(n.Level, title, anchor)
}

// unknownTag is a placeholder such as <YOUR_DOMAIN> unless HTML has the element.
var unknownTag = regexp.MustCompile(`<[A-Za-z][\w.-]*>`)

// html writes a block of HTML inside Markdown. Cells of its tables may hold
// Markdown in turn.
func (m *markdown) html(n *ast.HTMLBlock) {
	source := string(n.Lines().Value(m.source))
	if n.HasClosure() {
		source += string(n.ClosureLine.Value(m.source))
	}
	source = unknownTag.ReplaceAllStringFunc(source, func(tag string) string {
		if elements[strings.ToLower(tag[1:len(tag)-1])] {
			return tag
		}
		return "&lt;" + tag[1:]
	})
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(source), body)
	if err != nil { // nested too deeply
		body = flatten([]byte(source))
	}
	for _, node := range nodes {
		body.AppendChild(node)
	}
	prune(body)
	m.details(source, func() {
		w := &walker{out: m.out, cell: inlineMarkdown, open: true}
		w.block(body)
		w.flush()
	})
	for d := range body.Descendants() {
		if d.DataAtom == atom.A && placeID(d) != "" && d.NextSibling == nil {
			m.anchor = placeID(d)
		}
	}
}

// details writes a block that may begin or end details elements, whose ends
// stand in other blocks.
func (m *markdown) details(source string, write func()) {
	lower := strings.ToLower(source)
	for range strings.Count(lower, "<details") {
		m.outer = append(m.outer, m.out.here())
	}
	write()
	for range min(strings.Count(lower, "</details"), len(m.outer)) {
		last := len(m.outer) - 1
		if m.out.depth == 0 {
			m.out.resume(m.outer[last])
		}
		m.outer = m.outer[:last]
	}
}

// named is an empty element that marks a place.
var named = regexp.MustCompile(`<(?:a|span)\s[^>]*?(?:name|id)=["']?([^"'\s>/]+)`)

// mark remembers the anchor of a paragraph that is nothing but one.
func (m *markdown) mark(n ast.Node) {
	m.anchor = ""
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		raw, ok := c.(*ast.RawHTML)
		if !ok {
			m.anchor = ""
			return
		}
		if found := named.FindSubmatch(raw.Segments.Value(m.source)); found != nil {
			m.anchor = string(found[1])
		}
	}
}

// table writes a table: each row with the names of its columns.
func (m *markdown) table(n *tables.Table) {
	var rows [][]string
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []string
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			cells = append(cells, m.inline(cell))
		}
		rows = append(rows, cells)
	}
	m.out.block(table(rows, true))
}
