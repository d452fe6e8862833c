package rerank

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/frontdesk-go/frontdesk/retrieval"
)

// mostAnswer is the longest answer that is read, in bytes.
const mostAnswer = 1 << 20

// errAgain reports what another attempt may mend.
var errAgain = errors.New("the server is not reached or busy")

// request is what is posted. One of Documents and Texts is used.
type request struct {
	Model     string   `json:"model,omitempty"`
	Query     string   `json:"query"`
	Documents []string `json:"documents,omitempty"`
	TopN      int      `json:"top_n,omitempty"`
	Texts     []string `json:"texts,omitempty"`
	// Truncate cuts texts that are too long for the model, which are refused
	// otherwise.
	Truncate bool `json:"truncate,omitempty"`
}

// result is one score of an answer. Both names of it are taken.
type result struct {
	Index     *int     `json:"index"`
	Relevance *float64 `json:"relevance_score"`
	Score     *float64 `json:"score"`
}

// encode returns the body for a question: with a model in the form of Cohere and
// Jina, without one in that of Text Embeddings Inference.
func (c *Client) encode(question string, passages []retrieval.Passage) ([]byte, error) {
	texts := make([]string, len(passages))
	for i := range passages {
		texts[i] = text(&passages[i])
	}
	r := request{Query: question, Texts: texts, Truncate: true}
	if c.cfg.Model != "" {
		r = request{Model: c.cfg.Model, Query: question, Documents: texts, TopN: len(texts)}
	}
	return json.Marshal(r)
}

// post sends a body and returns the answer. The error wraps errAgain where another
// attempt may help; it never has the key or the text of an answer in it.
func (c *Client) post(ctx context.Context, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.cfg.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if c.cfg.Key != nil {
		key, err := c.cfg.Key(ctx)
		if err != nil {
			return nil, fmt.Errorf("the key: %w", err)
		}
		req.Header.Set("Authorization", "Bearer "+key)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, errAgain
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable:
		return nil, fmt.Errorf("%w: status %d", errAgain, resp.StatusCode)
	default:
		return nil, fmt.Errorf("status %d", resp.StatusCode)
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer+1))
	switch {
	case err != nil:
		return nil, errAgain
	case len(answer) > mostAnswer:
		return nil, errors.New("the answer is too long")
	}
	return answer, nil
}

// decode reads the scores of n passages out of an answer of either form, which may
// list them in any order. Each must be there once.
func (c *Client) decode(answer []byte, n int) ([]float64, error) {
	var results []result
	var err error
	if c.cfg.Model == "" {
		err = json.Unmarshal(answer, &results)
	} else {
		wrapped := struct {
			Results []result `json:"results"`
		}{}
		err = json.Unmarshal(answer, &wrapped)
		results = wrapped.Results
	}
	if err != nil {
		return nil, errors.New("the answer is not as expected")
	}
	scores, scored := make([]float64, n), make([]bool, n)
	for _, r := range results {
		score := r.Relevance
		if score == nil {
			score = r.Score
		}
		if r.Index == nil || score == nil || *r.Index < 0 || *r.Index >= n || scored[*r.Index] {
			return nil, errors.New("the answer scores no passage, or one twice")
		}
		scores[*r.Index], scored[*r.Index] = *score, true
	}
	if len(results) < n {
		return nil, fmt.Errorf("the answer has %d scores for %d passages", len(results), n)
	}
	return scores, nil
}
