package extract

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	tables "github.com/yuin/goldmark/extension/ast"
	"golang.org/x/net/html"
)

// inlineMarkdown returns the text of a piece of Markdown in one line.
func inlineMarkdown(source string) string {
	if !strings.ContainsAny(source, "*_`[\\<&") {
		return source
	}
	o := newOutline(1 << 20)
	m := newMarkdown(o, source)
	m.quoted = 1
	m.blocks(m.root)
	return o.text.String()
}

// inline returns the text inside a block: links by their text, images by their
// description where they stand alone.
func (m *markdown) inline(n ast.Node) string {
	var b strings.Builder
	m.spans(&b, n)
	if strings.TrimSpace(b.String()) == "" {
		return m.images(n)
	}
	return leftover.ReplaceAllString(b.String(), "$1")
}

// leftover is strong text whose end the rules of CommonMark do not see, such as
// **Method:**POST.
var leftover = regexp.MustCompile(`\*\*([\pL\d("][^*\n]*[^*\s{/])\*\*`)

// images returns the descriptions of the images in a block, one a line.
func (m *markdown) images(parent ast.Node) string {
	var lines []string
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		text := m.images(n)
		if _, ok := n.(*ast.Image); ok {
			var b strings.Builder
			m.spans(&b, n)
			text = described(b.String())
		}
		if text != "" {
			lines = append(lines, text)
		}
	}
	return strings.Join(lines, "\n")
}

// linkage tells what a block or a list has beside its links.
func (m *markdown) linkage(n ast.Node) linkage {
	kind, words, found := local, false, false
	visit := func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Link:
			found = true
			if !bytes.HasPrefix(n.Destination, []byte("#")) {
				kind = links
			}
			return ast.WalkSkipChildren, nil
		case *ast.AutoLink:
			kind, found = links, true
		case *ast.Image:
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			words = words || wordy(string(n.Segment.Value(m.source)))
		case *ast.CodeBlock, *ast.FencedCodeBlock, *ast.HTMLBlock, *tables.Table:
			words = true
		}
		if words {
			return ast.WalkStop, nil
		}
		return ast.WalkContinue, nil
	}
	if err := ast.Walk(n, visit); err != nil || words || !found {
		return prose
	}
	return kind
}

// spans writes the text of the nodes inside a block.
func (m *markdown) spans(b *strings.Builder, parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		switch n := n.(type) {
		case *ast.Text:
			b.Write(unescape(n.Segment.Value(m.source), n.IsRaw()))
			if n.HardLineBreak() {
				b.WriteByte('\n')
			} else if n.SoftLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.CodeSpan:
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				if t, ok := c.(*ast.Text); ok {
					b.Write(bytes.ReplaceAll(t.Segment.Value(m.source), []byte("\n"), []byte(" ")))
				}
			}
		case *ast.AutoLink:
			b.Write(n.Label(m.source))
		case *ast.Image, *tables.FootnoteLink, *tables.FootnoteBacklink, *tables.TaskCheckBox:
		case *ast.RawHTML:
			b.WriteString(rawInline(string(n.Segments.Value(m.source))))
		default:
			m.spans(b, n)
		}
	}
}

// elements are those of HTML: a tag of any other name stands for itself.
var elements = map[string]bool{
	"a": true, "abbr": true, "acronym": true, "address": true, "applet": true, "area": true, "article": true,
	"aside": true, "audio": true, "b": true, "base": true, "bdi": true, "bdo": true, "big": true, "blockquote": true,
	"body": true, "br": true, "button": true, "canvas": true, "caption": true, "center": true, "cite": true,
	"code": true, "col": true, "colgroup": true, "data": true, "datalist": true, "dd": true, "del": true,
	"details": true, "dfn": true, "dialog": true, "dir": true, "div": true, "dl": true, "dt": true, "em": true,
	"embed": true, "fieldset": true, "figcaption": true, "figure": true, "font": true, "footer": true, "form": true,
	"frame": true, "frameset": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true,
	"head": true, "header": true, "hgroup": true, "hr": true, "html": true, "i": true, "iframe": true, "img": true,
	"input": true, "ins": true, "kbd": true, "label": true, "legend": true, "li": true, "link": true, "main": true,
	"map": true, "mark": true, "menu": true, "meta": true, "meter": true, "nav": true, "nobr": true, "noscript": true,
	"object": true, "ol": true, "optgroup": true, "option": true, "output": true, "p": true, "picture": true,
	"pre": true, "progress": true, "q": true, "rp": true, "rt": true, "ruby": true, "s": true, "samp": true,
	"script": true, "section": true, "select": true, "slot": true, "small": true, "source": true, "span": true,
	"strike": true, "strong": true, "style": true, "sub": true, "summary": true, "sup": true, "svg": true,
	"table": true, "tbody": true, "td": true, "template": true, "textarea": true, "tfoot": true, "th": true,
	"thead": true, "time": true, "title": true, "tr": true, "track": true, "tt": true, "u": true, "ul": true,
	"var": true, "video": true, "wbr": true,
}

// rawInline returns what a tag inside a line shows: a line end, nothing, or
// itself where it is no tag but a placeholder such as <your-domain>.
func rawInline(tag string) string {
	name := strings.ToLower(strings.Trim(tag, "</> "))
	name, _, _ = strings.Cut(name, " ")
	switch {
	case name == "br" || name == "br/":
		return "\n"
	case strings.HasPrefix(tag, "<!--") || strings.HasPrefix(tag, "</"):
		return ""
	case elements[strings.TrimSuffix(name, "/")] || strings.ContainsAny(tag, "=\"") || strings.HasSuffix(tag, "/>"):
		return ""
	}
	return tag
}

// escaped is a backslash before punctuation, or a character reference.
var escaped = regexp.MustCompile("\\\\[!-/:-@\\[-`{-~]|&(?:#\\d+|#[xX][0-9a-fA-F]+|\\w+);")

// unescape returns text as it is read: without the backslashes before punctuation,
// and with the characters that references stand for, unless it is raw.
func unescape(s []byte, raw bool) []byte {
	if raw || !bytes.ContainsAny(s, `\&`) {
		return s
	}
	return escaped.ReplaceAllFunc(s, func(m []byte) []byte {
		if m[0] == '\\' {
			return m[1:]
		}
		return []byte(html.UnescapeString(string(m)))
	})
}
