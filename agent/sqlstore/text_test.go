package sqlstore

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestPlainTextsStayAsTheyAre(t *testing.T) {
	for _, s := range []string{"", "plain", "größe 返品 🚚", "\ufffd", "\ue000"} {
		require.Equal(t, s, escape(s))
		require.Equal(t, s, unescape(s))
	}
}

func FuzzEscape(f *testing.F) {
	for _, s := range []string{"", "a\x00b", "\xff\xfe", "\uf8ff", "\uf8ff\x00\uf8ff", "\uf8ff\ue000", "é\xc3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		kept := escape(s)
		require.True(t, utf8.ValidString(kept))
		require.NotContains(t, kept, "\x00")
		require.Equal(t, s, unescape(kept))
	})
}
