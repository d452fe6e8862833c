package extract

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/nguyenthenguyen/docx"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// The parts of a DOCX file that are read. See ECMA-376, part 1.
const (
	documentPart  = "word/document.xml"
	stylesPart    = "word/styles.xml"
	footnotesPart = "word/footnotes.xml"
)

// maxInflated is the most that all XML in a DOCX file may inflate to. Real
// manuals of a thousand pages have about 30 MiB.
const maxInflated = 128 << 20

// docx reads a Word file of the kind since 2007: its body and footnotes.
func (c content) docx() (retrieval.Document, error) {
	archive, err := zip.NewReader(bytes.NewReader(c.data), int64(len(c.data)))
	if err != nil {
		return retrieval.Document{}, fmt.Errorf("%w: %w", ingest.ErrMalformed, err)
	}
	if err := checkInflated(archive, maxInflated); err != nil {
		return retrieval.Document{}, err
	}
	body, err := c.docxBody(archive)
	if err != nil {
		return retrieval.Document{}, err
	}
	o := newOutline(c.opts.MaxText)
	w := &wordWalker{out: o, styles: readStyles(part(archive, stylesPart))}
	if err := w.read(body); err != nil && len(o.sections) == 0 && o.text.Len() == 0 {
		return retrieval.Document{}, fmt.Errorf("%w: %w", ingest.ErrMalformed, err)
	}
	w.endBlock()
	o.resume(place{})
	// A fault in the footnotes must not cost the body.
	_ = w.read(part(archive, footnotesPart))
	return o.document()
}

// docxBody returns the XML of the body. The library wants parts that valid
// files can lack, so what it refuses is read from the archive.
func (c content) docxBody(archive *zip.Reader) (string, error) {
	file, err := docx.ReadDocxFromMemory(bytes.NewReader(c.data), int64(len(c.data)))
	if err == nil {
		defer file.Close()
		return file.Editable().GetContent(), nil
	}
	if body := part(archive, documentPart); body != "" {
		return body, nil
	}
	return "", fmt.Errorf("%w: %w", ingest.ErrMalformed, err)
}

// checkInflated inflates all XML and counts it up to the limit: what the archive says about its
// sizes may be a lie, and the library has no limit.
func checkInflated(archive *zip.Reader, limit int64) error {
	left := limit
	for _, f := range archive.File {
		if !strings.HasSuffix(f.Name, ".xml") && !strings.HasSuffix(f.Name, ".rels") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			continue // the part cannot be read, so it cannot do harm
		}
		n, _ := io.Copy(io.Discard, io.LimitReader(r, left+1))
		r.Close()
		if left -= n; left < 0 {
			return fmt.Errorf("%w: it inflates to more than %d bytes", ingest.ErrTooLarge, limit)
		}
	}
	return nil
}

// part returns a part of the archive, empty if it is missing or broken.
func part(archive *zip.Reader, name string) string {
	for _, f := range archive.File {
		if f.Name != name {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return ""
		}
		defer r.Close()
		data, err := io.ReadAll(io.LimitReader(r, maxInflated))
		if err != nil {
			return ""
		}
		return string(data)
	}
	return ""
}

// A wordStyle is what a paragraph style means for text.
type wordStyle struct {
	XMLName xml.Name
	ID      string    `xml:"styleId,attr"`
	Name    wordValue `xml:"name"`
	BasedOn wordValue `xml:"basedOn"`
	Outline wordValue `xml:"pPr>outlineLvl"`
	List    wordValue `xml:"pPr>numPr>numId"`
}

type wordValue struct {
	Val string `xml:"val,attr"`
}

func readStyles(source string) map[string]wordStyle {
	var file struct {
		Styles []wordStyle `xml:"style"`
	}
	styles := make(map[string]wordStyle)
	// Without styles every paragraph is a plain one.
	if err := newDecoder(source).Decode(&file); err != nil {
		return styles
	}
	for _, s := range file.Styles {
		styles[s.ID] = s
	}
	return styles
}

func newDecoder(source string) *xml.Decoder {
	d := xml.NewDecoder(strings.NewReader(source))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	return d
}

// level returns the heading level of a style, zero if it is none. The names of
// the built-in styles are English in every language.
func (w *wordWalker) level(id string) int {
	for range 10 {
		s, ok := w.styles[id]
		if !ok {
			s.Name.Val = id
		}
		name := strings.ToLower(s.Name.Val)
		if n, ok := strings.CutPrefix(strings.ReplaceAll(name, " ", ""), "heading"); ok {
			if level, err := strconv.Atoi(n); err == nil && level >= 1 && level <= 9 {
				return min(level, 6)
			}
		}
		if level, err := strconv.Atoi(s.Outline.Val); err == nil && level >= 0 && level < 9 {
			return min(level+1, 6)
		}
		if s.BasedOn.Val == "" {
			return 0
		}
		id = s.BasedOn.Val
	}
	return 0
}

// styleName returns the name of a style in lower case.
func (w *wordWalker) styleName(id string) string {
	if s, ok := w.styles[id]; ok && s.Name.Val != "" {
		return strings.ToLower(s.Name.Val)
	}
	return strings.ToLower(id)
}

var errDepth = errors.New("elements nested too deeply")
