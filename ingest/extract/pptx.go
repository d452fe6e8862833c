package extract

import (
	"context"
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/drawing"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/ooxml"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A slideReader writes presentations, PresentationML of ECMA-376 part 1, 19, to
// an outline.
type slideReader struct {
	content
	pkg    *ooxml.Package
	out    *outline
	merged merged

	// Of the slide under way:
	part      string
	relations map[string]ooxml.Relation
	title     []string // the paragraphs of its title
	blocks    []string // all else, in the order of the slide
}

// pptx reads a presentation: each slide is a section under its title. Hidden
// slides are left out, as are the numbers, dates and footers of slides.
func (c content) pptx(ctx context.Context) (retrieval.Document, error) {
	pkg, err := c.openPackage(ctx)
	if err != nil {
		return retrieval.Document{}, officeError(err)
	}
	r := &slideReader{content: c, pkg: pkg, out: c.outline(), merged: newMerged(c.opts)}
	slides, err := r.order()
	if err != nil {
		return retrieval.Document{}, officeError(err)
	}
	if len(slides) > c.opts.MaxPages {
		return retrieval.Document{}, fmt.Errorf("%w: %d slides", ingest.ErrTooLarge, len(slides))
	}
	if n, err := pkg.Total("ppt/slides/"); err != nil || n > c.opts.MaxInflated {
		return retrieval.Document{}, fmt.Errorf("%w: its slides inflate to more than %d bytes", ingest.ErrTooLarge, c.opts.MaxInflated)
	}
	seen := make(map[string]bool)
	for i, slide := range slides {
		if seen[slide] { // it says nothing new
			continue
		}
		seen[slide] = true
		if err := r.slide(slide, i+1); err != nil {
			return retrieval.Document{}, officeError(err)
		}
	}
	doc, err := r.out.document()
	if err != nil {
		return retrieval.Document{}, err
	}
	return describe(doc, pkg)
}

// order returns the parts of the slides as they are shown: sldIdLst of ECMA-376 part
// 1, 19.2.1.34, whatever the parts are called.
func (r *slideReader) order() ([]string, error) {
	main, err := r.pkg.Main("ppt/presentation.xml")
	if err != nil {
		return nil, err
	}
	relations, err := r.pkg.Relations(main)
	if err != nil {
		return nil, err
	}
	var slides []string
	err = r.pkg.Walk(main, func(e xml.StartElement, _ *ooxml.Decoder) error {
		if part := relations[relationID(e)]; e.Name.Local == "sldId" && part.Kind == "slide" {
			slides = append(slides, part.Target)
		}
		return nil
	})
	return slides, err
}

// relationID returns the identifier of a relation that an element names beside
// its own.
func relationID(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// slide writes a slide and what the speaker noted on it. The number counts from
// one, hidden slides included.
func (r *slideReader) slide(part string, number int) (err error) {
	r.part, r.title, r.blocks = part, nil, nil
	if r.relations, err = r.pkg.Relations(part); err != nil {
		return err
	}
	hidden := false
	err = r.pkg.Walk(part, func(e xml.StartElement, d *ooxml.Decoder) error {
		if e.Name.Local == "sld" {
			hidden = ooxml.Attr(e, "show") == "0" || ooxml.Attr(e, "show") == "false"
		}
		return r.element(e, d)
	})
	if err != nil || hidden {
		return err
	}
	if err := r.beside(); err != nil {
		return err
	}
	r.write(number)
	return nil
}

// write writes what was gathered of a slide, under its title or else its number.
func (r *slideReader) write(number int) {
	r.out.resume(place{})
	title := oneLine(strings.Join(r.title, " "))
	switch {
	case title == "" && len(r.blocks) == 0:
		return
	case title == "" && !r.opts.Plain:
		title = fmt.Sprintf("Slide %d", number)
	}
	level := 2
	if number == 1 && len(r.title) > 0 {
		level = 1 // the title of the presentation
	}
	r.out.heading(level, title, "")
	for _, b := range r.blocks {
		r.out.block(b)
	}
}

// element reads one element of a slide: ECMA-376 part 1, 19.3.1. It leaves groups to
// the walk, and passes over backgrounds, animations and second renderings.
func (r *slideReader) element(e xml.StartElement, d *ooxml.Decoder) error {
	switch e.Name.Local {
	case "Fallback", "bg", "timing", "transition", "extLst":
		return d.Skip()
	case "sp":
		return r.shape(d)
	case "graphicFrame":
		return r.graphic(d)
	case "pic":
		return r.picture(d)
	}
	return nil
}

// shape reads a shape with text. What it is for stands in its placeholder: ECMA-376
// part 1, 19.7.10.
func (r *slideReader) shape(d *ooxml.Decoder) error {
	kind := ""
	var text []string
	var element func(e xml.StartElement) error
	element = func(e xml.StartElement) (err error) {
		switch e.Name.Local {
		case "ph":
			kind = ooxml.Attr(e, "type")
		case "txBody":
			text, err = drawing.Paragraphs(d)
		case "nvSpPr", "nvPr":
			err = d.Children(element)
		}
		return err
	}
	err := d.Children(element)
	switch kind {
	case "sldNum", "dt", "ftr", "hdr":
		if r.opts.Plain {
			r.add(text...)
		}
	case "title", "ctrTitle":
		r.title = append(r.title, text...)
	default:
		r.add(text...)
	}
	return err
}

// add adds paragraphs as one block.
func (r *slideReader) add(text ...string) {
	if len(text) > 0 {
		r.blocks = append(r.blocks, strings.Join(text, "\n"))
	}
}

// beside reads what belongs to a slide and stands in other parts: the speaker's
// notes, and the remarks of reviewers.
func (r *slideReader) beside() error {
	if r.opts.Plain {
		return nil
	}
	err := r.pkg.Walk(ooxml.Target(r.relations, "notesSlide"), func(e xml.StartElement, d *ooxml.Decoder) error {
		if e.Name.Local != "sp" {
			return nil
		}
		return r.note(d)
	})
	if err != nil || !r.opts.Remarks {
		return err
	}
	return r.pkg.Walk(ooxml.Target(r.relations, "comments"), func(e xml.StartElement, d *ooxml.Decoder) error {
		switch e.Name.Local {
		case "text":
			text, err := d.Text()
			r.add(paragraph(text))
			return err
		case "txBody":
			text, err := drawing.Paragraphs(d)
			r.add(text...)
			return err
		}
		return nil
	})
}

// note reads a shape of the page of notes. Only the body is the speaker's; the
// others repeat the slide, its number and its date.
func (r *slideReader) note(d *ooxml.Decoder) error {
	body := false
	var element func(e xml.StartElement) error
	element = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "ph":
			body = ooxml.Attr(e, "type") == "body"
		case "nvSpPr", "nvPr":
			return d.Children(element)
		case "txBody":
			text, err := drawing.Paragraphs(d)
			if body {
				r.add(text...)
			}
			return err
		}
		return nil
	}
	return d.Children(element)
}
