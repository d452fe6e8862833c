// Crawl visits the pages of a web site and prints what an agent would know of
// them:
//
//	go run ./examples/crawl -max 50 https://example.com/help/
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/crawl"
	"github.com/frontdesk-go/frontdesk/ingest/extract"
)

// A result is what is printed of a page.
type result struct {
	URL    string `json:"url"`
	Title  string `json:"title,omitempty"`
	Text   string `json:"text,omitempty"`
	Status int    `json:"status,omitempty"`
	Error  string `json:"error,omitempty"`
}

// A summary is printed at the end.
type summary struct {
	Pages   int     `json:"pages"`
	Failed  int     `json:"failed"`
	Seconds float64 `json:"seconds"`
	Error   string  `json:"error,omitempty"`
}

func main() {
	limit := flag.Int("max", 200, "the most pages to visit")
	asJSON := flag.Bool("json", false, "print one JSON object a page, and one at the end")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: crawl [-max N] [-json] URL")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	src, err := crawl.New(flag.Arg(0), &crawl.Options{MaxPages: *limit})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	show := showText
	if *asJSON {
		show = showJSON
	}
	total := visit(ctx, src, show)
	show(total)
	if total.Error != "" {
		os.Exit(1)
	}
}

// visit crawls, and shows every page as it comes.
func visit(ctx context.Context, src ingest.Source, show func(any)) summary {
	start := time.Now()
	var total summary
	for item, err := range src.Items(ctx) {
		if err != nil && item.ID == "" {
			total.Error = err.Error()
			break
		}
		r := read(ctx, item, err)
		total.Pages++
		if r.Error != "" {
			total.Failed++
		}
		show(r)
	}
	total.Seconds = time.Since(start).Seconds()
	return total
}

// read extracts the text of a page that was fetched.
func read(ctx context.Context, item ingest.Item, err error) result {
	r := result{URL: item.ID}
	if err != nil {
		if status, ok := errors.AsType[*crawl.StatusError](err); ok {
			r.Status = status.Code
		}
		r.Error = err.Error()
		return r
	}
	r.Status = http.StatusOK
	body, err := item.Open(ctx)
	if err != nil {
		r.Error = err.Error()
		return r
	}
	defer body.Close()
	doc, err := extract.New(nil).Extract(ctx, item, body)
	if err != nil {
		r.Error = ingest.Failure{Item: item.ID, Err: err}.Error()
		return r
	}
	r.Title = doc.Title
	var blocks []string
	for _, s := range doc.Sections {
		if n := len(s.Path); n > 0 {
			blocks = append(blocks, s.Path[n-1])
		}
		blocks = append(blocks, s.Text)
	}
	r.Text = strings.Join(blocks, "\n\n")
	return r
}

func showJSON(v any) {
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	if err := out.Encode(v); err != nil {
		fmt.Fprintln(os.Stderr, "crawl:", err)
	}
}

func showText(v any) {
	switch v := v.(type) {
	case result:
		if v.Error != "" {
			fmt.Println("FAILED", v.Error)
			return
		}
		fmt.Printf("%s\n    %s, %d characters\n", v.URL, v.Title, len([]rune(v.Text)))
	case summary:
		fmt.Printf("%d pages, %d failed, %.1f s\n", v.Pages, v.Failed, v.Seconds)
		if v.Error != "" {
			fmt.Println(v.Error)
		}
	}
}
