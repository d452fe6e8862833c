package biff

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// chunks are the data of a record and of those that continue it. Characters that
// go on in the next one begin anew there with a byte that says how wide they are.
type chunks struct {
	parts [][]byte // what is left; those that were read are dropped
	at    int      // where reading goes on in the first of parts
}

// skip passes over bytes, from one chunk to the next.
func (c *chunks) skip(n int) {
	for n > 0 && len(c.parts) > 0 {
		step := min(n, len(c.parts[0])-c.at)
		c.at += step
		n -= step
		if c.at == len(c.parts[0]) {
			c.next()
		}
	}
}

// next drops the chunk under way.
func (c *chunks) next() {
	c.parts, c.at = c.parts[1:], 0
}

// number reads an unsigned integer of the given width in bytes, which may lie in
// two chunks. Beyond the end all is zero.
func (c *chunks) number(width int) int {
	n := 0
	for i := range width {
		for len(c.parts) > 0 && c.at == len(c.parts[0]) {
			c.next()
		}
		if len(c.parts) == 0 {
			return 0
		}
		n |= int(c.parts[0][c.at]) << (8 * i)
		c.at++
	}
	return n
}

// table reads the strings that cells share: SST, [MS-XLS] 2.4.265. Their count is
// not to be trusted.
func (c *chunks) table() []string {
	c.number(4)
	count := c.number(4)
	var out []string
	for range count {
		if c.empty() {
			break
		}
		out = append(out, c.text(2))
	}
	return out
}

// empty reports whether nothing is left.
func (c *chunks) empty() bool {
	for len(c.parts) > 0 && c.at == len(c.parts[0]) {
		c.next()
	}
	return len(c.parts) == 0
}

// text reads a string whose length has the given width: XLUnicodeRichExtendedString
// of [MS-XLS] 2.5.293, of which the others are the simple case. The runs of fonts
// and the reading aids behind the characters are passed over.
func (c *chunks) text(width int) string {
	n := c.number(width)
	flags := c.number(1)
	runs, phonetic := 0, 0
	if flags&0x08 != 0 {
		runs = c.number(2)
	}
	if flags&0x04 != 0 {
		phonetic = c.number(4)
	}
	s := c.characters(n, flags&1 != 0)
	c.skip(4*runs + phonetic)
	return s
}

// characters reads n characters of two bytes or, if not wide, of one.
func (c *chunks) characters(n int, wide bool) string {
	var units []uint16
	for n > 0 && len(c.parts) > 0 {
		d := c.parts[0][c.at:]
		if len(d) == 0 {
			c.next()
			if len(c.parts) > 0 && len(c.parts[0]) > 0 {
				wide = c.parts[0][0]&1 != 0
				c.at = 1
			}
			continue
		}
		size := 1
		if wide {
			size = 2
		}
		if len(d) < size {
			c.at += len(d)
			continue
		}
		if wide {
			units = append(units, binary.LittleEndian.Uint16(d))
		} else {
			units = append(units, uint16(d[0]))
		}
		c.at += size
		n--
	}
	return clean(string(utf16.Decode(units)))
}

// clean takes out control characters, but for line ends and tabs.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}

// charsetOf returns the encoding of a code page of the record CodePage. One that is
// not known is taken for Windows-1252.
func charsetOf(page int) encoding.Encoding {
	switch page {
	case 437:
		return charmap.CodePage437
	case 850:
		return charmap.CodePage850
	case 852:
		return charmap.CodePage852
	case 866:
		return charmap.CodePage866
	case 874:
		return charmap.Windows874
	case 932:
		return japanese.ShiftJIS
	case 936:
		return simplifiedchinese.GBK
	case 949:
		return korean.EUCKR
	case 950:
		return traditionalchinese.Big5
	case 1250:
		return charmap.Windows1250
	case 1251:
		return charmap.Windows1251
	case 1253:
		return charmap.Windows1253
	case 1254:
		return charmap.Windows1254
	case 1255:
		return charmap.Windows1255
	case 1256:
		return charmap.Windows1256
	case 1257:
		return charmap.Windows1257
	case 1258:
		return charmap.Windows1258
	case 10000, 32768:
		return charmap.Macintosh
	}
	return charmap.Windows1252
}
