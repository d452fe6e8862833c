package ooxml

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// A Decoder reads the XML of a part. Elements are matched by their local names:
// the transitional and the strict form of a format differ in namespaces only.
// Entities that a document declares itself are not expanded.
type Decoder struct {
	scan  *scanner
	depth int // elements that are open
	limit int // of depth
}

// Decode returns a decoder of the XML in r. A tag, or a text, of more than 4 MiB
// ends it.
func (p *Package) Decode(r io.Reader) *Decoder {
	b := bufio.NewReaderSize(&checked{r: r, check: p.limits.Check}, 32<<10)
	r = b
	if mark, _ := b.Peek(2); string(mark) == "\xff\xfe" || string(mark) == "\xfe\xff" {
		r = transform.NewReader(b, unicode.BOMOverride(unicode.UTF8.NewDecoder()))
	} else if mark, _ := b.Peek(3); string(mark) == "\ufeff" {
		_, _ = b.Discard(3)
	}
	return &Decoder{scan: &scanner{r: r, markup: &p.markup}, limit: p.limits.Depth}
}

// checked reads until check fails.
type checked struct {
	r     io.Reader
	check func() error // may be nil
}

// Read implements [io.Reader].
func (c *checked) Read(p []byte) (int, error) {
	if c.check != nil {
		if err := c.check(); err != nil {
			return 0, err
		}
	}
	return c.r.Read(p)
}

// charset returns a reader of UTF-8 for the encoding that a part declares. One
// that is not known is read as if it were UTF-8.
func charset(label string, r io.Reader) io.Reader {
	enc, err := ianaindex.IANA.Encoding(label)
	if err != nil || enc == nil || strings.HasPrefix(strings.ToLower(label), "utf-") {
		return r // converted already, or not to be
	}
	return transform.NewReader(r, enc.NewDecoder())
}

// Token returns the next start element, end element or text, and [io.EOF] at
// the end. The text is valid until the next call.
func (d *Decoder) Token() (xml.Token, error) {
	token, err := d.scan.token()
	if err != nil {
		return nil, err
	}
	switch token.(type) {
	case xml.StartElement:
		if d.depth++; d.depth > d.limit {
			return nil, fmt.Errorf("%w: elements nested more than %d deep", ErrTooLarge, d.limit)
		}
	case xml.EndElement:
		d.depth--
	}
	return token, nil
}

// Skip passes over the rest of the element that was opened last, with its end.
func (d *Decoder) Skip() error {
	for depth := d.depth - 1; d.depth > depth; {
		if _, err := d.Token(); err != nil {
			return err
		}
	}
	return nil
}

// Text returns the text in the element that was opened last, and in those within
// it, up to its end. With an error comes the text before it.
func (d *Decoder) Text() (string, error) {
	var b strings.Builder
	for depth := d.depth - 1; d.depth > depth; {
		token, err := d.Token()
		if err != nil {
			return b.String(), err
		}
		if t, ok := token.(xml.CharData); ok {
			b.Write(t)
		}
	}
	return b.String(), nil
}

// Children calls f for each element within the one that was opened last, up to
// its end. What f leaves of an element is passed over.
func (d *Decoder) Children(f func(xml.StartElement) error) error {
	for depth := d.depth; ; {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if err := f(t); err != nil {
				return err
			}
			for d.depth > depth {
				if _, err := d.Token(); err != nil {
					return err
				}
			}
		}
	}
}

// Walk calls f for every element of a part, in order. f may read on from d. A
// part that is damaged is walked as far as it goes: an error is one of f's or of
// [Limits].Check, or wraps [ErrTooLarge].
func (p *Package) Walk(name string, f func(e xml.StartElement, d *Decoder) error) error {
	d, err := p.Decoder(name)
	if err != nil {
		return err
	}
	for {
		token, err := d.Token()
		if err != nil && Damaged(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := token.(xml.StartElement); ok {
			if err := f(e, d); err != nil {
				if Damaged(err) {
					return nil
				}
				return err
			}
		}
	}
}

// Damaged reports whether an error only says that a part ends or makes no sense.
func Damaged(err error) bool {
	var syntax *xml.SyntaxError
	var data flate.CorruptInputError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, zip.ErrChecksum) ||
		errors.As(err, &syntax) || errors.As(err, &data)
}

// Attr returns the value of an attribute, by its local name.
func Attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// Core are the properties of a package that say what it is: ECMA-376 part 2, 11.
type Core struct {
	Title, Language, Keywords, Modified string
}

// Core returns the properties, as far as there are any.
func (p *Package) Core() (Core, error) {
	var c Core
	relations, err := p.Relations("")
	if err != nil {
		return c, err
	}
	return c, p.Walk(Target(relations, "core-properties"), func(e xml.StartElement, d *Decoder) (err error) {
		for name, value := range map[string]*string{"title": &c.Title, "language": &c.Language, "keywords": &c.Keywords, "modified": &c.Modified} {
			if e.Name.Local == name {
				*value, err = d.Text()
				*value = strings.TrimSpace(*value)
			}
		}
		return err
	})
}
