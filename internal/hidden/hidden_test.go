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
