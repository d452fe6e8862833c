package retrieval

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSentences(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"empty", " \n ", nil},
		{"plain", "One. Two! Three? Four", []string{"One.", "Two!", "Three?", "Four"}},
		{"decimals", "It takes 3.5 days. It costs $4.95 or 1,000.50 EUR.", []string{"It takes 3.5 days.", "It costs $4.95 or 1,000.50 EUR."}},
		{"abbreviations", "Ask Dr. Smith, e.g. by phone. See No. 5 and p. 7. The answer is no. Then go.",
			[]string{"Ask Dr. Smith, e.g. by phone.", "See No. 5 and p. 7.", "The answer is no.", "Then go."}},
		{"initials", "J. K. Rowling wrote it. Choose plan B. Then pay.", []string{"J. K. Rowling wrote it.", "Choose plan B.", "Then pay."}},
		{"addresses", "Go to www.example.com or mail a.b@c.de. Done.", []string{"Go to www.example.com or mail a.b@c.de.", "Done."}},
		{"times", "Call until 5 p.m. on weekdays. Closed on Sunday.", []string{"Call until 5 p.m. on weekdays.", "Closed on Sunday."}},
		{"small first letter", "Update it. iPhone users wait.", []string{"Update it.", "iPhone users wait."}},
		{"quotes", `He said "Stop." Then (really!) we went.`, []string{`He said "Stop."`, "Then (really!) we went."}},
		{"ellipsis", "Wait... it loads. Now…", []string{"Wait... it loads.", "Now…"}},
		{"German", "Am 3. Oktober ist zu. Wir liefern z.B. nach Wien, Nr. 7. Das war 2019. Es gilt.",
			[]string{"Am 3. Oktober ist zu.", "Wir liefern z.B. nach Wien, Nr. 7.", "Das war 2019.", "Es gilt."}},
		{"Spanish", "¿Cuánto cuesta? ¡Nada! Llame a la Sra. García.", []string{"¿Cuánto cuesta?", "¡Nada!", "Llame a la Sra. García."}},
		{"Japanese", "返品できます。三十日以内です。", []string{"返品できます。", "三十日以内です。"}},
		{"list", "Steps:\n- Open it. Look.\n- Close it\n1. First\n2) Second", []string{"Steps:", "- Open it.", "Look.", "- Close it", "1. First", "2) Second"}},
		{"table", "Plan: Basic; Price: $5.00\nPlan: Pro; Price: $10.00", []string{"Plan: Basic; Price: $5.00", "Plan: Pro; Price: $10.00"}},
		{"heading", "Shipping costs\nWe ship to the United States of America and also\nCanada. Ask us.",
			[]string{"Shipping costs", "We ship to the United States of America and also\nCanada.", "Ask us."}},
		{"wrapped", "This line is long enough to be one that was wrapped by\nits editor. So is\nthis.",
			[]string{"This line is long enough to be one that was wrapped by\nits editor.", "So is\nthis."}},
		{"blocks", "No stop here\n\nnor here", []string{"No stop here", "nor here"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, s := range Sentences(tt.text) {
				got = append(got, tt.text[s.Start:s.End])
			}
			require.Equal(t, tt.want, got)
		})
	}
}

func FuzzSentences(f *testing.F) {
	f.Add("One. Two.\n- three; a: b")
	f.Add("\xff. \xffA。\u00a0")
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, s := range Sentences(text) {
			require.LessOrEqual(t, last, s.Start, "sentences are in order and do not overlap")
			require.Less(t, s.Start, s.End, "no sentence is empty")
			require.LessOrEqual(t, s.End, len(text))
			last = s.End
		}
	})
}
