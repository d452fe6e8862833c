// Package dial connects to public addresses, and to no others: neither a name
// that resolves to an address inside, nor a redirect, nor an address that
// changes between two looks leads there.
package dial

import (
	"errors"
	"net"
	"net/http"
	"net/netip"
	"time"

	"code.dny.dev/ssrf"
)

// Loopback returns the addresses of the machine itself.
func Loopback() []netip.Prefix {
	return []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
}

// Private returns the addresses of the machine and of private networks. Those of
// the local link are not among them: clouds serve their secrets there.
func Private() []netip.Prefix {
	return append(Loopback(),
		netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"),
		netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("192.168.0.0/16"),
		netip.MustParsePrefix("fc00::/7"))
}

// Transport returns a transport that connects to public addresses and to those
// in allowed. It looks at the address of every connection, after its name was
// resolved, and uses no proxy, which would be asked for any address and dial it
// for us.
func Transport(allowed ...netip.Prefix) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second, Control: guardian(allowed).Safe}
	return &http.Transport{
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		IdleConnTimeout:        30 * time.Second,
		TLSHandshakeTimeout:    10 * time.Second,
		MaxResponseHeaderBytes: 256 << 10,
	}
}

// Public reports whether an address is a public one.
func Public(ip netip.Addr) bool { return guardian(nil).SafeAddr(ip) == nil }

// guardian returns the check that is made of every address before it is dialled.
func guardian(allowed []netip.Prefix) *ssrf.Guardian {
	var v4, v6 []netip.Prefix
	for _, p := range allowed {
		if p.Addr().Is4() {
			v4 = append(v4, p)
		} else {
			v6 = append(v6, p)
		}
	}
	return ssrf.New(ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...))
}

// Refused reports whether err is the refusal of an address.
func Refused(err error) bool {
	return errors.Is(err, ssrf.ErrProhibitedIP) || errors.Is(err, ssrf.ErrProhibitedNetwork) || errors.Is(err, ssrf.ErrInvalidHostPort)
}
