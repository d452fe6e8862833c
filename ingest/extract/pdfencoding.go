package extract

import (
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/ledongthuc/pdf"

	"golang.org/x/text/encoding/charmap"
)

// encode fills the table of a simple font: a base encoding and differences.
func (f *pdfFont) encode(v pdf.Value) {
	encoding := v.Key("Encoding")
	base := encoding.Name()
	if encoding.Kind() == pdf.Dict {
		base = encoding.Key("BaseEncoding").Name()
	}
	for code := range 256 {
		f.simple[code] = ligatures.Replace(string(baseRune(base, byte(code), v.Key("Subtype").Name())))
	}
	if base == "" && v.Key("BaseFont").Name() == "Symbol" {
		f.symbols()
	}
	differences := encoding.Key("Differences")
	if differences.Len() == 0 {
		return
	}
	font := pdf.Font{V: v}
	decoder := font.Encoder() // it knows the names of glyphs
	code := 0
	for i := range differences.Len() {
		e := differences.Index(i)
		if e.Kind() != pdf.Name {
			code = int(e.Int64())
			continue
		}
		if code >= 0 && code < 256 {
			if s := glyphText(e.Name(), decoder.Decode(string([]byte{byte(code)})), byte(code)); s != "" {
				f.simple[code] = s
			}
		}
		code++
	}
}

// The standard font Symbol has letters and signs in places of its own: ISO
// 32000-1, annex D.5. Those that texts use are here, code and character in turn.
const (
	symbolLetters = "AΑBΒCΧDΔEΕFΦGΓHΗIΙJϑKΚLΛMΜNΝOΟPΠQΘRΡSΣTΤUΥVςWΩXΞYΨZΖaαbβcχdδeεfφgγhηiιjϕkκlλmμnνoοpπqθrρsσtτuυvϖwωxξyψzζ"
	symbolSigns   = "\u00a3≤\u00a5∞\u00ab↔\u00ac←\u00ad↑\u00ae→\u00af↓\u00b0°\u00b1±\u00b3≥\u00b4×\u00b7•\u00b8÷\u00b9≠\u00bb≈\u00bc…\u00d6√\u00de⇒\u00e5∑"
)

// symbols fills the table of a simple font as the standard font Symbol has it.
func (f *pdfFont) symbols() {
	pairs := []rune(symbolLetters + symbolSigns)
	for i := 0; i+1 < len(pairs); i += 2 {
		f.simple[pairs[i]] = string(pairs[i+1])
	}
}

// glyphText returns the text of a glyph by its name, or "". See the Adobe Glyph
// List Specification, section 2.
func glyphText(name, known string, code byte) string {
	name, _, _ = strings.Cut(name, ".")
	if hex, ok := strings.CutPrefix(name, "uni"); ok && len(hex) >= 4 && len(hex)%4 == 0 {
		var units []uint16
		for ; len(hex) >= 4; hex = hex[4:] {
			n, err := strconv.ParseUint(hex[:4], 16, 16)
			if err != nil {
				return ""
			}
			units = append(units, uint16(n))
		}
		return string(utf16.Decode(units))
	}
	if hex, ok := strings.CutPrefix(name, "u"); ok && len(hex) >= 4 && len(hex) <= 6 {
		if n, err := strconv.ParseUint(hex, 16, 21); err == nil {
			return string(rune(n))
		}
	}
	switch {
	case len(name) == 1:
		return name
	case name == "notdef" || name == "":
		return ""
	case known != "" && known != string(rune(code)):
		return ligatures.Replace(known)
	case strings.HasPrefix(name, "f_") || name == "ff" || name == "fi" || name == "fl" || name == "ffi" || name == "ffl":
		return strings.ReplaceAll(name, "_", "")
	}
	return ""
}

// ligatures parts the characters that stand for several letters, as questions spell
// them.
var ligatures = strings.NewReplacer("ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl", "ﬅ", "st", "ﬆ", "st")

// macRoman are the characters of MacRomanEncoding from 0x80. See ISO 32000-1,
// annex D.2.
const macRoman = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø" +

	"¿¡¬√ƒ≈∆«»… ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ"

// standard are the characters of StandardEncoding from 0xa0, with a space for
// none.
const standard = " ¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ –†‡· ¶•‚„”»…‰ ¿ `´ˆ˜¯˘˙¨ ˚¸ ˝˛ˇ—                Æ ª    ŁØŒº     æ   ı  łøœß    "

// baseRune returns the character of a code in a base encoding.
func baseRune(encoding string, code byte, subtype string) rune {
	switch {
	case encoding == "MacRomanEncoding" && code >= 0x80:
		return at(macRoman, int(code)-0x80)
	case encoding == "WinAnsiEncoding" || encoding == "MacRomanEncoding" || subtype == "TrueType":
		return charmap.Windows1252.DecodeByte(code)
	case code == '\'':
		return '’'
	case code == '`':
		return '‘'
	case code >= 0xa0:
		return at(standard, int(code)-0xa0)
	}
	return rune(code)
}

func at(table string, i int) rune {
	for _, r := range table {
		if i == 0 {
			return r
		}
		i--
	}
	return ' '
}
