package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest/push"
)

// write makes a file in a folder of the test.
func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// get returns a page of the helpdesk.
func (p process) get(t *testing.T, path string) (int, string) {
	t.Helper()
	resp, err := http.Get(p.url + path)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(body)
}

// eventually waits until a page has a text.
func (p process) eventually(t *testing.T, path, text string) {
	t.Helper()
	require.Eventually(t, func() bool {
		_, page := p.get(t, path)
		return strings.Contains(page, text)
	}, 20*time.Second, 50*time.Millisecond, "%s shows %q", path, text)
}

const pushSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// push sends an article as a content management system does.
func (p process) push(t *testing.T, article string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url+"/push/"+url.PathEscape("pushed articles"), strings.NewReader(article))
	require.NoError(t, err)
	require.NoError(t, push.Sign(r, pushSecret, fmt.Sprint("msg_", len(article)), time.Now(), []byte(article)))
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer resp.Body.Close()
	return resp.StatusCode
}

// TestSourcesOfManyKinds serves folders, short answers and pushed articles side
// by side, and looks at what people and customers see of them.
func TestSourcesOfManyKinds(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "open/tents.md", "# Tents\n\n## Price\n\nA tent costs 50 euros.")
	write(t, dir, "open/broken.pdf", "%PDF-1.7\nnothing follows")
	write(t, dir, "inside/margin.md", "# Margin\n\nWe earn 12 euros on a tent.")
	answers := write(t, dir, "faq.csv", "question,answer\nDo you repair zips?,\"Yes, for 9 euros.\"\n")
	secrets := write(t, dir, "secrets", pushSecret+"\n")
	sources := write(t, dir, "sources.json", `[{"folder": "`+filepath.Join(dir, "inside")+`", "private": true, "audience": "staff"}]`)
	args := []string{"-data", filepath.Join(dir, "helpdesk.db"), "-content", filepath.Join(dir, "open"), "-answers", answers, "-push", secrets, "-sources", sources}
	p := start(t, "127.0.0.1:0", args...)
	for _, name := range []string{"open", "inside", "faq.csv"} {
		p.eventually(t, "/content/"+name, "<p>in step")
	}
	_, page := p.get(t, "/content")
	for _, text := range []string{"open", "inside", "for staff only", "never cited", "faq.csv", "pushed articles", "One item could not be read."} {
		require.Contains(t, page, text)
	}
	_, page = p.get(t, "/content/open")
	require.Contains(t, page, "open/broken.pdf")
	require.Contains(t, page, "it is damaged")

	p.eventually(t, "/", "Tents")
	_, page = p.get(t, "/")
	require.NotContains(t, page, "Margin", "an article for some is not shown to all")
	code, page := p.get(t, "/help/open/tents")
	require.Equal(t, http.StatusOK, code)
	require.Contains(t, page, `id="price"`)
	code, _ = p.get(t, "/help/inside/margin.md")
	require.Equal(t, http.StatusNotFound, code)

	require.Equal(t, http.StatusOK, p.push(t, `{"id": "yurts", "text": "A yurt costs 900 euros.", "title": "Yurts"}`))
	require.Equal(t, http.StatusUnprocessableEntity, p.push(t, `{"id": "empty", "html": "<p>"}`))
	_, page = p.get(t, "/content/pushed%20articles")
	require.Contains(t, page, "added: Yurts")
	require.Contains(t, page, "it holds no text")

	write(t, dir, "open/tents.md", "# Tents\n\n## Price\n\nA tent costs 60 euros.")
	resp, err := http.PostForm(p.url+"/content/open", nil)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	p.eventually(t, "/content/open", "<ins>Price › A tent costs 60 euros.</ins>")
	_, page = p.get(t, "/content/open")
	require.Contains(t, page, "<del>Price › A tent costs 50 euros.</del>")
	p.stop(t)

	// A source that is no longer given is gone after the next start.
	p = start(t, "127.0.0.1:0", args[:4]...)
	p.eventually(t, "/content", `class="in step"`)
	_, page = p.get(t, "/content")
	require.NotContains(t, page, "faq.csv")
	p.stop(t)
}

// TestPrivateSourceIsNeverCited asks what only a private source knows.
func TestPrivateSourceIsNeverCited(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "notes/tents.md", "# Tents\n\n## Warranty on tents\n\nThe warranty on tents is 25 years.\n\n## Poles\n\nPoles are of wood.")
	write(t, dir, "notes/boats.md", "# Boats\n\n## Oars\n\nOars are sold in pairs.\n\n## Rafts\n\nRafts carry four people.")
	for _, private := range []bool{true, false} {
		sources := write(t, dir, "sources.json", fmt.Sprintf(`[{"folder": %q, "private": %v}]`, filepath.Join(dir, "notes"), private))
		var out bytes.Buffer
		require.NoError(t, run(t.Context(), []string{"-sources", sources, "-ask", "How long is the warranty on tents?", "-json", "-model", "extractive"}, &out, io.Discard))
		var got answered
		require.NoError(t, json.Unmarshal(out.Bytes(), &got))
		require.Contains(t, got.Answer, "25 years")
		require.Equal(t, private, len(got.Citations) == 0)
		require.Equal(t, private, !strings.Contains(got.Answer, "From «Tents"))
	}
}

// TestShortAnswersComeFirst asks what an article and a short answer say.
func TestShortAnswersComeFirst(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "help/zips.md", "# Zips\n\nWe repair zips in our workshop. To repair zips takes a week.")
	answers := write(t, dir, "faq.csv", "id,question,answer,until\nzips,Do you repair zips?,Yes: for 9 euros.,\nold,Do you repair zips?,\"No, never.\",2020-01-01\n")
	var out bytes.Buffer
	args := []string{"-content", filepath.Join(dir, "help"), "-answers", answers, "-ask", "Do you repair zips?", "-json", "-model", "extractive"}
	require.NoError(t, run(t.Context(), args, &out, io.Discard))
	var got answered
	require.NoError(t, json.Unmarshal(out.Bytes(), &got))
	require.Equal(t, "faq.csv/zips", got.Citations[0].Source)
	require.NotContains(t, got.Answer, "never", "an answer that no longer holds is not given")
}

// TestNothingIsServedWithoutContent checks that a mistake in the sources ends
// the program with words, and that it ends in time.
func TestNothingIsServedWithoutContent(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "empty/logo.png", "png")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err := run(ctx, []string{"-content", filepath.Join(dir, "empty"), "-data", filepath.Join(dir, "x.db"), "-addr", "127.0.0.1:0", "-model", "extractive"}, io.Discard, io.Discard)
	require.ErrorContains(t, err, "there is nothing to answer from")
}
