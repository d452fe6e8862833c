package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/crawl"
)

// A page is what is printed of one.
type page struct {
	URL   string `json:"url"`
	Title string `json:"title,omitempty"`
	Text  string `json:"text,omitempty"`
	// Status is that of the site's answer: 304 for a page that has not changed,
	// whose text is left out.
	Status int    `json:"status,omitempty"`
	Error  string `json:"error,omitempty"`
}

// A summary is printed at the end.
type summary struct {
	// Pages counts what the site has, printed now or before the crawl went on.
	Pages     int                   `json:"pages"`
	Unchanged int                   `json:"unchanged"`
	Resumed   int                   `json:"resumed"`
	Failed    int                   `json:"failed"`
	Outcomes  map[crawl.Outcome]int `json:"outcomes"`
	Left      int                   `json:"left"`
	Seconds   float64               `json:"seconds"`
	CPUms     float64               `json:"cpu_ms_per_page"`
	PeakMB    float64               `json:"peak_mb"`
	// Problems lists the addresses that were left out or failed.
	Problems []crawl.Problem `json:"problems,omitempty"`
	Error    string          `json:"error,omitempty"`
}

// String returns the summary in lines.
func (s summary) String() string {
	var b strings.Builder
	for _, p := range s.Problems {
		fmt.Fprintf(&b, "%s: %s: %s\n", p.Outcome, p.URL, p.Reason)
	}
	fmt.Fprintf(&b, "%d pages, %d of them unchanged and %d from before, %d failed, in %.1f s; %.2f ms CPU a page, %.0f MB\n",
		s.Pages, s.Unchanged, s.Resumed, s.Failed, s.Seconds, s.CPUms, s.PeakMB)
	if s.Left > 0 && s.Error == "" {
		fmt.Fprintf(&b, "%d more addresses are known: -max says how many pages to visit\n", s.Left)
	}
	return b.String()
}

// A visitor prints the pages of a site.
type visitor struct {
	show      func(any)
	extractor ingest.Extractor
	printed   *printed
	last      crawl.Progress // of the address whose item comes next
	total     summary
}

// visit crawls, shows every page as it comes and the summary at the end.
func (v *visitor) visit(ctx context.Context, src *crawl.Source) error {
	start, before := time.Now(), usage()
	var end error
	for item, err := range src.Items(ctx) {
		if err != nil && item.ID == "" {
			end = err
			v.total.Error = err.Error()
			break
		}
		if end = v.item(ctx, item, err); end != nil {
			break
		}
	}
	report, after := src.Report(), usage()
	v.total.Outcomes, v.total.Problems, v.total.Left = report.Counts, report.Problems, report.Left
	v.total.Seconds = time.Since(start).Seconds()
	v.total.CPUms = (after.cpu - before.cpu).Seconds() * 1000 / float64(max(v.total.Pages, 1))
	v.total.PeakMB = after.peak
	v.show(v.total)
	return end
}

// item shows one page, unless that was done before the crawl was broken off.
func (v *visitor) item(ctx context.Context, item ingest.Item, failure error) error {
	v.total.Pages++
	p := page{URL: item.ID, Status: http.StatusOK}
	switch {
	case failure != nil:
		v.total.Failed++
		p.Error, p.Status = failure.Error(), 0
		if status, ok := errors.AsType[*crawl.StatusError](failure); ok {
			p.Status = status.Code
		}
	case v.printed.has(item) && v.last.Outcome == crawl.Resumed:
		v.total.Resumed++
		return nil
	case v.printed.has(item):
		v.total.Unchanged++
		p.Status = http.StatusNotModified
	default:
		if err := v.read(ctx, item, &p); err != nil {
			v.total.Failed++
			p.Error = ingest.Failure{Item: item.ID, Err: err}.Error()
		}
	}
	v.show(p)
	if failure != nil || p.Status == http.StatusNotModified {
		return nil
	}
	return v.printed.add(ctx, item)
}

// read extracts the text of a page.
func (v *visitor) read(ctx context.Context, item ingest.Item, p *page) error {
	body, err := item.Open(ctx)
	if err != nil {
		return err
	}
	defer body.Close()
	doc, err := v.extractor.Extract(ctx, item, io.Reader(body))
	if err != nil {
		return err
	}
	var blocks []string
	for _, s := range doc.Sections {
		if n := len(s.Path); n > 0 {
			blocks = append(blocks, s.Path[n-1])
		}
		blocks = append(blocks, s.Text)
	}
	p.Title, p.Text = doc.Title, strings.Join(blocks, "\n\n")
	return nil
}

// printed remembers the versions that were printed. Without a store it
// remembers nothing.
type printed struct {
	store  ingest.Store
	source string
	known  map[string]ingest.Record
}

func newPrinted(ctx context.Context, store ingest.Store, source string) (*printed, error) {
	known, err := store.Records(ctx, source)
	return &printed{store, source, known}, err
}

func (p *printed) has(item ingest.Item) bool {
	return p.store != nil && item.Version != "" && p.known[item.ID].Version == item.Version
}

func (p *printed) add(ctx context.Context, item ingest.Item) error {
	if p.store == nil {
		return nil
	}
	record := ingest.Record{Item: item.ID, Version: item.Version}
	return p.store.Apply(ctx, p.source, ingest.Update{Records: []ingest.Record{record}})
}

// used is what the process has used so far.
type used struct {
	cpu  time.Duration
	peak float64 // megabytes
}

func usage() used {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return used{}
	}
	return used{
		cpu:  time.Duration(u.Utime.Nano() + u.Stime.Nano()),
		peak: float64(u.Maxrss) / 1024,
	}
}
