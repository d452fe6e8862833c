package plainpdf

import (
	"errors"
	"strconv"
)

// The values of a PDF, beside bool, float64 and nil. See ISO 32000-1, 7.3.
type (
	name   string
	text   string
	array  []any
	dict   map[name]any
	ref    struct{ id, gen int }
	stream struct {
		dict    dict
		raw     []byte
		id, gen int
	}
	// A keyword is an operator of a content stream.
	keyword string
)

// ends reports whether the keyword cannot stand inside a value.
func (k keyword) ends() bool { return k == "endobj" || k == "obj" || k == "stream" }

// maxDepth is how deeply arrays and dictionaries may be nested.
const maxDepth = 64

var (
	errSyntax = errors.New("syntax error") // of a value; the next one may be good
	errEnd    = errors.New("end of data")
	errCost   = errors.New("too large a value")
)

// costOfDict is what a dictionary costs without its entries.
const costOfDict = 8

// A parser reads values from data. It never reads a byte more than a few times.
type parser struct {
	data []byte
	pos  int
	refs bool // "1 0 R" is a reference
	cost int  // what may still be read, about as it takes memory
}

// isSpace reports whether a byte is white space: ISO 32000-1, 7.2.2, table 1.
func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

// isDelimiter reports whether a byte ends a run of others: ISO 32000-1, 7.2.2,
// table 2.
func isDelimiter(c byte) bool {
	switch c {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

// skip goes over white space and comments.
func (p *parser) skip() {
	for p.pos < len(p.data) {
		switch c := p.data[p.pos]; {
		case isSpace(c):
			p.pos++
		case c == '%':
			for p.pos < len(p.data) && p.data[p.pos] != '\n' && p.data[p.pos] != '\r' {
				p.pos++
			}
		default:
			return
		}
	}
}

// value reads the next value or keyword. After errSyntax reading may go on.
func (p *parser) value(depth int) (any, error) {
	p.skip()
	if p.pos >= len(p.data) {
		return nil, errEnd
	}
	if p.cost--; p.cost < 0 {
		return nil, errCost
	}
	switch c := p.data[p.pos]; c {
	case '/':
		return p.name(), nil
	case '(':
		return p.literal()
	case '[':
		p.pos++
		return p.array(depth)
	case '<':
		if p.at(1) == '<' {
			p.pos += 2
			return p.dict(depth)
		}
		return p.hex()
	case '>', ']', ')', '{', '}':
		p.pos++
		return nil, errSyntax
	default:
		if c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' {
			return p.number()
		}
		return p.word()
	}
}

// at returns the byte at a distance ahead, 0 beyond the end.
func (p *parser) at(offset int) byte {
	if p.pos+offset < len(p.data) {
		return p.data[p.pos+offset]
	}
	return 0
}

// regular reads a run of characters that are no space and no delimiter.
func (p *parser) regular() string {
	start := p.pos
	for p.pos < len(p.data) && !isSpace(p.data[p.pos]) && !isDelimiter(p.data[p.pos]) {
		p.pos++
	}
	return string(p.data[start:p.pos])
}

// word reads true, false, null, or else a keyword.
func (p *parser) word() (any, error) {
	switch w := p.regular(); w {
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "null":
		return nil, nil
	case "":
		p.pos++
		return nil, errSyntax
	default:
		return keyword(w), nil
	}
}

// name reads a name and undoes its escapes: ISO 32000-1, 7.3.5.
func (p *parser) name() name {
	p.pos++
	s := p.regular()
	var b []byte
	for i := 0; i < len(s); i++ {
		if s[i] == '#' && i+2 < len(s) && unhex(s[i+1]) >= 0 && unhex(s[i+2]) >= 0 {
			b = append(b, byte(unhex(s[i+1])<<4|unhex(s[i+2])))
			i += 2
			continue
		}
		b = append(b, s[i])
	}
	return name(b)
}

// number reads a number, or a reference where these are allowed.
func (p *parser) number() (any, error) {
	s := p.regular()
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		// Producers write "--5" and "1.-2".
		f = lenient(s)
	}
	if !p.refs || f < 0 || f != float64(int(f)) {
		return f, nil
	}
	mark := p.pos
	p.skip()
	gen := p.regular()
	p.skip()
	if g, err := strconv.Atoi(gen); err == nil && g >= 0 && p.at(0) == 'R' && (isSpace(p.at(1)) || isDelimiter(p.at(1)) || p.pos+1 == len(p.data)) {
		p.pos++
		return ref{int(f), g}, nil
	}
	p.pos = mark
	return f, nil
}

// lenient reads as much of a number as there is.
func lenient(s string) float64 {
	for len(s) > 1 && (s[0] == '-' || s[0] == '+') && (s[1] == '-' || s[1] == '+') {
		s = s[1:]
	}
	for n := min(len(s), 30); n > 0; n-- {
		if f, err := strconv.ParseFloat(s[:n], 64); err == nil {
			return f
		}
	}
	return 0
}

// array reads an array. One that an object ends in is a syntax error; other
// keywords in it are passed over.
func (p *parser) array(depth int) (any, error) {
	if depth >= maxDepth {
		return nil, errSyntax
	}
	a := array{}
	for {
		p.skip()
		if p.at(0) == ']' {
			p.pos++
			return a, nil
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if w, ok := v.(keyword); ok {
			if w.ends() {
				return nil, errSyntax
			}
			continue
		}
		a = append(a, v)
	}
}

// dict reads a dictionary. What is no key and value in it is passed over; one that
// an object ends in is a syntax error.
func (p *parser) dict(depth int) (any, error) {
	if depth >= maxDepth {
		return nil, errSyntax
	}
	d := dict{}
	p.cost -= costOfDict
	for {
		p.skip()
		switch {
		case p.pos >= len(p.data):
			return nil, errEnd
		case p.at(0) == '>':
			p.pos++
			if p.at(0) == '>' {
				p.pos++
			}
			return d, nil
		case p.at(0) != '/':
			v, err := p.value(depth + 1)
			if w, ok := v.(keyword); ok && w.ends() {
				return nil, errSyntax
			}
			if err == errCost || err == errEnd {
				return nil, err
			}
			if err != nil {
				return nil, errSyntax
			}
			continue
		}
		key := p.name()
		p.skip()
		if p.at(0) == '>' {
			continue
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if _, ok := v.(keyword); !ok {
			d[key] = v
		}
	}
}
