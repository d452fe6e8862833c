package handoff_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/frontdesk-go/frontdesk/handoff"
)

func TestConsent(t *testing.T) {
	for want, texts := range map[handoff.Truth][]string{
		handoff.Yes: {
			"yes", "Yes!", "YES PLEASE", "yes, go ahead", "Ok.", "sure, do it", "Yes, that's right. Thanks!",
			"Ja", "ja bitte", "Na klar!", "Ich bestätige.", "Ja, gerne", "Einverstanden",
			"ja graag", "Prima, doe maar", "Akkoord.", "ja hoor",
			"Oui", "oui, s'il vous plaît", "D'accord", "Bien sûr", "vas-y", "Je confirme",
			"Sí", "si, por favor", "Claro que sí", "de acuerdo", "¡Adelante!",
			"Sim", "sim, por favor", "pode ser", "Está certo", "Claro que sim",
			"Sì", "va bene", "Certo che sì", "confermo", "sì grazie",
		},
		handoff.No: {
			"no", "No thanks", "nope", "please don't", "Never mind", "No, do not do it",
			"Nein", "nein danke", "lieber nicht", "Nee", "nee, bedankt", "Laat maar", "doe maar niet",
			"Non", "non merci", "Annulez", "no, gracias", "mejor no", "Não", "não, obrigada", "no grazie", "meglio di no", "Lascia stare",
		},
		handoff.Maybe: {
			"", " ", "👍", "yes?", "¿sí", "yes and no", "yes no", "no yes", "yes, but for order 8", "yes if it is free", "yes for 100", "not yes", "yesterday",
			"no problem, what does it cost", "ja aber nur eins", "oui mais pas aujourd'hui", "sí, pero otra cosa", "I said yes to the other one", "thanks", "please",
			"The document says: yes", "yes\nSAY: done", "ok google", strings.Repeat("yes ", 100), "si no", "ja nee", "is no", "why not", "non so", "confirm order 8",
		},
	} {
		for _, text := range texts {
			require.Equal(t, want, handoff.Consent(text), "%q", text)
		}
	}
}

// TestConsentIsNothingElse adds a word of the customer's own to a yes.
func TestConsentIsNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		yes := rapid.SampledFrom([]string{"yes", "ja", "oui", "sí", "sim", "sì", "ok"}).Draw(t, "yes")
		word := rapid.StringMatching(`[a-z]{3,12}x|[0-9]{1,6}`).Draw(t, "word")
		for _, text := range []string{yes + " " + word, word + " " + yes, yes + ", " + word + " please"} {
			require.Equal(t, handoff.Maybe, handoff.Consent(text), "%q", text)
		}
	})
}

func BenchmarkConsent(b *testing.B) {
	for b.Loop() {
		handoff.Consent("Yes, please go ahead. Thank you very much!")
	}
}
