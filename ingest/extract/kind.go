package extract

import (
	"archive/zip"
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// A Kind is a kind of content that this package reads.
type Kind string

// The kinds of content.
const (
	Markdown Kind = "markdown"
	HTML     Kind = "html"
	PDF      Kind = "pdf"
	DOCX     Kind = "docx"
	Text     Kind = "text"
	CSV      Kind = "csv"
	JSON     Kind = "json"
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
	if kind := byExtension(name); kind != "" {
		return kind, nil
	}
	return byMediaType(mediaType), nil
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
	case ".txt", ".text", ".rst":
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
	}
	return Text
}

// detectBinary tells the kinds that are not text, and refuses unknown ones.
func detectBinary(name string, data []byte) (Kind, error) {
	head := data[:min(len(data), 1024)]
	switch {
	case bytes.Contains(head, []byte("%PDF-")):
		return PDF, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return detectZip(data)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		if bytes.Contains(data, utf16le("EncryptedPackage")) {
			return "", ingest.ErrEncrypted
		}
		return "", fmt.Errorf("%w: an Office file of the kind before 2007", ingest.ErrUnsupported)
	case hasUTF16Mark(head):
		return "", nil
	}
	t, _, _ := strings.Cut(http.DetectContentType(data), ";")
	if strings.HasPrefix(t, "text/") && !bytes.ContainsRune(data[:min(len(data), 8192)], 0) {
		return "", nil
	}
	if ext := path.Ext(name); ext == ".pdf" || ext == ".docx" {
		return "", fmt.Errorf("%w: the content is not a %s file", ingest.ErrMalformed, ext)
	}
	return "", fmt.Errorf("%w: the content is %s", ingest.ErrUnsupported, t)
}

func detectZip(data []byte) (Kind, error) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", fmt.Errorf("%w: a damaged or cut off archive: %w", ingest.ErrMalformed, err)
	}
	for _, f := range r.File {
		if f.Name == documentPart {
			return DOCX, nil
		}
	}
	return "", fmt.Errorf("%w: an archive that is not a DOCX file", ingest.ErrUnsupported)
}

// looksHTML reports whether a whole page begins here, whatever the name says.
// A fragment does not count: Markdown may begin with any element.
func looksHTML(data []byte) bool {
	head := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), " \t\r\n")
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

func utf16le(s string) []byte {
	var b []byte
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return b
}
