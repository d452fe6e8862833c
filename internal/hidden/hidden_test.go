package hidden

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStrip(t *testing.T) {
	for in, want := range map[string]string{
		"plain\ttext\n":                    "plain\ttext\n",
		"a\u200bb\u202ec\U000e0041d\u00ad": "abcd",
		"a\r\nb\rc\u2028d":                 "a\nb\nc\nd",
		"caf\xe9":                          "caf\uFFFD",
		"\u0600 12 Grüße 你好 🙂":             "\u0600 12 Grüße 你好 🙂",
		"a\x00\x1bb":                       "ab",
	} {
		require.Equal(t, want, Strip(in), "%q", in)
	}
}

func TestStrings(t *testing.T) {
	before := map[string]any{"a\u200b": []any{"b\u202e", 1.0, nil, map[string]any{"c": "d\x00"}}}
	require.Equal(t, map[string]any{"a": []any{"b", 1.0, nil, map[string]any{"c": "d"}}}, Strings(before, Strip))
	require.Equal(t, "b\u202e", before["a\u200b"].([]any)[0], "what was there is left alone")
}
