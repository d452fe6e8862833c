package plainpdf

import (
	"bytes"
	"slices"
	"strconv"
)

// operands are the operators of content streams that bear on text, with the
// number of their operands. See ISO 32000-1, annex A.
var operands = map[string]int{
	"q": 0, "Q": 0, "cm": 6, "BT": 0, "ET": 0, "T*": 0, "Td": 2, "TD": 2, "Tm": 6, "Tj": 1, "TJ": 1, "'": 1, "\"": 3,
	"Tf": 2, "Tc": 1, "Tw": 1, "Tz": 1, "TL": 1, "Ts": 1, "Do": 1,
}

// maxOperands is the most operands of one operator.
const maxOperands = 64

// plainContent appends the operators of text in a content stream, one a line.
// Operands of others are passed over without being read.
func plainContent(out *bytes.Buffer, data []byte, limit int) error {
	out.WriteByte('\n') // never nothing: an empty stream is no stream to some
	p := &parser{data: data}
	var starts [maxOperands]int
	for n := 0; ; {
		start, operator := p.token()
		switch {
		case start == len(data):
			return nil
		case !operator && n == maxOperands:
			n = copy(starts[:], starts[1:])
			fallthrough
		case !operator:
			starts[n] = start
			n++
			continue
		}
		op := data[start:p.pos]
		if want, ok := operands[string(op)]; ok && n >= want {
			p.copyOperands(out, starts[n-want:n])
			out.Write(op)
			out.WriteByte('\n')
		}
		if string(op) == "ID" {
			p.skipImage()
		}
		if out.Len() > limit {
			return tooLarge("too much content")
		}
		n = 0
	}
}

// token goes to the end of the next operand or operator, and returns where it
// starts: at the end of the data if there is none. See ISO 32000-1, 7.8.2.
func (p *parser) token() (start int, operator bool) {
	p.skip()
	start = p.pos
	switch p.at(0) {
	case '(':
		p.skipLiteral()
	case '[', '<':
		p.skipNested()
	case '>', ']', ')', '{', '}':
		p.pos++
		return start, true // an error, and no operator that anybody knows
	case '/':
		p.pos++
		p.passRegular()
	default:
		p.passRegular()
		c := data0(p.data[start:])
		return start, !(c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.')
	}
	return start, false
}

// passRegular goes over a run of characters that are no space and no delimiter.
func (p *parser) passRegular() {
	for p.pos < len(p.data) && !isSpace(p.data[p.pos]) && !isDelimiter(p.data[p.pos]) {
		p.pos++
	}
}

// data0 returns the first byte, 0 if there is none.
func data0(data []byte) byte {
	if len(data) == 0 {
		return 0
	}
	return data[0]
}

// skipNested goes to the end of an array, a dictionary or a hexadecimal string.
func (p *parser) skipNested() {
	for depth := 0; p.pos < len(p.data); {
		switch p.data[p.pos] {
		case '(':
			p.skipLiteral()
			continue
		case '[', '<':
			depth++
		case ']', '>':
			depth--
		case '%':
			p.skip()
			continue
		}
		if p.pos++; depth <= 0 {
			return
		}
	}
}

// copyOperands reads the operands that start at the given positions and writes
// them.
func (p *parser) copyOperands(out *bytes.Buffer, starts []int) {
	for _, start := range starts {
		operand := &parser{data: p.data[:p.pos], pos: start, cost: maxCost}
		v, err := operand.value(0)
		if err != nil {
			v = nil
		}
		writeOperand(out, v)
	}
}

// skipImage goes to the end of the data of an image between lines of text: up to
// an EI on its own, as the length of the data is not said. See ISO 32000-1, 8.9.7.
func (p *parser) skipImage() {
	for start := p.pos; ; {
		i := bytes.Index(p.data[start:], []byte("EI"))
		if i < 0 {
			p.pos = len(p.data)
			return
		}
		at := start + i
		start = at + 2
		// Two letters may occur in the data: the end stands between spaces and
		// is followed by text.
		after := p.data[start:min(start+12, len(p.data))]
		if at > 0 && isSpace(p.data[at-1]) && (len(after) == 0 || isSpace(after[0])) && !slices.ContainsFunc(after, func(c byte) bool {
			return c > 126 || c < 32 && !isSpace(c)
		}) {
			p.pos = start
			return
		}
	}
}

// writeOperand writes an operand of a content stream, without what no operator of
// text takes: its place must be kept, so that it becomes 0.
func writeOperand(out *bytes.Buffer, v any) {
	switch v := v.(type) {
	case array:
		out.WriteByte('[')
		for _, e := range v {
			switch e.(type) {
			case float64, text:
				writeOperand(out, e)
			}
		}
		out.WriteString("] ")
	case float64, text, name:
		writeValue(out, v)
		out.WriteByte(' ')
	default:
		out.WriteString("0 ")
	}
}

// plainMap appends what maps codes to Unicode in a CMap: the sections of
// codespace ranges, characters and ranges. See ISO 32000-1, 9.10.3.
func plainMap(out *bytes.Buffer, data []byte, limit int) error {
	out.WriteByte('\n')
	p := &parser{data: data}
	open := keyword("")
	for {
		p.cost = maxCost
		v, err := p.value(0)
		if err == errEnd {
			return nil
		}
		if err != nil {
			continue
		}
		switch op, ok := v.(keyword); {
		case !ok:
			if open != "" {
				writeOperand(out, v)
			}
		case op == "begincodespacerange" || op == "beginbfchar" || op == "beginbfrange":
			open = op[len("begin"):]
		case open != "" && op == "end"+open:
			out.WriteString(string(op) + "\n")
			open = ""
		}
		if out.Len() > limit {
			return tooLarge("too large a character map")
		}
	}
}

// writeValue writes a value that holds no stream.
func writeValue(out *bytes.Buffer, v any) {
	switch v := v.(type) {
	case bool:
		out.WriteString(strconv.FormatBool(v))
	case float64:
		if v != v || v > 1e15 || v < -1e15 {
			v = 0
		}
		out.Write(strconv.AppendFloat(out.AvailableBuffer(), v, 'f', -1, 64))
	case name:
		writeName(out, v)
	case text:
		out.WriteByte('<')
		for _, c := range []byte(v) {
			out.WriteByte("0123456789abcdef"[c>>4])
			out.WriteByte("0123456789abcdef"[c&15])
		}
		out.WriteByte('>')
	case ref:
		out.WriteString(strconv.Itoa(v.id) + " 0 R")
	case array:
		out.WriteByte('[')
		for _, e := range v {
			writeValue(out, e)
			out.WriteByte(' ')
		}
		out.WriteByte(']')
	case dict:
		writeDict(out, v)
	default:
		out.WriteString("null")
	}
}

// writeDict writes a dictionary with its keys in one order, so that a file is
// written the same way each time.
func writeDict(out *bytes.Buffer, d dict) {
	keys := make([]name, 0, len(d))
	for key := range d {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	out.WriteString("<<")
	for _, key := range keys {
		writeName(out, key)
		out.WriteByte(' ')
		writeValue(out, d[key])
		out.WriteByte(' ')
	}
	out.WriteString(">>")
}

// writeName writes a name, with escapes where they are needed: ISO 32000-1, 7.3.5.
func writeName(out *bytes.Buffer, n name) {
	out.WriteByte('/')
	for _, c := range []byte(n) {
		if c <= ' ' || c > '~' || c == '#' || isDelimiter(c) {
			out.WriteByte('#')
			out.WriteByte("0123456789abcdef"[c>>4])
			out.WriteByte("0123456789abcdef"[c&15])
			continue
		}
		out.WriteByte(c)
	}
}
