package crawl

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"io"
	"strings"
)

// Limits of sitemaps. The first two are those of https://sitemaps.org/protocol.html.
const (
	maxSitemapBytes = 50 << 20
	maxSitemapURLs  = 50_000
	maxSitemaps     = 50 // of one site
)

// A sitemap is a list of pages or, as an index, of other sitemaps.
type sitemap struct {
	pages []string
	maps  []string
}

// parseSitemap reads a sitemap, which may be compressed. What stands before a
// fault is kept.
func parseSitemap(data []byte) sitemap {
	var r io.Reader = bytes.NewReader(data)
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(r)
		if err != nil {
			return sitemap{}
		}
		r = z
	}
	d := xml.NewDecoder(io.LimitReader(r, maxSitemapBytes))
	d.Strict = false
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	var s sitemap
	parent := ""
	for len(s.pages)+len(s.maps) < maxSitemapURLs {
		token, err := d.Token()
		if err != nil {
			break
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "url", "sitemap":
			parent = start.Name.Local
		case "loc":
			loc := strings.TrimSpace(elementText(d))
			if parent == "sitemap" {
				s.maps = append(s.maps, loc)
			} else if parent == "url" && loc != "" {
				s.pages = append(s.pages, loc)
			}
		case "image", "video", "news":
			if d.Skip() != nil {
				return s
			}
		}
	}
	return s
}

// elementText returns the characters up to the next tag.
func elementText(d *xml.Decoder) string {
	var b strings.Builder
	for {
		token, err := d.Token()
		data, ok := token.(xml.CharData)
		if err != nil || !ok {
			return b.String()
		}
		b.Write(data)
	}
}
