package push_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/frontdesk-go/frontdesk/ingest"
	"github.com/frontdesk-go/frontdesk/ingest/extract"
	"github.com/frontdesk-go/frontdesk/ingest/push"
	"github.com/frontdesk-go/frontdesk/retrieval"
)

// Secrets of tests, 24 bytes each.
const (
	secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	newer  = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
	wrong  = "whsec_////////////////////////////////"
)

// A desk is a handler and what it writes to.
type desk struct {
	*push.Handler
	knowledge  *retrieval.Knowledge
	deliveries int
}

func newDesk(t *testing.T, change ...func(*push.Config)) *desk {
	t.Helper()
	k, err := retrieval.New(t.Context(), retrieval.Config{})
	require.NoError(t, err)
	p, err := ingest.New(ingest.Config{Knowledge: k, Extractor: extract.New(nil)})
	require.NoError(t, err)
	cfg := push.Config{Pipeline: p, Source: "cms", Secrets: []string{secret}}
	for _, f := range change {
		f(&cfg)
	}
	h, err := push.New(cfg)
	require.NoError(t, err)
	return &desk{Handler: h, knowledge: k}
}

// An answer is what a delivery was answered with.
type answer struct {
	Code      int
	Error     string
	Duplicate bool
	Results   []push.Result
	Articles  []push.Listed
}

func (d *desk) serve(t *testing.T, r *http.Request) answer {
	t.Helper()
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	a := answer{Code: w.Code}
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &a), w.Body.String())
	return a
}

// signed returns a request that is signed now.
func signed(t *testing.T, method, id, body string) *http.Request {
	t.Helper()
	r := httptest.NewRequest(method, "/push", strings.NewReader(body))
	require.NoError(t, push.Sign(r, secret, id, time.Now(), []byte(body)))
	return r
}

// send delivers a body under an ID of its own.
func (d *desk) send(t *testing.T, body string) answer {
	t.Helper()
	d.deliveries++
	return d.serve(t, signed(t, http.MethodPost, fmt.Sprint("msg_", d.deliveries), body))
}

func (d *desk) find(t *testing.T, question string, audiences ...string) []retrieval.Hit {
	t.Helper()
	result, err := d.knowledge.Retrieve(t.Context(), retrieval.Query{Text: question, Audiences: audiences})
	require.NoError(t, err)
	return result.Hits
}

func TestNewReportsAllFaults(t *testing.T) {
	_, err := push.New(push.Config{Secrets: []string{"hunter2", "whsec_c2hvcnQ="}, MaxBytes: -1})
	for _, fault := range []string{"Config.Pipeline is nil", "Config.Secrets[0]: a secret is", "Config.Secrets[1]: the secret has 5 bytes", "may be negative"} {
		require.ErrorContains(t, err, fault)
	}
	require.NotContains(t, err.Error(), "hunter2")
	_, err = push.New(push.Config{})
	require.ErrorContains(t, err, "Config.Secrets is empty")
}

// TestArticleIsFoundWhenItIsAnswered checks each form of content, from the
// delivery to the passage.
func TestArticleIsFoundWhenItIsAnswered(t *testing.T) {
	for form, content := range map[string]string{
		"html":     "<p>Intro.</p><h2 id=zebra>Zebra crossing</h2><p>Zebras cross on Mondays.</p>",
		"markdown": "Intro.\n\n## Zebra crossing\n\nZebras cross on Mondays.",
		"text":     "Intro.\n\nZebras cross on Mondays.",
	} {
		t.Run(form, func(t *testing.T) {
			d := newDesk(t)
			body, err := json.Marshal(map[string]any{
				"id": "zebras", "title": "All about zebras", "url": "https://example.com/zebras", form: content,
				"language": "en", "audience": "keepers", "updated": "2026-03-01T12:00:00Z", "version": 7,
			})
			require.NoError(t, err)
			got := d.send(t, string(body))
			hits := d.find(t, "When do zebras cross?", "keepers")
			require.Equal(t, http.StatusOK, got.Code)
			require.Equal(t, []push.Result{{ID: "zebras", Outcome: push.Stored}}, got.Results)
			require.NotEmpty(t, hits)
			require.Equal(t, []string{"zebras", "cms", "All about zebras", "https://example.com/zebras"},
				[]string{hits[0].Document, hits[0].Source, hits[0].Title, hits[0].URL})
			require.Contains(t, hits[0].Text, "Zebras cross on Mondays.")
			require.Empty(t, d.find(t, "When do zebras cross?"), "nobody else sees it")
			require.Equal(t, push.Unchanged, d.send(t, string(body)).Results[0].Outcome)
			require.Equal(t, push.Deleted, d.send(t, `{"id": "zebras", "deleted": true, "version": 8}`).Results[0].Outcome)
			require.Empty(t, d.find(t, "When do zebras cross?", "keepers"))
			require.Equal(t, push.Outdated, d.send(t, string(body)).Results[0].Outcome, "a late copy does not bring it back")
		})
	}
}

func TestBatch(t *testing.T) {
	d := newDesk(t)
	got := d.send(t, `[
		{"id": "a", "markdown": "# Apples\n\nApples are red."},
		{"id": "b", "text": "Bananas", "html": "<p>Bananas"},
		{"id": "c", "html": "<p>  "},
		{"id": "d", "deleted": true},
		{"id": "", "text": "no name"},
		{"id": "e", "text": "Elderberries are dark.", "version": "x"}
	]`)
	require.Equal(t, http.StatusUnprocessableEntity, got.Code, "something in it will not get better")
	var outcomes []push.Outcome
	for _, r := range got.Results {
		outcomes = append(outcomes, r.Outcome)
		require.Equal(t, r.Outcome == push.Refused, r.Error != "")
	}
	require.Equal(t, []push.Outcome{push.Stored, push.Refused, push.Refused, push.Unchanged, push.Refused, push.Stored}, outcomes)
	require.Equal(t, "the content must be in one of html, markdown and text", got.Results[1].Error)
	require.Contains(t, got.Results[2].Error, "it holds no text")
	require.Equal(t, "the article has no id", got.Results[4].Error)
	require.NotEmpty(t, d.find(t, "elderberries"), "one bad article does not stop the rest")

	list := d.serve(t, signed(t, http.MethodGet, "list", ""))
	require.Equal(t, http.StatusOK, list.Code)
	require.Len(t, list.Articles, 4)
	require.Equal(t, "a", list.Articles[0].ID)
	require.Regexp(t, "^sha256:[0-9a-f]{64}$", list.Articles[0].Version)
	require.Contains(t, list.Articles[1].Error, "no text")
	require.True(t, list.Articles[2].Deleted)
	require.Equal(t, "x", list.Articles[3].Version)
}

func TestOneDeliveryHasOneEffect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		first, second := `{"id": "a", "text": "first"}`, `{"id": "a", "text": "second"}`
		require.Equal(t, push.Stored, d.serve(t, signed(t, http.MethodPost, "one", first)).Results[0].Outcome)
		require.Equal(t, push.Stored, d.serve(t, signed(t, http.MethodPost, "two", second)).Results[0].Outcome)
		again := d.serve(t, signed(t, http.MethodPost, "one", first))
		require.True(t, again.Code == http.StatusOK && again.Duplicate)
		require.Empty(t, d.find(t, "first"), "an article without a time or version is not set back by a repeat")

		<-time.After(6 * 24 * time.Hour)
		require.True(t, d.serve(t, signed(t, http.MethodPost, "one", first)).Duplicate, "senders repeat for days")
		<-time.After(2 * 24 * time.Hour)
		require.Equal(t, http.StatusOK, d.send(t, second).Code)
		require.False(t, d.serve(t, signed(t, http.MethodPost, "one", first)).Duplicate, "but not for ever")
	})
}

func TestDeliveriesThatAreRefused(t *testing.T) {
	article := `{"id": "a", "text": "t"}`
	for name, test := range map[string]struct {
		method, body string
		code         int
		words        string
	}{
		"empty":          {http.MethodPost, " ", http.StatusBadRequest, "the body is empty"},
		"no JSON":        {http.MethodPost, "hello", http.StatusBadRequest, "no article and no array of articles"},
		"cut off":        {http.MethodPost, article[:10], http.StatusBadRequest, "no article"},
		"two":            {http.MethodPost, article + article, http.StatusBadRequest, "no article"},
		"closed early":   {http.MethodPost, article + "]" + article, http.StatusBadRequest, "something after the articles"},
		"misspelt field": {http.MethodPost, `{"id": "a", "contents": "t"}`, http.StatusBadRequest, `unknown field "contents"`},
		"bad version":    {http.MethodPost, `{"id": "a", "version": 1.5}`, http.StatusBadRequest, "a string or a whole number"},
		"too many":       {http.MethodPost, "[" + article + "," + article + "," + article + "]", http.StatusBadRequest, "has 3 articles: send at most 2"},
		"too large":      {http.MethodPost, `{"id": "a", "text": "` + strings.Repeat("x", 2000) + `"}`, http.StatusRequestEntityTooLarge, "more than 1000 bytes"},
		"wrong method":   {http.MethodDelete, article, http.StatusMethodNotAllowed, "with POST"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, func(c *push.Config) { c.MaxBytes, c.MaxArticles = 1000, 2 })
			got := d.serve(t, signed(t, test.method, "one", test.body))
			require.Equal(t, test.code, got.Code)
			require.Contains(t, got.Error, test.words)
			require.Zero(t, d.knowledge.Len())
		})
	}
}

func TestSecretsAreReplacedOneAfterTheOther(t *testing.T) {
	d := newDesk(t, func(c *push.Config) { c.Secrets = []string{newer, secret} })
	for _, s := range []string{newer, secret} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"id": "a", "text": "t"}`))
		require.NoError(t, push.Sign(r, s, s[6:9], time.Now(), []byte(`{"id": "a", "text": "t"}`)))
		require.Equal(t, http.StatusOK, d.serve(t, r).Code)
	}
}

// TestSignatureOfTheSpecification checks the example that the libraries of
// Standard Webhooks share.
func TestSignatureOfTheSpecification(t *testing.T) {
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	require.NoError(t, push.Sign(r, secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`)))
	require.Equal(t, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", r.Header.Get("Webhook-Signature"))
	require.Equal(t, "1614265330", r.Header.Get("Webhook-Timestamp"))
	require.Error(t, push.Sign(r, "hunter2", "a", time.Now(), nil))
}

func TestOnlyWhatIsSignedIsTaken(t *testing.T) {
	body := `{"id": "a", "text": "t"}`
	for name, test := range map[string]struct {
		tamper func(t *testing.T, r *http.Request)
		words  string // empty for a delivery that is taken
	}{
		"as it should be": {func(*testing.T, *http.Request) {}, ""},
		"not signed":      {func(_ *testing.T, r *http.Request) { r.Header.Del("webhook-signature") }, "is not signed"},
		"no id":           {func(_ *testing.T, r *http.Request) { r.Header.Del("webhook-id") }, "is not signed"},
		"other id":        {func(_ *testing.T, r *http.Request) { r.Header.Set("webhook-id", "two") }, "no signature fits"},
		"dotted id":       {func(_ *testing.T, r *http.Request) { r.Header.Set("webhook-id", "a.b") }, "has a dot"},
		"other time": {func(_ *testing.T, r *http.Request) {
			r.Header.Set("webhook-timestamp", fmt.Sprint(time.Now().Unix()+9))
		}, "no signature fits"},
		"no time":    {func(_ *testing.T, r *http.Request) { r.Header.Set("webhook-timestamp", "noon") }, "seconds since 1970"},
		"other body": {func(_ *testing.T, r *http.Request) { r.Body = http.NoBody }, "no signature fits"},
		"other scheme": {func(_ *testing.T, r *http.Request) {
			r.Header.Set("webhook-signature", strings.Replace(r.Header.Get("webhook-signature"), "v1,", "v1a,", 1))
		}, "no signature fits"},
		"no base64": {func(_ *testing.T, r *http.Request) { r.Header.Set("webhook-signature", "v1,*") }, "no signature fits"},
		"empty":     {func(_ *testing.T, r *http.Request) { r.Header.Set("webhook-signature", "v1,") }, "no signature fits"},
		"one of three": {func(_ *testing.T, r *http.Request) {
			r.Header.Set("webhook-signature", "v1,AAAA v1a,x "+r.Header.Get("webhook-signature"))
		}, ""},
		"wrong secret": {func(t *testing.T, r *http.Request) {
			require.NoError(t, push.Sign(r, wrong, "one", time.Now(), []byte(body)))
		}, "no signature fits"},
		"old": {func(t *testing.T, r *http.Request) {
			require.NoError(t, push.Sign(r, secret, "one", time.Now().Add(-5*time.Minute-time.Second), []byte(body)))
		}, "away from the clock here"},
		"late": {func(t *testing.T, r *http.Request) {
			require.NoError(t, push.Sign(r, secret, "one", time.Now().Add(-4*time.Minute), []byte(body)))
		}, ""},
		"early": {func(t *testing.T, r *http.Request) {
			require.NoError(t, push.Sign(r, secret, "one", time.Now().Add(6*time.Minute), []byte(body)))
		}, "away from the clock here"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			r := signed(t, http.MethodPost, "one", body)
			test.tamper(t, r)
			got := d.serve(t, r)
			if test.words == "" {
				require.Equal(t, http.StatusOK, got.Code, got.Error)
				return
			}
			require.Equal(t, http.StatusUnauthorized, got.Code)
			require.Contains(t, got.Error, test.words)
			require.Zero(t, d.knowledge.Len())
		})
	}
}

// A failing store fails in the update that is named.
type failing struct {
	*ingest.MemoryStore
	source string
}

func (f failing) Apply(ctx context.Context, source string, u ingest.Update) error {
	if source == f.source {
		return errors.New("disk full")
	}
	return f.MemoryStore.Apply(ctx, source, u)
}

// TestNothingIsAcknowledgedThatIsNotStored checks that a delivery that could
// not be stored is asked for again, and then done.
func TestNothingIsAcknowledgedThatIsNotStored(t *testing.T) {
	for _, source := range []string{"cms", "cms deliveries"} {
		t.Run(source, func(t *testing.T) {
			k, err := retrieval.New(t.Context(), retrieval.Config{})
			require.NoError(t, err)
			store := &failing{ingest.NewMemoryStore(), source}
			p, err := ingest.New(ingest.Config{Knowledge: k, Extractor: extract.New(nil), Store: store})
			require.NoError(t, err)
			h, err := push.New(push.Config{Pipeline: p, Source: "cms", Secrets: []string{secret}, Store: store})
			require.NoError(t, err)
			d := &desk{Handler: h, knowledge: k}
			got := d.serve(t, signed(t, http.MethodPost, "one", `{"id": "a", "text": "Apples"}`))
			require.Equal(t, http.StatusServiceUnavailable, got.Code)
			require.NotContains(t, got.Error, "disk", "what goes wrong inside is not for others")
			store.source = ""
			got = d.serve(t, signed(t, http.MethodPost, "one", `{"id": "a", "text": "Apples"}`))
			require.Equal(t, http.StatusOK, got.Code)
			require.False(t, got.Duplicate)
			require.NotEmpty(t, d.find(t, "apples"))
		})
	}
}

// FuzzDelivery checks that no body and no header makes the handler fail in
// another way than with an answer.
func FuzzDelivery(f *testing.F) {
	for _, body := range []string{"", "[]", "null", "[null]", `{"id":"a","text":"t","version":1}`, `[{"id":"a","deleted":true}]`, "]", "{}{}"} {
		f.Add(body, "v1,AAAA", "1")
	}
	f.Fuzz(func(t *testing.T, body, signature, timestamp string) {
		d := newDesk(t)
		r := signed(t, http.MethodPost, "one", body)
		require.NotEqual(t, http.StatusInternalServerError, d.serve(t, r).Code)
		r = httptest.NewRequest(http.MethodPost, "/", bytes.NewReader([]byte(body)))
		r.Header = http.Header{"Webhook-Id": {"one"}, "Webhook-Signature": {signature}, "Webhook-Timestamp": {timestamp}}
		require.Equal(t, http.StatusUnauthorized, d.serve(t, r).Code)
	})
}

func ExampleHandler() {
	ctx := context.Background()
	knowledge, err := retrieval.New(ctx, retrieval.Config{})
	if err != nil {
		panic(err)
	}
	pipeline, err := ingest.New(ingest.Config{Knowledge: knowledge, Extractor: extract.New(nil)})
	if err != nil {
		panic(err)
	}
	handler, err := push.New(push.Config{Pipeline: pipeline, Secrets: []string{secret}})
	if err != nil {
		panic(err)
	}
	// The other side signs what it sends.
	body := []byte(`{"id": "refunds", "markdown": "# Refunds\n\nRefunds take 5 days.", "updated": "2026-03-01T12:00:00Z"}`)
	request := httptest.NewRequest(http.MethodPost, "/push", bytes.NewReader(body))
	if err := push.Sign(request, secret, "msg_1", time.Now(), body); err != nil {
		panic(err)
	}
	response := httptest.NewRecorder()
	handler.ServeHTTP(response, request)
	fmt.Println(response.Code, response.Body)
	// Output: 200 {"results":[{"id":"refunds","outcome":"stored"}]}
}
