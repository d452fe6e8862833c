package crm

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPointers(t *testing.T) {
	var v any
	require.NoError(t, json.Unmarshal([]byte(`{"a":[{"b/c":1,"d~":2}],"":3}`), &v))
	for pointer, want := range map[string]any{
		"": v, "/a/0/b~1c": 1.0, "/a/0/d~0": 2.0, "/": 3.0, "/a/1": nil, "/a/-1": nil, "/a/x": nil, "/a/0/b~1c/d": nil, "/b": nil,
	} {
		require.Equal(t, want, at(v, pointer), pointer)
	}
	object := map[string]any{"a": 7}
	put(object, "/a/b~1c", 1)
	put(object, "/a/d", 2)
	require.Equal(t, map[string]any{"a": map[string]any{"b/c": 1, "d": 2}}, object)
}

func FuzzFill(f *testing.F) {
	for _, s := range []string{"42", "c1/../c2", "..", ".", "a b&c=d#e?f", "%2e%2e", "\x00\xff", "ada@example.com", "//evil.example"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if value == "" {
			return
		}
		u, err := url.Parse(fill("https://crm.example.com/v1/clients/{id}/data?x={id}&y=1", "{id}", value))
		require.NoError(t, err)
		require.Equal(t, "crm.example.com", u.Host)
		require.Equal(t, []string{value}, u.Query()["x"])
		require.Equal(t, "1", u.Query().Get("y"))
		require.Empty(t, u.Fragment)
		parts := strings.Split(u.EscapedPath(), "/")
		require.Len(t, parts, 5)
		require.NotContains(t, []string{".", ".."}, parts[3], "a part of dots leads elsewhere")
		back, err := url.PathUnescape(parts[3])
		require.NoError(t, err)
		require.Equal(t, value, back)
	})
}

func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"data":[{"id":"1","name":{"x":1},"audiences":["a",7]}]}`), "/data")
	f.Add([]byte(`[[]]`), "/0")
	f.Fuzz(func(t *testing.T, raw []byte, pointer string) {
		h, err := NewHTTP(HTTPConfig{Client: http.DefaultClient, ByID: "https://crm.example.com/{id}", Fields: map[string]string{"plan": "/" + pointer}})
		require.NoError(t, err)
		var v any
		if json.Unmarshal(raw, &v) != nil {
			return
		}
		h.customer(v)
		at(v, "/"+pointer)
	})
}
