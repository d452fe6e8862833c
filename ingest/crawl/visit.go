package crawl

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/internal/retry"
)

// A result is what came of one entry.
type result struct {
	entry  *entry
	visit  Visit
	to     string // where a redirect leads
	body   []byte
	links  []string // of a body
	again  bool     // whether it was visited before in this crawl
	exact  bool     // whether it stands back for a page with the very same text
	cookie bool     // whether a redirect sets one
	err    error
}

// errAway marks the failure of a site that wants to be left alone for long.
var errAway = errors.New("crawl: the site asks to come back later")

// visit asks for one address and reads the answer. It runs beside the
// goroutine that iterates.
func (c *crawling) visit(ctx context.Context, e *entry) *result {
	r := &result{entry: e, visit: Visit{URL: e.address}}
	if e.old != nil {
		r.visit = e.old.Visit
	}
	r.visit.Crawl, r.visit.Status, r.visit.Reason = c.crawl.Began, 0, ""
	rules, err := c.rules.of(ctx, c.fetcher, e.address)
	switch {
	case err != nil:
		r.err = &failure{Failed, err.Error(), err}
	case !rules.allowed(target(e.address)):
		r.err = c.disallowed()
	default:
		e.site.pace.atLeast(max(c.opts.Delay, rules.delay))
		c.read(r, c.fetch(ctx, r))
	}
	return r
}

// fetch asks for an entry, again if the site is in trouble. It returns nil with
// r.err set.
func (c *crawling) fetch(ctx context.Context, r *result) *answer {
	var old *Visit
	if r.entry.old != nil && r.entry.old.Version != "" {
		old = &r.entry.old.Visit
	}
	pace := &r.entry.site.pace
	for try := 1; ; try++ {
		if r.err = pace.wait(ctx); r.err != nil {
			return nil
		}
		a, err := c.fetcher.get(ctx, r.entry.address, old)
		if err == nil && !a.usable() {
			err = &StatusError{URL: r.entry.address, Code: a.code}
		}
		if ctx.Err() != nil {
			r.err = ctx.Err()
			return nil
		}
		if !mayPass(err) {
			if a != nil {
				pace.good(a.took)
			}
			r.err = err
			return a
		}
		if r.err = pace.trouble(a, err, try); r.err != nil {
			return a
		}
	}
}

// mayPass reports whether an error is one that asking again may help against.
func mayPass(err error) bool {
	if err == nil {
		return false
	}
	outcome, _ := classify(err)
	return outcome == Failed
}

// usable reports whether an answer is a page, a redirect, or no news.
func (a *answer) usable() bool {
	switch a.code {
	case http.StatusOK, http.StatusNonAuthoritativeInfo, http.StatusNotModified:
		return true
	}
	return a.redirects()
}

// redirects reports whether an answer leads elsewhere: RFC 9110, section 15.4.
func (a *answer) redirects() bool {
	switch a.code {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return a.header.Get("Location") != ""
	}
	return false
}

// trouble notes a failure, and returns nil if asking again may help.
func (p *pace) trouble(a *answer, err error, try int) error {
	busy := a != nil && (a.code == http.StatusTooManyRequests || a.code == http.StatusServiceUnavailable)
	var wait time.Duration
	if busy {
		wait = retry.After(a.header, time.Now())
	}
	if wait > maxWait {
		return &failure{Failed, fmt.Sprintf("the site asks to come back in %s", wait.Round(time.Second)), errors.Join(errAway, err)}
	}
	tries := 2
	if busy {
		tries = 3
	}
	if streak := p.bad(wait, silent(err)); streak >= mostFailures(err) || try >= tries {
		return err
	}
	return nil
}

// read makes a visit of an answer.
func (c *crawling) read(r *result, a *answer) {
	if a != nil {
		r.visit.Status = a.code
	}
	if r.err != nil {
		return
	}
	switch {
	case a.code == http.StatusNotModified:
		if r.visit.Outcome = Unchanged; r.visit.ID == "" {
			r.visit.Outcome, r.visit.Reason = NoIndex, whyNoIndex
		}
	case a.redirects():
		r.redirect(a.header.Get("Location"))
		r.cookie = len(a.header.Values("Set-Cookie")) > 0
	default:
		before := r.visit
		if c.content(r, a); r.err != nil {
			r.visit, r.body, r.links = before, nil, nil // what was known before stays
		}
	}
}

// whyNoIndex is why a page with the directive noindex is left out.
const whyNoIndex = "its owner does not want it to be found"

// redirect notes where an answer leads.
func (r *result) redirect(location string) {
	if r.to, r.err = newBase(r.entry.address).normal(location); r.err != nil {
		r.err = &failure{Broken, fmt.Sprintf("it redirects to %q, which is no address", location), nil}
	}
}

// content reads a page or a document. Its version is a digest of what was sent, so
// that a page that is sent whole may still be unchanged.
func (c *crawling) content(r *result, a *answer) {
	v := &r.visit
	version := digest(a.header.Get("Content-Type"), a.body)
	v.Outcome = Fetched
	if version == v.Version {
		v.Outcome = Unchanged
	}
	v.Version, v.ID, v.To, v.MediaType = version, v.URL, "", a.header.Get("Content-Type")
	v.ETag, v.LastModified = a.header.Get("ETag"), a.header.Get("Last-Modified")
	v.Modified = r.entry.modified
	if t, err := http.ParseTime(v.LastModified); err == nil {
		v.Modified = t.UTC()
	}
	r.body, r.links = a.body, []string{}
	media := mediaType(v.MediaType, a.body)
	p := page{print: newPrint()}
	switch {
	case media == "text/html", media == "application/xhtml+xml":
		p = parsePage(a.body, v.MediaType)
	case !readable(media, v.URL) || !c.opts.Documents && !r.entry.start:
		v.ID, v.Outcome, v.Reason = "", Unwanted, fmt.Sprintf("it is %s, not a page", media)
	}
	for _, list := range a.header.Values("X-Robots-Tag") {
		p.directives(list)
	}
	c.describe(r, p)
}

// describe takes over what a page says of itself. A page of few words that sends
// its visitors on is a redirect, and one of few words with a field for a password
// a login. A canonical address counts on the page's own site only, and not where
// it is the front page, which templates name for every page.
func (c *crawling) describe(r *result, p page) {
	v := &r.visit
	v.Title, v.Text, v.Similar, v.Figures = p.title, p.print.digest(), p.print.similar(), p.print.figures
	base := newBase(v.URL)
	if p.base != "" {
		if b, err := base.normal(p.base); err == nil {
			base = newBase(b)
		}
	}
	switch {
	case p.refresh != "" && p.print.words < 100:
		if to, err := base.normal(p.refresh); err == nil {
			r.to = to
			return
		}
	case p.password && p.print.words < 100 && !r.entry.start:
		r.err = &failure{Denied, "it shows a login form", nil}
		return
	case p.noIndex:
		v.ID, v.Outcome, v.Reason = "", NoIndex, whyNoIndex
	}
	if to, err := base.normal(p.canonical); err == nil && p.canonical != "" && c.sites.of(to) == r.entry.site && target(to) != "/" {
		v.To = to
	}
	if p.noFollow {
		return
	}
	for _, link := range p.links {
		if to, err := base.normal(link); err == nil && c.sites.of(to) != nil && kindOf(to) != neither {
			r.links = append(r.links, to)
		}
	}
}

// mediaType returns what content is: what the site says, unless the content
// shows that it cannot be.
func mediaType(declared string, body []byte) string {
	media, _, _ := mime.ParseMediaType(declared)
	sniffed, _, _ := mime.ParseMediaType(http.DetectContentType(body))
	switch {
	case media == "", media == "application/octet-stream", media == "text/plain" && sniffed == "text/html":
		return sniffed
	case strings.HasSuffix(media, "html") && !strings.HasPrefix(sniffed, "text/") && sniffed != "application/octet-stream":
		return sniffed
	}
	return media
}

// readable reports whether content that is no page may be a document.
func readable(media, address string) bool {
	switch media {
	case "text/css", "text/javascript", "text/calendar", "application/javascript", "application/json", "application/xml", "text/xml",
		"application/rss+xml", "application/atom+xml", "application/manifest+json":
		return false
	}
	if kindOf(address) == document {
		return !strings.HasPrefix(media, "image/")
	}
	for _, start := range []string{"text/", "video/", "application/pdf", "application/vnd.ms-", "application/vnd.openxmlformats-", "message/rfc822"} {
		if strings.HasPrefix(media, start) {
			return true
		}
	}
	return false
}

// digest returns the version of content: half of a SHA-256 in hexadecimal digits.
func digest(mediaType string, body []byte) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n", mediaType)
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// isLogin reports whether an address looks like one where visitors log in.
func isLogin(address string) bool {
	switch p := plainForm(address); path.Base(p) {
	case "login", "log-in", "log_in", "signin", "sign-in", "sign_in", "sso", "saml", "authorize", "oauth", "oauth2":
		return true
	default:
		return strings.Contains(p, "/login/") || strings.Contains(p, "/oauth2/") || strings.Contains(p, "/saml/")
	}
}
