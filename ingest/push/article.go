package push

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/ingest"
)

// An Article is one state of an article of the other side. It has its content
// in one of HTML, Markdown and Text, or is deleted.
type Article struct {
	// ID is unique and stable.
	ID string `json:"id"`
	// Deleted says that the article is gone.
	Deleted bool `json:"deleted,omitempty"`
	// Title may be empty if the content begins with one.
	Title string `json:"title,omitempty"`
	// URL leads a customer to the article. It may be empty.
	URL string `json:"url,omitempty"`

	HTML     string `json:"html,omitempty"`
	Markdown string `json:"markdown,omitempty"`
	Text     string `json:"text,omitempty"`

	// Language, Audience, Private and Keywords are as in [ingest.Labels].
	Language string   `json:"language,omitempty"`
	Audience string   `json:"audience,omitempty"`
	Private  bool     `json:"private,omitempty"`
	Keywords []string `json:"keywords,omitempty"`

	// Updated is when this state of the article came about, its deletion
	// included. Of two states the later one stays, in whatever order they come.
	Updated time.Time `json:"updated,omitzero"`
	// Version names the state. Where Updated does not tell, the higher one of two
	// versions that are whole numbers stays. Without either, the last to come does.
	Version Version `json:"version,omitempty"`
}

// A Version is given in JSON as a string or as a whole number.
type Version string

// UnmarshalJSON implements [json.Unmarshaler].
func (v *Version) UnmarshalJSON(data []byte) error {
	var number json.Number
	if err := json.Unmarshal(data, (*string)(v)); err == nil {
		return nil
	}
	if err := json.Unmarshal(data, &number); err != nil || strings.ContainsAny(number.String(), ".eE") {
		return errors.New("a version is a string or a whole number")
	}
	*v = Version(number)
	return nil
}

// Item returns the article as an item for [ingest.Pipeline.Upsert]. The error
// says what is wrong with it.
func (a Article) Item() (ingest.Item, error) {
	content, mediaType, parts := a.content()
	var faults []error
	if strings.TrimSpace(a.ID) == "" {
		faults = append(faults, errors.New("the article has no id"))
	}
	if len(a.ID) > maxID {
		faults = append(faults, fmt.Errorf("the id has more than %d bytes", maxID))
	}
	if a.Deleted && parts > 0 {
		faults = append(faults, errors.New("a deleted article has no content"))
	}
	if !a.Deleted && parts != 1 {
		faults = append(faults, errors.New("the content must be in one of html, markdown and text"))
	}
	if err := errors.Join(faults...); err != nil {
		return ingest.Item{}, err
	}
	item := ingest.Item{
		ID: a.ID, Title: a.Title, URL: a.URL, MediaType: mediaType, Modified: a.Updated, Version: string(a.Version), Gone: a.Deleted,
		Labels: ingest.Labels{Language: a.Language, Audience: a.Audience, Private: a.Private, Keywords: a.Keywords},
		Open: func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader(content)), nil
		},
	}
	if item.Version == "" && !a.Deleted {
		sum := sha256.Sum256([]byte(content))
		item.Version = "sha256:" + hex.EncodeToString(sum[:])
	}
	return item, nil
}

// maxID is the most bytes that the ID of an article may have.
const maxID = 1024

// content returns the content, its media type, and in how many forms it is given.
func (a Article) content() (content, mediaType string, forms int) {
	for _, form := range []struct{ content, mediaType string }{
		{a.HTML, "text/html; charset=utf-8"}, {a.Markdown, "text/markdown; charset=utf-8"}, {a.Text, "text/plain; charset=utf-8"},
	} {
		if form.content != "" {
			content, mediaType = form.content, form.mediaType
			forms++
		}
	}
	return content, mediaType, forms
}

// parse reads the body of a delivery: an article or an array of articles, at most
// as many as given. The error is in words for those who wrote the body.
func parse(body []byte, most int) ([]Article, error) {
	var articles []Article
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return nil, errors.New("the body is empty: send an article, or an array of articles, as JSON")
	}
	if body[0] != '[' {
		body = bytes.Join([][]byte{[]byte("["), body, []byte("]")}, nil)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	// A misspelt field would else be an article without its content.
	d.DisallowUnknownFields()
	if err := d.Decode(&articles); err != nil {
		return nil, fmt.Errorf("the body is no article and no array of articles: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("there is something after the articles")
	}
	if len(articles) > most {
		return nil, fmt.Errorf("the delivery has %d articles: send at most %d at once", len(articles), most)
	}
	return articles, nil
}
