package mcp

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/require"
)

// overHTTP starts a server over HTTP in front of which wrap stands.
func overHTTP(t *testing.T, wrap func(http.Handler) http.Handler) *httptest.Server {
	server := sdk.NewServer(&sdk.Implementation{Name: "shop", Version: "1"}, nil)
	server.AddTool(&sdk.Tool{Name: "get", InputSchema: map[string]any{"type": "object"}}, func(ctx context.Context, _ *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
		return says("sent")(ctx, "")
	})
	handler := sdk.NewStreamableHTTPHandler(func(*http.Request) *sdk.Server { return server }, &sdk.StreamableHTTPOptions{Stateless: true, JSONResponse: true})
	web := httptest.NewServer(wrap(handler))
	t.Cleanup(web.Close)
	return web
}

func TestHTTPClient(t *testing.T) {
	var elsewhere, wrote atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	t.Cleanup(other.Close)
	call50MB := func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			if !strings.Contains(string(body), "tools/call") {
				r.Body = io.NopCloser(strings.NewReader(string(body)))
				h.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/json")
			for range 50 << 20 >> 16 {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
				wrote.Add(1)
			}
		})
	}
	plain := func(h http.Handler) http.Handler { return h }
	for name, tt := range map[string]struct {
		wrap     func(http.Handler) http.Handler
		loopback bool
		connects bool
		err      string
	}{
		"a call":            {plain, true, true, ""},
		"50 MB":             {call50MB, true, true, "the tool could not be called"},
		"an address inside": {plain, false, false, ""},
		"a redirect":        {func(http.Handler) http.Handler { return http.RedirectHandler(other.URL, http.StatusTemporaryRedirect) }, true, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			web := overHTTP(t, tt.wrap)
			client := HTTPClient(tt.loopback)
			t.Cleanup(client.Transport.(bounded).CloseIdleConnections)
			transport := &sdk.StreamableClientTransport{Endpoint: web.URL, HTTPClient: client, MaxRetries: -1, DisableStandaloneSSE: true}
			s, err := Connect(t.Context(), transport, map[string]Tool{"get": {}}, nil)
			if !tt.connects {
				require.ErrorContains(t, err, "mcp: connect: ")
				return
			}
			require.NoError(t, err)
			defer s.Close()
			out, err := s.Actions()[0].Run(t.Context(), call(`{}`))
			if tt.err != "" {
				require.EqualError(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, `{"text":"sent"}`, string(out))
		})
	}
	require.Zero(t, elsewhere.Load())
	require.Less(t, wrote.Load(), int32(40<<20>>16), "not all of the 50 MB are taken")
}
