package extract

import (
	"encoding/xml"
	"strings"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/drawing"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/ooxml"
)

// graphic reads what stands in a frame: a table, a chart, a diagram, or an
// object of another program, of which the picture is read. The picture stands
// beside the object since 2010, and before in the old drawing of the slide.
func (r *slideReader) graphic(d *ooxml.Decoder) error {
	blocks, object := len(r.blocks), ""
	var element func(e xml.StartElement) error
	element = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "graphic", "graphicData", "AlternateContent", "Choice", "Fallback", "embed":
			return d.Children(element)
		case "oleObj":
			object = ooxml.Attr(e, "spid")
			return d.Children(element)
		case "pic":
			return r.picture(d)
		case "tbl":
			return r.table(d)
		case "chart":
			return r.chart(r.relations[relationID(e)].Target)
		case "relIds":
			return r.diagram(e)
		}
		return nil
	}
	if err := d.Children(element); err != nil {
		return err
	}
	if object == "" || len(r.blocks) > blocks {
		return nil
	}
	return r.object(object)
}

// picture reads a picture whose text can be read: see [drawing.Picture].
func (r *slideReader) picture(d *ooxml.Decoder) error {
	part := ""
	err := d.Children(func(e xml.StartElement) error {
		if e.Name.Local != "blipFill" {
			return nil
		}
		return d.Children(func(e xml.StartElement) error {
			if e.Name.Local == "blip" {
				part = r.relations[ooxml.Attr(e, "embed")].Target
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	text, err := drawing.Picture(r.pkg, part)
	r.add(paragraphsOf(text)...)
	return err
}

// object reads the picture of an object by the identifier of its shape in the
// old drawing of the slide, in VML: ECMA-376 part 4, 14.
func (r *slideReader) object(shape string) error {
	part := ooxml.Target(r.relations, "vmlDrawing")
	relations, err := r.pkg.Relations(part)
	if err != nil {
		return err
	}
	picture, inside := "", false
	err = r.pkg.Walk(part, func(e xml.StartElement, _ *ooxml.Decoder) error {
		switch e.Name.Local {
		case "shape":
			inside = ooxml.Attr(e, "spid") == shape || ooxml.Attr(e, "id") == shape
		case "imagedata":
			if inside && picture == "" {
				picture = relations[ooxml.Attr(e, "relid")].Target
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	text, err := drawing.Picture(r.pkg, picture)
	r.add(paragraphsOf(text)...)
	return err
}

// diagram reads the data of a diagram, which its relIds lead to: ECMA-376 part 1,
// 21.4.2.20.
func (r *slideReader) diagram(e xml.StartElement) error {
	text, err := drawing.Diagram(r.pkg, r.relations[ooxml.Attr(e, "dm")].Target)
	r.add(text...)
	return err
}

// paragraphsOf returns the lines of a text, none of an empty one.
func paragraphsOf(text string) []string {
	if text == "" {
		return nil
	}
	return []string{paragraph(text)}
}

// table reads a table: ECMA-376 part 1, 21.1.3.
func (r *slideReader) table(d *ooxml.Decoder) error {
	var rows [][]string
	header := false
	err := d.Children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "tblPr":
			header = ooxml.Attr(e, "firstRow") == "1"
		case "tr":
			rows = append(rows, nil)
			return r.row(d, rows)
		}
		return nil
	})
	r.add(r.tableText(rows, header || looksHeader(rows)))
	return err
}

// row reads the cells of the last row. Those that are merged with the one above have
// its text, and those merged with one to the left have none.
func (r *slideReader) row(d *ooxml.Decoder, rows [][]string) error {
	n := len(rows) - 1
	return d.Children(func(e xml.StartElement) error {
		if e.Name.Local != "tc" {
			return nil
		}
		text, err := drawing.Paragraphs(d)
		rows[n] = append(rows[n], strings.Join(text, "\n"))
		if ooxml.Attr(e, "vMerge") == "1" || ooxml.Attr(e, "vMerge") == "true" {
			r.merged.repeat(rows)
		}
		return err
	})
}

// tableText writes a table, in a plain document without the header beside the cells.
func (c content) tableText(rows [][]string, header bool) string {
	return table(rows, header && !c.opts.Plain)
}

// chart reads a chart: its titles and a row of values for each category.
func (r *slideReader) chart(part string) error {
	chart, err := drawing.ReadChart(r.pkg, part)
	r.add(chart.Titles...)
	r.add(r.tableText(chart.Rows(), true))
	return err
}
