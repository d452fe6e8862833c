// Package rerank asks a cross-encoder over HTTP to judge passages.
//
// It speaks the two forms that are common: POST of {"model", "query",
// "documents", "top_n"}, answered by {"results": [{"index",
// "relevance_score"}]}, as Cohere, Jina and servers like theirs have it, and
// POST of {"query", "texts"}, answered by [{"index", "score"}], as Hugging
// Face's Text Embeddings Inference has it.
package rerank

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// Config configures a Client.
type Config struct {
	// URL is where to post, such as https://api.cohere.com/v2/rerank,
	// https://api.jina.ai/v1/rerank or http://localhost:8080/rerank. It is required.
	URL string
	// Model names the model. Without a name the form is that of Text Embeddings
	// Inference, which serves one model.
	Model string
	// Key returns the key that is sent as a bearer token. It is asked for each
	// request, so that a key may be replaced. Nil sends none.
	Key func(ctx context.Context) (string, error)
	// HTTP sends the requests, and follows no redirect whatever it says, since
	// those would carry the passages elsewhere. Defaults to a client of its own.
	HTTP *http.Client
}

// A Client is a [retrieval.Reranker]. Its methods may be called from many
// goroutines. Its errors name neither the key nor what was sent.
type Client struct {
	cfg  Config
	http http.Client
}

// New returns a Client. Its errors are those of cfg.
func New(cfg Config) (*Client, error) {
	u, err := url.Parse(cfg.URL)
	switch {
	case err != nil:
		return nil, errors.New("rerank: Config.URL is no URL")
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, errors.New("rerank: Config.URL must be one of http or https with a host")
	case u.User != nil:
		return nil, errors.New("rerank: Config.URL holds a password: use Config.Key")
	}
	c := &Client{cfg: cfg}
	if cfg.HTTP != nil {
		c.http = *cfg.HTTP
	}
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c, nil
}

// pause is how long to wait before the second attempt.
const pause = 200 * time.Millisecond

// Rerank implements [retrieval.Reranker]. What may be over in a moment, such as
// a lost connection or a status of 429, 502 or 503, is tried once more.
func (c *Client) Rerank(ctx context.Context, question string, passages []retrieval.Passage) ([]float64, error) {
	if len(passages) == 0 {
		return nil, ctx.Err()
	}
	body, err := c.encode(question, passages)
	if err != nil {
		return nil, fmt.Errorf("rerank: %w", err)
	}
	answer, err := c.post(ctx, body)
	if errors.Is(err, errAgain) {
		select {
		case <-time.After(pause):
			answer, err = c.post(ctx, body)
		case <-ctx.Done():
		}
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var scores []float64
	if err == nil {
		scores, err = c.decode(answer, len(passages))
	}
	if err != nil {
		return nil, fmt.Errorf("rerank: %w", err)
	}
	return scores, nil
}

// text is what is read of a passage: its headings and its text.
func text(p *retrieval.Passage) string {
	return strings.Join(append(append([]string{p.Title}, p.Path...), p.Text), "\n")
}
