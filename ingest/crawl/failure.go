package crawl

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/internal/dial"
)

// A StatusError is an answer that is no page. Errors of a [Source] wrap it.
type StatusError struct {
	URL  string // that was asked for
	Code int    // of the answer: RFC 9110, section 15
}

// Error implements error.
func (e *StatusError) Error() string { return "crawl: " + e.URL + " answered " + statusWords(e.Code) }

// statusWords returns a status code with its name, as in "404 Not Found", and what
// it means to the site's owner where the name does not say it.
func statusWords(code int) string {
	words := fmt.Sprintf("%d %s", code, http.StatusText(code))
	switch {
	case code >= 300 && code < 400:
		return words + ", without the address to go on to"
	case code == http.StatusUnauthorized:
		return words + ": it wants a login"
	case code == http.StatusForbidden:
		return words + ": it keeps out crawlers, or all who have no login"
	}
	return words
}

// statusOutcome tells what a status code other than that of a page means.
func statusOutcome(code int) Outcome {
	switch code {
	case http.StatusNotFound, http.StatusGone:
		return Missing
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired, http.StatusUnavailableForLegalReasons:
		return Denied
	case http.StatusTooManyRequests, http.StatusRequestTimeout:
		return Failed
	}
	if code >= 500 {
		return Failed
	}
	return Broken
}

// A failure is why an address has no content, in words for the site's owner.
type failure struct {
	outcome Outcome
	words   string // a sentence without its end, that "it" is the address in
	err     error  // what lies behind it, or nil
}

// Error implements error.
func (f *failure) Error() string { return f.words }

// Unwrap returns what lies behind the failure, so that it can be told by its kind.
func (f *failure) Unwrap() error { return f.err }

// tooLarge says that a page is longer than the limit, in bytes.
func tooLarge(limit int64) error {
	return &failure{Broken, fmt.Sprintf("it is longer than %d KiB", limit>>10), ingest.ErrTooLarge}
}

// unanswered tells why a request had no answer, or not a whole one.
func unanswered(err error) error {
	if _, ok := errors.AsType[*failure](err); ok || errors.Is(err, context.Canceled) {
		return err
	}
	outcome, words := Failed, "the connection failed: "+err.Error()
	timeout, isNet := errors.AsType[net.Error](err)
	dns, isDNS := errors.AsType[*net.DNSError](err)
	switch {
	case dial.Refused(err):
		outcome, words = Broken, "it is on a private network, which the options exclude"
	case isDNS && dns.IsNotFound:
		words = "there is no host of this name"
	case isNet && timeout.Timeout():
		words = "it took too long to answer"
	case errors.Is(err, syscall.ECONNREFUSED):
		words = "connection refused: no server answers there"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		words = "the answer broke off"
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		outcome, words = Broken, "its compression is damaged"
	case isCertificate(err):
		words = "its certificate is not valid: " + err.Error()
	}
	return &failure{outcome, words, err}
}

// isCertificate reports whether an error is that of a certificate.
func isCertificate(err error) bool {
	_, isVerification := errors.AsType[*tls.CertificateVerificationError](err)
	_, isHost := errors.AsType[x509.HostnameError](err)
	_, isAuthority := errors.AsType[x509.UnknownAuthorityError](err)
	return isVerification || isHost || isAuthority
}

// silent reports whether an error is that of a site that does not answer, or is
// too busy to, rather than of one page.
func silent(err error) bool {
	status, ok := errors.AsType[*StatusError](err)
	switch {
	case err == nil:
		return false
	case !ok:
		return true
	}
	return slices.Contains([]int{http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}, status.Code)
}

// classify returns the outcome of an error and why.
func classify(err error) (Outcome, string) {
	if status, ok := errors.AsType[*StatusError](err); ok {
		return statusOutcome(status.Code), "the site answered " + statusWords(status.Code)
	}
	if f, ok := errors.AsType[*failure](err); ok {
		return f.outcome, f.words
	}
	return Failed, err.Error()
}

// named returns an error that says which address it is about.
func named(address string, err error) error {
	if _, ok := errors.AsType[*StatusError](err); ok {
		return err
	}
	return fmt.Errorf("crawl: %s: %w", address, err)
}

// A quoted is an error of this package inside another one, which names the package.
type quoted struct{ err error }

// Error implements error.
func (q quoted) Error() string { return strings.TrimPrefix(q.err.Error(), "crawl: ") }

// Unwrap returns the error.
func (q quoted) Unwrap() error { return q.err }
