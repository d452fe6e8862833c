package extract

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/ledongthuc/pdf"
)

// A pdfFont turns the codes of a string into text and widths.
type pdfFont struct {
	composite bool // codes have two bytes, unless oneByte has them
	oneByte   [256]bool
	unicode   bool              // codes are UTF-16
	mapped    map[uint32]string // by ToUnicode
	simple    [256]string       // by the encoding of a simple font
	widths    map[uint32]float64
	missing   float64 // the width of other codes; negative to guess
	left      *int    // codes that may still be mapped or given a width
}

// fontsOf returns a function that finds fonts by their names in a resource
// dictionary. It reads each once: the parser reads it anew every time.
func (t *pdfText) fontsOf(resources pdf.Value) func(name string) *pdfFont {
	found := make(map[string]*pdfFont)
	return func(name string) *pdfFont {
		f, ok := found[name]
		if !ok {
			f = t.font(resources.Key(name))
			found[name] = f
		}
		return f
	}
}

// font returns a font by the number that the rewriting gave it.
func (t *pdfText) font(v pdf.Value) *pdfFont {
	id := v.Key("FontID").Int64()
	f, ok := t.fonts[id]
	if !ok {
		f = newFont(v, &t.codes)
		t.fonts[id] = f
	}
	return f
}

func newFont(v pdf.Value, left *int) *pdfFont {
	f := &pdfFont{left: left, mapped: make(map[uint32]string), widths: make(map[uint32]float64)}
	f.composite = v.Key("Subtype").Name() == "Type0"
	if m := v.Key("ToUnicode"); m.Kind() == pdf.Stream {
		f.readMap(m)
	}
	if f.composite {
		encoding := v.Key("Encoding").Name()
		f.unicode = strings.Contains(encoding, "UCS2") || strings.Contains(encoding, "UTF16")
		f.readComposite(v.Key("DescendantFonts").Index(0))
		return f
	}
	f.readSimple(v)
	return f
}

// readSimple reads the encoding and the widths of a font of one byte a code.
func (f *pdfFont) readSimple(v pdf.Value) {
	f.encode(v)
	scale := 0.001
	if m := v.Key("FontMatrix"); v.Key("Subtype").Name() == "Type3" && m.Len() == 6 && m.Index(0).Float64() != 0 {
		scale = m.Index(0).Float64()
	}
	first := v.Key("FirstChar").Int64()
	widths := v.Key("Widths")
	for i := range min(widths.Len(), 256) {
		f.widths[uint32(first)+uint32(i)] = widths.Index(i).Float64() * scale
	}
	f.missing = v.Key("FontDescriptor").Key("MissingWidth").Float64() / 1000
	if len(f.widths) == 0 {
		f.missing = -1
		if strings.Contains(v.Key("BaseFont").Name(), "Courier") {
			f.missing = 0.6
		}
	}
}

// readComposite reads the widths of a font of several bytes a code. See
// ISO 32000-1, 9.7.4.3.
func (f *pdfFont) readComposite(v pdf.Value) {
	f.missing = 1
	if dw := v.Key("DW"); dw.Kind() != pdf.Null {
		f.missing = dw.Float64() / 1000
	}
	w := v.Key("W")
	for i := 0; i+1 < w.Len() && *f.left > 0; {
		first := uint32(w.Index(i).Int64())
		if list := w.Index(i + 1); list.Kind() == pdf.Array {
			for j := range list.Len() {
				*f.left--
				f.widths[first+uint32(j)] = list.Index(j).Float64() / 1000
			}
			i += 2
			continue
		}
		last := min(uint32(w.Index(i+1).Int64()), 0xffff)
		width := w.Index(i+2).Float64() / 1000
		for code := first; code <= last && *f.left > 0; code++ {
			*f.left--
			f.widths[code] = width
		}
		i += 3
	}
}

// next returns the first code of a string and the bytes it takes.
func (f *pdfFont) next(raw string) (code uint32, n int) {
	if !f.composite || len(raw) < 2 || f.oneByte[raw[0]] {
		return uint32(raw[0]), 1
	}
	return uint32(raw[0])<<8 | uint32(raw[1]), 2
}

// text returns what a code shows, "" where that is not known.
func (f *pdfFont) text(code uint32) string {
	if s, ok := f.mapped[code]; ok {
		return s
	}
	switch {
	case f.unicode:
		return string(rune(code))
	case f.composite || code > 255:
		return ""
	}
	return f.simple[code]
}

// width returns the width of a glyph as a part of the font's size.
func (f *pdfFont) width(code uint32) float64 {
	if w, ok := f.widths[code]; ok {
		return w
	}
	if f.missing >= 0 {
		return f.missing
	}
	r, _ := utf8.DecodeRuneInString(f.text(code))
	switch { // about those of Helvetica
	case strings.ContainsRune("ijl.,:;'|!tfrI ()[]/\\-", r):
		return 0.28
	case strings.ContainsRune("mwMW@%—", r):
		return 0.85
	case r >= 'A' && r <= 'Z':
		return 0.68
	}
	return 0.55
}

// readMap reads a ToUnicode map.
func (f *pdfFont) readMap(m pdf.Value) {
	defer func() { _ = recover() }() // what was read before a fault counts
	pdf.Interpret(m, func(stack *pdf.Stack, op string) {
		args := make([]pdf.Value, stack.Len())
		for i := len(args) - 1; i >= 0; i-- {
			args[i] = stack.Pop()
		}
		switch op {
		case "endcodespacerange":
			for ; len(args) >= 2; args = args[2:] {
				lo, hi := args[0].RawString(), args[1].RawString()
				if len(lo) == 1 && len(hi) == 1 {
					for c := int(lo[0]); c <= int(hi[0]); c++ {
						f.oneByte[c] = true
					}
				}
			}
		case "endbfchar":
			for ; len(args) >= 2; args = args[2:] {
				f.add(codeOf(args[0].RawString()), utf16Text(args[1].RawString(), 0))
			}
		case "endbfrange":
			for ; len(args) >= 3; args = args[3:] {
				f.addRange(codeOf(args[0].RawString()), codeOf(args[1].RawString()), args[2])
			}
		}
	})
}

func (f *pdfFont) addRange(lo, hi uint32, v pdf.Value) {
	for code := lo; code <= hi && code-lo <= 0xffff && *f.left > 0; code++ {
		if v.Kind() == pdf.Array {
			if int(code-lo) >= v.Len() {
				return
			}
			f.add(code, utf16Text(v.Index(int(code-lo)).RawString(), 0))
			continue
		}
		f.add(code, utf16Text(v.RawString(), code-lo))
	}
}

func (f *pdfFont) add(code uint32, s string) {
	if *f.left--; *f.left > 0 {
		s = strings.Map(func(r rune) rune {
			if r < ' ' || r == '\ufffd' || r == '\ufeff' {
				return -1
			}
			return r
		}, s)
		f.mapped[code] = ligatures.Replace(s)
	}
}

func codeOf(s string) uint32 {
	var code uint32
	for i := range min(len(s), 4) {
		code = code<<8 | uint32(s[i])
	}
	return code
}

// utf16Text decodes UTF-16, big end first, and adds offset to the last unit.
func utf16Text(s string, offset uint32) string {
	if len(s) == 1 {
		return string(rune(uint32(s[0]) + offset))
	}
	var units []uint16
	for i := 0; i+1 < len(s) && i < 512; i += 2 {
		units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
	}
	if n := len(units); n > 0 {
		units[n-1] += uint16(offset)
	}
	return string(utf16.Decode(units))
}
