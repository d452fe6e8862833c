// Package drawing reads the text of DrawingML, which presentations, workbooks
// and text files have in common: text boxes, diagrams and charts. See ECMA-376
// part 1, 20 and 21.
package drawing

import (
	"encoding/xml"
	"strings"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/ooxml"
)

// Paragraph reads the paragraph "p" that was opened last. Line breaks are kept.
func Paragraph(d *ooxml.Decoder) (string, error) {
	var b strings.Builder
	var element func(e xml.StartElement) error
	element = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "t":
			text, err := d.Text()
			b.WriteString(text)
			return err
		case "br":
			b.WriteByte('\n')
		case "tab":
			b.WriteByte(' ')
		case "pPr", "rPr", "endParaRPr", "Fallback":
		default:
			return d.Children(element)
		}
		return nil
	}
	err := d.Children(element)
	return strings.TrimSpace(b.String()), err
}

// Paragraphs reads the paragraphs within the element that was opened last, at
// whatever depth, but for second renderings of the same thing. Empty ones are left
// out.
func Paragraphs(d *ooxml.Decoder) ([]string, error) {
	var out []string
	var element func(e xml.StartElement) error
	element = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "p":
			text, err := Paragraph(d)
			if text != "" {
				out = append(out, text)
			}
			return err
		case "Fallback":
			return nil
		}
		return d.Children(element)
	}
	err := d.Children(element)
	return out, err
}

// Texts reads the text boxes and charts of a drawing part, one text each. No
// name means no part.
func Texts(pkg *ooxml.Package, part string) ([]string, error) {
	if part == "" {
		return nil, nil
	}
	relations, err := pkg.Relations(part)
	if err != nil {
		return nil, err
	}
	var out []string
	err = pkg.Walk(part, func(e xml.StartElement, d *ooxml.Decoder) error {
		switch e.Name.Local {
		case "Fallback":
			return d.Skip()
		case "txBody":
			paragraphs, err := Paragraphs(d)
			if len(paragraphs) > 0 {
				out = append(out, strings.Join(paragraphs, "\n"))
			}
			return err
		case "chart":
			chart, err := ReadChart(pkg, relations[ooxml.Attr(e, "id")].Target)
			if text := chart.Text(); text != "" {
				out = append(out, text)
			}
			return err
		}
		return nil
	})
	return out, err
}

// Diagram reads the texts of the data part of a diagram, ECMA-376 part 1, 21.4,
// without those of points that only present others.
func Diagram(pkg *ooxml.Package, part string) ([]string, error) {
	var out []string
	err := pkg.Walk(part, func(e xml.StartElement, d *ooxml.Decoder) error {
		if e.Name.Local == "pt" && ooxml.Attr(e, "type") == "pres" {
			return d.Skip()
		}
		if e.Name.Local != "p" {
			return nil
		}
		text, err := Paragraph(d)
		if text != "" {
			out = append(out, text)
		}
		return err
	})
	return out, err
}
