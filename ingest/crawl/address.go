package crawl

import (
	"errors"
	"net/url"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
)

// Limits against sites that make up addresses without end.
const (
	maxURL      = 2083 // bytes
	maxSegments = 20   // of a path
	maxRepeats  = 3    // of one segment in a path
	maxKeys     = 6    // of a query
)

// Reasons for which a link is not followed.
var (
	errNoPage   = errors.New("it is no web address")
	errLong     = errors.New("its address is longer than 2,083 bytes")
	errRepeats  = errors.New("its path repeats itself, as if the site made it up")
	errDeepPath = errors.New("its path has more than 20 parts, as if the site made it up")
	errFacets   = errors.New("its query has more than 6 keys, as the filters of a list have")
)

// tracking are the query keys that tell where a visitor came from, or which
// visit it is, and not which page.
var tracking = map[string]bool{
	"gclid": true, "dclid": true, "gbraid": true, "wbraid": true, "fbclid": true, "msclkid": true, "mc_cid": true, "mc_eid": true,
	"igshid": true, "yclid": true, "twclid": true, "ttclid": true, "li_fat_id": true, "_hsenc": true, "_hsmi": true, "_ga": true, "_gl": true,
	"mkt_tok": true, "vero_id": true, "oly_enc_id": true, "wickedid": true, "srsltid": true,
	"sessionid": true, "session_id": true, "phpsessid": true, "jsessionid": true, "sid": true, "sessid": true, "cfid": true, "cftoken": true,
}

// A base resolves the links of one page.
type base struct {
	address string
	origin  string // such as https://example.com
	folder  string // the path up to its last slash
}

// newBase returns the base of an address that normal has returned.
func newBase(address string) base {
	b := base{address: address}
	at := strings.Index(address, "://") + 3
	slash := at + strings.IndexByte(address[at:], '/')
	path, _, _ := strings.Cut(address[slash:], "?")
	b.origin, b.folder = address[:slash], path[:strings.LastIndexByte(path, '/')+1]
	return b
}

// normal returns the address that a link means, in the form in which addresses
// are compared: as browsers read it (https://url.spec.whatwg.org), without
// fragment, user, tracking keys and session ids, and with escapes only where
// they are needed (RFC 3986, section 6.2.2). The normal form of a normal form
// is itself.
func (b base) normal(link string) (string, error) {
	link, _, _ = strings.Cut(link, "#")
	if address, ok := b.plain(link); ok {
		return address, nil
	}
	if len(link) > 4*maxURL {
		return "", errNoPage
	}
	u, err := b.parse(link)
	if err != nil || u.Scheme() != "http" && u.Scheme() != "https" || u.Hostname() == "" {
		return "", errNoPage
	}
	address := u.Protocol() + "//" + u.Host() + tidy(dropSession(u.Pathname()))
	if query := cleanQuery(strings.TrimPrefix(u.Search(), "?")); query != "" {
		address += "?" + query
	}
	if address != u.Href(true) {
		return normal(address) // what was taken out may have hidden something
	}
	if _, err := url.Parse(address); err != nil {
		return "", errNoPage
	}
	return address, nil
}

// parse reads a link as browsers do.
func (b base) parse(link string) (*whatwg.Url, error) {
	if b.address == "" {
		return whatwg.Parse(link)
	}
	return whatwg.ParseRef(b.address, link)
}

// normal returns the normal form of an absolute address.
func normal(address string) (string, error) { return base{}.normal(address) }

// plain resolves the links that most pages are full of, and that need no
// parser: letters, digits and a few signs, and ../ at the start at most.
func (b base) plain(link string) (string, bool) {
	if link == "" || b.origin == "" || strings.HasPrefix(link, "//") {
		return "", false
	}
	for i := range len(link) {
		switch c := link[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '/', c == '.':
		default:
			return "", false
		}
	}
	if link[0] == '/' {
		return b.origin + link, !strings.Contains(link, "/.")
	}
	folder := b.folder
	for strings.HasPrefix(link, "../") {
		link = link[3:]
		if len(folder) > 1 {
			folder = folder[:strings.LastIndexByte(folder[:len(folder)-1], '/')+1]
		}
	}
	return b.origin + folder + link, !strings.HasPrefix(link, ".") && !strings.Contains(link, "/.")
}

// check returns why an address looks as if the site made it up.
func check(address string) error {
	if len(address) > maxURL {
		return errLong
	}
	path, query, _ := strings.Cut(address, "?")
	if strings.Count(query, "&") >= maxKeys {
		return errFacets
	}
	if strings.Count(path, "/")-2 > maxSegments {
		return errDeepPath
	}
	if repeats(path[strings.Index(path, "://")+3:]) {
		return errRepeats
	}
	return nil
}

// repeats reports whether a segment stands in a path more than maxRepeats times.
func repeats(path string) bool {
	if strings.Count(path, "/") <= maxRepeats {
		return false
	}
	count := make(map[string]int, maxSegments)
	_, path, _ = strings.Cut(path, "/")
	for segment := range strings.SplitSeq(path, "/") {
		if count[segment]++; segment != "" && count[segment] > maxRepeats {
			return true
		}
	}
	return false
}

// dropSession takes session ids out of a path, such as ;jsessionid=1A2B.
func dropSession(path string) string {
	lower := strings.ToLower(path)
	for _, mark := range []string{";jsessionid=", ";phpsessid=", ";sid="} {
		if i := strings.Index(lower, mark); i >= 0 && len(lower) == len(path) {
			rest := path[i+len(mark):]
			end := strings.IndexAny(rest, "/;")
			if end < 0 {
				end = len(rest)
			}
			return dropSession(path[:i] + rest[end:])
		}
	}
	return path
}

// cleanQuery returns a query without the keys that tell nothing of the page, and
// without empty parts. The order stays: a site may mean something by it.
func cleanQuery(query string) string {
	if query == "" {
		return ""
	}
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		key, _, _ := strings.Cut(strings.ToLower(pair), "=")
		if pair != "" && !tracking[key] && !strings.HasPrefix(key, "utm_") && !strings.HasPrefix(key, "aspsessionid") {
			kept = append(kept, tidy(pair))
		}
	}
	return strings.Join(kept, "&")
}

// tidy writes escapes in upper case, and undoes those of letters, digits and
// the signs that need none.
func tidy(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			b.WriteByte(s[i])
			continue
		}
		plain, err := url.PathUnescape(s[i:min(i+3, len(s))])
		switch {
		case err != nil:
			b.WriteString("%25") // browsers send it as it is, which net/http refuses
			continue
		case unreserved(plain[0]):
			b.WriteString(plain)
		default:
			b.WriteString(strings.ToUpper(s[i : i+3]))
		}
		i += 2
	}
	return b.String()
}

// unreserved reports whether a byte needs no escape. See RFC 3986, section 2.3.
// A dot keeps its escape: it may be part of a segment that is not "..".
func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '~'
}
