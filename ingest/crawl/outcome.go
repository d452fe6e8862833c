package crawl

import (
	"maps"
	"slices"
	"time"
)

// An Outcome is what came of one address.
type Outcome string

// The outcomes. Those down to Resumed are pages that are yielded.
const (
	// Fetched is a page whose content is new or may have changed.
	Fetched Outcome = "fetched"
	// Unchanged is a page of which the site says, or whose content shows, that it
	// is as it was at the last crawl.
	Unchanged Outcome = "unchanged"
	// Resumed is a page that was visited before this crawl was broken off.
	Resumed Outcome = "resumed"
	// Duplicate is a page with the text of another, or another address of it.
	Duplicate Outcome = "duplicate"
	// Redirected is an address that leads to another one.
	Redirected Outcome = "redirected"
	// NoIndex is a page whose owner does not want it to be found.
	NoIndex Outcome = "noindex"
	// Disallowed is an address that robots.txt excludes.
	Disallowed Outcome = "disallowed"
	// Missing is an address at which there is no page.
	Missing Outcome = "missing"
	// OffSite is an address of the site that leads to another site.
	OffSite Outcome = "off-site"
	// Unwanted is content of a kind that the options leave out.
	Unwanted Outcome = "unwanted"
	// Trap is an address that looks as if the site makes up such without end.
	Trap Outcome = "trap"
	// Denied is a page that wants a login. It is yielded with an error.
	Denied Outcome = "denied"
	// Broken is a page that cannot be used as it is, such as one that is too long.
	// It is yielded with an error.
	Broken Outcome = "broken"
	// Failed is a page that did not answer, or with an error of the site, which
	// may pass. It is yielded with an error.
	Failed Outcome = "failed"
)

// yields reports whether a visit with this outcome is an item.
func (o Outcome) yields() bool { return o == Fetched || o == Unchanged || o == Resumed }

// problem reports whether the site's owner may want to know.
func (o Outcome) problem() bool {
	return slices.Contains([]Outcome{Disallowed, Missing, OffSite, Trap, Denied, Broken, Failed}, o)
}

// A Problem is an address that was left out or failed.
type Problem struct {
	URL string `json:"url"`
	// From is a page that links to it, empty for a start or one of a sitemap.
	From    string  `json:"from,omitempty"`
	Outcome Outcome `json:"outcome"`
	// Reason says why, in words for the site's owner.
	Reason string `json:"reason"`
}

// maxProblems is the most problems that a report lists.
const maxProblems = 1000

// A Report tells what came of a crawl so far. Every address is counted once.
type Report struct {
	// Counts is the number of addresses by outcome.
	Counts map[Outcome]int
	// Problems lists what was left out or failed, the first 1,000.
	Problems []Problem
	// Left is how many addresses are known that were not yet visited.
	Left int
	// Elapsed is the time since the iteration began.
	Elapsed time.Duration
}

// Pages returns how many pages were yielded.
func (r Report) Pages() int {
	return r.Counts[Fetched] + r.Counts[Unchanged] + r.Counts[Resumed]
}

// Progress tells how far a crawl has come.
type Progress struct {
	// URL is the address that was done last, with its outcome and the reason.
	URL     string
	Outcome Outcome
	Reason  string
	// Pages is how many pages were yielded, this one included.
	Pages int
	// Done is how many addresses were visited, those that are no pages included.
	Done int
	// Left is how many addresses are known that were not yet visited. It may grow.
	Left int
	// Elapsed is the time since the iteration began.
	Elapsed time.Duration
}

// Rate returns the addresses done per second.
func (p Progress) Rate() float64 {
	if p.Elapsed <= 0 {
		return 0
	}
	return float64(p.Done) / p.Elapsed.Seconds()
}

// clone returns a report that shares nothing with r.
func (r Report) clone() Report {
	r.Counts, r.Problems = maps.Clone(r.Counts), slices.Clone(r.Problems)
	return r
}
