package extract

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
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

// inline returns the text inside a block: links by their text, images by
// their description where it stands in a sentence.
func (m *markdown) inline(n ast.Node) string {
	var b strings.Builder
	m.spans(&b, n)
	return b.String()
}

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
		case *ast.Image:
			if parent.ChildCount() > 1 {
				m.spans(b, n)
			}
		case *ast.RawHTML:
			b.WriteString(rawInline(string(n.Segments.Value(m.source))))
		default:
			m.spans(b, n)
		}
	}
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
	case atom.Lookup([]byte(strings.TrimSuffix(name, "/"))) != 0 || strings.ContainsAny(tag, "=\"") || strings.HasSuffix(tag, "/>"):
		return ""
	}
	return tag
}

// escaped is a backslash before punctuation, or a character reference.
var escaped = regexp.MustCompile("\\\\[!-/:-@\\[-`{-~]|&(?:#\\d+|#[xX][0-9a-fA-F]+|\\w+);")

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
