package crawl

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"code.dny.dev/ssrf"
)

// Networks that a crawl may enter with Options.AllowPrivate. Addresses of the
// local link are not among them: clouds serve their secrets there.
var (
	privateV4 = []netip.Prefix{
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("127.0.0.0/8"),
		netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
	}
	privateV6 = []netip.Prefix{netip.MustParsePrefix("::1/128"), netip.MustParsePrefix("fc00::/7")}
)

// An ownTransport is one that a crawl has made for itself.
type ownTransport struct{ *http.Transport }

// newTransport returns a transport that connects to public addresses only. It
// asks after a name was resolved and for every connection, so that neither a
// redirect nor a name whose address changes leads inside.
func newTransport(allowPrivate bool, inFlight int) *ownTransport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, Control: guard(allowPrivate).Safe}
	return &ownTransport{&http.Transport{
		// No proxy: it would be asked for any address, and dial it for us.
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    inFlight,
		IdleConnTimeout:        30 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
	}}
}

// guard returns the check that is made of every address before it is dialled.
func guard(allowPrivate bool) *ssrf.Guardian {
	if !allowPrivate {
		return ssrf.New(ssrf.WithAnyPort())
	}
	return ssrf.New(ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(privateV4...), ssrf.WithAllowedV6Prefixes(privateV6...))
}

// isGuarded reports whether err is the guard's refusal.
func isGuarded(err error) bool {
	return errors.Is(err, ssrf.ErrProhibitedIP) || errors.Is(err, ssrf.ErrProhibitedNetwork) || errors.Is(err, ssrf.ErrInvalidHostPort)
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
