package crawl

import (
	"net/http"
	"net/netip"
	"strings"

	"github.com/frontdesk-go/frontdesk/internal/dial"
)

// An ownTransport is one that a crawl has made for itself.
type ownTransport struct{ *http.Transport }

// newTransport returns a transport that connects to public addresses only, or
// to those of private networks too.
func newTransport(allowPrivate bool, inFlight int) *ownTransport {
	var allowed []netip.Prefix
	if allowPrivate {
		allowed = dial.Private()
	}
	t := dial.Transport(allowed...)
	t.MaxIdleConnsPerHost = inFlight
	return &ownTransport{t}
}

// Loopback reports whether an address names the machine itself, in whatever
// spelling: localhost, 127.0.0.1, [::1] or 0x7f.1.
func Loopback(address string) bool {
	u, err := normal(address)
	if err != nil {
		return false
	}
	host := hostname(u)
	if ip, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return ip.Unmap().IsLoopback()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost")
}
