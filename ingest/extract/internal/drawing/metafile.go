package drawing

import (
	"bytes"
	"encoding/binary"
	"path"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/ooxml"
)

// maxMetafile is the most bytes of a metafile that is read.
const maxMetafile = 8 << 20

// The records of an EMF that are read: [MS-EMF] 2.1.1.
const (
	emfSelect    = 37  // EMR_SELECTOBJECT
	emfFont      = 82  // EMR_EXTCREATEFONTINDIRECTW
	emfTextA     = 83  // EMR_EXTTEXTOUTA
	emfTextW     = 84  // EMR_EXTTEXTOUTW
	emfSmallText = 108 // EMR_SMALLTEXTOUT
)

// The records of a WMF that are read: [MS-WMF] 2.1.1.1.
const (
	wmfSelect  = 0x012d // META_SELECTOBJECT
	wmfDelete  = 0x01f0 // META_DELETEOBJECT
	wmfFont    = 0x02fb // META_CREATEFONTINDIRECT
	wmfText    = 0x0521 // META_TEXTOUT
	wmfExtText = 0x0a32 // META_EXTTEXTOUT

	// Those that create an object of another kind, and so take a number.
	wmfPalette    = 0x00f7
	wmfDIBPattern = 0x0142
	wmfPattern    = 0x01f9
	wmfPen        = 0x02fa
	wmfBrush      = 0x02fc
	wmfRegion     = 0x06ff
)

// What the options of a text say: [MS-EMF] 2.1.11.
const (
	glyphs     = 0x0010 // it is of glyphs, not of characters
	noBounds   = 0x0100 // no rectangle stands before it
	smallChars = 0x0200 // its characters have one byte
)

// clipped are the options of a text of a WMF that has a rectangle before it:
// [MS-WMF] 2.1.2.2.
const clipped = 0x0002 | 0x0004

// Picture returns the text in a picture that is a metafile: [MS-EMF] or [MS-WMF].
// Such pictures show what is embedded in a document, such as a chart of another
// program. Pictures of other kinds have no text.
func Picture(pkg *ooxml.Package, part string) (string, error) {
	ext := strings.ToLower(path.Ext(part))
	if ext != ".emf" && ext != ".wmf" {
		return "", nil
	}
	data, err := pkg.Read(part, maxMetafile)
	if err != nil {
		return "", err
	}
	w := metafile{fonts: make(map[int]int), used: make(map[int]bool)}
	if ext == ".emf" {
		w.emf(data)
	} else {
		w.wmf(data)
	}
	return strings.TrimSpace(w.text.String()), nil
}

// symbols is the character set of fonts that have pictures instead of letters:
// [MS-WMF] 2.1.1.5.
const symbols = 2

// maxObjects is the most pens, brushes and fonts that are told apart.
const maxObjects = 1 << 16

// A metafile gathers the texts of a picture. Those on one line are a line.
type metafile struct {
	text    strings.Builder
	y       int          // the line of the last text, in units of the picture
	fonts   map[int]int  // the character sets of fonts, by their numbers
	used    map[int]bool // the numbers of objects that are in use in a WMF
	symbols bool         // whether the font in use has no letters
}

// add adds a text that stands at a height. One in a font of symbols is left out.
func (m *metafile) add(text string, y int) {
	text = strings.TrimSpace(text)
	if text == "" || m.symbols {
		return
	}
	if m.text.Len() > 0 {
		if y == m.y {
			m.text.WriteByte(' ')
		} else {
			m.text.WriteByte('\n')
		}
	}
	m.text.WriteString(text)
	m.y = y
}

// emf reads records of a type, a size in bytes, and data: [MS-EMF] 2.3. It ends at
// one whose size makes no sense.
func (m *metafile) emf(data []byte) {
	for len(data) >= 8 {
		size := uint(binary.LittleEndian.Uint32(data[4:]))
		if size < 8 || size > uint(len(data)) {
			return
		}
		switch r := data[:size]; binary.LittleEndian.Uint32(r) {
		case emfFont:
			if size >= 36 && len(m.fonts) < maxObjects {
				m.fonts[int(u32(r, 8))] = int(r[35])
			}
		case emfSelect:
			if set, ok := m.fonts[u16(r, 8)]; ok {
				m.symbols = set == symbols
			}
		case emfTextA, emfTextW:
			if size >= 56 && u32(r, 52)&glyphs == 0 {
				wide := u32(r, 0) == emfTextW
				m.add(characters(r, u32(r, 48), u32(r, 44), wide), int(u32(r, 40)))
			}
		case emfSmallText:
			if size < 36 || u32(r, 20)&glyphs != 0 {
				break
			}
			at := uint32(36)
			if u32(r, 20)&noBounds == 0 {
				at += 16
			}
			m.add(characters(r, at, u32(r, 16), u32(r, 20)&smallChars == 0), int(u32(r, 12)))
		}
		data = data[size:]
	}
}

// wmf reads records of a size in words of two bytes, a type, and data: [MS-WMF]
// 2.3. Before them stand a header of 18 bytes, and one of 22 where the picture may
// be placed.
func (m *metafile) wmf(data []byte) {
	if bytes.HasPrefix(data, []byte("\xd7\xcd\xc6\x9a")) && len(data) >= 22 {
		data = data[22:]
	}
	for data = data[min(len(data), 18):]; len(data) >= 6; {
		size := 2 * uint64(u32(data, 0))
		if size < 6 || size > uint64(len(data)) {
			return
		}
		r := data[:size]
		switch kind := u16(r, 4); kind {
		case wmfPalette, wmfDIBPattern, wmfPattern, wmfPen, wmfBrush, wmfRegion, wmfFont:
			m.create(kind == wmfFont && size > 19 && r[19] == symbols)
		case wmfDelete:
			delete(m.used, u16(r, 6))
		case wmfSelect:
			if set, ok := m.fonts[u16(r, 6)]; ok {
				m.symbols = set == symbols
			}
		case wmfText:
			if n := uint32(u16(r, 6)); n > 0 {
				m.add(characters(r, 8, n, false), u16(r, int(8+n+n%2)))
			}
		case wmfExtText:
			at := uint32(14)
			if u16(r, 12)&clipped != 0 {
				at += 8
			}
			if u16(r, 12)&glyphs == 0 {
				m.add(characters(r, at, uint32(u16(r, 10)), false), u16(r, 6))
			}
		}
		data = data[size:]
	}
}

// create counts an object of a WMF: it gets the lowest number that is free.
func (m *metafile) create(symbolic bool) {
	n := 0
	for m.used[n] {
		n++
	}
	if n >= 1<<10 {
		return
	}
	m.used[n] = true
	m.fonts[n] = 0
	if symbolic {
		m.fonts[n] = symbols
	}
}

// characters returns n characters from an offset on, as many as there are: of two
// bytes in UTF-16 or, if not wide, of one in Windows-1252.
func characters(data []byte, at, n uint32, wide bool) string {
	if uint64(at) >= uint64(len(data)) {
		return ""
	}
	data = data[at:]
	if !wide {
		text, err := charmap.Windows1252.NewDecoder().Bytes(data[:min(uint64(n), uint64(len(data)))])
		if err != nil {
			return ""
		}
		return string(text)
	}
	var units []uint16
	for i := 0; i+1 < len(data) && uint32(i/2) < n; i += 2 {
		units = append(units, binary.LittleEndian.Uint16(data[i:]))
	}
	return string(utf16.Decode(units))
}

// u32 returns an integer that must be there.
func u32(data []byte, at int) uint32 { return binary.LittleEndian.Uint32(data[at:]) }

// u16 returns an integer, and zero beyond the end.
func u16(data []byte, at int) int {
	if at+2 > len(data) {
		return 0
	}
	return int(binary.LittleEndian.Uint16(data[at:]))
}
