package extract

import (
	"encoding/xml"
	"strconv"
	"strings"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/ooxml"
)

// maxBased is how many styles a style is followed to that it is based on.
const maxBased = 10

// A wordStyle is what a paragraph style means for text: ECMA-376 part 1, 17.7.4.
type wordStyle struct {
	name    string // in lower case; built-in styles have English names in every language
	based   string // the identifier of the style that it differs from
	outline int    // level less one, negative for none
	list    string // "" for none of its own, "0" for expressly none
	level   int    // in the list
}

// readStyles reads the styles. Without them every paragraph is a plain one.
func (w *wordWalker) readStyles(part string) error {
	w.styles = make(map[string]wordStyle)
	return w.pkg.Walk(part, func(e xml.StartElement, d *ooxml.Decoder) error {
		if e.Name.Local != "style" {
			return nil
		}
		s := wordStyle{outline: -1}
		var element func(e xml.StartElement) error
		element = func(e xml.StartElement) error {
			switch e.Name.Local {
			case "name":
				s.name = strings.ToLower(ooxml.Attr(e, "val"))
			case "basedOn":
				s.based = ooxml.Attr(e, "val")
			case "outlineLvl":
				s.outline = xmlNumber(e, -1)
			case "numId":
				s.list = ooxml.Attr(e, "val")
			case "ilvl":
				s.level = xmlNumber(e, 0)
			case "pPr", "numPr":
				return d.Children(element)
			}
			return nil
		}
		err := d.Children(element)
		w.styles[ooxml.Attr(e, "styleId")] = s
		return err
	})
}

// style returns a style. One that is not declared has its identifier as its name.
func (w *wordWalker) style(id string) wordStyle {
	if s, ok := w.styles[id]; ok {
		return s
	}
	return wordStyle{name: strings.ToLower(id), outline: -1}
}

// level returns the heading level of a style, from 1 to 6, zero if it is none: by
// its name, else by its outline level, else by those of the style it is based on.
func (w *wordWalker) level(id string) int {
	for range maxBased {
		s := w.style(id)
		if n, ok := strings.CutPrefix(strings.ReplaceAll(s.name, " ", ""), "heading"); ok {
			if level, err := strconv.Atoi(n); err == nil && level >= 1 && level <= 9 {
				return min(level, 6)
			}
		}
		if s.outline >= 0 && s.outline < 9 {
			return min(s.outline+1, 6)
		}
		if s.based == "" {
			return 0
		}
		id = s.based
	}
	return 0
}

// listOf returns the list that a style puts its paragraphs into, and the level
// there, from zero. No list is "".
func (w *wordWalker) listOf(id string) (list string, level int) {
	for range maxBased {
		s := w.style(id)
		if s.list != "" {
			return s.list, s.level
		}
		if s.based == "" {
			break
		}
		id = s.based
	}
	return "", 0
}
