package extract

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// decode returns text as UTF-8 with line ends "\n" and without the characters
// that show nothing. A byte order mark tells the encoding; else it is UTF-8 if
// it is valid, else what statistics say, else windows-1252, as browsers do.
func decode(data []byte) string {
	return clean(toUTF8(data))
}

func clean(s string) string {
	return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\ufeff", "", "\u00ad", "", "\u200b", "", "\x00", "").Replace(s)
}

func toUTF8(data []byte) string {
	if e := byMark(data); e != nil {
		return convert(e, data)
	}
	if utf8.Valid(data) && !bytes.Contains(data, []byte("\x1b$")) {
		return string(data)
	}
	for _, e := range guesses(data) {
		if s := convert(e, data); !strings.ContainsRune(s, utf8.RuneError) {
			return s
		}
	}
	return convert(charmap.Windows1252, data)
}

// byMark returns the encoding that a byte order mark names, nil without one.
func byMark(data []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(data, []byte("\x00\x00\xfe\xff")):
		return utf32.UTF32(utf32.BigEndian, utf32.ExpectBOM)
	case hasUTF16Mark(data):
		return unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM)
	}
	return nil
}

func convert(e encoding.Encoding, data []byte) string {
	s, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return string(utf8.RuneError)
	}
	return string(s)
}

// maxSample is how much of a text is looked at to tell its encoding.
const maxSample = 64 << 10

// guesses returns the encodings that statistics find, the likeliest first.
func guesses(data []byte) []encoding.Encoding {
	sample := sampleOf(data)
	found := detect(sample, multiByte)
	// In a text that is mostly of English words only the others tell.
	found = append(found, detect(foreignWords(sample), singleByte)...)
	return found
}

// sampleOf returns a piece of data that has characters beyond ASCII.
func sampleOf(data []byte) []byte {
	i := bytes.IndexFunc(data, func(r rune) bool { return r >= utf8.RuneSelf || r == 0x1b })
	start := max(0, min(i-maxSample/4, len(data)-maxSample))
	return data[start:min(len(data), start+maxSample)]
}

// multiByte and singleByte are the encodings that are detected, by the names
// that the detector gives them, with those of the WHATWG.
var (
	multiByte = map[string]string{
		"Shift_JIS": "shift_jis", "EUC-JP": "euc-jp", "ISO-2022-JP": "iso-2022-jp", "EUC-KR": "euc-kr",
		"Big5": "big5", "GB-18030": "gb18030", "GB18030": "gb18030",
	}
	singleByte = map[string]string{
		"ISO-8859-1": "windows-1252", "windows-1252": "windows-1252", "ISO-8859-2": "iso-8859-2", "windows-1250": "windows-1250",
		"ISO-8859-5": "iso-8859-5", "windows-1251": "windows-1251", "KOI8-R": "koi8-r",
		"ISO-8859-6": "iso-8859-6", "windows-1256": "windows-1256", "ISO-8859-7": "iso-8859-7", "windows-1253": "windows-1253",
		"ISO-8859-8": "iso-8859-8", "ISO-8859-8-I": "iso-8859-8-i", "windows-1255": "windows-1255",
		"ISO-8859-9": "windows-1254", "windows-1254": "windows-1254",
	}
)

// leastSure is the least confidence, of 100, that counts.
const leastSure = 20

func detect(sample []byte, names map[string]string) []encoding.Encoding {
	if len(sample) == 0 {
		return nil
	}
	results, err := chardet.NewTextDetector().DetectAll(sample)
	if err != nil {
		return nil
	}
	var found []encoding.Encoding
	for _, r := range results {
		name, ok := names[r.Charset]
		if !ok || r.Confidence < leastSure {
			continue
		}
		if e, err := htmlindex.Get(name); err == nil {
			found = append(found, e)
		}
	}
	return found
}

// foreignWords returns the words that have characters beyond ASCII.
func foreignWords(data []byte) []byte {
	var words []byte
	for word := range bytes.FieldsSeq(data) {
		if bytes.ContainsFunc(word, func(r rune) bool { return r >= utf8.RuneSelf }) {
			words = append(append(words, word...), ' ')
		}
	}
	return words
}

// encodedOnce returns text in UTF-8 whose characters were encoded twice, as by a
// program that took UTF-8 for ISO-8859-1, as it was meant. The control characters of
// that encoding show it: nobody writes them.
func encodedOnce(data []byte) []byte {
	if !hasControls(data) {
		return data
	}
	once := make([]byte, 0, len(data))
	for len(data) > 0 {
		if n := bytes.IndexFunc(data, func(r rune) bool { return r >= utf8.RuneSelf }); n != 0 {
			if n < 0 {
				return append(once, data...)
			}
			once, data = append(once, data[:n]...), data[n:]
		}
		size, c := inner(data)
		once, data = utf8.AppendRune(once, c), data[size:]
	}
	return once
}

// inner returns the character that the first characters of a text are the bytes of,
// and the length of these. It is the first character itself where they are not.
func inner(data []byte) (int, rune) {
	var encoded [utf8.UTFMax]byte
	size := 0
	for n := range encoded {
		r, width := utf8.DecodeRune(data[size:])
		if r < utf8.RuneSelf || r > 0xff {
			break
		}
		encoded[n] = byte(r)
		size += width
		if c, _ := utf8.DecodeRune(encoded[:n+1]); c != utf8.RuneError {
			return size, c
		}
	}
	r, width := utf8.DecodeRune(data)
	return width, r
}

// hasControls reports whether there are characters of U+0080 to U+009F but the line
// end among them, U+0085.
func hasControls(data []byte) bool {
	for {
		i := bytes.IndexByte(data, 0xc2)
		if i < 0 || i+1 >= len(data) {
			return false
		}
		if c := data[i+1]; 0x80 <= c && c < 0xa0 && c != 0x85 {
			return true
		}
		data = data[i+1:]
	}
}
