package extract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/biff"
)

// A Kind is a kind of content that this package reads.
type Kind string

// The kinds of content.
const (
	Markdown Kind = "markdown"
	HTML     Kind = "html"
	PDF      Kind = "pdf"
	DOCX     Kind = "docx"
	PPTX     Kind = "pptx"
	XLSX     Kind = "xlsx"
	XLS      Kind = "xls"
	Text     Kind = "text"
	RST      Kind = "rst" // reStructuredText
	Config   Kind = "config"
	CSV      Kind = "csv"
	JSON     Kind = "json"
	XML      Kind = "xml"
	Mail     Kind = "mail"
	Media    Kind = "media" // films and recordings
)

// Detect returns the kind of content, told by its first bytes where these are
// clear, else by the name's extension, else by the media type. It returns
// [ingest.ErrNoText] for empty content, [ingest.ErrUnsupported] for what is
// none of the kinds, and [ingest.ErrEncrypted] for an encrypted Office file.
func Detect(name, mediaType string, data []byte) (Kind, error) {
	if blank(data) {
		return "", fmt.Errorf("%w: the file is empty", ingest.ErrNoText)
	}
	kind, err := detectBinary(name, data)
	if kind != "" || err != nil {
		return kind, err
	}
	if looksHTML(data) {
		return HTML, nil
	}
	if bytes.HasPrefix(trimMark(data), []byte("<?xml")) {
		return XML, nil
	}
	kind = byExtension(name)
	if kind == XML && !hasUTF16Mark(data) && !bytes.HasPrefix(trimMark(data), []byte("<")) {
		return bySyntax(data), nil
	}
	if kind != "" {
		return kind, nil
	}
	if kind := byMediaType(mediaType); kind != Text {
		return kind, nil
	}
	return bySyntax(data), nil
}

// trimMark returns the data without a byte order mark and white space before.
func trimMark(data []byte) []byte {
	return bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), " \t\r\n")
}

// mailStart is the first header field of a message that was delivered.
var mailStart = regexp.MustCompile(`^(?:Return-Path|Received|Delivered-To|MIME-Version|Message-ID): `)

// mailField is how any message begins.
var mailField = regexp.MustCompile(`^\s*(?:From |[A-Za-z][\w-]*:)`)

// bySyntax tells text of which neither name nor media type says what it is.
func bySyntax(data []byte) Kind {
	start := trimMark(data)
	switch {
	case len(start) > 0 && strings.IndexByte("{[", start[0]) >= 0 && json.Valid(start):
		return JSON
	case mailStart.Match(start):
		return Mail
	case len(start) > 6 && strings.EqualFold(string(start[:6]), "<table"):
		return HTML // programs save it with the name of a workbook
	}
	return Text
}

func byExtension(name string) Kind {
	switch strings.ToLower(path.Ext(name)) {
	case ".md", ".mdx", ".markdown":
		return Markdown
	case ".html", ".htm", ".xhtml":
		return HTML
	case ".csv", ".tsv":
		return CSV
	case ".json":
		return JSON
	case ".xml", ".rss", ".atom":
		return XML
	case ".rst":
		return RST
	case ".cfg", ".conf", ".ini", ".toml", ".properties":
		return Config
	case ".eml":
		return Mail
	case ".txt", ".text":
		return Text
	}
	return ""
}

func byMediaType(mediaType string) Kind {
	t, _, err := mime.ParseMediaType(mediaType)
	if err != nil {
		return Text
	}
	switch t {
	case "text/markdown", "text/x-markdown":
		return Markdown
	case "text/html", "application/xhtml+xml":
		return HTML
	case "text/csv", "text/tab-separated-values":
		return CSV
	case "application/json":
		return JSON
	case "text/xml", "application/xml", "application/rss+xml", "application/atom+xml":
		return XML
	case "text/x-rst", "text/prs.fallenstein.rst":
		return RST
	case "message/rfc822":
		return Mail
	}
	return Text
}

// detectBinary tells the kinds that are not text, and refuses unknown ones.
func detectBinary(name string, data []byte) (Kind, error) {
	head := data[:min(len(data), 1024)]
	switch {
	case bytes.Contains(head, []byte("%PDF-")):
		return PDF, nil
	case isMedia(head):
		return Media, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return detectZip(data)
	case biff.Plain(head):
		return XLS, nil
	case bytes.HasPrefix(head, []byte(biff.Signature)):
		return detectCompound(data)
	case strings.EqualFold(path.Ext(name), ".eml") && mailField.Match(head):
		return Mail, nil // its files may be binary
	case hasUTF16Mark(head):
		return "", nil
	}
	t, _, _ := strings.Cut(http.DetectContentType(data), ";")
	if strings.HasPrefix(t, "text/") && !bytes.ContainsRune(data[:min(len(data), 8192)], 0) {
		return "", nil
	}
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".pdf", ".docx", ".pptx", ".xlsx", ".xls", ".mp4", ".mov", ".webm", ".avi", ".mpg", ".mpeg":
		return "", fmt.Errorf("%w: the content is not a %s file", ingest.ErrMalformed, ext)
	}
	return "", fmt.Errorf("%w: the content is %s", ingest.ErrUnsupported, t)
}

// looksHTML reports whether a whole page begins here, whatever the name says.
// A fragment does not count: Markdown may begin with any element.
func looksHTML(data []byte) bool {
	head := trimMark(data)
	head = bytes.ToLower(head[:min(len(head), 256)])
	for _, start := range []string{"<!doctype html", "<html", "<head>", "<body"} {
		if bytes.HasPrefix(head, []byte(start)) {
			return true
		}
	}
	return bytes.HasPrefix(head, []byte("<?xml")) && bytes.Contains(head, []byte("<html"))
}

func hasUTF16Mark(data []byte) bool {
	return bytes.HasPrefix(data, []byte{0xff, 0xfe}) || bytes.HasPrefix(data, []byte{0xfe, 0xff})
}
