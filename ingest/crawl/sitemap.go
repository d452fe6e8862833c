package crawl

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"io"
	"strings"
	"time"

	"golang.org/x/net/html/charset"
)

// Limits of sitemaps. The first two are those of https://sitemaps.org/protocol.html.
const (
	maxSitemapBytes = 50 << 20
	maxSitemapURLs  = 50_000
	maxSitemaps     = 50 // of one site
	maxNesting      = 3  // of indexes
)

// A location is an address that a sitemap lists.
type location struct {
	address  string
	index    bool      // whether it is another sitemap
	modified time.Time // zero when not said
}

// readSitemap calls found for every location of a sitemap, until it returns
// false: one in XML, a feed, or a list of addresses, each of which may be
// compressed. What stands before a fault is taken.
func readSitemap(r io.Reader, found func(location) bool) {
	b := bufio.NewReader(io.LimitReader(r, maxSitemapBytes))
	if magic, _ := b.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(b)
		if err != nil {
			return
		}
		// The limit holds again for what comes out, which may be a thousand times as much.
		b = bufio.NewReader(io.LimitReader(z, maxSitemapBytes))
	}
	n := 0
	limited := func(l location) bool {
		n++
		return found(l) && n < maxSitemapURLs
	}
	start, _ := b.Peek(512)
	if text := bytes.TrimLeft(bytes.TrimPrefix(start, []byte("\ufeff")), " \t\r\n"); bytes.HasPrefix(text, []byte("http")) {
		readList(b, limited)
		return
	}
	readXML(b, limited)
}

// readList reads a sitemap that has one address a line.
func readList(r io.Reader, found func(location) bool) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		address := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if address != "" && !found(location{address: address}) {
			return
		}
	}
}

// readXML reads a sitemap, an index of such, or a feed of RSS or Atom. Elements are
// matched by their local names; those of images, videos and news are passed over,
// which have addresses of their own.
func readXML(r io.Reader, found func(location) bool) {
	d := xml.NewDecoder(&tagged{r: r})
	d.Strict = false
	d.CharsetReader = charset.NewReaderLabel
	var l location
	inside := false
	for {
		token, err := d.Token()
		if err != nil {
			return
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch t.Name.Local {
			case "url", "sitemap", "item", "entry":
				l, inside = location{index: t.Name.Local == "sitemap"}, true
			case "image", "video", "news":
				if d.Skip() != nil {
					return
				}
			default:
				if inside {
					l.element(d, t)
				}
			}
		case xml.EndElement:
			switch t.Name.Local {
			case "url", "sitemap", "item", "entry":
				inside = false
				if l.address != "" && !found(l) {
					return
				}
			}
		}
	}
}

// A tagged fails where no tag begins for long: a decoder holds what is between
// two of them in memory.
type tagged struct {
	r     io.Reader
	since int // bytes since the last tag
}

// Read implements io.Reader.
func (t *tagged) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if i := bytes.LastIndexByte(p[:n], '<'); i >= 0 {
		t.since = n - i
	} else {
		t.since += n
	}
	if t.since > 1<<20 {
		return 0, io.ErrUnexpectedEOF
	}
	return n, err
}

// element reads a child of a location's element.
func (l *location) element(d *xml.Decoder, start xml.StartElement) {
	switch start.Name.Local {
	case "loc":
		l.address = elementText(d)
	case "link":
		for _, a := range start.Attr { // of Atom
			if a.Name.Local == "href" && l.address == "" {
				l.address = strings.TrimSpace(a.Value)
			}
		}
		if l.address == "" {
			l.address = elementText(d) // of RSS
		}
	case "lastmod", "updated":
		l.modified = sitemapTime(elementText(d))
	}
}

// maxText is the most of an element's text that is kept, in bytes.
const maxText = 2 * maxURL

// elementText returns the characters up to the next tag.
func elementText(d *xml.Decoder) string {
	var b strings.Builder
	for b.Len() < maxText {
		token, err := d.Token()
		data, ok := token.(xml.CharData)
		if err != nil || !ok {
			break
		}
		b.Write(data)
	}
	return strings.TrimSpace(b.String())
}

// sitemapTime reads a date as https://www.w3.org/TR/NOTE-datetime has it.
func sitemapTime(s string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly, "2006-01", "2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}
