package mcp

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/netip"

	"github.com/frontdesk-go/frontdesk/internal/dial"
)

// maxReply is how much of a reply over HTTP is read, in bytes: as much as the
// SDK reads of a message over other transports.
const maxReply = 16 << 20

// HTTPClient returns a client for the SDK's StreamableClientTransport, which by
// itself reads replies of any size from any address. This one connects to public
// addresses only, and to this machine if loopback is set, follows no redirect,
// and reads 16 MiB of a reply. Events the SDK bounds one by one.
func HTTPClient(loopback bool) *http.Client {
	var allowed []netip.Prefix
	if loopback {
		allowed = dial.Loopback()
	}
	return &http.Client{
		Transport:     bounded{dial.Transport(allowed...)},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// bounded is a transport whose replies end with an error if they are too long.
type bounded struct{ *http.Transport }

// RoundTrip sends a request.
func (b bounded) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := b.Transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); kind != "text/event-stream" {
		resp.Body = &limited{ReadCloser: resp.Body, left: maxReply}
	}
	return resp, nil
}

// limited is a body of which only so much may be read.
type limited struct {
	io.ReadCloser
	left int64
}

// Read reads, and fails behind the limit.
func (l *limited) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, errors.New("a reply of more than 16 MiB")
	}
	n, err := l.ReadCloser.Read(p[:min(int64(len(p)), l.left+1)])
	if l.left -= int64(n); l.left < 0 {
		return 0, errors.New("a reply of more than 16 MiB")
	}
	return n, err
}
