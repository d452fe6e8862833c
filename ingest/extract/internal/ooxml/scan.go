package ooxml

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxToken is the most bytes of a tag, a comment or a text.
const maxToken = 4 << 20

// window is how many bytes are read at once.
const window = 64 << 10

// maxAttributes is the most attributes that are read of one element.
const maxAttributes = 1000

// The most tags, attributes and entities, all together, of the parts of a package:
// what a scanner takes its time for. Archives of real documents have up to two for
// each of their bytes, and those made to exhaust a reader have many more. Two million
// cells of a workbook have some twelve million.
const (
	freeMarkup    = 4_000_000
	markupPerByte = 2
	maxMarkup     = 32_000_000
)

// A scanner splits XML into tokens, about twice as fast as [encoding/xml]: the
// parts of an Office file are large, and nearly all of them is markup. It is as
// lenient as that one is when it is not strict. Names are split at their colons,
// and declarations of namespaces are left out.
type scanner struct {
	r      io.Reader
	room   []byte // of buf
	buf    []byte // what was read and is not yet scanned
	err    error  // of r, once all of buf is scanned
	markup *int   // how much more may come

	open    []string // the names of the elements that are open
	closing int      // how many of them end before anything else comes
	seen    bool     // anything but white space and a mark
}

// fail returns the error of what is no XML.
func (s *scanner) fail(why string) error { return &xml.SyntaxError{Msg: why} }

// fill reads more, and reports whether there is any. A token that is too large
// ends the reading.
func (s *scanner) fill() bool {
	if s.err != nil {
		return false
	}
	if len(s.buf) > maxToken {
		s.err = fmt.Errorf("%w: a tag or a text of more than %d bytes", ErrTooLarge, maxToken)
		return false
	}
	had := len(s.buf)
	if want := min(2*had, maxToken) + window; want > len(s.room) {
		s.room = append(make([]byte, 0, want), s.buf...)[:want]
	} else {
		copy(s.room, s.buf)
	}
	n := had
	for s.err == nil && n < len(s.room) {
		var more int
		more, s.err = s.r.Read(s.room[n:])
		n += more
	}
	s.buf = s.room[:n]
	return n > had
}

// until returns the index of the first mark at or after an offset, reading on as
// far as needed, and -1 if there is none.
func (s *scanner) until(mark string, from int) int {
	for {
		if from < len(s.buf) {
			if i := bytes.Index(s.buf[from:], []byte(mark)); i >= 0 {
				return from + i
			}
		}
		from = max(from, len(s.buf)-len(mark)+1)
		if !s.fill() {
			return -1
		}
	}
}

// charge takes n from what markup may still come.
func (s *scanner) charge(n int) error {
	if *s.markup -= n; *s.markup < 0 {
		return fmt.Errorf("%w: too many tags, attributes and entities", ErrTooLarge)
	}
	return nil
}

// token returns the next start element, end element or text. The text is valid
// until the next call.
func (s *scanner) token() (xml.Token, error) {
	for {
		if s.closing > 0 {
			s.closing--
			name := s.open[len(s.open)-1]
			s.open = s.open[:len(s.open)-1]
			return xml.EndElement{Name: split(name)}, nil
		}
		if len(s.buf) == 0 && !s.fill() {
			return nil, s.end()
		}
		if s.buf[0] != '<' {
			return s.text()
		}
		if t, err := s.tag(); t != nil || err != nil {
			return t, err
		}
	}
}

// end returns the error at the end of what can be read.
func (s *scanner) end() error {
	if s.err == io.EOF && len(s.open) > 0 {
		return s.fail("unexpected EOF")
	}
	return s.err
}

// text returns the text up to the next tag.
func (s *scanner) text() (xml.Token, error) {
	n := s.until("<", 0)
	if n < 0 {
		if s.err != io.EOF {
			return nil, s.err
		}
		n = len(s.buf)
	}
	raw := s.buf[:n]
	s.buf = s.buf[n:]
	if err := s.charge(bytes.Count(raw, []byte("&"))); err != nil {
		return nil, err
	}
	return xml.CharData(plain(raw)), nil
}

// tag reads what begins with "<". It returns nothing for what is neither an
// element nor text.
func (s *scanner) tag() (xml.Token, error) {
	for len(s.buf) < len("<![CDATA[") && s.fill() {
	}
	for _, section := range []struct{ start, end string }{{"<!--", "-->"}, {"<?", "?>"}, {"<![CDATA[", "]]>"}} {
		if !bytes.HasPrefix(s.buf, []byte(section.start)) {
			continue
		}
		n := s.until(section.end, len(section.start))
		if n < 0 {
			return nil, s.cut()
		}
		body := s.buf[len(section.start):n]
		s.buf = s.buf[n+len(section.end):]
		switch section.start {
		case "<?":
			return nil, s.instruction(string(body))
		case "<![CDATA[":
			return xml.CharData(lineEnds(body)), s.charge(1)
		}
		return nil, s.charge(1)
	}
	if bytes.HasPrefix(s.buf, []byte("<!")) {
		return nil, s.declaration()
	}
	n := s.tagEnd()
	if n < 0 {
		return nil, s.cut()
	}
	if err := s.charge(1 + bytes.Count(s.buf[:n], []byte("=")) + bytes.Count(s.buf[:n], []byte("&"))); err != nil {
		return nil, err
	}
	// All names and values share this one string.
	body := string(s.buf[1:n])
	s.buf = s.buf[n+1:]
	if name, ok := strings.CutPrefix(body, "/"); ok {
		return nil, s.close(strings.TrimSpace(name))
	}
	return s.start(body)
}

// cut returns the error of markup that does not end.
func (s *scanner) cut() error {
	if s.err != io.EOF {
		return s.err
	}
	return s.fail("unexpected EOF")
}

// tagEnd returns the index of the end of a tag, which is not in quotes.
func (s *scanner) tagEnd() int {
	quote := byte(0)
	for i := 1; ; i++ {
		if i == len(s.buf) && !s.fill() {
			return -1
		}
		switch c := s.buf[i]; {
		case quote == 0 && c == '>':
			return i
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
		case c == quote:
			quote = 0
		}
	}
}

// declaration passes over a DOCTYPE with what it declares.
func (s *scanner) declaration() error {
	depth, quote := 0, byte(0)
	for i := 0; ; i++ {
		if i == len(s.buf) && !s.fill() {
			return s.cut()
		}
		switch c := s.buf[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			depth++
		case c == '>':
			if depth--; depth == 0 {
				s.buf = s.buf[i+1:]
				return s.charge(1)
			}
		}
	}
}

// instruction reads the encoding that XML declares at its start, and passes over
// all other instructions.
func (s *scanner) instruction(body string) error {
	if rest, ok := strings.CutPrefix(body, "xml"); ok && !s.seen {
		for _, a := range attributes(rest) {
			if a.Name.Local == "encoding" {
				s.r = charset(a.Value, io.MultiReader(bytes.NewReader(s.buf), &ending{s.r, s.err}))
				s.buf, s.err = nil, nil
			}
		}
	}
	s.seen = true
	return s.charge(1)
}

// An ending is a reader that has ended already if it has an error.
type ending struct {
	r   io.Reader
	err error
}

// Read implements [io.Reader].
func (e *ending) Read(p []byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	return e.r.Read(p)
}

// close ends an element, and those within it that were left open.
func (s *scanner) close(name string) error {
	for i := len(s.open) - 1; i >= 0; i-- {
		if s.open[i] == name {
			s.closing = len(s.open) - i
			return nil
		}
	}
	return s.fail("unexpected end element </" + name[:min(len(name), 40)] + ">")
}

// start returns the element that a tag begins.
func (s *scanner) start(body string) (xml.Token, error) {
	body, empty := strings.CutSuffix(body, "/")
	n := 0
	for n < len(body) && !space(body[n]) {
		n++
	}
	if n == 0 || strings.IndexByte("<&'\"=", body[0]) >= 0 {
		return nil, s.fail("expected element name after <")
	}
	s.seen = true
	s.open = append(s.open, body[:n])
	if empty {
		s.closing = 1
		if err := s.charge(1); err != nil {
			return nil, err
		}
	}
	return xml.StartElement{Name: split(body[:n]), Attr: attributes(body[n:])}, nil
}

// split parts a name at its colon.
func split(name string) xml.Name {
	if prefix, local, ok := strings.Cut(name, ":"); ok && prefix != "" && local != "" {
		return xml.Name{Space: prefix, Local: local}
	}
	return xml.Name{Local: name}
}

// attributes returns the attributes in a tag. A value without quotes goes to the
// next space, and a name without a value is its own.
func attributes(s string) []xml.Attr {
	var out []xml.Attr
	for s = unspaced(s); s != "" && len(out) < maxAttributes; s = unspaced(s) {
		n := 0
		for n < len(s) && s[n] != '=' && !space(s[n]) {
			n++
		}
		name, value := s[:n], s[:n]
		if s = unspaced(s[n:]); s != "" && s[0] == '=' {
			value, s = quoted(unspaced(s[1:]))
		}
		if name == "xmlns" || strings.HasPrefix(name, "xmlns:") {
			continue
		}
		if out == nil {
			out = make([]xml.Attr, 0, 1+min(strings.Count(s, "="), maxAttributes))
		}
		out = append(out, xml.Attr{Name: split(name), Value: value})
	}
	return out
}

// space reports whether XML takes a character for white space.
func space(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// unspaced returns what comes after white space.
func unspaced(s string) string {
	for s != "" && space(s[0]) {
		s = s[1:]
	}
	return s
}

// quoted returns the value that s begins with and what comes after it.
func quoted(s string) (value, rest string) {
	switch {
	case s == "":
		return "", ""
	case s[0] == '"' || s[0] == '\'':
		value, rest, _ = strings.Cut(s[1:], s[:1])
	default:
		n := strings.IndexAny(s, " \t\r\n")
		if n < 0 {
			n = len(s)
		}
		value, rest = s[:n], s[n:]
	}
	if strings.ContainsAny(value, "&\r") || !utf8.ValidString(value) {
		value = string(plain([]byte(value)))
	}
	return value, rest
}
