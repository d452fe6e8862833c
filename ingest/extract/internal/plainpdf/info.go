package plainpdf

import (
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// An Info is what a file says about itself.
type Info struct {
	Title    string
	Language string    // as it stands in the catalog, a BCP 47 tag
	Modified time.Time // zero when unknown
	Metadata []byte    // the XMP packet, nil if there is none
}

// A Bookmark is an entry of the outline.
type Bookmark struct {
	Level int // 1 for those at the top
	Title string
	Page  int // from 1, or 0 when unknown
}

// maxBookmarks is the most bookmarks that are read.
const maxBookmarks = 10_000

// Info returns what the file says about itself, as far as it can be read.
func (f *File) Info() Info {
	info := f.trailer["Info"]
	root := f.trailer["Root"]
	i := Info{
		Title:    f.string(f.dict(info)["Title"], info),
		Language: f.string(f.dict(root)["Lang"], root),
		Modified: parseDate(f.string(f.dict(info)["ModDate"], info)),
	}
	if i.Modified.IsZero() {
		i.Modified = parseDate(f.string(f.dict(info)["CreationDate"], info))
	}
	if s, ok := f.resolve(f.dict(root)["Metadata"]).(*stream); ok {
		if data, err := f.decode(s); err == nil && len(data) <= 1<<20 {
			i.Metadata = data
		}
	}
	return i
}

// string returns a text string that stands in the object of the reference in.
func (f *file) string(v, in any) string {
	if r, ok := v.(ref); ok {
		in = r
	}
	s, ok := f.resolve(v).(text)
	if !ok {
		return ""
	}
	r, indirect := in.(ref)
	if at := f.places[r.id]; f.crypt != nil && indirect && at.box == 0 {
		s = text(f.crypt.decrypt([]byte(s), r.id, int(at.gen)))
	}
	return decodeText(string(s))
}

// decodeText decodes a text string. See ISO 32000-2, 7.9.2.2.
func decodeText(s string) string {
	if s, ok := strings.CutPrefix(s, "\xfe\xff"); ok {
		units := make([]uint16, 0, len(s)/2)
		for i := 0; i+1 < len(s); i += 2 {
			units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
		}
		return string(utf16.Decode(units))
	}
	if s, ok := strings.CutPrefix(s, "\xef\xbb\xbf"); ok {
		return strings.ToValidUTF8(s, "")
	}
	if utf8.ValidString(s) {
		return s // of ASCII, or of producers that know no other
	}
	var b strings.Builder
	for _, c := range []byte(s) {
		b.WriteRune(documentRune(c))
	}
	return b.String()
}

// documentRunes are the characters of PDFDocEncoding from 0x80 to 0xa0. See
// ISO 32000-2, D.3.
const documentRunes = "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\ufffd€"

// documentRune returns the character of a byte of PDFDocEncoding.
func documentRune(c byte) rune {
	if c < 0x80 || c > 0xa0 {
		return rune(c)
	}
	return []rune(documentRunes)[c-0x80]
}

// parseDate reads a date such as D:20240131120000+01'00', zero if it is none.
// See ISO 32000-2, 7.9.4.
func parseDate(s string) time.Time {
	s = strings.ReplaceAll(strings.TrimPrefix(s, "D:"), "'", "")
	for _, layout := range []string{"20060102150405-0700", "20060102150405Z0000", "20060102150405Z07:00", "20060102150405", "200601021504", "20060102", "200601", "2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// Outline returns the bookmarks in their order.
func (f *File) Outline() []Bookmark {
	pages := make(map[int]int)
	for i, page := range f.pages {
		if r, ok := page["Self"].(ref); ok {
			pages[r.id] = i + 1
		}
	}
	b := &bookmarks{file: f.file, pages: pages, seen: make(map[int]bool)}
	b.list(f.dict(f.dict(f.trailer["Root"])["Outlines"])["First"], 1)
	return b.all
}

// bookmarks is a walk over the outline, ISO 32000-1, 12.3.3, which may lead back.
type bookmarks struct {
	*file
	pages map[int]int // by the number of their object
	seen  map[int]bool
	all   []Bookmark
}

// list reads an entry and those that follow it.
func (b *bookmarks) list(v any, level int) {
	for level <= maxDepth && len(b.all) < maxBookmarks {
		r, ok := v.(ref)
		d := b.dict(v)
		if !ok || d == nil || b.seen[r.id] {
			return
		}
		b.seen[r.id] = true
		b.all = append(b.all, Bookmark{Level: level, Title: b.string(d["Title"], r), Page: b.page(d)})
		b.list(d["First"], level+1)
		v = d["Next"]
	}
}

// page returns the page that an entry leads to.
func (b *bookmarks) page(d dict) int {
	target := d["Dest"]
	if target == nil {
		target = b.dict(d["A"])["D"]
	}
	list := b.array(target)
	if named, ok := b.resolve(target).(dict); ok {
		list = b.array(named["D"])
	}
	if len(list) == 0 {
		return 0
	}
	r, _ := list[0].(ref)
	return b.pages[r.id]
}
