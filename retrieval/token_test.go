package retrieval

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestTokenize(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"", []string{}},
		{"Hello, World!", []string{"hello", "world"}},
		{"don't l’été", []string{"don", "t", "l", "été"}},
		{"1,000 1.000,50 3.5 3,5 0.125", []string{"1000", "1000.50", "3.5", "3.5", "0.125"}},
		{"1,000,000", []string{"1000000"}},
		{"KX-200 v2.3.1 E04", []string{"kx", "200", "kx200", "v2", "3", "1", "v231", "e04"}},
		{"12.05.2024", []string{"12", "05", "2024", "12052024"}},
		{"e-mail T-shirt sign-up and/or", []string{"email", "tshirt", "sign", "up", "and", "or"}},
		{"end. Next-", []string{"end", "next"}},
		{"返品は", []string{"返品", "品は"}},
		{"税 tax", []string{"税", "tax"}},
		{"ABC返品", []string{"abc", "返品"}},
		{"a\xffb", []string{"a", "b"}},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) { require.Equal(t, tt.want, tokenize(tt.text)) })
	}
}

func TestTokensAreBounded(t *testing.T) {
	for _, w := range tokenize(strings.Repeat("ä", 500) + " " + strings.Repeat("9", 500) + ".5 " + strings.Repeat("a-1", 99)) {
		require.LessOrEqual(t, len(w), maxToken)
		require.True(t, utf8.ValidString(w))
	}
}

func TestFold(t *testing.T) {
	for word, want := range map[string]string{
		"plain": "plain", "crème": "creme", "größe": "grosse", "łódź": "lodz", "cafe\u0301": "cafe", "ёлка": "ёлка", "ñ": "n",
	} {
		require.Equal(t, want, fold(word))
	}
	require.Len(t, latin, 0x180-0xC0, "every letter of the two blocks has its base")
}

func FuzzTokenize(f *testing.F) {
	f.Add("KX-200 1,000.5 返品 é")
	f.Fuzz(func(t *testing.T, text string) {
		for _, w := range tokenize(text) {
			require.NotEmpty(t, w)
			require.LessOrEqual(t, len(w), maxToken)
			for _, l := range languages {
				l.term(w)
			}
		}
	})
}
