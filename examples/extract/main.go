// Extract prints the text of files, one JSON object a file:
//
//	go run ./examples/extract manual.pdf help/*.md
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// A result is what is printed of a file.
type result struct {
	File     string       `json:"file"`
	Kind     extract.Kind `json:"kind,omitempty"`
	Title    string       `json:"title,omitempty"`
	Text     string       `json:"text"`
	Passages []passage    `json:"passages"`
	Error    string       `json:"error,omitempty"`
	MS       float64      `json:"ms"`
}

type passage struct {
	Path   []string `json:"path,omitempty"`
	Anchor string   `json:"anchor,omitempty"`
	Text   string   `json:"text"`
}

func main() {
	flag.Usage = func() { fmt.Fprintln(flag.CommandLine.Output(), "usage: extract FILE...") }
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	failed := false
	for _, name := range flag.Args() {
		r := read(context.Background(), name)
		failed = failed || r.Error != ""
		if err := out.Encode(r); err != nil {
			fmt.Fprintln(os.Stderr, "extract:", err)
			os.Exit(1)
		}
	}
	if failed {
		os.Exit(1)
	}
}

// read extracts one file.
func read(ctx context.Context, name string) result {
	start := time.Now()
	r := result{File: name, Passages: []passage{}}
	doc, kind, err := document(ctx, name)
	r.Kind = kind
	r.MS = float64(time.Since(start).Microseconds()) / 1000
	if err != nil {
		r.Error = ingest.Failure{Item: name, Err: err}.Error()
		return r
	}
	r.Title, r.Text = doc.Title, text(doc)
	for _, p := range retrieval.Split(doc) {
		r.Passages = append(r.Passages, passage{Path: p.Path, Anchor: p.Anchor, Text: p.Text})
	}
	return r
}

// maxFile is the most of a file that is read, a little more than the
// extractor's own limit.
const maxFile = 33 << 20

func document(ctx context.Context, name string) (retrieval.Document, extract.Kind, error) {
	f, err := os.Open(name)
	if err != nil {
		return retrieval.Document{}, "", err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile))
	if err != nil {
		return retrieval.Document{}, "", err
	}
	// The extension alone: a title must come from the content, not from the name.
	item := ingest.Item{ID: name, Name: filepath.Ext(name)}
	// The extractor finds the kind by itself; it is asked for to be shown.
	kind, err := extract.Detect(item.Name, "", data)
	if err != nil && !errors.Is(err, ingest.ErrNoText) {
		return retrieval.Document{}, kind, err
	}
	doc, err := extract.New(nil).Extract(ctx, item, bytes.NewReader(data))
	return doc, kind, err
}

// text returns the text with every heading where it stands.
func text(doc retrieval.Document) string {
	var blocks, last []string
	if doc.Title != "" {
		blocks = append(blocks, doc.Title)
	}
	for _, s := range doc.Sections {
		same := 0
		for same < min(len(last), len(s.Path)) && last[same] == s.Path[same] {
			same++
		}
		blocks = append(blocks, s.Path[same:]...)
		last = s.Path
		if len(blocks) == 0 || blocks[len(blocks)-1] != s.Text { // a heading may be all there is
			blocks = append(blocks, s.Text)
		}
	}
	return strings.Join(blocks, "\n\n")
}
