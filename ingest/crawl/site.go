package crawl

import (
	"net/netip"
	"path"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/internal/dial"
)

// A site is the pages of one host, whatever the protocol, with "www." or without.
type site struct {
	origin string // the form that its addresses are given
	moves  int    // how often that has changed
	pace   pace
	traps  traps
	lost   *Visit // what the site shows for addresses that do not exist, if it does

	links, others []*entry // queues: found by links, or known from elsewhere
	busy          int      // requests under way
	busyLinks     int      // those of them for entries of links
}

// An entry is an address in a queue.
type entry struct {
	address  string
	site     *site
	from     string      // the page that links to it
	depth    int         // links from the start
	hops     []string    // the addresses that redirected to it
	start    bool        // a crawl begins here
	linked   bool        // a page leads here, not only a sitemap
	modified time.Time   // as a sitemap says
	old      *remembered // what the store has of it, or nil
}

// remembered is a visit with its links as indexes.
type remembered struct {
	Visit
	links []int32
}

// known is an address that was seen somewhere.
type known struct {
	text string
	site *site
	seen bool        // whether it was queued, or stands for a page already
	old  *remembered // what the store has of it, or nil
}

// maxAddresses is how many addresses a crawl keeps in mind.
const maxAddresses = 200_000

// addresses numbers what was seen, so that links are small.
type addresses struct {
	ids map[string]int32
	all []known
}

// id returns the number of an address, or -1 if there are too many.
func (a *addresses) id(text string, s *site) int32 {
	if id, ok := a.ids[text]; ok {
		return id
	}
	if len(a.all) >= maxAddresses {
		return -1
	}
	id := int32(len(a.all))
	a.ids[text] = id
	a.all = append(a.all, known{text: text, site: s})
	return id
}

// sites are those of one crawl, by domain.
type sites map[string]*site

// of returns the site of an address, nil if it is none of these.
func (s sites) of(address string) *site { return s[domain(address)] }

// domain returns the host of a normal address without "www.".
func domain(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	return strings.TrimPrefix(host, "www.")
}

// form returns an address in the form that its site gives to all of them.
func (s *site) form(address string) string {
	if strings.HasPrefix(address, s.origin) && strings.HasPrefix(address[len(s.origin):], "/") {
		return address
	}
	return s.origin + target(address)
}

// hostname returns the host of a normal address without its port.
func hostname(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		host = host[:i]
	}
	return host
}

// private reports whether a normal address names a host inside by its number,
// or this machine.
func private(address string) bool {
	ip, err := netip.ParseAddr(strings.Trim(hostname(address), "[]"))
	return Loopback(address) || err == nil && !dial.Public(ip)
}

// A kind is what an address is, as its extension tells.
type kind int

const (
	maybePage kind = iota
	document
	neither
)

// kindOf returns what the path of a normal address says.
func kindOf(address string) kind {
	p, _, _ := strings.Cut(target(address), "?")
	switch strings.ToLower(path.Ext(p)) {
	case ".pdf", ".docx", ".pptx", ".xls", ".xlsx", ".csv", ".md", ".txt", ".text", ".rst", ".eml",
		".mpg", ".mpeg", ".mp4", ".avi", ".mov", ".webm":
		return document
	case ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp", ".tif", ".tiff", ".ico", ".css", ".js", ".mjs", ".map",
		".woff", ".woff2", ".ttf", ".otf", ".eot", ".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".iso", ".jar", ".apk",
		".mp3", ".wav", ".ogg", ".m4a", ".flac", ".mkv", ".exe", ".msi", ".dmg", ".pkg", ".deb", ".rpm", ".bin",
		".xml", ".rss", ".atom", ".json", ".ics", ".ppt", ".doc", ".epub", ".sig", ".asc":
		return neither
	}
	return maybePage
}
