// Package extract turns files and pages into documents: [retrieval.Document] with
// sections under headings, whose text is made to be found and to be quoted.
//
// # What is read
//
// Markdown and its dialects become sections with the anchors that generators make
// of headings; notes and tabs are kept with their titles, and front matter gives
// title, language, dates and keywords. A page of HTML becomes its main content,
// without what its site puts around every page; the questions and instructions
// that it has in JSON-LD are added where its text does not show them. A PDF becomes
// the text of its pages in reading order, with its headings; the anchor of each
// section leads to its page.
//
// Of DOCX come headings, numbered lists, tables, notes, text boxes, headers and
// footers, with tracked changes accepted; of PPTX each slide under its title, with
// tables, charts, diagrams and the speaker's notes; of XLSX and XLS each sheet that
// is not hidden, its cells as their number formats show them. Files with macros are
// read as those without. Remarks of reviewers are read if [Options].Remarks says so.
//
// reStructuredText is read like Markdown, plain text as paragraphs, settings with
// the comments above them, CSV as rows, JSON and XML as what their fields say, mail
// as its text and the files that it carries. Films and recordings become their
// subtitles, or else what a [Transcriber] hears, with the time of each section.
//
// In all tables the name of a column stands beside each of its cells, as in
// "Plan: Pro; Price: 9", so that one row answers a question by itself.
//
// # What is refused
//
// The kind of a file is told by its content first and by its name and media
// type only where the content does not tell. Content is foreign: whatever it
// holds, an extractor ends within its limits with a document or an error, which
// wraps one of [ingest.ErrUnsupported], [ingest.ErrEncrypted],
// [ingest.ErrMalformed], [ingest.ErrTooLarge] and [ingest.ErrNoText] where the
// content is at fault. What parsers of others make of it can be had in a process
// of its own: see [Child].
package extract

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// Options are the limits of an [Extractor] and what it may use. The zero value
// of a limit means its default.
type Options struct {
	// MaxBytes is the most content a file may have, but media. Defaults to 32 MiB.
	MaxBytes int64
	// MaxMedia is the most content a film or a recording may have. It is kept in
	// a temporary file meanwhile. Defaults to 1 GiB.
	MaxMedia int64
	// MaxText is the most text a document may have, in bytes. A heading, a
	// paragraph or an item of a list counts 64 more. Defaults to 16 MiB.
	MaxText int
	// MaxPages is the most pages a PDF, slides a presentation or sheets a
	// workbook may have. Defaults to 3,000.
	MaxPages int
	// MaxInflated is the most bytes that what is compressed in a file may inflate
	// to, all together. Defaults to 256 MiB.
	MaxInflated int64
	// MaxEntries is the most entries an archive may have, and files a message.
	// Defaults to 10,000.
	MaxEntries int
	// MaxRatio is how many times its size an entry of an archive may inflate to,
	// beyond its first MiB. Defaults to 200.
	MaxRatio int
	// MaxDepth is how deeply elements may be nested. Defaults to 256.
	MaxDepth int
	// MaxCells is the most cells the tables of a file may have, and values its
	// data, of which JSON may have a million. Defaults to 2,500,000.
	MaxCells int
	// Timeout limits the time of one file, but media. Defaults to 10 seconds.
	Timeout time.Duration

	// Plain gives what an Office file or a page holds as other tools do, to compare
	// with them: the header of a table once instead of beside each cell, of a
	// workbook the cells of all its sheets, numbers with all their digits, and of a
	// page no descriptions of images, but lists that only lead to other pages.
	Plain bool
	// Remarks adds what authors and reviewers remarked in Office files: comments
	// on texts, slides and cells, which are not meant for customers as a rule.
	Remarks bool

	// Kinds replaces how kinds of content are read, such as PDF by a program of
	// the host's choice: see [Command].
	Kinds map[Kind]ingest.Extractor
	// Child, if not nil, reads all files but media in processes of its own, with
	// the limits that stand there. The other options are then for media alone.
	Child *Child

	// FFmpeg is the path of the program of that name, which finds the subtitles of
	// all kinds of media and takes out the sound for the Transcriber. Without it
	// the subtitles of MP4 and QuickTime files are read.
	FFmpeg string
	// Transcriber turns the speech of media without subtitles into text. Nil
	// means that they are refused.
	Transcriber Transcriber
	// Language is what is spoken in media, a BCP 47 tag. Empty has the Transcriber
	// find out.
	Language string
}

// An Extractor is an [ingest.Extractor] for all kinds of content that this
// package reads. It may be used from many goroutines.
type Extractor struct{ opts Options }

// New returns an Extractor. The opts may be nil.
func New(opts *Options) *Extractor {
	var o Options
	if opts != nil {
		o = *opts
	}
	initial(&o.MaxBytes, 32<<20)
	initial(&o.MaxMedia, 1<<30)
	initial(&o.MaxText, 16<<20)
	initial(&o.MaxPages, 3000)
	initial(&o.MaxInflated, 256<<20)
	initial(&o.MaxEntries, 10_000)
	initial(&o.MaxRatio, 200)
	initial(&o.MaxDepth, 256)
	initial(&o.MaxCells, 2_500_000)
	initial(&o.Timeout, 10*time.Second)
	return &Extractor{opts: o}
}

// initial gives a limit that is not set its default.
func initial[T int | int64 | time.Duration](limit *T, value T) {
	if *limit <= 0 {
		*limit = value
	}
}

// A content is what one Extract works on.
type content struct {
	item ingest.Item
	kind Kind
	data []byte
	opts Options

	check func() error // whose error ends the reading; may be nil
}

// outline returns an outline that ends with the time of the content.
func (c content) outline() *outline {
	o := newOutline(c.opts.MaxText)
	o.check = c.check
	return o
}

// A timelyReader reads until check fails.
type timelyReader struct {
	io.Reader
	check func() error
}

// Read implements [io.Reader].
func (r timelyReader) Read(p []byte) (int, error) {
	if err := r.check(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// Extract implements [ingest.Extractor]. The document's title is the one that
// the content names, or else is made from the item's name.
func (e *Extractor) Extract(ctx context.Context, item ingest.Item, r io.Reader) (retrieval.Document, error) {
	in := bufio.NewReader(r)
	head, err := in.Peek(peekSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return retrieval.Document{}, err
	}
	var doc retrieval.Document
	switch {
	case isMedia(head) && e.opts.Kinds[Media] != nil:
		return e.opts.Kinds[Media].Extract(ctx, item, in)
	case isMedia(head):
		doc, err = e.media(ctx, item, in)
	case e.opts.Child != nil:
		return e.opts.Child.Extract(ctx, item, in)
	default:
		doc, err = e.timely(ctx, item, in)
	}
	if err != nil {
		return retrieval.Document{}, err
	}
	if doc.Title == "" {
		doc.Title = titleOf(item.Name)
	}
	return doc, nil
}

// timely extracts within the time that there is.
func (e *Extractor) timely(ctx context.Context, item ingest.Item, r io.Reader) (retrieval.Document, error) {
	late, cancel := context.WithTimeout(ctx, e.opts.Timeout)
	defer cancel()
	doc, err := e.extract(late, item, r)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = fmt.Errorf("%w: reading it takes longer than %s", ingest.ErrTooLarge, e.opts.Timeout)
	}
	return doc, err
}

func (e *Extractor) extract(ctx context.Context, item ingest.Item, r io.Reader) (doc retrieval.Document, err error) {
	in := bounded{most: e.opts.MaxBytes}
	if _, err := io.Copy(&in, r); err != nil {
		return retrieval.Document{}, err
	}
	data := in.data
	c := content{item: item, data: data, opts: e.opts, check: ctx.Err}
	if c.kind, err = Detect(item.Name, item.MediaType, data); err != nil {
		return retrieval.Document{}, err
	}
	if other := e.opts.Kinds[c.kind]; other != nil {
		return other.Extract(ctx, item, bytes.NewReader(data))
	}
	// The parsers of others are not trusted with foreign bytes.
	defer func() {
		if v := recover(); v != nil {
			doc, err = retrieval.Document{}, fmt.Errorf("%w: the %s parser panicked: %v", ingest.ErrMalformed, c.kind, v)
		}
	}()
	return c.extract(ctx)
}

// A bounded holds what is written to it, up to a number of bytes. What is in memory
// already is copied once.
type bounded struct {
	data []byte
	most int64
}

// Write implements [io.Writer].
func (b *bounded) Write(p []byte) (int, error) {
	if int64(len(b.data)+len(p)) > b.most {
		return 0, fmt.Errorf("%w: more than %d bytes", ingest.ErrTooLarge, b.most)
	}
	b.data = append(b.data, p...)
	return len(p), nil
}

// maxLines is the most lines that text may have of which each may be a block.
const maxLines = 250_000

func (c content) extract(ctx context.Context) (retrieval.Document, error) {
	switch c.kind {
	case Markdown, RST, Config, Text:
		if len(c.data) > c.opts.MaxText {
			return retrieval.Document{}, fmt.Errorf("%w: more than %d bytes of text", ingest.ErrTooLarge, c.opts.MaxText)
		}
		if n := bytes.Count(c.data, []byte("\n")); n > maxLines {
			return retrieval.Document{}, fmt.Errorf("%w: %d lines", ingest.ErrTooLarge, n)
		}
	}
	switch c.kind {
	case Markdown:
		return c.markdown()
	case HTML:
		return c.html()
	case PDF:
		return c.pdf(ctx)
	case DOCX:
		return c.docx(ctx)
	case PPTX:
		return c.pptx(ctx)
	case XLSX:
		return c.xlsx(ctx)
	case XLS:
		return c.xls()
	case RST:
		return c.rst()
	case Config:
		return c.config()
	case XML:
		return c.xml()
	case Mail:
		return c.mail(ctx)
	case CSV:
		return c.csv()
	case JSON:
		return c.json()
	}
	return c.text()
}

// titleOf makes a title from a file name: "refund-policy.md" is "Refund policy".
func titleOf(name string) string {
	name = strings.TrimSuffix(path.Base(name), path.Ext(name))
	name = oneLine(strings.NewReplacer("-", " ", "_", " ").Replace(name))
	if name == "" || name == "." || name == "/" {
		return ""
	}
	r := []rune(name)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// blank reports whether there is nothing but white space.
func blank(data []byte) bool { return len(bytes.TrimSpace(data)) == 0 }
