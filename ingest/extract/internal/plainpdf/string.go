package plainpdf

// maxString is the longest string, in bytes.
const maxString = 4 << 20

// literal reads a string in parentheses, which may contain pairs of them: ISO
// 32000-1, 7.3.4.2.
func (p *parser) literal() (any, error) {
	var b []byte
	depth := 0
	for ; p.pos < len(p.data); p.pos++ {
		if len(b) > maxString {
			return nil, errSyntax
		}
		switch c := p.data[p.pos]; c {
		case '(':
			if depth++; depth > 1 {
				b = append(b, c)
			}
		case ')':
			if depth--; depth == 0 {
				p.pos++
				return text(b), nil
			}
			b = append(b, c)
		case '\\':
			p.pos++
			b = p.escape(b)
		default:
			b = append(b, c)
		}
	}
	return nil, errEnd
}

// escape reads what follows a backslash, up to its last byte.
func (p *parser) escape(b []byte) []byte {
	switch c := p.at(0); c {
	case 'n':
		return append(b, '\n')
	case 'r':
		return append(b, '\r')
	case 't':
		return append(b, '\t')
	case 'b':
		return append(b, '\b')
	case 'f':
		return append(b, '\f')
	case '\n':
		return b
	case '\r':
		if p.at(1) == '\n' {
			p.pos++
		}
		return b
	default:
		if c < '0' || c > '7' {
			return append(b, c)
		}
		x := int(c - '0')
		for range 2 {
			if d := p.at(1); d >= '0' && d <= '7' {
				x = x<<3 | int(d-'0')
				p.pos++
			}
		}
		return append(b, byte(x))
	}
}

// hex reads a string in angle brackets, in which other characters are passed over:
// ISO 32000-1, 7.3.4.3.
func (p *parser) hex() (any, error) {
	p.pos++
	var b []byte
	half := -1
	for ; p.pos < len(p.data); p.pos++ {
		if len(b) > maxString {
			return nil, errSyntax
		}
		c := p.data[p.pos]
		if c == '>' {
			p.pos++
			if half >= 0 {
				b = append(b, byte(half<<4))
			}
			return text(b), nil
		}
		x := unhex(c)
		if x < 0 {
			continue
		}
		if half < 0 {
			half = x
			continue
		}
		b = append(b, byte(half<<4|x))
		half = -1
	}
	return nil, errEnd
}

// skipLiteral goes to the end of a literal string.
func (p *parser) skipLiteral() {
	depth := 0
	for ; p.pos < len(p.data); p.pos++ {
		switch p.data[p.pos] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				p.pos++
				return
			}
		case '\\':
			p.pos++
		}
	}
	p.pos = len(p.data)
}

// unhex returns the value of a hexadecimal digit, negative for other bytes.
func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
