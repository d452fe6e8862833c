// Extract prints the text of files, one JSON object a file:
//
//	go run ./examples/extract manual.pdf help/*.md
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract"
	"github.com/frontdesk-go/frontdesk/ingest/extract/transcribe"
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
	flag.Usage = func() { fmt.Fprintln(flag.CommandLine.Output(), "usage: extract [-ffmpeg PATH] [-speech URL] FILE...") }
	ffmpeg := flag.String("ffmpeg", "", "`path` of ffmpeg, for the subtitles and the sound of films")
	speech := flag.String("speech", "", "`URL` of a server that turns speech into text, as OpenAI's does")
	child := flag.Bool("child", false, "read files for another process, from the standard input")
	plain := flag.Bool("plain", false, "with -child: read pages and Office files as other tools print them")
	flag.Parse()
	if *child {
		exit(extract.Serve(context.Background(), os.Stdin, os.Stdout, extract.New(&extract.Options{Plain: *plain})))
	}
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	exit(run(context.Background(), flag.Args(), *ffmpeg, *speech))
}

// errFailed says that a result has an error, which it shows.
var errFailed = errors.New("not every file could be read")

func exit(err error) {
	if err == nil {
		os.Exit(0)
	}
	fmt.Fprintln(os.Stderr, "extract:", err)
	os.Exit(1)
}

// run prints the result of every file. The files are read by this program once
// more, in another process: one bad file never stops the rest.
func run(ctx context.Context, names []string, ffmpeg, speech string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	child, err := extract.NewChild(extract.ChildConfig{Command: []string{self, "-child"}, Processes: 1})
	if err != nil {
		return err
	}
	defer child.Close()
	plainChild, err := extract.NewChild(extract.ChildConfig{Command: []string{self, "-child", "-plain"}, Processes: 1})
	if err != nil {
		return err
	}
	defer plainChild.Close()
	options := extract.Options{Child: child, FFmpeg: ffmpeg}
	if speech != "" {
		if options.Transcriber, err = transcribe.New(transcribe.Config{URL: speech}); err != nil {
			return err
		}
	}
	extractor, plain := extract.New(&options), extract.New(&extract.Options{Child: plainChild})
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	var failed error
	for _, name := range names {
		r := read(ctx, extractor, plain, name)
		if r.Error != "" {
			failed = errFailed
		}
		if err := out.Encode(r); err != nil {
			return err
		}
	}
	return failed
}

// read extracts one file. The text of an Office file is as other tools print it, and
// that of a page as it shows it, to be compared; the passages are as a question
// finds them.
func read(ctx context.Context, e, plain ingest.Extractor, name string) result {
	start := time.Now()
	r := result{File: name, Passages: []passage{}}
	doc, err := document(ctx, e, name)
	r.MS = float64(time.Since(start).Microseconds()) / 1000
	r.Kind = kind(name)
	if err != nil {
		r.Error = ingest.Failure{Item: name, Err: err}.Error()
		return r
	}
	r.Title, r.Text = doc.Title, text(doc)
	switch r.Kind {
	case extract.HTML, extract.DOCX, extract.PPTX, extract.XLSX, extract.XLS:
		if doc, err := document(ctx, plain, name); err == nil {
			r.Text = text(doc)
		}
	}
	for _, p := range retrieval.Split(doc) {
		r.Passages = append(r.Passages, passage{Path: p.Path, Anchor: p.Anchor, Text: p.Text})
	}
	return r
}

func document(ctx context.Context, e ingest.Extractor, name string) (retrieval.Document, error) {
	f, err := os.Open(name)
	if err != nil {
		return retrieval.Document{}, err
	}
	defer f.Close()
	// The extension alone: a title must come from the content, not from the name.
	return e.Extract(ctx, ingest.Item{ID: name, Name: filepath.Ext(name)}, f)
}

// kind returns the kind of a file, empty where it is none that can be read. The
// extractor finds it by itself; here it is found again, to be shown.
func kind(name string) extract.Kind {
	const most = 32 << 20 // the extractor reads no more
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > most {
		return ""
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return ""
	}
	k, _ := extract.Detect(filepath.Ext(name), "", data)
	return k
}

// text returns the text with every heading where it stands.
func text(doc retrieval.Document) string {
	var blocks, last []string
	if doc.Title != "" {
		blocks = append(blocks, doc.Title)
	}
	for i, s := range doc.Sections {
		same := 0
		for same < min(len(last), len(s.Path)) && last[same] == s.Path[same] {
			same++
		}
		blocks = append(blocks, s.Path[same:]...)
		last = s.Path
		// A heading, or the title, may be all there is.
		if n := len(blocks); n == 0 || blocks[n-1] != s.Text || i > 0 && same == len(s.Path) {
			blocks = append(blocks, s.Text)
		}
	}
	return strings.Join(blocks, "\n\n")
}
