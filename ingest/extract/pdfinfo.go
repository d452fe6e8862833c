package extract

import (
	"bytes"
	"encoding/xml"
	"regexp"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/frontdesk-go/frontdesk/ingest/extract/internal/plainpdf"
)

// fileTitle is a title that a program made from the name of a file.
var fileTitle = regexp.MustCompile(`(?i)^(?:microsoft \w+ - .*|.*\.(?:docx?|xlsx?|pptx?|tex|dvi|indd|qxd|pdf|html?|rtf|odt|fm|eps|ai)|untitled.*|document\d*|presentation\d*|slide \d+|\W*)$`)

// infoTitle returns the title in the document's properties if a person gave it.
func infoTitle(title string) string {
	title = oneLine(strings.ToValidUTF8(title, ""))
	if len(title) < 4 || len(title) > 200 || fileTitle.MatchString(title) {
		return ""
	}
	return title
}

// infoOf completes what a PDF says about itself from its XMP packet, and drops
// a language that is none.
func infoOf(info plainpdf.Info) plainpdf.Info {
	x := readXMP(info.Metadata)
	if infoTitle(info.Title) == "" {
		info.Title = x.Title
	}
	if info.Language == "" {
		info.Language = x.Language
	}
	if info.Modified.IsZero() {
		info.Modified = x.Modified
	}
	tag, err := language.Parse(strings.TrimSpace(info.Language))
	info.Language = tag.String()
	if err != nil || tag == language.Und {
		info.Language = ""
	}
	return info
}

// readXMP reads the title, the language and the date of a packet. See ISO 16684-1.
func readXMP(packet []byte) (info plainpdf.Info) {
	d := xml.NewDecoder(bytes.NewReader(packet))
	d.Strict = false
	property := ""
	set := func(name, value string) {
		value = strings.TrimSpace(value)
		switch {
		case value == "":
		case name == "title" && info.Title == "":
			info.Title = value
		case name == "language" && info.Language == "":
			info.Language = value
		case name == "ModifyDate":
			info.Modified, _ = time.Parse(time.RFC3339, value)
		}
	}
	for {
		t, err := d.RawToken()
		if err != nil {
			return info
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Space != "rdf" {
				property = t.Name.Local
			}
			for _, a := range t.Attr {
				if a.Name.Space == "xmp" {
					set(a.Name.Local, a.Value)
				}
			}
		case xml.CharData:
			set(property, string(t))
		}
	}
}

// landmarks are the bookmarks of a PDF, to know its headings by.
type landmarks struct {
	byText map[string][]plainpdf.Bookmark // by landmark
	below  int                            // 1 if they stand below a title
}

// landmark returns what a bookmark and its heading have in common: the words
// without the number before them.
func landmark(text string) string { return strings.TrimLeft(letters(text), "0123456789 ") }

func newLandmarks(bookmarks []plainpdf.Bookmark) *landmarks {
	l := &landmarks{byText: make(map[string][]plainpdf.Bookmark)}
	top := 0
	for _, b := range bookmarks {
		if b.Level == 1 {
			top++
		}
		if key := landmark(b.Title); len(key) >= 3 {
			l.byText[key] = append(l.byText[key], b)
		}
	}
	if top > 1 {
		l.below = 1
	}
	return l
}

// listed is a line of a table of contents.
var listed = regexp.MustCompile(`\.{3}|(?:\. ){3}|\s\d+$`)

// level returns the level of a heading on a page, 0 if no bookmark leads to it.
func (l *landmarks) level(page int, text string) int {
	if len(text) > 200 {
		return 0
	}
	for _, b := range l.byText[landmark(text)] {
		if b.Page == page || b.Page == 0 && !listed.MatchString(text) {
			return b.Level + l.below
		}
	}
	return 0
}
